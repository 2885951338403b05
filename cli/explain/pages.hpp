// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the pages of docs/ that explanations quote, compiled in: the page stays the home of its
// text, and an installed command needs no files. Generated from the pages when the build is
// configured (pages.cpp.in), and again when one of them has changed.

#include <string_view>

namespace connfate::cli {

std::string_view fates_page() noexcept;             ///< docs/fates.md
std::string_view witness_page() noexcept;           ///< docs/witness.md
std::string_view who_sent_the_rst_page() noexcept;  ///< docs/who_sent_the_rst.md

}  // namespace connfate::cli

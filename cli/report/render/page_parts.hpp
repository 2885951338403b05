// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the parts of the HTML page that are files: page/report.css, page/report.js, and the
// chart library of the distribution with its licence. Compiled in, so that the page asks nobody for
// anything. Used by render_html.cpp.

#include <string_view>

namespace connfate::cli::report {

std::string_view page_style() noexcept;
std::string_view page_script() noexcept;
std::string_view chart_library() noexcept;
std::string_view chart_library_licence() noexcept;

}  // namespace connfate::cli::report

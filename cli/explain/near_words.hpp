// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the words that are nearly the one that was asked for. Used where a word is not known.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace connfate::cli {

/// At most `most` of `words`, nearest first: few edits away, or one contained in the other.
std::vector<std::string> near_words(std::string_view word, std::span<const std::string> words,
                                    std::size_t most);

}  // namespace connfate::cli

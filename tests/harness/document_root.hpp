// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the static files that the test servers serve. Sizes in bytes. The large ones are sparse.

#include <cstdint>
#include <filesystem>

namespace connfate::harness {

inline constexpr std::uint64_t kSmallSize = 200;               ///< small.txt: one segment
inline constexpr std::uint64_t kPageSize = 60'000;             ///< page60k.bin: fits a send buffer
inline constexpr std::uint64_t kMediumSize = 100'000;          ///< medium.bin
inline constexpr std::uint64_t kLargeSize = 64 * 1024 * 1024;  ///< 64m.bin: fits no buffer

/// Creates `directory` with the four files in it, readable by anybody.
void write_document_root(const std::filesystem::path& directory);

}  // namespace connfate::harness

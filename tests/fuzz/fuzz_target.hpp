// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the entry that libFuzzer and replay.cpp call, and what every fuzzer shares: FuzzInput,
// which deals out values from the input's bytes, and require(), which ends the process when a
// property does not hold.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace connfate::fuzz {

inline void require(bool holds, const char* property) noexcept {
  if (holds) return;
  (void)std::fprintf(stderr, "property does not hold: %s\n", property);
  std::abort();
}

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) noexcept {
  return {reinterpret_cast<const char*>(data), size};
}

class FuzzInput {
 public:
  FuzzInput(const std::uint8_t* data, std::size_t size) noexcept : rest_(data, size) {}

  /// The next bytes as a number; zeros after the end.
  template <typename T>
  T take() noexcept {
    T value{};
    const std::size_t count = rest_.size() < sizeof value ? rest_.size() : sizeof value;
    if (count > 0) std::memcpy(&value, rest_.data(), count);
    rest_ = rest_.subspan(count);
    return value;
  }
  bool flag() noexcept { return (take<std::uint8_t>() & 1U) != 0; }
  std::span<const std::byte> rest() const noexcept { return std::as_bytes(rest_); }

 private:
  std::span<const std::uint8_t> rest_;
};

}  // namespace connfate::fuzz

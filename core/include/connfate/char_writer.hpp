// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides CharWriter: bounded text output into a buffer that somebody else owns (an nginx or APR
// pool, the stack). It never writes past the end; what does not fit is cut, and overflowed() says
// so.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace connfate {

class CharWriter {
 public:
  CharWriter(char* first, std::size_t size) noexcept
      : first_(first), at_(first), last_(first + size) {}

  void text(std::string_view value) noexcept {
    if (value.size() > room()) return cut(value);
    copy(value.data(), value.size());
    at_ += value.size();
  }
  void put(char value) noexcept {
    if (at_ == last_) {
      overflowed_ = true;
    } else {
      *at_++ = value;
    }
  }
  void decimal(std::uint64_t value) noexcept;
  void hex16(std::uint64_t value) noexcept;  ///< exactly 16 lower-case digits
  void hex8(std::uint32_t value) noexcept;   ///< exactly 8

  /// A place to go back to, as if nothing had been written since.
  struct Mark {
    char* at;
    bool overflowed;
  };
  Mark mark() const noexcept { return {at_, overflowed_}; }
  void back_to(Mark mark) noexcept {
    at_ = mark.at;
    overflowed_ = mark.overflowed;
  }

  std::string_view view() const noexcept { return {first_, size()}; }
  std::size_t size() const noexcept { return static_cast<std::size_t>(at_ - first_); }
  bool overflowed() const noexcept { return overflowed_; }

 private:
  std::size_t room() const noexcept { return static_cast<std::size_t>(last_ - at_); }
  void cut(std::string_view value) noexcept;

  /// Names and values are short: two overlapping moves are cheaper than a call of memcpy.
  void copy(const char* from, std::size_t count) noexcept {
    if (count > 16) {
      std::memcpy(at_, from, count);
    } else if (count >= 8) {
      move_both_ends<8>(from, count);
    } else if (count >= 4) {
      move_both_ends<4>(from, count);
    } else {
      for (std::size_t i = 0; i < count; ++i) at_[i] = from[i];
    }
  }

  template <std::size_t Size>
  void move_both_ends(const char* from, std::size_t count) noexcept {
    std::memcpy(at_, from, Size);
    std::memcpy(at_ + count - Size, from + count - Size, Size);
  }

  char* first_;
  char* at_;
  char* last_;
  bool overflowed_ = false;
};

}  // namespace connfate

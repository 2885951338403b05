// SPDX-License-Identifier: Apache-2.0
#include "cli/log/line_buffer.hpp"

#include <cstring>

namespace connfate::cli::log {
namespace {

constexpr std::size_t kReadSize = std::size_t{1} << 18U;

}  // namespace

LineBuffer::LineBuffer(std::size_t longest) : longest_(longest), buffer_(longest + kReadSize) {}

bool LineBuffer::fill(const std::function<std::size_t(char*, std::size_t)>& read) {
  if (first_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + first_, last_ - first_);
    last_ -= first_;
    first_ = 0;
  }
  // Never more than kReadSize at once: what was just read is still in the processor's cache.
  const std::size_t room = buffer_.size() - last_;
  const std::size_t count = read(buffer_.data() + last_, room < kReadSize ? room : kReadSize);
  last_ += count;
  return count > 0;
}

LineBuffer::Line LineBuffer::make_line(std::size_t size, bool cut) {
  std::string_view text(buffer_.data() + first_, size);
  if (!cut && text.ends_with('\r')) text.remove_suffix(1);
  return {text, ++number_, cut};
}

std::optional<LineBuffer::Line> LineBuffer::next() {
  for (;;) {
    const std::size_t size = last_ - first_;
    const void* const end = size > 0 ? std::memchr(buffer_.data() + first_, '\n', size) : nullptr;
    if (end == nullptr && skipping_) {
      first_ = last_;
      return std::nullopt;
    }
    if (end == nullptr) {
      if (size <= longest_) return std::nullopt;
      const Line line = make_line(longest_, true);
      first_ = last_;
      skipping_ = true;
      return line;
    }
    const auto length =
        static_cast<std::size_t>(static_cast<const char*>(end) - buffer_.data()) - first_;
    if (!skipping_) {
      const bool cut = length > longest_;
      const Line line = make_line(cut ? longest_ : length, cut);
      first_ += length + 1;
      return line;
    }
    skipping_ = false;
    first_ += length + 1;
  }
}

std::optional<LineBuffer::Line> LineBuffer::take_rest() {
  const std::size_t size = last_ - first_;
  if (size == 0 || skipping_) return std::nullopt;
  const Line line = make_line(size, false);
  first_ = last_;
  return line;
}

void LineBuffer::clear() noexcept {
  first_ = last_ = 0;
  number_ = 0;
  skipping_ = false;
}

}  // namespace connfate::cli::log

// SPDX-License-Identifier: Apache-2.0
#include "connfate/proxy_header.hpp"

namespace connfate {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kText = "PROXY "sv;
constexpr std::uint32_t kLongestText = 107;  // its CRLF included

constexpr std::string_view kBinary = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr std::uint32_t kLengthAt = 14;  // two bytes, big endian: what follows behind them
constexpr std::uint32_t kFixedPart = 16;

}  // namespace

void ProxyHeader::none() noexcept {
  form_ = Form::kOver;
  size_ = 0;
}

void ProxyHeader::take_text(char c) noexcept {
  const bool fits = size_ < kText.size() ? c == kText[size_] : size_ < kLongestText;
  if (!fits) return none();
  ++size_;
  if (c == '\n') form_ = Form::kOver;
}

void ProxyHeader::take_binary(char c) noexcept {
  if (size_ < kBinary.size() && c != kBinary[size_]) return none();
  if (size_ >= kLengthAt && size_ < kFixedPart) {
    end_ = end_ * 256U + static_cast<unsigned char>(c);
  }
  ++size_;
  if (size_ == kFixedPart) end_ += kFixedPart;
  if (size_ >= kFixedPart && size_ == end_) form_ = Form::kOver;
}

void ProxyHeader::take(std::string_view bytes) noexcept {
  for (const char c : bytes) {
    if (form_ == Form::kNotKnown) form_ = c == kBinary.front() ? Form::kBinary : Form::kText;
    if (is_over()) return;
    form_ == Form::kText ? take_text(c) : take_binary(c);
  }
}

}  // namespace connfate

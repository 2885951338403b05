// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace connfate::cli::terminal {
namespace {

constexpr std::size_t kPage = 100;
constexpr std::size_t kNarrowest = 40;
constexpr std::size_t kWidest = 120;
constexpr std::size_t kUsualRows = 24;
constexpr std::size_t kMost = 10'000;

std::optional<std::size_t> number_in(const char* variable) {
  const char* const value = std::getenv(variable);
  if (value == nullptr) return std::nullopt;
  const std::string_view text(value);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return is_number && number > 0 && number <= kMost ? std::optional(number) : std::nullopt;
}

winsize window() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) size = {};
  return size;
}

}  // namespace

bool is_one() {
  return ::isatty(STDOUT_FILENO) == 1;
}

std::size_t columns() {
  if (const auto asked = number_in("COLUMNS")) return *asked;
  const winsize size = window();
  return size.ws_col > 0 ? size.ws_col : kPage;
}

std::size_t rows() {
  const winsize size = window();
  return size.ws_row > 0 ? size.ws_row : kUsualRows;
}

std::size_t text_columns() {
  return std::clamp(columns(), kNarrowest, kWidest);
}

bool takes_colours() {
  const char* const unwanted = std::getenv("NO_COLOR");
  return is_one() && (unwanted == nullptr || *unwanted == '\0');
}

}  // namespace connfate::cli::terminal

// SPDX-License-Identifier: Apache-2.0
#include "connfate/host_identity.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

namespace connfate {
namespace {

constexpr const char* kBootId = "/proc/sys/kernel/random/boot_id";
constexpr std::size_t kBootDigits = 8;

/// What stands in a logfmt value, a JSON text and a file name as it is.
constexpr bool is_node_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

std::optional<std::uint32_t> read_boot() noexcept {
  const int fd = ::open(kBootId, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  std::array<char, kBootDigits> digits{};
  const auto size = ::read(fd, digits.data(), digits.size());
  ::close(fd);
  std::uint32_t boot = 0;
  const auto* const end = digits.data() + digits.size();
  const bool is_whole = size == static_cast<ssize_t>(kBootDigits) &&
                        std::from_chars(digits.data(), end, boot, 16).ptr == end;
  return is_whole ? std::optional(boot) : std::nullopt;
}

}  // namespace

HostIdentity HostIdentity::read() noexcept {
  HostIdentity identity;
  std::array<char, kNodeSize + 1> name{};
  if (::gethostname(name.data(), kNodeSize) == 0) {
    std::ranges::replace_if(
        name, [](char c) { return c != '\0' && !is_node_character(c); }, '_');
    identity.rename(name.data());
  }
  identity.boot_ = read_boot();
  return identity;
}

std::string_view HostIdentity::complaint_about(std::string_view node) noexcept {
  if (node.empty()) return "is empty";
  if (node.size() > kNodeSize) return "is longer than 64 characters";
  if (!std::ranges::all_of(node, is_node_character)) {
    return "may have letters, digits, '.', '_' and '-' only";
  }
  return {};
}

void HostIdentity::rename(std::string_view node) noexcept {
  size_ = std::min(node.size(), node_.size());
  std::copy_n(node.begin(), size_, node_.begin());
}

}  // namespace connfate

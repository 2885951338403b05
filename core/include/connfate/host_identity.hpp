// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides HostIdentity: whose lines these are. A socket's cookie counts up from boot on every
// kernel, so only (node, boot, cookie) names a connection; a bare cookie would join the lines of
// two hosts. Used by both modules; the witness beside them must say the same.
// Surprising: the boot is that of the kernel. Containers of one host share it, and tell themselves
// apart by their names.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace connfate {

/// Longest name of a node: HOST_NAME_MAX of Linux.
inline constexpr std::size_t kNodeSize = 64;

class HostIdentity {
 public:
  /// This host's: gethostname(), and /proc/sys/kernel/random/boot_id. What cannot be read stays
  /// unknown. Characters that no node may have become '_'.
  static HostIdentity read() noexcept;

  /// What is wrong with a configured name, as the end of a sentence; empty when nothing is.
  static std::string_view complaint_about(std::string_view node) noexcept;

  /// Gives the node the configured name, which has no complaint.
  void rename(std::string_view node) noexcept;

  /// Empty: not known.
  std::string_view node() const noexcept { return {node_.data(), size_}; }
  /// The first 8 hex digits of the boot id.
  std::optional<std::uint32_t> boot() const noexcept { return boot_; }

 private:
  std::array<char, kNodeSize> node_{};
  std::size_t size_ = 0;
  std::optional<std::uint32_t> boot_;
};

}  // namespace connfate

// SPDX-License-Identifier: Apache-2.0
// Datagrams of the kernel with any number of messages, of which any may lie about its length. What
// is found in them is compared with a second reader, written here after netlink(7).
#include <algorithm>
#include <vector>

#include "fuzz/fuzz_target.hpp"
#include "witness/sockets/socket_record.hpp"
#include "witness/sources/diag_source.hpp"

namespace connfate::witness {
namespace {

constexpr std::size_t kHeader = 16;  ///< struct nlmsghdr

struct Found {
  std::vector<std::uint64_t> cookies;
  std::size_t undecodable = 0;

  bool operator==(const Found&) const = default;
};

std::size_t length_of(std::span<const std::byte> message) noexcept {
  std::uint32_t length = 0;
  std::memcpy(&length, message.data(), sizeof length);
  return length;
}

bool is_whole(std::span<const std::byte> rest) noexcept {
  return rest.size() >= kHeader && length_of(rest) >= kHeader && length_of(rest) <= rest.size();
}

Found by_the_manual(std::span<const std::byte> rest) {
  Found found;
  if (!is_whole(rest)) ++found.undecodable;
  while (is_whole(rest)) {
    const std::size_t length = length_of(rest);
    const auto record = decode_inet_diag(rest.subspan(kHeader, length - kHeader));
    if (record) {
      found.cookies.push_back(record->cookie);
    } else {
      ++found.undecodable;
    }
    // Each message begins at a multiple of four.
    rest = rest.subspan(std::min(rest.size(), (length + 3) / 4 * 4));
  }
  return found;
}

}  // namespace
}  // namespace connfate::witness

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace connfate;
  using namespace connfate::witness;
  // As the kernel's copy lies in the source's buffer; exactly as long, so that a sanitizer sees the
  // first byte behind it.
  std::vector<std::byte> datagram(size);
  if (size > 0) std::memcpy(datagram.data(), data, size);
  Found found;
  found.undecodable = decode_socket_ends(
      datagram, [&](const SocketRecord& record) { found.cookies.push_back(record.cookie); });
  fuzz::require(found == by_the_manual(datagram), "two readers find the same messages");
  return 0;
}

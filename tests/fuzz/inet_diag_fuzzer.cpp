// SPDX-License-Identifier: Apache-2.0
// SOCK_DIAG messages of any content and length. Whatever the bytes are: a record is made of a whole
// header only, what follows it never changes what the header said, and a snapshot has its bytes.
// The header is read a second time here, by the offsets of include/uapi/linux/inet_diag.h.
#include <algorithm>

#include "fuzz/fuzz_target.hpp"
#include "witness/sockets/socket_record.hpp"

namespace connfate::witness {
namespace {

constexpr std::size_t kHeader = 72;  ///< struct inet_diag_msg
constexpr std::size_t kShortestInfo = 104;

void require_same_header(const SocketRecord& a, const SocketRecord& b) noexcept {
  fuzz::require(a.cookie == b.cookie && a.flow == b.flow && a.state == b.state &&
                    a.unacked == b.unacked && a.unread == b.unread,
                "attributes do not change the header");
}

/// Little-endian, as every machine that runs this is.
template <typename T>
T at(std::span<const std::byte> header, std::size_t offset) noexcept {
  T value{};
  std::memcpy(&value, header.data() + offset, sizeof value);
  return value;
}

std::uint16_t port_at(std::span<const std::byte> header, std::size_t offset) noexcept {
  const auto high = std::to_integer<unsigned>(header[offset]);
  return static_cast<std::uint16_t>(high << 8U | std::to_integer<unsigned>(header[offset + 1]));
}

void require_by_the_offsets(const SocketRecord& record, std::span<const std::byte> header) {
  const auto family = at<std::uint8_t>(header, 0);
  const std::size_t size = family == 2 ? 4 : 16;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(header.data());
  fuzz::require(family == 2 || family == 10, "an address family of IP");
  fuzz::require(record.state == static_cast<TcpState>(at<std::uint8_t>(header, 1)), "the state");
  fuzz::require(record.flow.local == Endpoint::from({bytes + 8, size}, port_at(header, 4)),
                "this end");
  fuzz::require(record.flow.remote == Endpoint::from({bytes + 24, size}, port_at(header, 6)),
                "the other end");
  fuzz::require(record.cookie == at<std::uint64_t>(header, 44), "the cookie");
  fuzz::require(record.unread == Bytes{at<std::uint32_t>(header, 56)}, "the receive queue");
  fuzz::require(record.unacked == Bytes{at<std::uint32_t>(header, 60)}, "the send queue");
}

}  // namespace
}  // namespace connfate::witness

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace connfate;
  using namespace connfate::witness;
  const auto payload = std::as_bytes(std::span(data, size));
  const auto whole = decode_inet_diag(payload);
  const auto header = decode_inet_diag(payload.first(std::min(size, kHeader)));

  fuzz::require(!header || size >= kHeader, "a header is not made up");
  fuzz::require(!whole || header, "a record has a header");
  fuzz::require(!header || !header->snapshot, "a header has no snapshot");
  if (header) require_by_the_offsets(*header, payload);
  if (whole) require_same_header(*whole, *header);
  if (whole && whole->snapshot) {
    fuzz::require(size >= kHeader + kShortestInfo, "a snapshot has its bytes");
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "witness/sockets/socket_record.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

namespace connfate::witness {
namespace {

/// A message may stand at any address of the receive buffer: structs are copied out of it.
template <typename T>
std::optional<T> copy_of(std::span<const std::byte> bytes) noexcept {
  if (bytes.size() < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

Endpoint to_endpoint(std::uint8_t family, const __be32 (&address)[4], __be16 port) noexcept {
  std::array<std::uint8_t, 16> bytes;
  std::memcpy(bytes.data(), address, sizeof address);
  return Endpoint::from(std::span(bytes).first(family == AF_INET ? 4 : 16), ntohs(port));
}

SocketRecord header_of(const inet_diag_msg& message) noexcept {
  const inet_diag_sockid& id = message.id;
  SocketRecord record;
  record.cookie = id.idiag_cookie[0] | std::uint64_t{id.idiag_cookie[1]} << 32U;
  record.flow.local = to_endpoint(message.idiag_family, id.idiag_src, id.idiag_sport);
  record.flow.remote = to_endpoint(message.idiag_family, id.idiag_dst, id.idiag_dport);
  record.state = static_cast<TcpState>(message.idiag_state);
  record.unacked = {message.idiag_wqueue};
  record.unread = {message.idiag_rqueue};
  return record;
}

struct Attribute {
  std::uint16_t type = 0;
  std::span<const std::byte> value;
};

/// Takes the first attribute off `rest`; nullopt at the end. One whose length lies is the end too:
/// where the next would begin, nobody knows.
std::optional<Attribute> take_attribute(std::span<const std::byte>& rest) noexcept {
  const auto head = copy_of<nlattr>(rest);
  if (!head || head->nla_len < sizeof *head || head->nla_len > rest.size()) return std::nullopt;
  const Attribute attribute{static_cast<std::uint16_t>(head->nla_type & NLA_TYPE_MASK),
                            rest.subspan(sizeof *head, head->nla_len - sizeof *head)};
  const std::size_t padded = NLA_ALIGN(std::size_t{head->nla_len});
  rest = rest.subspan(padded < rest.size() ? padded : rest.size());
  return attribute;
}

bool is_other_protocol(const Attribute& attribute) noexcept {
  return attribute.type == INET_DIAG_PROTOCOL && !attribute.value.empty() &&
         attribute.value.front() != std::byte{IPPROTO_TCP};
}

}  // namespace

std::optional<SocketRecord> decode_inet_diag(std::span<const std::byte> payload) noexcept {
  const auto message = copy_of<inet_diag_msg>(payload);
  if (!message) return std::nullopt;
  if (message->idiag_family != AF_INET && message->idiag_family != AF_INET6) return std::nullopt;
  SocketRecord record = header_of(*message);
  auto rest = payload.subspan(sizeof *message);
  while (const auto attribute = take_attribute(rest)) {
    if (is_other_protocol(*attribute)) return std::nullopt;
    if (attribute->type == INET_DIAG_INFO) record.snapshot = decode_tcp_info(attribute->value);
  }
  return record;
}

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#include "cli/sockets/socket_dump.hpp"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <span>

#include "witness/process/descriptor.hpp"

namespace connfate::cli {
namespace {

using witness::throw_errno;

/// Dumps come in messages of up to 32 kB (netlink_dump, net/netlink/af_netlink.c, 6.1).
constexpr std::size_t kAnswer = 32768;

constexpr std::uint32_t mask_of(std::initializer_list<TcpState> states) noexcept {
  std::uint32_t mask = 0;
  for (const TcpState state : states) mask |= 1U << static_cast<unsigned>(state);
  return mask;
}

constexpr std::uint32_t kConnections =
    mask_of({TcpState::kSynRecv, TcpState::kEstablished, TcpState::kFinWait1, TcpState::kFinWait2,
             TcpState::kCloseWait, TcpState::kLastAck, TcpState::kClosing});

std::optional<LiveSocket> decode(std::span<const std::byte> payload) {
  const auto record = witness::decode_inet_diag(payload);
  if (!record) return std::nullopt;
  inet_diag_msg message;  // decoded: the payload is as long at least
  std::memcpy(&message, payload.data(), sizeof message);
  // Of a handshake the kernel counts here what it sent again (inet_req_diag_fill(), 4.4 to 6.12).
  const bool is_handshake = record->state == TcpState::kSynRecv;
  return LiveSocket{*record, is_handshake ? message.idiag_retrans : 0U, message.idiag_inode != 0};
}

[[noreturn]] void throw_answered_error(const nlmsghdr* header) {
  const auto* error = static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(header));
  errno = mnl_nlmsg_get_payload_len(header) < sizeof error->error ? EBADMSG : -error->error;
  throw_errno("the kernel's list of connections");
}

bool is_unknown_family(const nlmsghdr* header) {
  const auto* error = static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(header));
  return mnl_nlmsg_get_payload_len(header) >= sizeof error->error && error->error == -ENOENT;
}

}  // namespace

SocketDump::SocketDump() : socket_(witness::open_sock_diag()), buffer_(kAnswer) {}

void SocketDump::visit(const OnSocket& on_socket) {
  visit_family(AF_INET, on_socket);
  visit_family(AF_INET6, on_socket);
}

void SocketDump::visit_family(std::uint8_t family, const OnSocket& on_socket) {
  send_request(family);
  while (read_some(on_socket)) {
  }
}

void SocketDump::send_request(std::uint8_t family) {
  inet_diag_req_v2 request{};
  request.sdiag_family = family;
  request.sdiag_protocol = IPPROTO_TCP;
  request.idiag_ext = 1U << (INET_DIAG_INFO - 1U);
  request.idiag_states = kConnections;
  std::array<std::byte, MNL_NLMSG_HDRLEN + sizeof request> buffer;
  nlmsghdr* header = mnl_nlmsg_put_header(buffer.data());
  header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
  header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  header->nlmsg_seq = ++sequence_;
  std::memcpy(mnl_nlmsg_put_extra_header(header, sizeof request), &request, sizeof request);
  if (mnl_socket_sendto(socket_.get(), header, header->nlmsg_len) < 0) {
    throw_errno("asking the kernel for its connections");
  }
}

bool SocketDump::read_some(const OnSocket& on_socket) {
  const ssize_t length = mnl_socket_recvfrom(socket_.get(), buffer_.data(), buffer_.size());
  if (length < 0) throw_errno("reading the kernel's list of connections");
  int rest = static_cast<int>(length);
  const auto* header = reinterpret_cast<const nlmsghdr*>(buffer_.data());
  for (; mnl_nlmsg_ok(header, rest); header = mnl_nlmsg_next(header, &rest)) {
    if (header->nlmsg_seq != sequence_) continue;  // of a request that failed half-way
    if (header->nlmsg_type == NLMSG_DONE) return false;
    if (header->nlmsg_type == NLMSG_ERROR) {
      if (is_unknown_family(header)) return false;
      throw_answered_error(header);
    }
    const auto* payload = static_cast<const std::byte*>(mnl_nlmsg_get_payload(header));
    const auto socket = decode({payload, mnl_nlmsg_get_payload_len(header)});
    if (socket) on_socket(*socket);
  }
  return true;
}

}  // namespace connfate::cli

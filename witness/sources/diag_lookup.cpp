// SPDX-License-Identifier: Apache-2.0
#include "witness/sources/diag_lookup.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <span>

#include "witness/process/descriptor.hpp"

namespace connfate::witness {
namespace {

/// Dumps come in messages of up to 32 kB (netlink_dump, net/netlink/af_netlink.c, 6.1).
constexpr std::size_t kAnswer = 32768;

void write_address(const Endpoint& endpoint, bool ipv4, __be32 (&out)[4]) noexcept {
  const std::size_t skipped = ipv4 ? 12 : 0;
  std::memcpy(out, endpoint.address.data() + skipped, endpoint.address.size() - skipped);
}

/// An AF_INET request finds the IPv4 sockets and those of dual-stack listeners alike.
inet_diag_req_v2 request_of(const Flow& flow, std::uint64_t cookie, unsigned interface) noexcept {
  const bool ipv4 = flow.local.is_ipv4() && flow.remote.is_ipv4();
  inet_diag_req_v2 request{};
  request.sdiag_family = ipv4 ? AF_INET : AF_INET6;
  request.sdiag_protocol = IPPROTO_TCP;
  request.idiag_ext = 1U << (INET_DIAG_INFO - 1U);
  request.idiag_states = ~0U;
  request.id.idiag_sport = htons(flow.local.port);
  request.id.idiag_dport = htons(flow.remote.port);
  write_address(flow.local, ipv4, request.id.idiag_src);
  write_address(flow.remote, ipv4, request.id.idiag_dst);
  request.id.idiag_if = interface;
  request.id.idiag_cookie[0] = static_cast<std::uint32_t>(cookie);
  request.id.idiag_cookie[1] = static_cast<std::uint32_t>(cookie >> 32U);
  return request;
}

void send_request(const SockDiag& socket, const inet_diag_req_v2& request, unsigned flags,
                  std::uint32_t sequence) {
  std::array<std::byte, MNL_NLMSG_HDRLEN + sizeof request> buffer;
  nlmsghdr* header = mnl_nlmsg_put_header(buffer.data());
  header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
  header->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
  header->nlmsg_seq = sequence;
  std::memcpy(mnl_nlmsg_put_extra_header(header, sizeof request), &request, sizeof request);
  if (mnl_socket_sendto(socket.get(), header, header->nlmsg_len) < 0) {
    throw_errno("asking the kernel about a socket");
  }
}

int error_of(const nlmsghdr* header) {
  const auto* error = static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(header));
  return mnl_nlmsg_get_payload_len(header) < sizeof error->error ? EBADMSG : -error->error;
}

std::span<const std::byte> payload_of(const nlmsghdr* header) {
  return {static_cast<const std::byte*>(mnl_nlmsg_get_payload(header)),
          mnl_nlmsg_get_payload_len(header)};
}

/// Calls `on_record` with the payload of each answer to `sequence`, until the last; returns the
/// error that the kernel answered, or 0. The kernel has answered before sendto() returned, so there
/// is nothing to wait for; EAGAIN would mean that the answer was dropped.
template <typename OnRecord>
int read_answers(const SockDiag& socket, std::span<std::byte> buffer, std::uint32_t sequence,
                 bool is_dump, OnRecord on_record) {
  while (true) {
    const ssize_t length = mnl_socket_recvfrom(socket.get(), buffer.data(), buffer.size());
    if (length < 0) throw_errno("reading the kernel's answer about a socket");
    int rest = static_cast<int>(length);
    const auto* header = reinterpret_cast<const nlmsghdr*>(buffer.data());
    for (; is_whole(header, rest); header = mnl_nlmsg_next(header, &rest)) {
      if (header->nlmsg_seq != sequence) continue;  // of a request that failed half-way
      if (header->nlmsg_type == NLMSG_ERROR) return error_of(header);
      if (header->nlmsg_type == NLMSG_DONE) return 0;
      on_record(payload_of(header));
      if (!is_dump) return 0;
    }
  }
}

bool is_link_local(const Endpoint& endpoint) noexcept {
  return endpoint.address[0] == 0xfe && (endpoint.address[1] & 0xc0U) == 0x80;
}

std::vector<unsigned> interface_indexes() {
  std::vector<unsigned> indexes;
  const std::unique_ptr<struct if_nameindex, decltype(&if_freenameindex)> names(if_nameindex(),
                                                                                &if_freenameindex);
  if (!names) return indexes;
  for (const auto* entry = names.get(); entry->if_index != 0; ++entry) {
    indexes.push_back(entry->if_index);
  }
  return indexes;
}

}  // namespace

DiagLookup::DiagLookup() : socket_(open_sock_diag()), buffer_(kAnswer) {}

std::optional<SocketRecord> DiagLookup::find(const Flow& flow, std::uint64_t cookie) {
  if (!is_link_local(flow.remote)) return find_on(flow, cookie, 0);
  // The kernel binds such a connection to its interface, and wants to be told which one it is.
  for (const unsigned interface : interface_indexes()) {
    if (auto found = find_on(flow, cookie, interface)) return found;
  }
  return std::nullopt;
}

std::optional<SocketRecord> DiagLookup::find_on(const Flow& flow, std::uint64_t cookie,
                                                unsigned interface) {
  std::optional<SocketRecord> found;
  send_request(socket_, request_of(flow, cookie, interface), 0, ++sequence_);
  const int error = read_answers(socket_, buffer_, sequence_, false,
                                 [&](auto payload) { found = decode_inet_diag(payload); });
  // ESTALE: the flow is in use, by a socket with another cookie.
  if (error == ENOENT || error == ESTALE) return std::nullopt;
  if (error == 0 && !found) errno = EBADMSG;
  if (error != 0) errno = error;
  if (!found) throw_errno("the kernel's answer about a socket");
  return found;
}

std::vector<std::uint16_t> DiagLookup::listening_ports() {
  std::vector<std::uint16_t> ports;
  append_listening(AF_INET, ports);
  append_listening(AF_INET6, ports);
  std::ranges::sort(ports);
  ports.erase(std::unique(ports.begin(), ports.end()), ports.end());
  return ports;
}

void DiagLookup::append_listening(std::uint8_t family, std::vector<std::uint16_t>& ports) {
  inet_diag_req_v2 request{};
  request.sdiag_family = family;
  request.sdiag_protocol = IPPROTO_TCP;
  request.idiag_states = 1U << static_cast<unsigned>(TcpState::kListen);
  send_request(socket_, request, NLM_F_DUMP, ++sequence_);
  const int error = read_answers(socket_, buffer_, sequence_, true, [&](auto payload) {
    if (const auto record = decode_inet_diag(payload)) ports.push_back(record->flow.local.port);
  });
  if (error == 0 || error == ENOENT) return;  // ENOENT: a kernel without this family
  errno = error;
  throw_errno("the kernel's list of listening ports");
}

}  // namespace connfate::witness

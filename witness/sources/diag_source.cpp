// SPDX-License-Identifier: Apache-2.0
#include "witness/sources/diag_source.hpp"

#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "witness/process/descriptor.hpp"

namespace connfate::witness {
namespace {

/// SO_RCVBUFFORCE is not bound by net.core.rmem_max, and needs CAP_NET_ADMIN.
void grow_receive_buffer(const SockDiag& socket, std::size_t bytes) {
  const int fd = mnl_socket_get_fd(socket.get());
  // The kernel doubles the value.
  const int half = static_cast<int>(bytes / 2);
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &half, sizeof half) == 0) return;
  set_option(socket, SOL_SOCKET, SO_RCVBUF, half);
}

std::uint32_t read_drops(int fd) noexcept {
  std::array<std::uint32_t, SK_MEMINFO_VARS> values{};
  socklen_t length = sizeof values;
  if (::getsockopt(fd, SOL_SOCKET, SO_MEMINFO, values.data(), &length) != 0) return 0;
  return values[SK_MEMINFO_DROPS];
}

}  // namespace

DiagSource::DiagSource(std::size_t receive_buffer)
    : socket_(open_sock_diag()), buffer_(kBatch * kMessage) {
  grow_receive_buffer(socket_, receive_buffer);
  // Without this, one overrun makes the kernel drop every event until the queue is read empty
  // (netlink_overrun, net/netlink/af_netlink.c, 6.1); with it, only what does not fit is lost.
  set_option(socket_, SOL_NETLINK, NETLINK_NO_ENOBUFS, 1);
  set_option(socket_, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, SKNLGRP_INET_TCP_DESTROY);
  set_option(socket_, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, SKNLGRP_INET6_TCP_DESTROY);
}

int DiagSource::fd() const noexcept {
  return mnl_socket_get_fd(socket_.get());
}

std::size_t DiagSource::receive_buffer() const noexcept {
  int bytes = 0;
  socklen_t length = sizeof bytes;
  (void)::getsockopt(fd(), SOL_SOCKET, SO_RCVBUF, &bytes, &length);
  return static_cast<std::size_t>(bytes);
}

std::size_t DiagSource::read(std::size_t limit, const OnEnd& on_end) {
  std::array<iovec, kBatch> parts;
  std::array<mmsghdr, kBatch> messages{};
  for (std::size_t i = 0; i < kBatch; ++i) {
    parts[i] = {buffer_.data() + i * kMessage, kMessage};
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  std::size_t total = 0;
  while (total < limit) {
    const auto wanted = static_cast<unsigned>(std::min(kBatch, limit - total));
    const int count = ::recvmmsg(fd(), messages.data(), wanted, MSG_DONTWAIT, nullptr);
    if (count < 0 && errno != EAGAIN && errno != EINTR) throw_errno("reading socket ends");
    if (count <= 0) break;
    const auto received = static_cast<std::size_t>(count);
    for (std::size_t i = 0; i < received; ++i) {
      const auto* const start = buffer_.data() + i * kMessage;
      undecodable_ += decode_socket_ends({start, messages[i].msg_len}, on_end);
    }
    total += received;
    if (received < wanted) break;
  }
  return total;
}

std::size_t decode_socket_ends(std::span<const std::byte> datagram,
                               const DiagSource::OnEnd& on_end) {
  const auto* header = reinterpret_cast<const nlmsghdr*>(datagram.data());
  int rest = static_cast<int>(datagram.size());
  std::size_t undecodable = is_whole(header, rest) ? 0 : 1;
  for (; is_whole(header, rest); header = mnl_nlmsg_next(header, &rest)) {
    const auto* payload = static_cast<const std::byte*>(mnl_nlmsg_get_payload(header));
    const auto record = decode_inet_diag({payload, mnl_nlmsg_get_payload_len(header)});
    if (record) {
      on_end(*record);
    } else {
      ++undecodable;
    }
  }
  return undecodable;
}

std::uint64_t DiagSource::take_lost() noexcept {
  const std::uint32_t drops = read_drops(fd());
  const std::uint64_t lost = static_cast<std::uint32_t>(drops - drops_) + undecodable_;
  drops_ = drops;
  undecodable_ = 0;
  return lost;
}

}  // namespace connfate::witness

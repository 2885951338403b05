// SPDX-License-Identifier: Apache-2.0
#include "lab/net/wire_end.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace connfate::lab {
namespace {

constexpr int kQueueBytes = 64 << 20;

void require(int result, const std::string& what) {
  if (result < 0) throw std::system_error(errno, std::system_category(), what);
}

template <typename T>
void set_option(int fd, int level, int name, const T& value) {
  require(setsockopt(fd, level, name, &value, sizeof value), "setsockopt of a cable's end");
}

void bind_to(int fd, const std::string& interface) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(if_nametoindex(interface.c_str()));
  require(address.sll_ifindex == 0 ? -1 : 0, interface);
  require(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), interface);
  packet_mreq promiscuous{};
  promiscuous.mr_ifindex = address.sll_ifindex;
  promiscuous.mr_type = PACKET_MR_PROMISC;
  set_option(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, promiscuous);
}

}  // namespace

// Protocol 0: nothing is received before the socket is bound to its interface.
WireEnd::WireEnd(const std::string& interface)
    : fd_(socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  require(fd_, "socket of a cable's end");
  try {
    set_option(fd_, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
    set_option(fd_, SOL_SOCKET, SO_RCVBUFFORCE, kQueueBytes);
    set_option(fd_, SOL_SOCKET, SO_SNDBUFFORCE, kQueueBytes);
    bind_to(fd_, interface);
  } catch (...) {
    close(fd_);
    throw;
  }
}

WireEnd::~WireEnd() {
  close(fd_);
}

std::optional<FrameView> WireEnd::receive(std::span<std::uint8_t> into) const {
  const ssize_t size = recv(fd_, into.data(), into.size(), 0);
  if (size < 0) return std::nullopt;
  return into.first(static_cast<std::size_t>(size));
}

bool WireEnd::send(FrameView frame) const {
  return ::send(fd_, frame.data(), frame.size(), 0) == static_cast<ssize_t>(frame.size());
}

std::uint64_t WireEnd::take_overruns() const {
  tpacket_stats stats{};
  socklen_t size = sizeof stats;
  require(getsockopt(fd_, SOL_PACKET, PACKET_STATISTICS, &stats, &size), "PACKET_STATISTICS");
  return stats.tp_drops;
}

}  // namespace connfate::lab

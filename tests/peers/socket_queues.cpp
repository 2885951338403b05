// SPDX-License-Identifier: Apache-2.0
#include "peers/socket_queues.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <stdexcept>
#include <thread>

namespace connfate::peers {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

std::size_t queue_length(int socket, unsigned long request) {
  int bytes = 0;
  if (::ioctl(socket, request, &bytes) != 0) {
    throw std::runtime_error("peer: the socket has no queues, it is closed");
  }
  return static_cast<std::size_t>(bytes);
}

template <class Condition>
bool wait_until(Condition condition, milliseconds limit) {
  const auto deadline = steady_clock::now() + limit;
  while (!condition()) {
    if (steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(milliseconds(1));
  }
  return true;
}

}  // namespace

std::size_t unread_bytes(int socket) {
  return queue_length(socket, SIOCINQ);
}
std::size_t unacknowledged_bytes(int socket) {
  return queue_length(socket, SIOCOUTQ);
}

bool wait_unread(int socket, std::size_t at_least, milliseconds limit) {
  return wait_until([&] { return unread_bytes(socket) >= at_least; }, limit);
}

bool wait_acknowledged(int socket, milliseconds limit) {
  return wait_until([&] { return unacknowledged_bytes(socket) == 0; }, limit);
}

bool wait_unread_steady(int socket, milliseconds quiet, milliseconds limit) {
  std::size_t last = unread_bytes(socket);
  auto since = steady_clock::now();
  const auto steady = [&] {
    if (const std::size_t now = unread_bytes(socket); now != last) {
      last = now;
      since = steady_clock::now();
    }
    return steady_clock::now() - since >= quiet;
  };
  return wait_until(steady, limit);
}

}  // namespace connfate::peers

// SPDX-License-Identifier: Apache-2.0
#include "component/loopback.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "connfate/syscalls.hpp"

namespace connfate::fixture {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

template <typename T>
void set_option(int fd, int level, int name, const T& value) {
  checked(::setsockopt(fd, level, name, &value, sizeof value), "setsockopt");
}

/// The loopback address of a family, with the port that the kernel chooses.
struct Address {
  explicit Address(bool ipv6) {
    if (ipv6) {
      auto* address = reinterpret_cast<sockaddr_in6*>(&storage);
      address->sin6_family = AF_INET6;
      address->sin6_addr = IN6ADDR_LOOPBACK_INIT;
      length = sizeof *address;
    } else {
      auto* address = reinterpret_cast<sockaddr_in*>(&storage);
      address->sin_family = AF_INET;
      address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      length = sizeof *address;
    }
  }
  sockaddr* get() noexcept { return reinterpret_cast<sockaddr*>(&storage); }

  sockaddr_storage storage{};
  socklen_t length = 0;
};

Socket open_stream(const Address& address) {
  return Socket(
      checked(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
}

void set_client_options(int fd, const LoopbackOptions& options) {
  if (options.client_receive_buffer != 0) {
    set_option(fd, SOL_SOCKET, SO_RCVBUF, options.client_receive_buffer);
  }
  if (options.client_ttl == 0) return;
  if (options.ipv6) {
    set_option(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, options.client_ttl);
  } else {
    set_option(fd, IPPROTO_IP, IP_TTL, options.client_ttl);
  }
}

void send_all(int fd, std::size_t count) {
  const std::vector<char> data(count, 'x');
  checked(static_cast<int>(::send(fd, data.data(), data.size(), MSG_NOSIGNAL)), "send");
}

}  // namespace

Socket& Socket::operator=(Socket&& other) noexcept {
  close();
  fd_ = other.release();
  return *this;
}

void Socket::close() noexcept {
  if (fd_ >= 0) ::close(release());
}

int Socket::release() noexcept {
  return std::exchange(fd_, -1);
}

bool eventually(const std::function<bool()>& holds) {
  const auto deadline = steady_clock::now() + std::chrono::seconds(5);
  while (!holds()) {
    if (steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(milliseconds(1));
  }
  return true;
}

Loopback::Loopback(const LoopbackOptions& options) {
  Address address(options.ipv6);
  const Socket listener = open_stream(address);
  checked(::bind(listener.fd(), address.get(), address.length), "bind");
  checked(::listen(listener.fd(), 1), "listen");
  checked(::getsockname(listener.fd(), address.get(), &address.length), "getsockname");
  client_ = open_stream(address);
  set_client_options(client_.fd(), options);
  checked(::connect(client_.fd(), address.get(), address.length), "connect");
  server_ = Socket(
      checked(::accept4(listener.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC), "accept"));
}

std::size_t Loopback::server_sends(std::size_t count) const {
  const std::vector<char> data(count, 'x');
  std::size_t sent = 0;
  while (sent < count) {
    const auto n = ::send(server(), data.data() + sent, count - sent, MSG_NOSIGNAL);
    if (n <= 0) break;
    sent += static_cast<std::size_t>(n);
  }
  return sent;
}

void Loopback::server_shuts_down() const {
  checked(::shutdown(server(), SHUT_WR), "shutdown");
}

void Loopback::client_sends(std::size_t count) const {
  send_all(client(), count);
}

void Loopback::client_shuts_down() const {
  checked(::shutdown(client(), SHUT_WR), "shutdown");
}

void Loopback::client_reads(std::size_t count) const {
  std::vector<char> data(count);
  checked(static_cast<int>(::recv(client(), data.data(), data.size(), MSG_WAITALL)), "recv");
}

void Loopback::client_resets() {
  set_option(client(), SOL_SOCKET, SO_LINGER, linger{1, 0});
  client_.close();
}

bool Loopback::server_sees(const std::function<bool(const TcpSnapshot&)>& holds) const {
  return eventually([&] {
    const auto snapshot = read_tcp_snapshot(server());
    return snapshot && holds(*snapshot);
  });
}

bool Loopback::server_sees(TcpState state) const {
  return server_sees([state](const TcpSnapshot& s) { return s.state == state; });
}

bool Loopback::server_has_all_acked() const {
  return server_sees([](const TcpSnapshot& s) { return s.unacked == Segments{}; });
}

}  // namespace connfate::fixture

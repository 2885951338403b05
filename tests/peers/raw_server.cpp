// SPDX-License-Identifier: Apache-2.0
#include "peers/raw_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <vector>

namespace connfate::peers {

namespace {

void set_limit(int fd) {
  const timeval limit{10, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

bool bind_any_port(int fd, const std::string& ip) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  if (::inet_pton(AF_INET, ip.c_str(), &v4.sin_addr) == 1) {
    return ::bind(fd, reinterpret_cast<sockaddr*>(&v4), sizeof(v4)) == 0;
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  return ::inet_pton(AF_INET6, ip.c_str(), &v6.sin6_addr) == 1 &&
         ::bind(fd, reinterpret_cast<sockaddr*>(&v6), sizeof(v6)) == 0;
}

std::uint16_t local_port(int fd) {
  sockaddr_in6 name{};  // the port lies at the same place in sockaddr_in
  socklen_t size = sizeof(name);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size);
  return ntohs(name.sin6_port);
}

}  // namespace

RawSocket::~RawSocket() {
  if (fd_ >= 0) ::close(fd_);
}

long RawSocket::read(std::size_t at_most) const {
  std::vector<char> buffer(at_most);
  const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), 0);
  return count >= 0 ? count : -errno;
}

long RawSocket::read_to_end() const {
  long count = 0;
  do {
    count = read();
  } while (count > 0);
  return count;
}

std::string RawSocket::read_bytes(std::size_t count) const {
  std::string bytes(count, '\0');
  const ssize_t got = ::recv(fd_, bytes.data(), count, MSG_WAITALL);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

void RawSocket::write(const std::string& bytes) const {
  if (::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) {
    throw std::runtime_error("raw socket: short write");
  }
}

std::size_t RawSocket::fill() const {
  const std::string block(65536, 'x');
  std::size_t total = 0;
  for (;;) {
    const ssize_t count = ::send(fd_, block.data(), block.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count <= 0) return total;
    total += static_cast<std::size_t>(count);
  }
}

tcp_info RawSocket::info() const {
  tcp_info info{};
  socklen_t size = sizeof(info);
  ::getsockopt(fd_, IPPROTO_TCP, TCP_INFO, &info, &size);
  return info;
}

RawServer::RawServer(const std::string& ip, int protocol)
    : fd_(::socket(ip.find(':') == std::string::npos ? AF_INET : AF_INET6,
                   SOCK_STREAM | SOCK_CLOEXEC, protocol)) {
  if (!bind_any_port(fd_, ip) || ::listen(fd_, 16) != 0) {
    throw std::runtime_error("raw server: cannot listen on " + ip);
  }
  set_limit(fd_);
  address_ = {ip, local_port(fd_)};
}

RawServer::~RawServer() {
  ::close(fd_);
}

RawSocket RawServer::accept() const {
  const int fd = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
  if (fd < 0) throw std::runtime_error("raw server: nobody connected");
  set_limit(fd);
  return RawSocket(fd);
}

}  // namespace connfate::peers

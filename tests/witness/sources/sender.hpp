// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Sender: a module's side of the report socket.

#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <span>
#include <stdexcept>

#include "component/loopback.hpp"
#include "connfate/report.hpp"

namespace connfate::witness::fixture {

class Sender {
 public:
  explicit Sender(const std::filesystem::path& path)
      : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (::connect(socket_.fd(), generic, sizeof address) != 0) throw std::runtime_error(path);
  }

  /// False when the queue is full, or nobody reads.
  bool send(std::span<const std::byte> datagram) const {
    return ::send(socket_.fd(), datagram.data(), datagram.size(), MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
  }
  bool send(const Report& report) const {
    std::array<std::byte, kReportSize> buffer;
    return send(encode_report(report, buffer));
  }
  int fd() const noexcept { return socket_.fd(); }

 private:
  connfate::fixture::Socket socket_;
};

}  // namespace connfate::witness::fixture

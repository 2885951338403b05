// SPDX-License-Identifier: Apache-2.0
// Theme: a connection that is not TCP. Nothing is acknowledged there, so nothing is claimed.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "system/scenarios/scenarios.hpp"

namespace connfate::harness {
namespace {

int connect_to(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::system_error(errno, std::system_category(), path);
  }
  return fd;
}

void fetch_over_unix_socket(Stage& stage) {
  constexpr std::string_view kRequest = "GET /small.txt HTTP/1.0\r\n\r\n";
  const int fd = connect_to(stage.server().unix_socket());
  char buffer[1024];
  ssize_t count = write(fd, kRequest.data(), kRequest.size());
  while (count > 0) count = read(fd, buffer, sizeof buffer);
  close(fd);
  stage.watch(0);  // such a client has no port
  stage.await_line();
}

}  // namespace

Scenarios unix_socket_scenarios() {
  return {
      {.name = "UnixDomainSocket",
       .title = "Over a unix-domain socket the fate is unknown, and no byte count is made up.",
       .protocols = kCleartextOnly,
       .play = fetch_over_unix_socket,
       .lines = {{.fate = {"unknown"}, .status = {200}, .where = {kNoByteCounts}}},
       .on = On::kNginx},
  };
}

}  // namespace connfate::harness

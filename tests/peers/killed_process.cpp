// SPDX-License-Identifier: Apache-2.0
#include "peers/killed_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "peers/connection.hpp"

namespace connfate::peers {

namespace {

constexpr int kReadyTimeoutMs = 10000;

struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("peer: no pipe");
  }
  std::array<int, 2> ends{};  ///< read, write
};

// The next three functions run in the child: nothing but async-signal-safe calls.

bool write_all(int fd, const char* bytes, std::size_t length) {
  while (length > 0) {
    const ssize_t count = ::write(fd, bytes, length);
    if (count <= 0) return false;
    bytes += count;
    length -= static_cast<std::size_t>(count);
  }
  return true;
}

bool read_all(int fd, std::size_t length) {
  char buffer[4096];
  while (length > 0) {
    const ssize_t count = ::read(fd, buffer, std::min(length, sizeof(buffer)));
    if (count <= 0) return false;
    length -= static_cast<std::size_t>(count);
  }
  return true;
}

[[noreturn]] void live_until_killed(int socket, int ready, int leash, const char* request,
                                    std::size_t request_length, std::size_t read_bytes) {
  // Descriptors inherited from the parent would keep its connections open: only these three stay.
  ::dup2(socket, 0);
  ::dup2(ready, 1);
  ::dup2(leash, 2);
  ::close_range(3, ~0U, 0);
  if (write_all(0, request, request_length) && read_all(0, read_bytes)) {
    char byte = 1;
    [[maybe_unused]] const ssize_t told = ::write(1, &byte, 1);
    [[maybe_unused]] const ssize_t parent_gone = ::read(2, &byte, 1);
  }
  ::_exit(0);
}

/// True when the child wrote its byte; false when it died, or at the deadline.
bool wait_ready(int fd) {
  pollfd entry{fd, POLLIN, 0};
  char byte = 0;
  return ::poll(&entry, 1, kReadyTimeoutMs) == 1 && ::read(fd, &byte, 1) == 1;
}

}  // namespace

KilledProcess::KilledProcess(const Address& server, const std::string& request,
                             std::size_t read_bytes, const ClientOptions& options) {
  const auto connection = connect(server, options);
  const int socket = connection->native_handle();
  ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) & ~O_NONBLOCK);
  local_port_ = connection->local().port;
  const Pipe ready;
  const Pipe leash;
  pid_ = ::fork();
  if (pid_ == 0) {
    live_until_killed(socket, ready.ends[1], leash.ends[0], request.data(), request.size(),
                      read_bytes);
  }
  connection->close();  // the child's copy keeps the connection; after its death nothing does
  ::close(ready.ends[1]);
  ::close(leash.ends[0]);
  leash_ = leash.ends[1];
  const bool is_ready = pid_ > 0 && wait_ready(ready.ends[0]);
  ::close(ready.ends[0]);
  if (is_ready) return;
  kill();
  throw std::runtime_error("peer: the child did not read " + std::to_string(read_bytes) + " bytes");
}

KilledProcess::~KilledProcess() {
  kill();
}

void KilledProcess::kill() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (leash_ >= 0) ::close(leash_);
  pid_ = -1;
  leash_ = -1;
}

}  // namespace connfate::peers

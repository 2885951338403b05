// SPDX-License-Identifier: Apache-2.0
#include "system/report_receiver.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

#include "harness/temporary_directory.hpp"

namespace connfate::harness {

namespace {

/// The limit belongs to the network namespace, and the socket keeps what it was at its birth.
int make_socket(std::size_t room) {
  constexpr const char* kLimit = "/proc/sys/net/unix/max_dgram_qlen";
  const std::string usual = read_file(kLimit);
  if (room != 0) write_file(kLimit, std::to_string(room));
  const int made = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (room != 0) write_file(kLimit, usual);
  return made;
}

}  // namespace

ReportReceiver::ReportReceiver(std::filesystem::path path, std::size_t room)
    : path_(std::move(path)), socket_(make_socket(room)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path_.native().copy(address.sun_path, sizeof address.sun_path - 1);
  const auto* as_any = reinterpret_cast<const sockaddr*>(&address);
  if (socket_ < 0 || ::bind(socket_, as_any, sizeof address) != 0 ||
      ::chmod(path_.c_str(), 0666) != 0) {
    throw std::system_error(errno, std::generic_category(), path_.string());
  }
}

ReportReceiver::~ReportReceiver() {
  ::close(socket_);
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

std::optional<ReceivedReport> ReportReceiver::receive(std::chrono::milliseconds limit) {
  if (waiting_.empty()) {
    pollfd readable{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&readable, 1, static_cast<int>(limit.count())) != 1) return std::nullopt;
    take_datagram();
  }
  if (waiting_.empty()) return std::nullopt;
  ReceivedReport next = std::move(waiting_.front());
  waiting_.pop_front();
  return next;
}

void ReportReceiver::take_datagram() {
  auto datagram = std::make_shared<std::vector<std::byte>>(kDatagramSize);
  const ssize_t size = ::recv(socket_, datagram->data(), datagram->size(), 0);
  if (size < 0) return;
  ++datagrams_;
  datagram->resize(static_cast<std::size_t>(size));
  for (ReportReader reader(*datagram); reader.has_more();) {
    const auto report = reader.next();
    if (!report) throw std::runtime_error("not a report: datagram of " + std::to_string(size));
    waiting_.emplace_back(datagram, *report);
  }
}

std::size_t ReportReceiver::drain() {
  std::size_t count = 0;
  while (receive(std::chrono::milliseconds(0))) ++count;
  return count;
}

}  // namespace connfate::harness

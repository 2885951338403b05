// SPDX-License-Identifier: Apache-2.0
#include "connfate/witness_socket.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace connfate {
namespace {

using Clock = WitnessSocket::Clock;

/// A process out of descriptors would otherwise ask for one with every request.
constexpr Clock::duration kOpenPause = std::chrono::seconds(1);
constexpr Clock::duration kLinePause = std::chrono::minutes(1);

constexpr Clock::rep kAtOnce = Clock::time_point::min().time_since_epoch().count();

/// The usual buffer holds 167 reports, which a busy process sends in a few milliseconds; the kernel
/// grants as much of this as net.core.wmem_max allows. It is used only while reports wait.
constexpr int kSendBuffer = 1 << 20;

/// The witness is there and does not keep up. Everything else is worth looking for another.
bool is_full(int code) noexcept {
  return code == EAGAIN || code == ENOBUFS || code == ENOMEM || code == EINTR;
}

/// Returns 0 or an errno.
int write(int fd, std::span<const std::byte> datagram) noexcept {
  const ssize_t sent = ::send(fd, datagram.data(), datagram.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  return sent < 0 ? errno : 0;
}

}  // namespace

static_assert(WitnessSocket::kPathSize + 1 == sizeof(sockaddr_un::sun_path));

std::string_view WitnessSocket::complaint_about(std::string_view path) noexcept {
  if (!path.starts_with('/'))
    return "is not absolute: write the path from the root, as in \"/run/\"";
  if (path.size() > kPathSize) {
    return "is longer than the 107 bytes that a socket's address holds: use a shorter path";
  }
  return {};
}

WitnessSocket::WitnessSocket(std::string_view path, Clock::time_point (*now)() noexcept) noexcept
    : now_(now), next_try_(kAtOnce), next_line_(kAtOnce) {
  path.copy(path_.data(), kPathSize);
}

WitnessSocket::~WitnessSocket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void WitnessSocket::stamp(Report& report) const noexcept {
  report.lost = lost_.load(std::memory_order_relaxed);
}

std::optional<WitnessSocket::Loss> WitnessSocket::send(Report& report) noexcept {
  std::array<std::byte, kReportSize> buffer;
  stamp(report);
  return send(encode_report(report, buffer), 1);
}

std::optional<WitnessSocket::Loss> WitnessSocket::send(std::span<const std::byte> datagram,
                                                       std::uint64_t reports) noexcept {
  const int code = send_now(datagram);
  return code == 0 ? std::nullopt : count_loss(reports, code);
}

/// Returns 0 or an errno.
int WitnessSocket::send_now(std::span<const std::byte> datagram) noexcept {
  const int fd = descriptor();
  if (fd < 0) return error_;
  if (is_connected_.load(std::memory_order_relaxed)) {
    const int code = write(fd, datagram);
    if (code == 0 || is_full(code)) return code;
  } else if (is_pausing()) {
    return error_;
  }
  const int missing = find_witness(fd);
  return missing == 0 ? write(fd, datagram) : missing;
}

/// Acquire: whoever set the time has said why in error_ before.
bool WitnessSocket::is_pausing() const noexcept {
  return now_().time_since_epoch().count() < next_try_.load(std::memory_order_acquire);
}

/// Returns the errno.
int WitnessSocket::pause(int code, Clock::duration length) noexcept {
  error_ = code;
  next_try_ = (now_() + length).time_since_epoch().count();
  return code;
}

/// Returns 0 or an errno. Several threads may do it at once.
int WitnessSocket::find_witness(int fd) noexcept {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path_.data(), path_.size());
  const auto* to = static_cast<const sockaddr*>(static_cast<const void*>(&address));
  const bool found = ::connect(fd, to, sizeof address) == 0;
  is_connected_.store(found, std::memory_order_relaxed);
  return found ? 0 : pause(errno, kLookPause);
}

int WitnessSocket::descriptor() noexcept {
  // Acquire: another thread has made the socket that this number stands for.
  const int fd = descriptor_.load(std::memory_order_acquire);
  return fd >= 0 ? fd : open();
}

/// Threads that come here together may each open one; the first stays.
int WitnessSocket::open() noexcept {
  if (is_pausing()) return -1;
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    pause(errno, kOpenPause);
    return -1;
  }
  (void)::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof kSendBuffer);
  int first = -1;
  if (descriptor_.compare_exchange_strong(first, fd)) return fd;
  ::close(fd);
  return first;
}

std::optional<WitnessSocket::Loss> WitnessSocket::count_loss(std::uint64_t reports,
                                                             int code) noexcept {
  const std::uint64_t lost = reports + lost_.fetch_add(reports, std::memory_order_relaxed);
  const Clock::time_point now = now_();
  auto next = next_line_.load(std::memory_order_relaxed);
  const bool is_due = now.time_since_epoch().count() >= next;
  const auto then = (now + kLinePause).time_since_epoch().count();
  if (!is_due || !next_line_.compare_exchange_strong(next, then)) return std::nullopt;
  return Loss{code, lost};
}

}  // namespace connfate

// SPDX-License-Identifier: Apache-2.0
#include "witness/sources/report_source.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include "witness/sources/report_queue.hpp"

namespace connfate::witness {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostSenders = 4096;

/// Room for the credentials and for nothing else: a file descriptor that somebody attaches does not
/// fit, and the kernel discards it.
using Control = std::array<std::byte, CMSG_SPACE(sizeof(ucred))>;

sockaddr_un address_of(const fs::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return address;
}

Descriptor open_datagram_socket() {
  Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) throw_errno("cannot open a unix socket");
  return socket;
}

bool is_read_by_somebody(const fs::path& path) {
  const Descriptor probe = open_datagram_socket();
  const sockaddr_un address = address_of(path);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  // ECONNREFUSED: the file of a process that is gone.
  return ::connect(probe.get(), generic, sizeof address) == 0 || errno != ECONNREFUSED;
}

/// With the credentials of the sender on every message.
Descriptor open_receiving_socket() {
  const LongerQueue during_creation;
  Descriptor socket = open_datagram_socket();
  constexpr int kOn = 1;
  if (::setsockopt(socket.get(), SOL_SOCKET, SO_PASSCRED, &kOn, sizeof kOn) != 0) {
    throw_errno("cannot set up the socket for reports");
  }
  return socket;
}

Descriptor listen_at(const ReportSocketOptions& options) {
  if (const auto reason = why_not_at(options.path)) throw std::runtime_error(*reason);
  Descriptor socket = open_receiving_socket();
  std::error_code ignored;
  fs::remove(options.path, ignored);  // why_not_at() found it stale, or absent
  const sockaddr_un address = address_of(options.path);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (::bind(socket.get(), generic, sizeof address) != 0 ||
      ::chmod(options.path.c_str(), options.mode) != 0) {
    throw_errno("cannot listen at " + options.path.string());
  }
  return socket;
}

std::optional<ucred> credentials_of(const msghdr& head) noexcept {
  const cmsghdr* control = CMSG_FIRSTHDR(&head);
  if (control == nullptr || control->cmsg_level != SOL_SOCKET ||
      control->cmsg_type != SCM_CREDENTIALS || control->cmsg_len != CMSG_LEN(sizeof(ucred))) {
    return std::nullopt;
  }
  ucred credentials{};
  std::memcpy(&credentials, CMSG_DATA(control), sizeof credentials);
  return credentials;
}

bool is_gone(pid_t pid) noexcept {
  return ::kill(pid, 0) != 0 && errno == ESRCH;
}

}  // namespace

std::optional<std::string> why_not_at(const fs::path& path) {
  if (path.native().size() >= sizeof(sockaddr_un::sun_path)) {
    return fmt::format("{}: a socket's path may have at most {} characters", path.string(),
                       sizeof(sockaddr_un::sun_path) - 1);
  }
  std::error_code ignored;
  const fs::path directory = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (!fs::is_directory(directory, ignored)) {
    return fmt::format(
        "{}: there is no directory {}; create it for the witness's user (install -d -o "
        "connfate -g connfate {}), or name another --socket",
        path.string(), directory.string(), directory.string());
  }
  const auto type = fs::symlink_status(path, ignored).type();
  if (type == fs::file_type::not_found) return std::nullopt;
  if (type != fs::file_type::socket) {
    return fmt::format("{}: exists and is no socket; move it away, or name another --socket",
                       path.string());
  }
  if (!is_read_by_somebody(path)) return std::nullopt;
  return fmt::format("{}: another process listens there; stop it, or name another --socket",
                     path.string());
}

ReportSource::ReportSource(ReportSocketOptions options)
    : options_(std::move(options)), socket_(listen_at(options_)), buffer_(kBatch * kDatagramSize) {}

ReportSource::~ReportSource() {
  (void)::unlink(options_.path.c_str());
}

std::size_t ReportSource::read(std::size_t limit, const OnReport& on_report) {
  std::array<Control, kBatch> controls;
  std::array<iovec, kBatch> parts;
  std::array<mmsghdr, kBatch> messages{};
  std::size_t total = 0;
  while (total < limit) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      parts[i] = {buffer_.data() + i * kDatagramSize, kDatagramSize};
      messages[i].msg_hdr = {.msg_name = nullptr,
                             .msg_namelen = 0,
                             .msg_iov = &parts[i],
                             .msg_iovlen = 1,
                             .msg_control = controls[i].data(),
                             .msg_controllen = sizeof(Control),
                             .msg_flags = 0};
    }
    const auto wanted = static_cast<unsigned>(std::min(kBatch, limit - total));
    const int count = ::recvmmsg(fd(), messages.data(), wanted, MSG_DONTWAIT, nullptr);
    if (count < 0 && errno != EAGAIN && errno != EINTR) throw_errno("reading reports");
    if (count <= 0) break;
    const auto received = static_cast<std::size_t>(count);
    for (std::size_t i = 0; i < received; ++i) {
      take({buffer_.data() + i * kDatagramSize, messages[i].msg_len}, messages[i].msg_hdr,
           on_report);
    }
    total += received;
    if (received < wanted) break;
  }
  return total;
}

bool ReportSource::is_allowed(uid_t uid) const noexcept {
  return std::ranges::find(options_.allowed, uid) != options_.allowed.end();
}

void ReportSource::take(std::span<const std::byte> datagram, const msghdr& head,
                        const OnReport& on_report) {
  const auto sender = credentials_of(head);
  if (!sender || !is_allowed(sender->uid)) {
    ++counters_.foreign;
    return;
  }
  if ((static_cast<unsigned>(head.msg_flags) & MSG_TRUNC) != 0) {
    ++counters_.undecodable;
    return;
  }
  for (ReportReader reader(datagram); reader.has_more();) {
    const auto report = reader.next();
    if (!report) {
      ++counters_.undecodable;
      continue;
    }
    note_lost(sender->pid, report->lost);
    on_report(*report);
  }
}

void ReportSource::note_lost(pid_t sender, std::uint64_t lost) {
  // Senders in a pid namespace that we cannot see into all have the pid 0.
  if (sender == 0) return;
  if (lost_of_.size() >= kMostSenders && !lost_of_.contains(sender)) {
    std::erase_if(lost_of_, [](const auto& entry) { return is_gone(entry.first); });
    if (lost_of_.size() >= kMostSenders) return;
  }
  std::uint64_t& before = lost_of_[sender];
  // A smaller number: the pid has a new owner.
  lost_ += lost >= before ? lost - before : lost;
  before = lost;
}

std::uint64_t ReportSource::take_lost() noexcept {
  return std::exchange(lost_, 0);
}

}  // namespace connfate::witness

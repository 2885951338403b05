// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/utsname.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "cli/doctor/checks.hpp"
#include "cli/sockets/socket_dump.hpp"
#include "connfate/syscalls.hpp"
#include "witness/process/descriptor.hpp"

namespace connfate::cli {
namespace {

using witness::Descriptor;

/// Where TCP_INFO of each kernel ends (include/uapi/linux/tcp.h), as in docs/limits.md.
struct KernelStep {
  socklen_t length;
  const char* version;
  const char* without;
};

constexpr std::array kSteps{
    KernelStep{104, "2.6", "no fate but unknown"},
    KernelStep{136, "4.1", "no written, acked, unacked, start, end; a death is never delivered"},
    KernelStep{152, "4.6", "no notsent, min_rtt_us"},
    KernelStep{168, "4.9", "no delivery_rate"},
    KernelStep{192, "4.10", "no busy_ms, rwnd_limited_ms, sndbuf_limited_ms"},
    KernelStep{216, "4.19", "one more system call for each response not yet acknowledged"},
    KernelStep{232, "5.4", "no snd_wnd; a closed window is inferred"},
    KernelStep{248, "6.7", "unreachable only when the errno was seen"},
};

std::string kernel_release() {
  utsname name{};
  return ::uname(&name) == 0 ? std::string(name.release) : std::string("of unknown version");
}

/// The length of the kernel's answer for a real socket; 0: no answer, with errno.
socklen_t tcp_info_length(int fd) {
  std::array<std::byte, 1024> answer;
  socklen_t length = answer.size();
  return ::getsockopt(fd, IPPROTO_TCP, TCP_INFO, answer.data(), &length) == 0 ? length : 0;
}

void check_tcp_info(Diagnoses& diagnoses, int fd) {
  const socklen_t length = tcp_info_length(fd);
  if (length == 0) {
    diagnoses.push_back({Level::kProblem, "kernel",
                         fmt::format("{}: no TCP_INFO ({}); every fate will be unknown",
                                     kernel_release(), std::strerror(errno)),
                         "allow getsockopt(TCP_INFO) in this sandbox"});
    return;
  }
  std::string missing;
  for (const KernelStep& step : kSteps) {
    if (length < step.length) missing += fmt::format("; before {}: {}", step.version, step.without);
  }
  const std::string head = fmt::format("{}: TCP_INFO has {} bytes", kernel_release(), length);
  if (missing.empty()) {
    diagnoses.push_back({Level::kOk, "kernel", head + ", every field is known"});
  } else {
    diagnoses.push_back(
        {Level::kWarning, "kernel", head + missing, "a newer kernel; docs/limits.md, Kernel age"});
  }
}

void check_cookie(Diagnoses& diagnoses, int fd) {
  if (read_cookie(fd)) {
    diagnoses.push_back({Level::kOk, "cookie", "SO_COOKIE is known: lines can be joined"});
  } else {
    diagnoses.push_back({Level::kWarning, "cookie",
                         fmt::format("no SO_COOKIE ({}): log lines cannot be joined with the "
                                     "witness's",
                                     std::strerror(errno)),
                         "a kernel from 4.12 on"});
  }
}

void check_sock_diag(Diagnoses& diagnoses) {
  try {
    std::size_t connections = 0;
    SocketDump().visit([&connections](const LiveSocket&) { ++connections; });
    diagnoses.push_back(
        {Level::kOk, "sock_diag",
         fmt::format("the kernel lists its connections ({} now), IPv4 and IPv6", connections)});
  } catch (const std::system_error& error) {
    diagnoses.push_back({Level::kProblem, "sock_diag",
                         fmt::format("{}: no witness and no `connfate live`", error.what()),
                         "modprobe tcp_diag; in a container allow AF_NETLINK"});
  }
}

}  // namespace

void check_kernel(Diagnoses& diagnoses) {
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  check_tcp_info(diagnoses, socket.get());
  check_cookie(diagnoses, socket.get());
  check_sock_diag(diagnoses);
}

}  // namespace connfate::cli

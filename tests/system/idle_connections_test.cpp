// SPDX-License-Identifier: Apache-2.0
// What an idle keepalive connection costs with the module: the memory of the worker with many of
// them, compared with the same server without it.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "harness/process_gauge.hpp"
#include "system/scenarios/theatre.hpp"

namespace connfate::harness {
namespace {

constexpr std::size_t kPerProcess = 10'000;  ///< below the usual hard limit of descriptors

/// In a process of its own. Ends it with a code that is not 0 when something fails.
void open_and_hold(const peers::Address& server, std::size_t count, int ready) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(server.port);
  inet_pton(AF_INET, server.ip.c_str(), &to.sin_addr);
  const auto* const generic = static_cast<const sockaddr*>(static_cast<const void*>(&to));
  constexpr std::string_view kRequest = "GET /small.txt HTTP/1.1\r\nHost: peer.test\r\n\r\n";
  char answer[4096];
  for (std::size_t i = 0; i < count; ++i) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, generic, sizeof to) != 0) _exit(1);
    if (send(fd, kRequest.data(), kRequest.size(), MSG_NOSIGNAL) < 0) _exit(2);
    if (recv(fd, answer, sizeof answer, 0) <= 0) _exit(3);
  }
  (void)!write(ready, "r", 1);
  for (;;) pause();
}

/// Raw sockets, in processes of their own: the peers' clients have four descriptors each.
class IdleConnections {
 public:
  IdleConnections(const peers::Address& server, std::size_t count) {
    for (; count > 0; count -= std::min(count, kPerProcess)) {
      hold(server, std::min(count, kPerProcess));
    }
  }
  ~IdleConnections() {
    for (const pid_t pid : holders_) {
      kill(pid, SIGKILL);
      waitpid(pid, nullptr, 0);
    }
  }
  IdleConnections(const IdleConnections&) = delete;
  IdleConnections& operator=(const IdleConnections&) = delete;

 private:
  void hold(const peers::Address& server, std::size_t count) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    const pid_t pid = fork();
    if (pid == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      close(ends[0]);
      open_and_hold(server, count, ends[1]);
    }
    holders_.push_back(pid);
    close(ends[1]);
    char byte = 0;
    const bool ready = read(ends[0], &byte, 1) == 1;
    close(ends[0]);
    if (!ready) throw std::runtime_error("the connections were not all answered");
  }

  std::vector<pid_t> holders_;
};

/// As many as this process may have; the servers inherit it.
void raise_descriptor_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// Memory that a connection adds to all serving processes, in bytes.
double bytes_per_connection(const Lab& lab, ServerKind kind, bool with_module, std::size_t count) {
  const auto server = make_server(
      kind, lab.hosts(),
      {.module = with_module ? module_of(kind) : "",
       .workers = kind == ServerKind::kNginx ? 2 : 1,
       .connections = static_cast<int>(count) + 1000,
       .extra_config = kind == ServerKind::kNginx ? "" : "AsyncRequestWorkerFactor 1000"});
  server->start();
  const auto memory = [&] {
    std::uint64_t sum = 0;
    for (const pid_t worker : server->workers()) sum += anonymous_bytes(worker);
    return static_cast<double>(sum);
  };
  const InNamespace here = lab.enter_client();
  const peers::Address address = server->address(peers::Transport::kCleartext);
  { const IdleConnections warm(address, 200); }
  const double before = memory();
  const IdleConnections idle(address, count);
  const double after = memory();
  return (after - before) / static_cast<double>(count);
}

struct Costs {
  double without = 0;
  double with = 0;
};

Costs measure(ServerKind kind, std::size_t count) {
  raise_descriptor_limit();
  const Lab lab;
  Costs costs;
  costs.without = bytes_per_connection(lab, kind, false, count);
  costs.with = bytes_per_connection(lab, kind, true, count);
  std::printf("%s, %zu idle connections: %.0f bytes each without the module, %.0f with it: %.0f\n",
              std::string(to_name(kind)).c_str(), count, costs.without, costs.with,
              costs.with - costs.without);
  return costs;
}

TEST(IdleConnections, CostNginxAtMost128BytesOfOurs) {
  if (const auto reason = Theatre::missing(ServerKind::kNginx)) GTEST_SKIP() << *reason;
  const Costs costs = measure(ServerKind::kNginx, 20'000);
  EXPECT_LE(costs.with - costs.without, 128);
}

TEST(IdleConnections, CostHttpdLessThanItsOwnPool) {
  if (const auto reason = Theatre::missing(ServerKind::kEvent)) GTEST_SKIP() << *reason;
  const Costs costs = measure(ServerKind::kEvent, 5'000);
  // A connection's pool begins with 8 KiB, in which we live; a second block would show.
  EXPECT_LE(costs.with - costs.without, 1024);
}

}  // namespace
}  // namespace connfate::harness

// SPDX-License-Identifier: Apache-2.0
// Records what the running kernel answers to TCP_INFO on sockets in typical situations:
//
//   connfate_record_answers tests/fixtures/tcp_info
//
// writes <situation>.bin, the bytes, and <situation>.txt, what core reads in them.
#include <netinet/in.h>
#include <sys/socket.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <vector>

#include "component/loopback.hpp"
#include "connfate/syscalls.hpp"
#include "unit/snapshot_text.hpp"

namespace connfate::fixture {
namespace {

constexpr int kTcpInfo = 11;
constexpr int kTcpUserTimeout = 18;
constexpr std::size_t kTooMuch = 8U << 20;

void live(Loopback& loopback) {
  loopback.server_sends(1000);
  loopback.server_has_all_acked();
}

void reset(Loopback& loopback) {
  loopback.server_sends(kTooMuch);
  loopback.client_resets();
  loopback.server_sees(TcpState::kClose);
}

void fin_then_reset(Loopback& loopback) {
  loopback.client_closes();
  loopback.server_sees(TcpState::kCloseWait);
  loopback.server_sends(1000);
  loopback.server_sees(TcpState::kClose);
}

void half_closed(Loopback& loopback) {
  live(loopback);
  loopback.client_shuts_down();
  loopback.server_sees(TcpState::kCloseWait);
}

void ended_in_order(Loopback& loopback) {
  live(loopback);
  loopback.client_reads(1000);
  loopback.server_shuts_down();
  loopback.client_closes();
  loopback.server_sees(TcpState::kClose);
}

void zero_window(Loopback& loopback) {
  loopback.server_sends(kTooMuch);
  loopback.server_sees([](const TcpSnapshot& s) {
    return s.unacked == Segments{} && *s.snd_wnd<s.snd_mss&& * s.notsent> Bytes{};
  });
}

/// The only death by timer that loopback has: the user timeout on a closed window.
void user_timeout(Loopback& loopback) {
  const unsigned milliseconds = 300;
  ::setsockopt(loopback.server(), IPPROTO_TCP, kTcpUserTimeout, &milliseconds, sizeof milliseconds);
  zero_window(loopback);
  loopback.server_sees(TcpState::kClose);
}

struct Situation {
  const char* name;
  void (*arrange)(Loopback&);
};

constexpr Situation kSituations[] = {
    {"live", live},
    {"reset", reset},
    {"fin_then_reset", fin_then_reset},
    {"half_closed", half_closed},
    {"ended_in_order", ended_in_order},
    {"zero_window", zero_window},
    {"user_timeout", user_timeout},
};

std::vector<char> answer_of(int fd) {
  std::vector<char> answer(512);
  auto length = static_cast<socklen_t>(answer.size());
  ::getsockopt(fd, IPPROTO_TCP, kTcpInfo, answer.data(), &length);
  answer.resize(length);
  return answer;
}

void record(const Situation& situation, const std::filesystem::path& directory) {
  Loopback loopback({.client_receive_buffer = 4096});
  situation.arrange(loopback);
  const std::vector<char> answer = answer_of(loopback.server());
  const auto path = directory / situation.name;
  std::ofstream(path.string() + ".bin", std::ios::binary)
      .write(answer.data(), static_cast<std::streamsize>(answer.size()));
  std::ofstream(path.string() + ".txt")
      << text_of(*decode_tcp_info(std::as_bytes(std::span(answer))));
}

}  // namespace
}  // namespace connfate::fixture

int main(int argc, char** argv) {
  using namespace connfate::fixture;
  if (argc != 2) {
    std::cerr << "usage: connfate_record_answers DIRECTORY\n";
    return 2;
  }
  for (const Situation& situation : kSituations) record(situation, argv[1]);
  return 0;
}

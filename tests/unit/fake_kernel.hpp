// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides FakeKernel: Syscalls that answer from memory and count what they were asked.
// Used by unit tests, fuzzers and tests/bench.
// Surprising: Syscalls are plain functions, so the answers of all FakeKernels live in one place;
// use one at a time.

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "connfate/syscalls.hpp"
#include "unit/tcp_info_answer.hpp"

namespace connfate::fixture {

/// What the fake socket is, and what was asked about it.
struct FakeSocket {
  std::optional<TcpInfoAnswer> info = TcpInfoAnswer{};  ///< nullopt: not a TCP socket
  std::optional<TcpInfoAnswer> info_after_queue;        ///< replaces it while SIOCOUTQ is answered
  std::optional<int> output_queue = 0;
  std::optional<int> output_queue_after_info;  ///< replaces it once TCP_INFO was answered
  std::optional<int> input_queue = 0;
  std::optional<std::uint64_t> cookie;
  std::optional<int> domain = AF_INET;
  std::optional<int> multicast_ttl;
  std::optional<int> multicast_hops;

  int info_calls = 0;
  int queue_calls = 0;
  int cookie_calls = 0;
  int ttl_calls = 0;
  int other_calls = 0;
};

class FakeKernel {
 public:
  FakeKernel() noexcept { current() = FakeSocket{}; }

  FakeSocket* operator->() noexcept { return &current(); }
  const Syscalls& calls() const noexcept {
    static constexpr Syscalls kCalls{getsockopt, ioctl};
    return kCalls;
  }

 private:
  static constexpr int kTcpInfo = 11;
  static constexpr int kSoCookie = 57;
  static constexpr unsigned long kSiocOutq = 0x5411UL;
  static constexpr unsigned long kSiocInq = 0x541bUL;

  static FakeSocket& current() noexcept {
    static FakeSocket socket;
    return socket;
  }

  static int fail(int code) noexcept {
    errno = code;
    return -1;
  }

  static int answer_bytes(std::span<const std::byte> answer, void* value,
                          unsigned* length) noexcept {
    *length = static_cast<unsigned>(std::min<std::size_t>(*length, answer.size()));
    std::memcpy(value, answer.data(), *length);
    return 0;
  }

  template <typename T>
  static int answer(const std::optional<T>& it, void* value, unsigned* length) noexcept {
    if (!it) return fail(ENOPROTOOPT);
    return answer_bytes(std::as_bytes(std::span(&*it, 1)), value, length);
  }

  static int getsockopt(int, int level, int name, void* value, unsigned* length) noexcept {
    FakeSocket& socket = current();
    if (level == IPPROTO_TCP && name == kTcpInfo) {
      ++socket.info_calls;
      if (socket.output_queue_after_info) socket.output_queue = socket.output_queue_after_info;
      return socket.info ? answer_bytes(socket.info->bytes(), value, length) : fail(EOPNOTSUPP);
    }
    if (level == SOL_SOCKET && name == kSoCookie) {
      return ++socket.cookie_calls, answer(socket.cookie, value, length);
    }
    if (level == SOL_SOCKET && name == SO_DOMAIN) return answer(socket.domain, value, length);
    ++socket.ttl_calls;
    if (level == IPPROTO_IP && name == IP_MULTICAST_TTL) {
      return answer(socket.multicast_ttl, value, length);
    }
    if (level == IPPROTO_IPV6 && name == IPV6_MULTICAST_HOPS) {
      return answer(socket.multicast_hops, value, length);
    }
    return ++socket.other_calls, fail(ENOPROTOOPT);
  }

  static int ioctl(int, unsigned long request, int* value) noexcept {
    FakeSocket& socket = current();
    if (request == kSiocInq) {
      if (!socket.input_queue) return fail(ENOTTY);
      *value = *socket.input_queue;
      if (socket.info_after_queue) socket.info = socket.info_after_queue;
      return 0;
    }
    if (request != kSiocOutq) return ++socket.other_calls, fail(EINVAL);
    ++socket.queue_calls;
    if (!socket.output_queue) return fail(ENOTTY);
    *value = *socket.output_queue;
    if (socket.info_after_queue) socket.info = socket.info_after_queue;
    return 0;
  }
};

}  // namespace connfate::fixture

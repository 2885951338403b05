// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the length of the queue that reports wait in: net.unix.max_dgram_qlen as it was when the
// receiving socket was made. It is 10 in a fresh network namespace, 512 where systemd booted; a
// receive buffer plays no part (unix_recvq_full, net/unix/af_unix.c, 6.1).
// Used by the report source, which makes the socket, and by the self-check.

#include <optional>

namespace connfate::witness {

/// What the limit is raised to, where we may: a tenth of a second of 40 000 requests.
inline constexpr unsigned kReportQueue = 4096;

/// Enough for the reports that a busy server sends while the witness rests or is not scheduled.
inline constexpr unsigned kReportQueueWanted = 512;

/// How many reports the queue of a socket made now would hold; nullopt where /proc is hidden.
std::optional<unsigned> report_queue_limit();

/// While it lives, new datagram sockets of this network namespace get a longer queue, if we may
/// write the sysctl; it is put back afterwards.
class LongerQueue {
 public:
  LongerQueue();
  ~LongerQueue();
  LongerQueue(const LongerQueue&) = delete;
  LongerQueue& operator=(const LongerQueue&) = delete;

 private:
  std::optional<unsigned> before_;
};

}  // namespace connfate::witness

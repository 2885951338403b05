// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides ReportSource: the unix datagram socket that the modules send their reports to.
// Used by the service, which waits for fd() and reads in bounded turns.
// Surprising:
//  - Anybody may be able to send to the socket. The kernel vouches for the sender's uid
//    (SCM_CREDENTIALS), and only allowed ones are listened to.
//  - The queue is short (report_queue.hpp). A sender that finds it full drops its reports, and
//    tells the number in a later one.

#include <sys/socket.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "connfate/report.hpp"
#include "witness/process/descriptor.hpp"

namespace connfate::witness {

struct ReportSocketOptions {
  std::filesystem::path path;
  mode_t mode = 0666;
  std::vector<uid_t> allowed;  ///< whose reports are taken
};

struct ReportSourceCounters {
  std::uint64_t foreign = 0;      ///< messages of a uid that is not allowed
  std::uint64_t undecodable = 0;  ///< messages that were cut or are none of ours, and reports
};

class ReportSource {
 public:
  using OnReport = std::function<void(const Report&)>;

  /// Makes the socket. The socket file of a witness that died is replaced. Throws
  /// std::runtime_error, with what to do, when the directory is missing, the path is no socket, or
  /// another process reads from it.
  explicit ReportSource(ReportSocketOptions options);
  ~ReportSource();  ///< removes the socket file, if it may
  ReportSource(const ReportSource&) = delete;
  ReportSource& operator=(const ReportSource&) = delete;

  int fd() const noexcept { return socket_.get(); }

  /// Hands out the reports of the messages that wait, at most `limit` messages; their texts are
  /// valid during the call. Returns how many messages there were, fewer than `limit` when nothing
  /// waits any more. Throws std::system_error.
  std::size_t read(std::size_t limit, const OnReport& on_report);

  /// Reports that the senders could not send, as far as they have told since the last call. What a
  /// process lost before its first report to us counts in full: those were not witnessed either.
  std::uint64_t take_lost() noexcept;

  const ReportSourceCounters& counters() const noexcept { return counters_; }

 private:
  static constexpr std::size_t kBatch = 32;

  bool is_allowed(uid_t uid) const noexcept;
  void take(std::span<const std::byte> datagram, const msghdr& head, const OnReport& on_report);
  void note_lost(pid_t sender, std::uint64_t lost);

  ReportSocketOptions options_;
  Descriptor socket_;
  std::vector<std::byte> buffer_;
  std::unordered_map<pid_t, std::uint64_t> lost_of_;  ///< what each sender has told last
  std::uint64_t lost_ = 0;
  ReportSourceCounters counters_;
};

/// Why the witness could not listen at `path`, with what to do; nullopt when it could. Changes
/// nothing.
std::optional<std::string> why_not_at(const std::filesystem::path& path);

}  // namespace connfate::witness

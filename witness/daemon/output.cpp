// SPDX-License-Identifier: Apache-2.0
#include "witness/daemon/output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>

namespace connfate::witness {
namespace {

constexpr mode_t kMode = 0640;

Descriptor open_output(const std::string& path) noexcept {
  if (path == Output::kStandardOutput)
    return Descriptor(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
  return Descriptor(::open(
      path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, kMode));
}

bool is_regular_file(const Descriptor& file) noexcept {
  struct stat status {};
  return ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode);
}

bool is_writable_now(int fd) noexcept {
  pollfd wanted{fd, POLLOUT, 0};
  return ::poll(&wanted, 1, 0) > 0;
}

}  // namespace

Output::Output(std::string path) : path_(std::move(path)), file_(open_output(path_)) {
  if (!file_) throw_errno("cannot open the output " + path_);
  is_regular_ = is_regular_file(file_);
}

void Output::write(std::string_view line) noexcept {
  if (waiting_.size() + line.size() + 1 > kMostWaiting) flush();
  if (waiting_.size() + line.size() + 1 > kMostWaiting) {
    ++lost_lines_;
    return;
  }
  waiting_.append(line).push_back('\n');
}

void Output::flush() noexcept {
  std::size_t written = 0;
  problem_.clear();
  while (written < waiting_.size()) {
    const std::size_t count = write_some(std::string_view(waiting_).substr(written));
    if (count == 0) break;
    written += count;
  }
  if (written == 0) return;
  starts_inside_line_ = waiting_[written - 1] != '\n';
  waiting_.erase(0, written);
}

/// Bytes written; 0 when none could be, with the problem noted.
std::size_t Output::write_some(std::string_view text) noexcept {
  if (!is_regular_) {
    // The description of a pipe or terminal is shared with other processes: O_NONBLOCK is not ours
    // to set. One that is writable takes PIPE_BUF bytes without blocking.
    if (!is_writable_now(file_.get())) {
      problem_ = "nobody reads it";
      return 0;
    }
    text = text.substr(0, PIPE_BUF);
  }
  const ssize_t count = ::write(file_.get(), text.data(), text.size());
  if (count > 0) return static_cast<std::size_t>(count);
  if (count < 0) problem_ = std::strerror(errno);
  return 0;
}

bool Output::reopen() noexcept {
  flush();
  Descriptor fresh = open_output(path_);
  if (!fresh) {
    problem_ = std::strerror(errno);
    return false;
  }
  if (path_ != kStandardOutput) discard_rest_of_line();
  file_ = std::move(fresh);
  is_regular_ = is_regular_file(file_);
  return true;
}

/// The first part of that line is in another file.
void Output::discard_rest_of_line() noexcept {
  if (!starts_inside_line_) return;
  starts_inside_line_ = false;
  ++lost_lines_;
  waiting_.erase(0, std::min(waiting_.find('\n'), waiting_.size() - 1) + 1);
}

void create_output_for(const std::string& path, uid_t uid, gid_t gid) {
  if (path == Output::kStandardOutput) return;
  const Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kMode));
  if (!file && errno == EEXIST) return;
  if (!file || ::fchown(file.get(), uid, gid) != 0) throw_errno("cannot create the output " + path);
}

}  // namespace connfate::witness

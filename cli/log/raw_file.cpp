// SPDX-License-Identifier: Apache-2.0
#include "cli/log/raw_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace connfate::cli::log {
namespace {

[[noreturn]] void fail() {
  throw std::runtime_error(std::generic_category().message(errno));
}

int open_file(const std::string& file) {
  if (file == "-") return STDIN_FILENO;
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) fail();
  ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  return descriptor;
}

}  // namespace

RawFile::RawFile(const std::string& file) : descriptor_(open_file(file)) {}

RawFile::~RawFile() {
  if (descriptor_ > STDIN_FILENO) ::close(descriptor_);
}

std::size_t RawFile::read_descriptor(char* to, std::size_t size) const {
  for (;;) {
    const ssize_t count = ::read(descriptor_, to, size);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) fail();
  }
}

std::string_view RawFile::peek(std::size_t size) {
  while (head_.size() < size) {
    const std::size_t had = head_.size();
    head_.resize(size);
    const std::size_t count = read_descriptor(head_.data() + had, size - had);
    head_.resize(had + count);
    if (count == 0) break;
  }
  return head_;
}

std::size_t RawFile::read(char* to, std::size_t size) {
  std::size_t count = std::min(size, head_.size());
  std::memcpy(to, head_.data(), count);
  head_.erase(0, count);
  if (count < size) count += read_descriptor(to + count, size - count);
  taken_ += count;
  return count;
}

bool RawFile::was_replaced(const std::string& path) const {
  struct stat ours {};
  struct stat named {};
  if (::fstat(descriptor_, &ours) != 0 || ::stat(path.c_str(), &named) != 0) return false;
  return ours.st_ino != named.st_ino || ours.st_dev != named.st_dev;
}

bool RawFile::restart_if_truncated() {
  struct stat now {};
  if (::fstat(descriptor_, &now) != 0 || !S_ISREG(now.st_mode)) return false;
  if (static_cast<std::uint64_t>(now.st_size) >= taken_) return false;
  ::lseek(descriptor_, 0, SEEK_SET);
  taken_ = 0;
  return true;
}

}  // namespace connfate::cli::log

// SPDX-License-Identifier: Apache-2.0
#include "witness/process/own_usage.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstring>

#include "witness/process/descriptor.hpp"

namespace connfate::witness {
namespace {

double seconds(const timeval& time) noexcept {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// The second number of the file: resident pages (proc(5)).
std::uint64_t resident_pages() noexcept {
  const Descriptor file(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC));
  std::array<char, 128> text;
  const ssize_t size = file ? ::read(file.get(), text.data(), text.size()) : 0;
  if (size <= 0) return 0;
  const char* const end = text.data() + size;
  const void* const space = std::memchr(text.data(), ' ', static_cast<std::size_t>(size));
  if (space == nullptr) return 0;
  std::uint64_t pages = 0;
  std::from_chars(static_cast<const char*>(space) + 1, end, pages);
  return pages;
}

}  // namespace

OwnUsage own_usage() noexcept {
  rusage used{};
  (void)::getrusage(RUSAGE_SELF, &used);
  return {.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime),
          .resident_bytes = resident_pages() * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))};
}

}  // namespace connfate::witness

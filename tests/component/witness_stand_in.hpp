// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides WitnessPlace, a directory for a witness's socket, and WitnessStandIn, the receiving end
// of one, which reads only when asked.

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "connfate/report.hpp"

namespace connfate::fixture {

class WitnessPlace {
 public:
  WitnessPlace() { std::filesystem::create_directory(directory_); }
  ~WitnessPlace() { std::filesystem::remove_all(directory_); }
  WitnessPlace(const WitnessPlace&) = delete;
  WitnessPlace& operator=(const WitnessPlace&) = delete;

  std::string socket() const { return directory_ + "/witness.sock"; }

 private:
  /// ctest runs each test in a process of its own.
  const std::string directory_ =
      std::filesystem::temp_directory_path() / ("connfate-" + std::to_string(::getpid()));
};

class WitnessStandIn {
 public:
  explicit WitnessStandIn(const std::string& path)
      : path_(path), fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const auto* to = reinterpret_cast<const sockaddr*>(&address);
    EXPECT_EQ(::bind(fd_, to, sizeof address), 0) << path;
  }
  ~WitnessStandIn() {
    ::close(fd_);
    std::filesystem::remove(path_);
  }
  WitnessStandIn(const WitnessStandIn&) = delete;
  WitnessStandIn& operator=(const WitnessStandIn&) = delete;

  /// Report::lost of each report in the next datagram; empty when there is none.
  std::vector<std::uint64_t> next_datagram() const {
    std::vector<std::byte> buffer(kDatagramSize);
    const ssize_t size = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (size < 0) return {};
    std::vector<std::uint64_t> lost;
    const auto datagram = std::span(buffer).first(static_cast<std::size_t>(size));
    for (ReportReader reader(datagram); reader.has_more();) {
      const auto report = reader.next();
      EXPECT_TRUE(report);
      if (report) lost.push_back(report->lost);
    }
    return lost;
  }

  /// That of a datagram with one report; nullopt when there is none.
  std::optional<std::uint64_t> next_lost() const {
    const auto lost = next_datagram();
    EXPECT_LE(lost.size(), 1U);
    return lost.empty() ? std::nullopt : std::optional(lost.front());
  }

 private:
  std::string path_;
  int fd_;
};

}  // namespace connfate::fixture

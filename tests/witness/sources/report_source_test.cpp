// SPDX-License-Identifier: Apache-2.0
#include "witness/sources/report_source.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "harness/temporary_directory.hpp"
#include "unit/sample_report.hpp"
#include "witness/sources/in_child.hpp"
#include "witness/sources/own_network.hpp"
#include "witness/sources/report_queue.hpp"
#include "witness/sources/sender.hpp"

namespace connfate::witness {
namespace {

using connfate::fixture::full_report;
using fixture::Sender;

class ReportSourceTest : public testing::Test {
 protected:
  ReportSocketOptions options(uid_t allowed = ::geteuid()) const {
    return {.path = path_, .mode = 0660, .allowed = {allowed}};
  }

  static std::vector<std::string> read_uris(ReportSource& source) {
    std::vector<std::string> uris;
    source.read(1000, [&](const Report& report) { uris.emplace_back(report.uri); });
    return uris;
  }

  /// What the constructor says; empty when it succeeds.
  std::string refusal() const {
    try {
      const ReportSource source(options());
      return "";
    } catch (const std::runtime_error& error) {
      return error.what();
    }
  }

  harness::TemporaryDirectory directory_{"reports"};
  std::filesystem::path path_ = directory_.path() / "witness.sock";
};

TEST_F(ReportSourceTest, HandsOutReports) {
  ReportSource source(options());
  const Sender sender(path_);
  ASSERT_TRUE(sender.send(full_report()));
  ASSERT_TRUE(sender.send(full_report()));
  EXPECT_EQ(read_uris(source), (std::vector<std::string>{"/a/b", "/a/b"}));
  EXPECT_TRUE(read_uris(source).empty());
}

TEST_F(ReportSourceTest, HandsOutEveryReportOfADatagram) {
  ReportSource source(options());
  std::vector<std::byte> buffer(kDatagramSize);
  std::size_t used = 0;
  Report report = full_report();
  for (const std::string_view uri : {"/1", "/2", "/3"}) {
    report.uri = uri;
    used = append_report(report, buffer, used);
  }
  ASSERT_TRUE(Sender(path_).send(std::span(buffer).first(used)));
  EXPECT_EQ(read_uris(source), (std::vector<std::string>{"/1", "/2", "/3"}));
  EXPECT_EQ(source.counters().undecodable, 0U);
}

TEST_F(ReportSourceTest, TheSocketHasTheModeThatWasAskedFor) {
  const ReportSource source(options());
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0660U);
}

TEST_F(ReportSourceTest, DoesNotListenToOtherUsers) {
  ReportSource source(options(::geteuid() + 1));
  const Sender sender(path_);
  ASSERT_TRUE(sender.send(full_report()));
  EXPECT_TRUE(read_uris(source).empty());
  EXPECT_EQ(source.counters().foreign, 1U);
}

TEST_F(ReportSourceTest, CountsWhatIsNoReport) {
  ReportSource source(options());
  const Sender sender(path_);
  const std::vector<std::byte> long_one(kDatagramSize + 1);
  ASSERT_TRUE(sender.send(std::as_bytes(std::span("nonsense"))));
  ASSERT_TRUE(sender.send(long_one));
  ASSERT_TRUE(sender.send(std::span<const std::byte>{}));
  EXPECT_TRUE(read_uris(source).empty());
  EXPECT_EQ(source.counters().undecodable, 3U);
}

TEST_F(ReportSourceTest, AnAttachedDescriptorIsDiscarded) {
  ReportSource source(options());
  const Sender sender(path_);
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int))> control{};
  std::array<std::byte, kReportSize> buffer;
  const auto datagram = encode_report(full_report(), buffer);
  iovec part{buffer.data(), datagram.size()};
  msghdr message{};
  message.msg_iov = &part, message.msg_iovlen = 1;
  message.msg_control = control.data(), message.msg_controllen = control.size();
  cmsghdr* head = CMSG_FIRSTHDR(&message);
  *head = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
  std::memcpy(CMSG_DATA(head), &ends[1], sizeof(int));
  ASSERT_GT(::sendmsg(sender.fd(), &message, 0), 0);
  ::close(ends[1]);
  EXPECT_EQ(read_uris(source).size(), 1U);
  char byte = 0;
  EXPECT_EQ(::read(ends[0], &byte, 1), 0) << "nobody holds the writing end any more";
  ::close(ends[0]);
}

TEST_F(ReportSourceTest, TellsWhatTheSenderLost) {
  ReportSource source(options());
  const Sender sender(path_);
  Report report = full_report();
  for (const std::uint64_t lost : {5U, 5U, 12U}) {
    report.lost = lost;
    ASSERT_TRUE(sender.send(report));
  }
  read_uris(source);
  EXPECT_EQ(source.take_lost(), 12U);
  EXPECT_EQ(source.take_lost(), 0U);
}

/// Several senders, because the buffer of each limits what it has queued.
unsigned fill(const std::filesystem::path& path) {
  unsigned queued = 0;
  for (int i = 0; i < 100; ++i) {
    const Sender sender(path);
    while (sender.send(connfate::fixture::least_report())) ++queued;
  }
  return queued;
}

TEST_F(ReportSourceTest, TheQueueIsAsLongAsItSays) {
  CONNFATE_NEEDS_OWN_NETWORK();
  const auto limit = report_queue_limit();
  ASSERT_TRUE(limit);
  EXPECT_GT(*limit, kReportQueue);
  ReportSource source(options());
  EXPECT_EQ(fill(path_), *limit);
  EXPECT_EQ(read_uris(source).size(), 1000U);
}

TEST_F(ReportSourceTest, TheSysctlIsAsItWas) {
  CONNFATE_NEEDS_OWN_NETWORK();
  const std::string before = harness::read_file("/proc/sys/net/unix/max_dgram_qlen");
  const ReportSource source(options());
  EXPECT_EQ(harness::read_file("/proc/sys/net/unix/max_dgram_qlen"), before);
}

TEST_F(ReportSourceTest, ReplacesTheSocketOfADeadWitness) {
  ASSERT_EQ(fixture::in_child([&] {
              new ReportSource(options());  // never destroyed: as if killed
              return true;
            }),
            0);
  ASSERT_TRUE(std::filesystem::exists(path_));
  EXPECT_EQ(refusal(), "");
}

TEST_F(ReportSourceTest, DoesNotReplaceALivingOne) {
  const ReportSource source(options());
  EXPECT_NE(refusal().find("another process listens there"), std::string::npos);
  EXPECT_TRUE(Sender(path_).send(full_report()));
}

TEST_F(ReportSourceTest, DoesNotReplaceAFile) {
  std::ofstream(path_) << "precious";
  EXPECT_NE(refusal().find("is no socket"), std::string::npos);
  EXPECT_EQ(harness::read_file(path_), "precious");
}

TEST_F(ReportSourceTest, WantsADirectory) {
  path_ = directory_.path() / "missing" / "witness.sock";
  EXPECT_NE(refusal().find("there is no directory"), std::string::npos);
  path_ = "/" + std::string(200, 'x');
  EXPECT_NE(refusal().find("at most 107 characters"), std::string::npos);
}

TEST_F(ReportSourceTest, RemovesItsSocket) {
  { const ReportSource source(options()); }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

}  // namespace
}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
// What doctor says of a witness: its socket is a real one, /proc and its log are written by the
// test.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/doctor/host.hpp"

namespace connfate::cli {
namespace {

constexpr const char* kSocket = "/run/connfate/witness.sock";
constexpr const char* kLog = "/var/log/connfate/witness.log";

constexpr std::string_view kStarted =
    R"({"event":"witness_started","time":"2026-11-24T08:00:00.000000Z","v":1})"
    "\n"
    R"({"event":"witness_heard","time":"2026-11-24T08:01:00.000000Z","server":"nginx","v":1})"
    "\n";

/// A bound socket that nobody reads from, as a daemon would have it.
class Listener {
 public:
  explicit Listener(const std::filesystem::path& path)
      : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
    EXPECT_EQ(::bind(fd_, generic, sizeof address), 0) << path;
    ::chmod(path.c_str(), 0666);
  }
  ~Listener() { ::close(fd_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

 private:
  int fd_;
};

class WitnessCheckTest : public testing::Test {
 protected:
  WitnessCheckTest() {
    host_.write("/run/connfate/x", "");
    host_.write(kLog, kStarted);
  }

  void write_process(std::string_view capabilities) {
    host_.write("/proc/4711/comm", "connfate-witnes\n");
    host_.write("/proc/4711/status", "Name:\tx\nCapEff:\t" + std::string(capabilities) + "\n");
  }

  Diagnoses check(const Reporters& reporters = {{"nginx", kSocket}}) {
    Diagnoses diagnoses;
    check_witness(host_.options(), reporters, diagnoses);
    expect_remedies(diagnoses);
    return diagnoses;
  }

  Host host_;
};

TEST_F(WitnessCheckTest, all_is_well) {
  const Listener listener(host_ / kSocket);
  write_process("0000000000000000");
  host_.write("/proc/net/netlink",
              "sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode\n"
              "0000000000000000 0 1 00000000 0 0 0 2 0 10\n"
              "0000000000000000 4 4711 0000000f 0 0 0 2 0 11\n");
  const Diagnoses diagnoses = check();
  EXPECT_EQ(worst_of(diagnoses), Level::kOk) << lines_of(diagnoses);
  EXPECT_NE(lines_of(diagnoses).find("pid 4711 runs without capabilities"), std::string::npos);
  EXPECT_NE(lines_of(diagnoses).find("with all its evidence"), std::string::npos);
  EXPECT_NE(lines_of(diagnoses).find("dropped 0 ends of sockets for pid 4711"), std::string::npos);
}

TEST_F(WitnessCheckTest, nobody_reads) {
  const Diagnoses diagnoses = about(check(), "witness");
  EXPECT_EQ(worst_of(diagnoses), Level::kProblem);
  EXPECT_NE(lines_of(diagnoses).find("reports are lost"), std::string::npos) << lines_of(diagnoses);
  { const Listener gone(host_ / kSocket); }
  EXPECT_EQ(worst_of(about(check(), "witness")), Level::kProblem) << "a socket of a dead witness";
}

TEST_F(WitnessCheckTest, a_socket_that_workers_may_not_write_to) {
  const Listener listener(host_ / kSocket);
  ::chmod((host_ / kSocket).c_str(), 0600);
  const Diagnoses diagnoses = about(check(), "witness");
  EXPECT_EQ(worst_of(diagnoses), Level::kWarning);
  EXPECT_NE(lines_of(diagnoses).find("not every user may write"), std::string::npos);
}

TEST_F(WitnessCheckTest, a_name_that_is_too_long_for_a_socket) {
  EXPECT_EQ(worst_of(check({{"nginx", "/run/" + std::string(200, 'x')}})), Level::kProblem);
}

TEST_F(WitnessCheckTest, no_server_reports) {
  const Diagnoses diagnoses = check({});
  ASSERT_EQ(diagnoses.size(), 1U) << lines_of(diagnoses);
  EXPECT_EQ(diagnoses[0].level, Level::kWarning);
  EXPECT_NE(diagnoses[0].mend.find("ConnFateWitness /run/connfate/witness.sock"),
            std::string::npos);
}

TEST_F(WitnessCheckTest, its_configuration_names_socket_and_log) {
  host_.write("/etc/connfate/witness.conf",
              "socket = \"/run/other.sock\"\noutput = \"/other.log\"\n");
  host_.write("/other.log", kStarted);
  const Listener listener(host_ / "/run/other.sock");
  const Diagnoses diagnoses = check({});
  EXPECT_NE(lines_of(diagnoses).find("somebody reads at /run/other.sock"), std::string::npos)
      << lines_of(diagnoses);
}

TEST_F(WitnessCheckTest, a_process_with_capabilities) {
  write_process("0000000000002000");
  EXPECT_NE(lines_of(check()).find("still has capabilities 0000000000002000"), std::string::npos);
}

TEST_F(WitnessCheckTest, a_server_that_it_has_not_heard) {
  const Reporters both = {{"nginx", kSocket}, {"httpd", kSocket}};
  const Diagnoses log = about(check(both), "witness log");
  EXPECT_EQ(worst_of(log), Level::kWarning);
  EXPECT_NE(lines_of(log).find("ok witness log: nginx reports to it: the first report came 2026-"),
            std::string::npos)
      << lines_of(log);
  EXPECT_NE(lines_of(log).find("warning witness log: no report of httpd has come since 2026-"),
            std::string::npos)
      << lines_of(log);
}

TEST_F(WitnessCheckTest, it_lacks_evidence) {
  host_.write(kLog,
              R"({"event":"witness_started","time":"2026-11-24T08:00:00Z","missing":"packets"})"
              "\n");
  const Diagnoses log = about(check(), "witness log");
  EXPECT_EQ(log[0].level, Level::kWarning);
  EXPECT_EQ(log[0].text, "evidence is missing: packets");
}

TEST_F(WitnessCheckTest, it_lost_something) {
  host_.write(kLog, std::string(kStarted) + R"({"event":"loss","packets":3,"reports":2})"
                                            "\n"
                                            R"({"event":"loss","packets":4})"
                                            "\n");
  const Diagnoses log = about(check(), "witness log");
  EXPECT_EQ(worst_of(log), Level::kWarning);
  EXPECT_NE(lines_of(log).find("7 packets, 2 reports"), std::string::npos) << lines_of(log);
}

TEST_F(WitnessCheckTest, what_was_lost_before_its_last_start_is_over) {
  host_.write(kLog, R"({"event":"loss","packets":3})"
                    "\n" +
                        std::string(kStarted));
  EXPECT_EQ(worst_of(about(check(), "witness log")), Level::kOk);
}

TEST_F(WitnessCheckTest, it_has_stopped) {
  host_.write(kLog, std::string(kStarted) + R"({"event":"witness_stopped"})"
                                            "\n");
  const Diagnoses log = about(check(), "witness log");
  EXPECT_EQ(worst_of(log), Level::kProblem);
  EXPECT_EQ(log[0].mend, "systemctl start connfate-witness");
}

TEST_F(WitnessCheckTest, a_log_that_is_no_log) {
  host_.write(kLog, std::string("\x00\xff\n{\n[1]\n\"x\"\n", 12));
  const std::string rotated = lines_of(about(check(), "witness log"));
  EXPECT_NE(rotated.find("rotated away"), std::string::npos) << rotated;
  EXPECT_NE(rotated.find("no report of nginx has come since its log was rotated"),
            std::string::npos);
  std::filesystem::remove(host_ / kLog);
  EXPECT_EQ(worst_of(about(check(), "witness log")), Level::kWarning);
}

TEST_F(WitnessCheckTest, the_kernel_dropped_ends_of_sockets) {
  host_.write("/proc/net/netlink",
              "sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode\n"
              "0 4 4711 0000000f 0 0 0 2 12 11\nnonsense\n");
  const Diagnoses netlink = about(check(), "netlink");
  ASSERT_EQ(netlink.size(), 1U);
  EXPECT_EQ(netlink[0].level, Level::kWarning);
  EXPECT_NE(netlink[0].text.find("dropped 12 ends"), std::string::npos);
}

}  // namespace
}  // namespace connfate::cli

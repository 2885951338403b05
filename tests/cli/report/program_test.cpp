// SPDX-License-Identifier: Apache-2.0
// The real program: its inputs, outputs and exit codes.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/report/lines.hpp"
#include "harness/deadline.hpp"
#include "harness/process.hpp"
#include "harness/temporary_directory.hpp"

namespace connfate::cli::report {
namespace {

class ProgramTest : public testing::Test {
 protected:
  ProgramTest() {
    harness::write_file(access(), line_of({}) + '\n' +
                                      line_of({.fate = "rst_received",
                                               .by = "peer",
                                               .path = "/\x1b[2J",
                                               .more = "written=9 end=9"}) +
                                      '\n');
    harness::write_file(witness(), witness_line("rst_received", "path") + '\n');
  }

  std::filesystem::path access() const { return directory_.path() / "access.log"; }
  std::filesystem::path witness() const { return directory_.path() / "witness.log"; }

  /// $C is the command, $A the access log, $W the witness's log.
  harness::Outcome shell(const std::string& script) const {
    return harness::run({"env", "-C", directory_.path(), "C=" CONNFATE_PROGRAM,
                         "A=" + access().string(), "W=" + witness().string(), "bash", "-c",
                         script});
  }
  nlohmann::json json(const std::string& script) const {
    return nlohmann::json::parse(shell(script).output);
  }

  harness::TemporaryDirectory directory_{"program"};
};

TEST_F(ProgramTest, exit_codes) {
  EXPECT_EQ(shell("$C report $A").exit_code, 0);
  EXPECT_EQ(shell("$C report --where fate=unreachable $A").exit_code, 1);
  EXPECT_EQ(shell("$C report").exit_code, 2);
  EXPECT_EQ(shell("$C report --nosuch $A").exit_code, 2);
  EXPECT_EQ(shell("$C report --since yesterday $A").exit_code, 2);
  EXPECT_EQ(shell("$C report $A /nosuch").exit_code, 2);
  EXPECT_EQ(shell("$C report $A > /dev/full").exit_code, 3);
  EXPECT_EQ(shell("$C report --show $A > /dev/full").exit_code, 3);
}

TEST_F(ProgramTest, a_file_that_cannot_be_read_does_not_hide_the_others) {
  const auto outcome = shell("$C report /nosuch $A");
  EXPECT_NE(outcome.output.find("2 requests with a fate"), std::string::npos) << outcome.output;
  EXPECT_NE(outcome.output.find("/nosuch: No such file or directory"), std::string::npos);
}

TEST_F(ProgramTest, files_are_joined_in_any_order) {
  for (const char* files : {"$A $W", "$W $A"}) {
    const auto report = json(std::string("$C report --json ") + files);
    EXPECT_EQ(report["fates"]["rst_received"], 2) << report.dump(2);
    EXPECT_EQ(report["witness"]["joined"], 1);
    EXPECT_EQ(report["lines"]["witness"], 1);
  }
}

TEST_F(ProgramTest, logs_of_two_hosts_are_not_mixed_up_in_any_order) {
  for (const std::string node : {"web1", "web2"}) {
    const std::string key = "written=500 end=500 cookie=0000000000000001";
    harness::write_file(directory_.path() / (node + ".log"),
                        line_of({.more = key}) + '\n' +
                            line_of({.more = "end=9 cookie=0000000000000002 node=" + node}) + '\n');
    harness::write_file(directory_.path() / (node + ".witness"),
                        witness_line(node == "web1" ? "rst_received" : "ack_timeout", "peer",
                                     R"("final":true,"node":")" + node + "\"") +
                            '\n');
  }
  for (const char* files : {"web1.log web2.log web1.witness", "web1.witness web2.log web1.log"}) {
    const auto report = json(std::string("$C report --json ") + files);
    EXPECT_EQ(report["fates"]["rst_received"], 1) << files;
    EXPECT_EQ(report["fates"]["pending"], 3) << files;
  }
  const auto shown = shell("$C report --show --where fate=ack_timeout web?.witness web?.log");
  EXPECT_EQ(json("$C report --json web?.witness web?.log")["witness"]["joined"], 2);
  EXPECT_EQ(json("$C report --json web1.log web2.witness")["witness"]["joined"], 0);
  EXPECT_EQ(std::ranges::count(shown.output, '\n'), 1) << shown.output;
}

TEST_F(ProgramTest, streams_are_joined_too) {
  for (const char* pipe : {"cat $A $W | $C report --json -", "cat $W $A | $C report --json -",
                           "$C report --json <(cat $A $W)"}) {
    EXPECT_EQ(json(pipe)["witness"]["joined"], 1) << pipe;
  }
}

TEST_F(ProgramTest, packed_streams) {
  EXPECT_EQ(json("gzip -c $A | $C report --json -")["fates"]["pending"], 1);
  EXPECT_EQ(json("gzip -c $A > $A.gz; $C report --json $A.gz")["fates"]["pending"], 1);
}

TEST_F(ProgramTest, the_witness_alone) {
  EXPECT_TRUE(json("$C report --json $W")["witness"]["only"]);
  EXPECT_EQ(json("$C report --json - < $W")["fates"]["rst_received"], 1);
}

TEST_F(ProgramTest, lines_into_a_pipe_are_as_they_were) {
  const auto outcome = shell("$C report --show rst_received $A | tail -1");
  EXPECT_NE(outcome.output.find("GET /\x1b[2J HTTP"), std::string::npos);
}

TEST_F(ProgramTest, on_a_terminal_nothing_of_a_client_is_raw) {
  const auto lines = shell("script -qec '$C report --show rst_received $A' /dev/null < /dev/null");
  EXPECT_NE(lines.output.find("GET /\\x1b[2J HTTP"), std::string::npos) << lines.output;
  const auto plain = shell("NO_COLOR=1 script -qec '$C report $A' /dev/null < /dev/null");
  EXPECT_EQ(plain.output.find('\x1b'), std::string::npos) << plain.output;
  const auto coloured = shell("env -u NO_COLOR script -qec '$C report $A' /dev/null < /dev/null");
  EXPECT_NE(coloured.output.find("\x1b[31m"), std::string::npos) << coloured.output;
}

TEST_F(ProgramTest, offset_and_limit) {
  EXPECT_NE(shell("$C report --show --limit 1 $A").output.find("fate=pending"), std::string::npos);
  const auto second = shell("$C report --show --offset 1 --place $A");
  EXPECT_EQ(second.output.find("fate=pending"), std::string::npos);
  EXPECT_NE(second.output.find("access.log:2: "), std::string::npos);
}

TEST_F(ProgramTest, a_page_beside_the_report) {
  const auto outcome = shell("$C report --html page.html $A; ls");
  EXPECT_NE(outcome.output.find("2 requests with a fate"), std::string::npos) << outcome.output;
  const auto page = shell("cat page.html; rm page.html").output;
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>"));
  EXPECT_NE(page.find("</html>"), std::string::npos);
  EXPECT_NE(page.find("Input: <code>" + access().string()), std::string::npos);
  EXPECT_EQ(outcome.output.find(".part"), std::string::npos) << outcome.output;
  EXPECT_NE(shell("$C report --html /dev/stdout $A").output.find("<!DOCTYPE html>"),
            std::string::npos);
}

TEST_F(ProgramTest, a_page_that_cannot_be_written) {
  const auto outcome = shell("$C report --html /nosuch/page.html $A");
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_NE(outcome.output.find("/nosuch/page.html: No such file or directory"), std::string::npos)
      << outcome.output;
  EXPECT_NE(outcome.output.find("2 requests with a fate"), std::string::npos);
  EXPECT_EQ(shell("$C report --html /dev/full $A").exit_code, 3);
}

TEST_F(ProgramTest, follows_through_a_rotation) {
  const auto output = directory_.path() / "out";
  harness::Process follow({{CONNFATE_PROGRAM, "report", "--show", "--follow", access()}}, output);
  const auto has = [&output](std::string_view text) {
    return harness::read_file(output).find(text) != std::string::npos;
  };
  constexpr std::chrono::seconds kLimit{20};
  std::ofstream(access(), std::ios::app) << line_of({.path = "/before"}) << '\n';
  EXPECT_TRUE(harness::eventually([&] { return has("/before"); }, kLimit));
  std::filesystem::rename(access(), directory_.path() / "access.log.1");
  std::ofstream(access(), std::ios::app) << line_of({.path = "/after"}) << '\n';
  EXPECT_TRUE(harness::eventually([&] { return has("/after"); }, kLimit));
  EXPECT_EQ(follow.stop(SIGTERM), 0);
}

}  // namespace
}  // namespace connfate::cli::report

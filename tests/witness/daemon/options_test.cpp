// SPDX-License-Identifier: Apache-2.0
#include "witness/daemon/options.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "harness/temporary_directory.hpp"

namespace connfate::witness {
namespace {

using std::chrono::milliseconds;

ParsedOptions parse(std::vector<std::string> arguments) {
  std::vector<const char*> words{"connfate-witness"};
  for (const std::string& argument : arguments) words.push_back(argument.c_str());
  return parse_options(static_cast<int>(words.size()), words.data());
}

Options parsed(std::vector<std::string> arguments) {
  auto result = parse(std::move(arguments));
  EXPECT_TRUE(result.options) << result.message;
  return result.options ? *result.options : Options{};
}

TEST(OptionsTest, HaveDefaults) {
  const Options options = parsed({});
  EXPECT_EQ(options.socket, "/run/connfate/witness.sock");
  EXPECT_EQ(options.output, "-");
  EXPECT_EQ(options.interfaces, std::vector<std::string>{"any"});
  EXPECT_FALSE(options.tracker.log_all || options.mask_clients);
  EXPECT_EQ(options.socket_mode, 0666U);
}

TEST(OptionsTest, TakeEverything) {
  const Options options = parsed({"--socket",
                                  "/tmp/s",
                                  "--output",
                                  "/tmp/o",
                                  "--format",
                                  "logfmt",
                                  "--log",
                                  "all",
                                  "--port",
                                  "8080",
                                  "--port",
                                  "8081",
                                  "--interface",
                                  "lo",
                                  "--allow-uid",
                                  "root",
                                  "--allow-uid",
                                  "33",
                                  "--memory",
                                  "64MB",
                                  "--settle",
                                  "500ms",
                                  "--first-lookup",
                                  "3s",
                                  "--afterlife",
                                  "1min",
                                  "--socket-mode",
                                  "0660",
                                  "--user",
                                  "root",
                                  "--check",
                                  "--mask-clients",
                                  "--node",
                                  "web-1.example",
                                  "--web",
                                  "[::1]:80",
                                  "--web-host",
                                  "a.example",
                                  "--web-token-file",
                                  "/t"});
  EXPECT_TRUE(options.mask_clients);
  EXPECT_EQ(options.format, Options::Format::kLogfmt);
  EXPECT_TRUE(options.tracker.log_all && options.check);
  EXPECT_EQ(options.ports, (std::vector<std::uint16_t>{8080, 8081}));
  EXPECT_EQ(options.interfaces, std::vector<std::string>{"lo"});
  EXPECT_EQ(options.senders, (std::vector<uid_t>{0, 33}));
  EXPECT_EQ(options.tracker.memory, 64'000'000U);
  EXPECT_EQ(options.tracker.settle, milliseconds(500));
  EXPECT_EQ(options.tracker.first_lookup, milliseconds(3000));
  EXPECT_EQ(options.tracker.afterlife, milliseconds(60'000));
  EXPECT_EQ(options.socket_mode, 0660U);
  EXPECT_EQ(options.node, "web-1.example");
  ASSERT_TRUE(options.web);
  EXPECT_EQ(options.web->port, 80);
  EXPECT_EQ(options.web_hosts, std::vector<std::string>{"a.example"});
  EXPECT_EQ(options.web_token_file, "/t");
}

TEST(OptionsTest, NoCaptureMeansNoInterfaces) {
  EXPECT_TRUE(parsed({"--no-capture"}).interfaces.empty());
}

TEST(OptionsTest, ComeFromAFileToo) {
  const harness::TemporaryDirectory directory("options");
  const std::string file = directory.path() / "witness.conf";
  harness::write_file(file, "# a comment\nsettle = 4s\nport = [8080, 8081]\nlog = all\n");
  const Options options = parsed({"--config", file, "--settle", "5s"});
  EXPECT_EQ(options.ports, (std::vector<std::uint16_t>{8080, 8081}));
  EXPECT_TRUE(options.tracker.log_all);
  EXPECT_EQ(options.tracker.settle, milliseconds(5000)) << "the command line wins";
}

TEST(OptionsTest, AFileWithAnUnknownNameIsRefused) {
  const harness::TemporaryDirectory directory("options");
  const std::string file = directory.path() / "witness.conf";
  harness::write_file(file, "setle = 4s\n");
  const auto result = parse({"--config", file});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.message.find("setle"), std::string::npos) << result.message;
  EXPECT_EQ(parse({"--config", file + ".missing"}).exit_code, 1);
}

TEST(OptionsTest, HelpAndVersionAreNoErrors) {
  EXPECT_EQ(parse({"--help"}).exit_code, 0);
  EXPECT_NE(parse({"--help"}).message.find("--socket"), std::string::npos);
  std::istringstream help(parse({"--help"}).message);
  constexpr std::size_t kTerminal = 80;
  for (std::string line; std::getline(help, line);) EXPECT_LE(line.size(), kTerminal) << line;
  EXPECT_EQ(parse({"--version"}).exit_code, 0);
  EXPECT_TRUE(parse({"--version"}).message.starts_with("connfate-witness "));
}

struct Refusal {
  std::vector<std::string> arguments;
  std::string_view advice;
};

class RefusalTest : public testing::TestWithParam<Refusal> {};

TEST_P(RefusalTest, SaysWhatToDo) {
  const auto result = parse(GetParam().arguments);
  EXPECT_FALSE(result.options);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.message.find(GetParam().advice), std::string::npos) << result.message;
}

INSTANTIATE_TEST_SUITE_P(
    Each, RefusalTest,
    testing::Values(Refusal{{"--settle", "5"}, "--settle=5: write a whole number with ms, s"},
                    Refusal{{"--memory", "lots"}, "--memory=lots: write bytes with kB, MB or GB"},
                    Refusal{{"--memory", "5"}, "1MB at least"},
                    Refusal{{"--socket-mode", "rw"}, "write permissions in octal"},
                    Refusal{{"--port", "0"}, "1"}, Refusal{{"--port", "65536"}, "65535"},
                    Refusal{{"--format", "xml"}, "write json or logfmt"},
                    Refusal{{"--log", "some"}, "write trouble or all"},
                    Refusal{{"--allow-uid", "no-such-user"}, "no such user"},
                    Refusal{{"--user", "no-such-user"}, "create it, or name another"},
                    Refusal{{"--no-capture", "--interface", "lo"}, "--interface"},
                    Refusal{{"--node", "web 1"}, "may have letters, digits"},
                    Refusal{{"--web", "localhost:80"}, "write an address and a port"},
                    Refusal{{"--web", "0.0.0.0:80"}, "give --web-token-file FILE too"},
                    Refusal{{"--colour"}, "--colour"}));

}  // namespace
}  // namespace connfate::witness

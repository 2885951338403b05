// SPDX-License-Identifier: Apache-2.0
// Our variables beside those of users and of other modules.
#include <algorithm>
#include <filesystem>
#include <vector>

#include "system/nginx/nginx_stage.hpp"

namespace connfate::harness {
namespace {

class VariablesTest : public NginxStage {
 protected:
  /// What nginx says of a configuration with these modules and `http` in http {}.
  Outcome test_config(const std::vector<std::string>& modules, const std::string& http) const {
    std::string text;
    for (const std::string& module : modules) text += "load_module " + module + ";\n";
    const auto file = files_.path() / "test.conf";
    write_file(file, text + "pid " + (files_.path() / "pid").string() + ";\nevents {}\nhttp {\n" +
                         http + "\n}\n");
    return run({"nginx", "-t", "-e", (files_.path() / "log").string(), "-p", files_.path().string(),
                "-c", file.string()});
  }
};

/// Those that the distribution enables together, in its order: nginx-extras.
std::vector<std::string> enabled_modules() {
  std::vector<std::string> modules;
  for (const auto& entry : std::filesystem::directory_iterator("/etc/nginx/modules-enabled")) {
    const std::string text = read_file(entry.path());
    const auto begin = text.find("modules/");
    const auto end = text.find(".so");
    if (begin == std::string::npos || end == std::string::npos) continue;
    if (text.find("connfate") != std::string::npos) continue;
    modules.push_back(entry.path().filename().string() + "|/usr/lib/nginx/" +
                      text.substr(begin, end + 3 - begin));
  }
  std::ranges::sort(modules);
  for (std::string& module : modules) module.erase(0, module.find('|') + 1);
  return modules;
}

TEST_F(VariablesTest, AUsersVariableThatBeginsLikeOursKeepsItsValue) {
  const auto port = another_port();
  const auto log = files_.path() / "mine.log";
  start("log_format mine '$connfate_mine $connfate $connfate_rule';\nserver { listen " +
        std::to_string(port) + "; access_log " + log.string() +
        " mine;\nset $connfate_mine prod; location / { return 200 ok; } }\n");
  peers::Client client = connect(peers::Transport::kCleartext, port);
  client.send(request_for("/"));
  client.drain();
  server_->stop_gracefully();
  const std::string text = read_file(log);
  server_.reset();
  EXPECT_TRUE(text.starts_with("prod delivered all-acked\n") ||
              text.starts_with("prod pending in-flight\n"))
      << text;
}

TEST_F(VariablesTest, AMisspeltNameIsRefused) {
  const Outcome outcome = test_config({module_of(ServerKind::kNginx)},
                                      "connfate on;\nlog_format mine '$connfate_typo';\n");
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_NE(outcome.output.find("unknown \"connfate_typo\" variable"), std::string::npos)
      << outcome.output;
}

TEST_F(VariablesTest, NobodyElseMayTakeANameOfOurs) {
  const Outcome outcome =
      test_config({module_of(ServerKind::kNginx)}, "server { set $connfate_by me; }\n");
  EXPECT_NE(outcome.exit_code, 0) << outcome.output;
}

TEST_F(VariablesTest, NothingIsWarnedOfBesideTheOtherModules) {
  auto modules = enabled_modules();
  const auto has = [&](std::string_view name) {
    return std::ranges::any_of(
        modules, [&](const std::string& file) { return file.find(name) != std::string::npos; });
  };
  if (!has("nchan") || !has("geoip")) GTEST_SKIP() << "nginx-extras is not installed";
  const Outcome without = test_config(modules, "");
  modules.push_back(module_of(ServerKind::kNginx));
  const Outcome with = test_config(
      modules, "connfate on;\nlog_format all '$connfate_log $connfate $connfate_by';\n");
  EXPECT_EQ(with.exit_code, 0) << with.output;
  EXPECT_EQ(with.output.find("[warn]") == std::string::npos,
            without.output.find("[warn]") == std::string::npos)
      << with.output;
}

}  // namespace
}  // namespace connfate::harness

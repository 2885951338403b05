// SPDX-License-Identifier: Apache-2.0
// What a hostile client writes into request lines, hosts and headers breaks no line: not the
// server's access log, not the witness's JSON, not its logfmt. And it never passes for our words.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "harness/deadline.hpp"
#include "harness/witness.hpp"
#include "peers/client.hpp"
#include "system/scenarios/theatre.hpp"

namespace connfate::harness {
namespace {

using namespace std::string_literals;
using std::chrono::seconds;

std::string get(const std::string& target, const std::string& more = "Host: peer.test\r\n") {
  return "GET " + target + " HTTP/1.1\r\n" + more + "Connection: close\r\n\r\n";
}

std::vector<std::string> hostile_requests() {
  std::vector<std::string> all{
      get("/small.txt?\",\"fate\":\"rst_received\",\"by\":\"path"),
      get("/small.txt?%0afate=rst_received%20by=path%20v=1"),
      get("/\" fate=rst_received by=path v=1 \""),
      get("/back\\slash\\\""),
      get("/escape\x1b[31mred\x7f"),
      get("/tab\there"),
      get("/bytes\xff\xfe\x80\xc0\xaf"),
      get("/cut-utf8\xe2\x82"),
      get("/nul"s + '\0' + "behind"),
      get("/line\rfeed"),
      get("/" + std::string(4000, 'a')),
      get("/" + std::string(600, '\xff')),
      get("/small.txt", "Host: evil\",\"by\":\"path\r\n"),
      get("/small.txt", "Host: a\xff\xfe\r\n"),
      get("/small.txt", "Host: x\x1b[2Jx\r\n"),
      get("/small.txt", "Host: \r\n"),
      get("/small.txt", "Host: " + std::string(3000, 'h') + "\r\n"),
      get("/small.txt", "Host: peer.test\r\nUser-Agent: x\" fate=delivered v=1\r\n"),
      get("/small.txt", "Host: peer.test\r\nX-Request-ID: \"},{\"event\":\"response\r\n"),
      get("/small.txt", "Host: peer.test\r\nX-Folded: a\r\n fate=unknown v=1\r\n"),
      "G\"T /small.txt HTTP/1.1\r\nHost: peer.test\r\nConnection: close\r\n\r\n",
      "GET http://other\"host/small.txt HTTP/1.1\r\nHost: peer.test\r\nConnection: close\r\n\r\n",
      "fate=rst_received by=path v=1\r\n\r\n",
      "{\"event\":\"response\"}\r\n\r\n"};
  for (int byte = 1; byte < 256; ++byte) {
    all.push_back(get("/byte-" + std::string(1, static_cast<char>(byte)) + "-end"));
  }
  return all;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// key=value or key="...\"..." with single spaces between; nullopt when it is not of that form.
std::optional<std::map<std::string, std::string>> parse_logfmt(const std::string& line) {
  std::map<std::string, std::string> result;
  for (std::size_t at = 0; at < line.size();) {
    const auto equals = line.find('=', at);
    if (equals == std::string::npos) return std::nullopt;
    const std::string key = line.substr(at, equals - at);
    if (key.empty() || key.find_first_of(" \"") != std::string::npos) return std::nullopt;
    std::size_t end = equals + 1;
    if (end < line.size() && line[end] == '"') {
      for (++end; end < line.size() && line[end] != '"'; ++end) end += line[end] == '\\' ? 1 : 0;
      if (end >= line.size()) return std::nullopt;
      ++end;
    } else {
      end = std::min(line.find(' ', end), line.size());
    }
    if (!result.emplace(key, line.substr(equals + 1, end - equals - 1)).second) return std::nullopt;
    if (end < line.size() && line[end] != ' ') return std::nullopt;
    at = end + 1;
  }
  return result;
}

class InjectionTest : public testing::TestWithParam<ServerKind> {
 protected:
  void SetUp() override {
    if (const auto reason = Theatre::missing(GetParam())) GTEST_SKIP() << *reason;
    lab_.emplace();
  }

  /// Each on a connection of its own; how many were answered.
  std::size_t send_all(const Server& server) const {
    const InNamespace here = lab_->enter_client();
    std::size_t answered = 0;
    for (const std::string& request : hostile_requests()) {
      peers::Client client(server.address(peers::Transport::kCleartext));
      client.send(request);
      answered += client.read_headers().empty() ? 0U : 1U;
      client.read_some_for(std::chrono::milliseconds(20));  // not every server closes after each
    }
    return answered;
  }

  /// The server's log and the witness's, after all of it.
  std::vector<std::string> play(Witness& witness) {
    const auto server =
        make_server(GetParam(), lab_->hosts(),
                    {.module = module_of(GetParam()), .witness_path = witness.socket().string()});
    server->start();
    const std::size_t answered = send_all(*server);
    EXPECT_GT(answered, 200U);
    EXPECT_TRUE(eventually([&] { return server->log_lines().size() >= answered; }, seconds(10)));
    expect_whole_access_log(*server);
    EXPECT_EQ(server->error_log_problems(), std::vector<std::string>{});
    EXPECT_EQ(server->stop(), 0);
    EXPECT_EQ(witness.stop(), 0);
    std::vector<std::string> lines;
    std::ifstream file(witness.output());
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    EXPECT_GT(lines.size(), answered / 2);
    return lines;
  }

  static void expect_whole_access_log(const Server& server) {
    std::ifstream file(server.access_log());
    for (std::string text; std::getline(file, text);) {
      const auto line = parse_log_line(text);
      ASSERT_TRUE(line) << text;
      EXPECT_TRUE(std::ranges::none_of(text, is_control)) << text;
      const std::string fate = line->field("fate");
      EXPECT_TRUE(fate == "delivered" || fate == "pending" || fate == "server_abort") << text;
      EXPECT_NE(line->field("by"), "path") << text;
      EXPECT_TRUE(text.ends_with(" v=1")) << text;
    }
  }

  std::optional<Lab> lab_;
};

TEST_P(InjectionTest, NoRequestBreaksALineOrAnObject) {
  Witness witness(lab_->hosts());
  for (const std::string& text : play(witness)) {
    const auto line = nlohmann::json::parse(text, nullptr, false);
    ASSERT_FALSE(line.is_discarded()) << text;
    ASSERT_TRUE(line.is_object()) << text;
    EXPECT_TRUE(std::ranges::none_of(text, is_control)) << text;
    EXPECT_NE(line.value("by", ""), "path") << text;
  }
}

TEST_P(InjectionTest, NoRequestBreaksLogfmt) {
  Witness witness(lab_->hosts(), {.more = {"--format", "logfmt"}});
  for (const std::string& text : play(witness)) {
    const auto line = parse_logfmt(text);
    ASSERT_TRUE(line) << text;
    EXPECT_TRUE(std::ranges::none_of(text, is_control)) << text;
    EXPECT_TRUE(line->contains("event")) << text;
    EXPECT_TRUE(!line->contains("by") || line->at("by") != "path") << text;
  }
}

std::string name_of(const testing::TestParamInfo<ServerKind>& parameter) {
  return std::string(to_name(parameter.param));
}

INSTANTIATE_TEST_SUITE_P(Every, InjectionTest,
                         testing::Values(ServerKind::kNginx, ServerKind::kEvent), name_of);

}  // namespace
}  // namespace connfate::harness

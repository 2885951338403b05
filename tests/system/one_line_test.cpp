// SPDX-License-Identifier: Apache-2.0
// A line for people and for machines, as users configure it: the short form of healthy responses,
// the object of one variable, the name of the host, and places that decide for themselves.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>

#include "connfate/host_identity.hpp"
#include "harness/deadline.hpp"
#include "harness/server.hpp"
#include "harness/tcp_port.hpp"
#include "system/scenarios/theatre.hpp"
#include "witness/schema.hpp"

namespace connfate::harness {
namespace {

using nlohmann::json;
using std::chrono::seconds;

class OneLineTest : public testing::TestWithParam<ServerKind> {
 protected:
  void SetUp() override {
    if (const auto reason = Lab::missing_privilege()) GTEST_SKIP() << *reason;
    if (const auto reason = missing_program(GetParam())) GTEST_SKIP() << *reason;
    lab_.emplace();
    const InNamespace here = lab_->enter_server();
    port_ = std::to_string(free_port());
    ::chmod(files_.path().c_str(), 0755);
    std::ofstream(files_.path() / "page.txt") << "hello\n";
  }

  void TearDown() override {
    if (!server_) return;
    EXPECT_EQ(server_->error_log_problems(), std::vector<std::string>{});
    EXPECT_EQ(server_->stop(), 0);
  }

  bool is_nginx() const { return GetParam() == ServerKind::kNginx; }
  std::string log() const { return (files_.path() / "own.log").string(); }

  /// A server of its own with a log of its own, whose lines are `nginx` or `httpd`.
  void start(const std::string& nginx, const std::string& httpd, const std::string& inside = "") {
    const std::string root = files_.path().string();
    start_with(is_nginx()
                   ? "log_format own escape=none '" + nginx + "'; server { listen " + port_ +
                         "; root " + root + "; access_log " + log() + " own; " + inside + " }"
                   : "Listen " + port_ + "\n<VirtualHost *:" + port_ + ">\nDocumentRoot " + root +
                         "\n<Directory " + root +
                         ">\nRequire all granted\n</Directory>\nCustomLog " + log() + " \"" +
                         httpd + "\"\n" + inside + "\n</VirtualHost>\n");
  }

  void start_with(const std::string& extra) {
    server_ = make_server(GetParam(), lab_->hosts(),
                          {.module = module_of(GetParam()), .extra_config = extra});
    server_->start();
  }

  void curl(const std::string& path, std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"curl", "-s", "-m", "5", "-o", "/dev/null", "--path-as-is"};
    words.insert(words.end(), more.begin(), more.end());
    words.push_back("http://" + Lab::server_ip() + ":" + port_ + path);
    run(Command{std::move(words), lab_->client_namespace()});
  }

  std::vector<std::string> lines(std::size_t count) const {
    std::vector<std::string> all;
    eventually(
        [&] {
          all.clear();
          std::istringstream text(read_file(log()));
          for (std::string line; std::getline(text, line);) all.push_back(line);
          return all.size() >= count;
        },
        seconds(5));
    return all;
  }

  TemporaryDirectory files_{"line"};
  std::string port_;
  std::optional<Lab> lab_;
  std::unique_ptr<Server> server_;
};

TEST_P(OneLineTest, AHealthyResponseIsShortAndATroubledOneWhole) {
  start("$connfate_log", "%^CF",
        is_nginx() ? "connfate_detail trouble;" : "ConnFateDetail Trouble");
  curl("/page.txt");
  const auto all = lines(1);
  ASSERT_EQ(all.size(), 1U);
  const std::regex healthy(
      "fate=(pending|delivered) written=[0-9]+ (rtt_us=[0-9]+ )?end=[0-9]+ "
      "cookie=[0-9a-f]{16} rule=[a-z-]+ v=1s");
  EXPECT_TRUE(std::regex_match(all[0], healthy)) << all[0];
  EXPECT_LT(all[0].size(), 90U) << all[0];
}

TEST_P(OneLineTest, TheObjectIsTheWholeLineWhateverAStrangerSends) {
  start("$connfate_json", "%{json}^CF",
        is_nginx() ? "connfate_detail trouble;" : "ConnFateDetail Trouble");
  curl("/page.txt?secret=1");
  curl("/\xe2\x80\xae\xff%22%0a%5c\"", {"-H", "User-Agent: a\"b\\c"});
  const auto all = lines(2);
  ASSERT_EQ(all.size(), 2U);
  const json good = json::parse(all[0]);
  EXPECT_EQ(good.at("event"), "access") << all[0];
  EXPECT_EQ(good.at("uri"), "/page.txt") << all[0];
  EXPECT_EQ(good.at("method"), "GET") << all[0];
  EXPECT_EQ(good.at("status"), 200) << all[0];
  EXPECT_EQ(good.at("bytes"), 6) << all[0];
  EXPECT_EQ(good.at("client"), Lab::client_ip()) << all[0];
  EXPECT_EQ(good.at("local"), Lab::server_ip()) << all[0];
  EXPECT_EQ(good.at("local_port"), std::stoi(port_)) << all[0];
  EXPECT_EQ(good.at("node"), HostIdentity::read().node()) << all[0];
  EXPECT_EQ(good.at("boot").get<std::string>().size(), 8U) << all[0];
  EXPECT_EQ(good.at("detail"), "short") << all[0];
  EXPECT_TRUE(good.at("duration_ms").is_number()) << all[0];
  EXPECT_GT(good.at("ts").get<double>(), 1.7e9) << all[0];
  EXPECT_TRUE(good.at("written").is_number_unsigned()) << all[0];
  EXPECT_FALSE(good.contains("remote_addr")) << all[0];
  EXPECT_EQ(all[1].find_first_not_of(" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"),
            std::string::npos);
  EXPECT_TRUE(json::parse(all[1]).contains("status")) << all[1];
}

TEST_P(OneLineTest, AConfiguredNodeIsOnTheLine) {
  const std::string extra = is_nginx() ? "connfate_node web-1.example;" : "";
  const std::string root = files_.path().string();
  start_with(is_nginx()
                 ? "connfate_node web-1.example; log_format own '$connfate_node $connfate_log"
                   "'; server { listen " +
                       port_ + "; root " + root + "; access_log " + log() + " own; }"
                 : "ConnFateNode web-1.example\nListen " + port_ + "\n<VirtualHost *:" + port_ +
                       ">\nDocumentRoot " + root + "\n<Directory " + root +
                       ">\nRequire all granted\n</Directory>\nCustomLog " + log() +
                       " \"%{node}^CF %^CF\"\n</VirtualHost>\n");
  curl("/page.txt");
  const auto all = lines(1);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(all[0].starts_with("web-1.example fate=")) << all[0];
  EXPECT_NE(all[0].find(" node=web-1.example boot="), std::string::npos) << all[0];
}

TEST_P(OneLineTest, APlaceDecidesForItself) {
  start("$connfate_log", "%^CF",
        is_nginx()
            ? "connfate off; location /on/ { connfate on; alias " + files_.path().string() + "/; }"
            : "ConnFate Off\nAlias /on/ " + files_.path().string() +
                  "/\n<Location /on/>\nConnFate On\n</Location>");
  curl("/page.txt");
  curl("/on/page.txt");
  const auto all = lines(2);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].find("fate="), std::string::npos) << all[0];
  EXPECT_TRUE(all[1].starts_with("fate=")) << all[1];
}

// nginx: the variable of ngx_otel_module, here made by a map, as where that module is missing.
TEST_P(OneLineTest, TheIdsAreThoseThatTheConfigurationMakes) {
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const std::string root = files_.path().string();
  const std::string nginx =
      "map $http_traceparent $otel_trace_id { ~^00-(?<id>[0-9a-f]+)- $id; } "
      "log_format ids '$request_id $otel_trace_id'; log_format own escape=none '$connfate_json'; "
      "server { listen " +
      port_ + "; root " + root + "; access_log " + log() + " own; access_log " + root +
      "/ids.log ids; }";
  const std::string httpd =
      "LoadModule unique_id_module /usr/lib/apache2/modules/mod_unique_id.so\n"
      "LoadModule setenvif_module /usr/lib/apache2/modules/mod_setenvif.so\nListen " +
      port_ + "\n<VirtualHost *:" + port_ + ">\nDocumentRoot " + root + "\n<Directory " + root +
      ">\nRequire all granted\n</Directory>\nSetEnvIf traceparent \"^00-([0-9a-f]+)-\" "
      "OTEL_TRACEID=$1\nCustomLog " +
      log() + " \"%{json}^CF\"\nCustomLog " + root +
      "/ids.log \"%{UNIQUE_ID}e %{OTEL_TRACEID}e\"\n</VirtualHost>\n";
  start_with(is_nginx() ? nginx : httpd);
  curl("/page.txt", {"-H", "traceparent: 00-" + trace + "-00f067aa0ba902b7-01"});
  curl("/page.txt");
  const auto all = lines(2);
  ASSERT_EQ(all.size(), 2U);
  for (const std::string& line : all) {
    EXPECT_EQ(witness::schema_complaints(line), std::vector<std::string>{}) << line;
  }
  const json traced = json::parse(all[0]);
  EXPECT_EQ(traced.value("trace_id", ""), trace) << all[0];
  const std::string ids = traced.value("request_id", "") + " " + trace + "\n";
  EXPECT_TRUE(
      eventually([&] { return read_file(files_.path() / "ids.log").starts_with(ids); }, seconds(5)))
      << ids;
  const json bare = json::parse(all[1]);
  EXPECT_FALSE(bare.contains("trace_id")) << all[1];
  EXPECT_TRUE(bare.contains("request_id")) << all[1];
}

TEST_P(OneLineTest, EveryObjectKeepsTheSchema) {
  start("$connfate_json", "%{json}^CF",
        is_nginx() ? "connfate_detail full;" : "ConnFateDetail Full");
  curl("/page.txt", {"-H", "Host: a\"b"});
  curl("/nothing\xff");
  curl("/page.txt", {"-X", "M-SEARCH"});
  const auto all = lines(3);
  ASSERT_EQ(all.size(), 3U);
  for (const std::string& line : all) {
    EXPECT_EQ(witness::schema_complaints(line), std::vector<std::string>{}) << line;
    EXPECT_FALSE(json::parse(line).contains("detail")) << line;
  }
}

struct WrongWord {
  const char* nginx;
  const char* httpd;
  const char* says;
};

TEST_P(OneLineTest, AWrongWordIsNamed) {
  for (const WrongWord& wrong : std::initializer_list<WrongWord>{
           {"connfate_node 'web 1';", "ConnFateNode \"web 1\"", "letters, digits"},
           {"server { connfate_detail short; }", "ConnFateDetail Short", "neither"},
       }) {
    const auto server = make_server(
        GetParam(), lab_->hosts(),
        {.module = module_of(GetParam()), .extra_config = is_nginx() ? wrong.nginx : wrong.httpd});
    try {
      server->start();
      ADD_FAILURE() << wrong.httpd << " was accepted";
    } catch (const std::runtime_error& error) {
      EXPECT_NE(std::string(error.what()).find(wrong.says), std::string::npos) << error.what();
    }
  }
}

std::string name_of(const testing::TestParamInfo<ServerKind>& parameter) {
  return std::string(to_name(parameter.param));
}

INSTANTIATE_TEST_SUITE_P(Every, OneLineTest, testing::ValuesIn(kServerKinds), name_of);

}  // namespace
}  // namespace connfate::harness

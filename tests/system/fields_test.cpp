// SPDX-License-Identifier: Apache-2.0
// The fields as users write them: each alone, in expressions and headers, where connfate is off,
// and for every way in which a server can produce a good response.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "connfate/bundle.hpp"
#include "harness/deadline.hpp"
#include "harness/server.hpp"
#include "harness/tcp_port.hpp"
#include "peers/backend.hpp"
#include "system/scenarios/theatre.hpp"

namespace connfate::harness {
namespace {

using std::chrono::seconds;

constexpr const char* kModules = "/usr/lib/apache2/modules/";

class FieldsTest : public testing::TestWithParam<ServerKind> {
 protected:
  void SetUp() override {
    if (const auto reason = Lab::missing_privilege()) GTEST_SKIP() << *reason;
    if (const auto reason = missing_program(GetParam())) GTEST_SKIP() << *reason;
    lab_.emplace();
    const InNamespace here = lab_->enter_server();
    second_port_ = std::to_string(free_port());
    backend_.emplace();
    ::chmod(files_.path().c_str(), 0755);
  }

  void TearDown() override {
    if (!server_) return;
    EXPECT_EQ(server_->error_log_problems(), std::vector<std::string>{});
    EXPECT_EQ(server_->stop(), 0);
  }

  bool is_nginx() const { return GetParam() == ServerKind::kNginx; }
  std::string in_files(const char* name) const { return (files_.path() / name).string(); }

  void start_with(const std::string& extra_config) {
    server_ = make_server(GetParam(), lab_->hosts(),
                          {.module = module_of(GetParam()),
                           .backend = backend_->address(),
                           .extra_config = extra_config});
    server_->start();
    server_->clear_access_log();
  }

  std::string curl(std::vector<std::string> arguments) const {
    const std::vector<std::string> fixed{"curl", "-sk", "-m", "5", "-o", "/dev/null", "-D", "-"};
    arguments.insert(arguments.begin(), fixed.begin(), fixed.end());
    return run(Command{std::move(arguments), lab_->client_namespace()}).output;
  }

  std::string url(const std::string& path, const char* scheme = "http") const {
    const bool tls = std::string_view(scheme) == "https";
    const auto at = server_->address(tls ? peers::Transport::kTls : peers::Transport::kCleartext);
    return std::string(scheme) + "://" + at.ip + ":" + std::to_string(at.port) + path;
  }
  std::string second_url(const std::string& path) const {
    return "http://" + Lab::server_ip() + ":" + second_port_ + path;
  }

  std::string wait_for_text(const char* file) const {
    eventually([&] { return read_file(in_files(file)).ends_with('\n'); }, seconds(5));
    return read_file(in_files(file));
  }

  void wait_for_lines(std::size_t count) const {
    eventually([&] { return server_->log_lines().size() >= count; }, seconds(5));
    EXPECT_EQ(server_->log_lines().size(), count);
  }

  static void expect_good(const LogLine& line) {
    EXPECT_TRUE(line.field("fate") == "delivered" || line.field("fate") == "pending") << line.text;
  }

  /// Every request so far has its line, and every one is good.
  void expect_only_good_lines(std::size_t count) const {
    wait_for_lines(count);
    for (const LogLine& line : server_->log_lines()) expect_good(line);
  }

  TemporaryDirectory files_{"fields"};
  std::string second_port_;
  std::optional<Lab> lab_;
  std::optional<peers::Backend> backend_;
  std::unique_ptr<Server> server_;
};

/// "name=<specifier of the field>" for every field.
std::string all_alone(bool nginx) {
  std::string text;
  for (const Field& field : fields()) {
    const std::string name(field.name);
    text += " " + name + "=";
    if (!nginx) text += "%{" + name + "}^CF";
    if (nginx) text += name == "fate" ? "$connfate" : "$connfate_" + name;
  }
  return text;
}

TEST_P(FieldsTest, EachAloneSaysWhatTheBundleSays) {
  const std::string log = in_files("alone.log");
  start_with(is_nginx() ? "log_format alone '$connfate_log |" + all_alone(true) +
                              "'; server { listen " + second_port_ + "; root " +
                              files_.path().string() + "; access_log " + log + " alone; }"
                        : "LogFormat \"%^CF |" + all_alone(false) + "\" alone\nCustomLog " + log +
                              " alone\n");
  curl({is_nginx() ? second_url("/nothing") : url("/small.txt")});
  std::string text = wait_for_text("alone.log");
  std::ranges::replace(text, '\n', ' ');
  const auto bar = text.find(" |");
  ASSERT_NE(bar, std::string::npos) << text;
  const auto bundle = find_bundle(std::string_view(text).substr(0, bar));
  ASSERT_TRUE(bundle) << text;
  for (const Field& field : fields()) {
    const std::string value(bundle->get(field.name));
    const std::string pair = " " + std::string(field.name) + "=" + (value.empty() ? "-" : value);
    EXPECT_NE(text.substr(bar).find(pair + " "), std::string::npos) << pair << "\n" << text;
  }
}

TEST_P(FieldsTest, ResponsesWithoutABodyAreWhole) {
  start_with("");
  curl({"-I", url("/64m.bin")});
  curl({"-I", "--http1.1", url("/64m.bin", "https")});
  std::size_t requests = 2;
  if (server_->has_http2()) {
    curl({"-I", "--http2", url("/64m.bin", "https")});
    ++requests;
  }
  expect_only_good_lines(requests);
}

TEST_P(FieldsTest, ConditionsAndRangesHaveGoodAnswers) {
  start_with("");
  std::vector<std::vector<std::string>> ways{{"--http1.1", url("/small.txt")},
                                             {"--http1.1", url("/small.txt", "https")}};
  if (server_->has_http2()) ways.push_back({"--http2", url("/small.txt", "https")});
  std::size_t requests = 0;
  for (const auto& way : ways) {
    for (const char* header : {"If-Match: \"none\"", "If-None-Match: *", "Range: bytes=1-2",
                               "Range: bytes=900000-", "Expect: 100-continue"}) {
      curl({"-H", header, way[0], way[1]});
      ++requests;
    }
  }
  expect_only_good_lines(requests);
}

using NginxFieldsTest = FieldsTest;

TEST_P(NginxFieldsTest, EveryWayToProduceAResponseIsOneGoodLine) {
  std::ofstream(files_.path() / "page.html") << "a<!--# include virtual=\"/rate/page.html\" -->b";
  const std::string alias = " alias " + files_.path().string() + "/;";
  start_with("server { listen " + second_port_ + ";" +                         //
             "location /aio/ {" + alias + " aio threads; sendfile off; }" +    //
             "location /threads/ {" + alias + " aio threads; }" +              //
             "location /rate/ {" + alias + " limit_rate 100k; }" +             //
             "location /ssi/ {" + alias + " ssi on; }" +                       //
             "location /mirror/ {" + alias + " mirror /rate/page.html; }" +    //
             "location /gzip/ {" + alias + " gzip on; gzip_min_length 1; }" +  //
             "location /nopush/ {" + alias + " tcp_nopush on; }" +             //
             "location = /answer { return 200 yes; }" +                        //
             "location = /empty { return 204; }" +                             //
             "location = /after { post_action /empty; return 200 yes; }" +     //
             "location = /moved { rewrite ^ /rate/page.html last; } }");
  std::size_t requests = 0;
  for (const char* path : {"/aio/page.html", "/threads/page.html", "/rate/page.html",
                           "/mirror/page.html", "/gzip/page.html", "/nopush/page.html", "/answer",
                           "/empty", "/after", "/moved", "/ssi/page.html"}) {
    curl({"--compressed", second_url(path)});
    ++requests;
  }
  eventually([&] { return server_->log_lines().size() >= requests; }, seconds(5));
  expect_only_good_lines(requests);
}

TEST_P(NginxFieldsTest, WhereItIsOffNothingIsSaidAndTheNextStartIsUnknown) {
  start_with("server { listen " + second_port_ +
             "; location /off { connfate off; return 200 off; } location /on { return 200 on; } }");
  curl({second_url("/on?1"), "-o", "/dev/null", second_url("/off?2"), "-o", "/dev/null",
        second_url("/on?3"), "-o", "/dev/null", second_url("/on?4")});
  eventually([&] { return server_->log_lines().size() >= 4; }, seconds(5));
  const auto lines = server_->log_lines();
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0].field("start"), "0");
  EXPECT_EQ(lines[1].field("fate"), "");
  EXPECT_EQ(lines[2].field("start"), "");
  EXPECT_EQ(lines[3].field("start"), lines[2].field("end"));
}

TEST_P(NginxFieldsTest, AHeaderSentTooEarlyDoesNotSpoilTheLog) {
  start_with("server { listen " + second_port_ +
             "; add_header X-Fate $connfate always; location / { return 200 yes; } }");
  EXPECT_NE(curl({second_url("/")}).find("X-Fate: unknown"), std::string::npos);
  expect_only_good_lines(1);
}

using HttpdFieldsTest = FieldsTest;

TEST_P(HttpdFieldsTest, ExpressionsKnowTheFields) {
  const std::string modules = kModules;
  start_with(
      "LoadModule headers_module " + modules + "mod_headers.so\n" + "LoadModule setenvif_module " +
      modules + "mod_setenvif.so\n" + "Header always set X-Fate \"expr=%{connfate:fate}\"\n" +
      "SetEnvIfExpr \"%{connfate:fate} == 'unknown'\" early\n" + "CustomLog " +
      in_files("early.log") + " \"%{connfate:x}e early\" env=early\n" + "CustomLog " +
      in_files("good.log") + " \"good\" \"expr=%{connfate:fate} =~ /^(delivered|pending)$/\"\n");
  EXPECT_NE(curl({url("/small.txt")}).find("X-Fate: unknown"), std::string::npos);
  EXPECT_EQ(wait_for_text("good.log"), "good\n");
  EXPECT_EQ(wait_for_text("early.log"), "- early\n");
  expect_only_good_lines(1);
}

TEST_P(HttpdFieldsTest, EachVirtualHostDecidesForItself) {
  start_with("Listen " + second_port_ + "\n<VirtualHost *:" + second_port_ +
             ">\nConnFate Off\n</VirtualHost>\n");
  curl({second_url("/small.txt")});
  curl({url("/small.txt")});
  eventually([&] { return server_->log_lines().size() >= 2; }, seconds(5));
  const auto lines = server_->log_lines();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].field("fate"), "");
  EXPECT_NE(lines[1].field("fate"), "");
}

/// The request that asks for the upgrade has a line of its own, with status 101. It may be written
/// when the HTTP/2 connection has ended, however that went.
TEST_P(HttpdFieldsTest, AnUpgradeToHttp2IsAGoodResponse) {
  start_with("");
  if (!server_->has_http2()) GTEST_SKIP() << "prefork has no HTTP/2";
  const auto at = server_->h2c_address();
  const std::string target = "http://" + at.ip + ":" + std::to_string(at.port) + "/small.txt";
  constexpr std::size_t kTimes = 20;
  for (std::size_t i = 0; i < kTimes; ++i) curl({"--http2", target});
  wait_for_lines(2 * kTimes);
  const auto lines = server_->log_lines();
  const auto answers = std::ranges::count(lines, 101, &LogLine::status);
  EXPECT_EQ(answers, static_cast<std::ptrdiff_t>(kTimes));
  for (const LogLine& line : lines) {
    // curl closes as soon as it has the answer; what HTTP/2 sends behind it, unread, makes a RST
    // of that, which may come before the answer's acknowledgement. The 101 was read long before.
    if (line.status != 101) continue;
    expect_good(line);
    // Of the connection up to its end, not of what HTTP/2 sent behind it.
    EXPECT_LT(line.number("end").value_or(0), 100) << line.text;
  }
}

/// CGI by the module that fits the MPM.
std::string serve_cgi(ServerKind kind, const std::string& directory) {
  const bool threads = kind != ServerKind::kPrefork;
  const std::string name = threads ? "cgid" : "cgi";
  return "LoadModule " + name + "_module " + kModules + "mod_" + name + ".so\n" +
         (threads ? "ScriptSock " + directory + "/socket\n" : "") + "ScriptAlias /cgi/ " +
         directory + "/\n<Directory " + directory + ">\nRequire all granted\n</Directory>\n";
}

void write_script(const std::string& path, const char* body) {
  std::ofstream(path) << "#!/bin/sh\n" << body << "\n";
  ::chmod(path.c_str(), 0755);
}

TEST_P(HttpdFieldsTest, CgiOutputIsAGoodResponse) {
  write_script(in_files("hello"), "printf 'Content-Type: text/plain\\n\\n'; seq 5000");
  start_with(serve_cgi(GetParam(), files_.path()));
  EXPECT_NE(curl({url("/cgi/hello")}).find("200 OK"), std::string::npos);
  curl({url("/cgi/hello", "https")});
  expect_only_good_lines(2);
}

TEST_P(HttpdFieldsTest, ABodyThatAScriptDoesNotReadIsNotTheClientsFault) {
  write_script(in_files("idle"), "sleep 4");
  std::ofstream(files_.path() / "body") << std::string(900'000, 'x');
  start_with(serve_cgi(GetParam(), files_.path()));
  for (const char* scheme : {"http", "https"}) {
    const std::string body = "@" + in_files("body");
    const std::string answer =
        curl({"--http1.1", "-H", "Expect:", "--data-binary", body, url("/cgi/idle", scheme)});
    EXPECT_NE(answer.find(" 408 "), std::string::npos) << answer;
  }
  eventually([&] { return server_->log_lines().size() >= 2; }, seconds(5));
  const auto lines = server_->log_lines();
  ASSERT_EQ(lines.size(), 2U);
  for (const LogLine& line : lines) {
    // Where httpd reads on just before its timer fires, as it does under load, the client's next
    // bytes are fresh: they may as well have come too late.
    const bool was_read_again = line.field("rule") == "request-unread-or-late";
    EXPECT_EQ(line.field("fate"), was_read_again ? "unknown" : "server_timeout") << line.text;
    if (was_read_again) continue;
    EXPECT_EQ(line.field("rule"), "request-left-unread") << line.text;
  }
}

std::string name_of(const testing::TestParamInfo<ServerKind>& parameter) {
  return std::string(to_name(parameter.param));
}

const auto kHttpd = testing::Values(ServerKind::kEvent, ServerKind::kWorker, ServerKind::kPrefork);
INSTANTIATE_TEST_SUITE_P(Every, FieldsTest, testing::ValuesIn(kServerKinds), name_of);
INSTANTIATE_TEST_SUITE_P(Only, NginxFieldsTest, testing::Values(ServerKind::kNginx), name_of);
INSTANTIATE_TEST_SUITE_P(Only, HttpdFieldsTest, kHttpd, name_of);

}  // namespace
}  // namespace connfate::harness

// SPDX-License-Identifier: Apache-2.0
// Do no harm: with the module on, a server answers, logs errors and asks the kernel as without it.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <regex>
#include <sstream>
#include <thread>

#include "harness/deadline.hpp"
#include "harness/server.hpp"
#include "peers/backend.hpp"
#include "peers/client.hpp"
#include "system/report_receiver.hpp"
#include "system/scenarios/theatre.hpp"

namespace connfate::harness {
namespace {

using std::chrono::seconds;

/// What differs from one moment, port or directory to another, and must not count.
std::string without_moments(const std::string& text) {
  static const std::regex moments(
      R"((^|\n)(date|last-modified|etag|server|allow):[^\n]*|\d\d:\d\d:\d\d(\.\d+)?|127\.0\.0\.1:\d+|/tmp/[^\s"',]*|(client )?10\.77\.[0-9.]+(:\d+)?|pid \d+(:tid \d+)?|\d+#\d+: \*?\d*|:\d{4,5}\b)",
      std::regex::icase);
  return std::regex_replace(text, moments, "");
}

/// Of the error log. What the MPM says about its own children depends on the moment.
std::ptrdiff_t lines_about_requests(const Server& server) {
  std::istringstream log(server.error_log());
  std::ptrdiff_t count = 0;
  for (std::string line; std::getline(log, line);) {
    if (line.find("[mpm_") == std::string::npos) ++count;
  }
  return count;
}

class HarmlessTest : public testing::TestWithParam<ServerKind> {
 protected:
  void SetUp() override {
    if (const auto reason = Lab::missing_privilege()) GTEST_SKIP() << *reason;
    if (const auto reason = missing_program(GetParam())) GTEST_SKIP() << *reason;
    lab_.emplace();
    const InNamespace here = lab_->enter_server();
    backend_.emplace();
  }

  std::unique_ptr<Server> started(ServerOptions options) {
    options.backend = backend_->address();
    auto server = make_server(GetParam(), lab_->hosts(), std::move(options));
    server->start();
    return server;
  }

  std::string curl(std::vector<std::string> arguments) const {
    const std::vector<std::string> fixed{"curl", "-sk", "-i", "-m", "5"};
    arguments.insert(arguments.begin(), fixed.begin(), fixed.end());
    return run(Command{std::move(arguments), lab_->client_namespace()}).output;
  }

  /// Everything a client can see, over every protocol.
  std::string answers(const Server& server) const {
    const auto base = [](const char* scheme, const peers::Address& at) {
      return std::string(scheme) + at.ip + ":" + std::to_string(at.port);
    };
    const std::string plain = base("http://", server.address(peers::Transport::kCleartext));
    const std::string tls = base("https://", server.address(peers::Transport::kTls));
    std::string all;
    for (const std::string& url :
         {plain + "/small.txt", plain + "/nosf/small.txt", plain + "/redirect", plain + "/nothing",
          plain + "/backend/ok?bytes=5000", plain + "/backend/die?after=10&bytes=100",
          plain + "/gone", tls + "/small.txt"}) {
      all += curl({"--http1.1", url});
      all += curl({"--http1.0", url});
      all += curl({"-I", url});
    }
    if (server.has_http2()) all += curl({"--http2", tls + "/small.txt", tls + "/redirect"});
    all += curl({"-X", "BREW", plain + "/small.txt"});
    all += curl({"-d", std::string(2'000'000, 'x'), plain + "/backend/ok?bytes=10"});
    return without_moments(all);
  }

  void expect_no_difference(ServerOptions options) {
    const auto without = started({});
    const auto with = started(std::move(options));
    EXPECT_EQ(answers(*with), answers(*without));
    EXPECT_EQ(with->stop_gracefully(), without->stop_gracefully());
    EXPECT_EQ(with->error_log_problems(), std::vector<std::string>{});
    EXPECT_EQ(lines_about_requests(*with), lines_about_requests(*without))
        << with->error_log() << "--- without the module:\n"
        << without->error_log();
  }

  std::optional<Lab> lab_;
  std::optional<peers::Backend> backend_;
};

TEST_P(HarmlessTest, AnswersAndErrorLogAreTheSame) {
  expect_no_difference({.module = module_of(GetParam())});
}

TEST_P(HarmlessTest, TheyAreTheSameWithAWitness) {
  const TemporaryDirectory directory("witness");
  const std::string path = (directory.path() / "witness.sock").string();
  std::optional<ReportReceiver> receiver;
  lab_->run_in_client([&] { receiver.emplace(path, 512); });  // the machine's own limit stays
  expect_no_difference({.module = module_of(GetParam()), .witness_path = path});
  EXPECT_GT(receiver->drain(), 0U);
}

/// strace attaches to one thread after the other, and any of them may serve the first request.
bool traces_every_thread(const std::vector<pid_t>& processes) {
  for (const pid_t pid : processes) {
    const std::filesystem::path tasks = "/proc/" + std::to_string(pid) + "/task";
    for (const auto& task : std::filesystem::directory_iterator(tasks)) {
      const std::string status = read_file(task.path() / "status");
      if (status.find("TracerPid:\t0\n") != std::string::npos) return false;
    }
  }
  return !processes.empty();
}

/// System calls of a server's workers while a client is served, from strace.
class SystemCalls {
 public:
  SystemCalls(const Server& server, const TemporaryDirectory& directory)
      : file_(directory.path() / (server.name() + ".strace")) {
    // A thread or a child that is born while strace attaches is missed for good.
    for (int attempt = 0; attempt < 5 && !attached_; ++attempt) {
      strace_.reset();
      strace_.emplace(Command{command(server)}, directory.path() / "strace.txt");
      attached_ = eventually([&] { return traces_every_thread(server.workers()); }, seconds(2));
    }
  }

  bool attached() const { return attached_; }
  void stop() { strace_->stop(SIGINT); }
  std::ptrdiff_t count(const std::string& what) const {
    std::ptrdiff_t found = 0;
    const std::string text = read_file(file_);
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
    return found;
  }

 private:
  std::vector<std::string> command(const Server& server) const {
    std::vector<std::string> words{
        "strace",
        "-f",
        "-qq",
        "-e",
        "trace=socket,connect,sendto,getsockname,getpeername,getsockopt,setsockopt,ioctl",
        "-o",
        file_.string()};
    for (const pid_t pid : server.workers()) words.insert(words.end(), {"-p", std::to_string(pid)});
    return words;
  }

  std::filesystem::path file_;
  std::optional<Process> strace_;
  bool attached_ = false;
};

struct Calls {
  std::ptrdiff_t tcp_info;
  std::ptrdiff_t cookie;
  std::ptrdiff_t so_error;
  std::ptrdiff_t options_set;
  std::ptrdiff_t reports;   ///< sent to a witness
  std::ptrdiff_t searches;  ///< connect() to its socket
  std::ptrdiff_t all;
};

class CostTest : public HarmlessTest {
 protected:
  /// System calls for `kRequests` good requests on one keepalive connection.
  Calls calls_of(ServerOptions options, peers::Transport transport) {
    return calls_while(std::move(options), [transport](const Server& server) {
      peers::Client client(server.address(transport), {.transport = transport});
      for (int i = 0; i < kRequests; ++i) {
        client.get("/small.txt");
        EXPECT_EQ(client.read_response().status, 200);
      }
      server.wait_for_line(client.local_port(), kRequests);
    });
  }

  /// The same while `play` runs in the client's namespace.
  template <typename Play>
  Calls calls_while(ServerOptions options, Play play) {
    const auto server = started(std::move(options));
    server->clear_access_log();
    const TemporaryDirectory directory("strace");
    SystemCalls calls(*server, directory);
    EXPECT_TRUE(calls.attached());
    lab_->run_in_client([&] { play(*server); });
    calls.stop();
    // Whoever looked whether the server is up may still be on the lines: it came from 127.0.0.1.
    return {.tcp_info = calls.count("TCP_INFO"),
            .cookie = calls.count("SO_COOKIE") + calls.count("0x39 /*"),
            .so_error = calls.count("SO_ERROR"),
            .options_set = calls.count("setsockopt("),
            .reports = calls.count("\"CNFR"),
            .searches = calls.count("sa_family=AF_UNIX"),
            .all = calls.count(") = ") - calls.count("127.0.0.1")};
  }

  static constexpr int kRequests = 10;
};

TEST_P(CostTest, OneTcpInfoPerRequestAndOneCookiePerConnection) {
  const Calls cleartext = calls_of({.module = module_of(GetParam())}, peers::Transport::kCleartext);
  EXPECT_EQ(cleartext.tcp_info, kRequests);
  EXPECT_EQ(cleartext.cookie, 1);
  const Calls tls = calls_of({.module = module_of(GetParam())}, peers::Transport::kTls);
  EXPECT_LE(tls.tcp_info, kRequests + 1);
  EXPECT_EQ(tls.cookie, 1);
}

TEST_P(CostTest, NoneWhenOff) {
  const Calls calls = calls_of({.module = module_of(GetParam()), .connfate_on = false},
                               peers::Transport::kCleartext);
  EXPECT_EQ(calls.tcp_info, 0);
  EXPECT_EQ(calls.cookie, 0);
}

TEST_P(CostTest, NoneWhenNoFieldIsUsed) {
  for (const auto transport : {peers::Transport::kCleartext, peers::Transport::kTls}) {
    const Calls calls = calls_of({.module = module_of(GetParam()), .log_bundle = false}, transport);
    EXPECT_EQ(calls.tcp_info, 0);
    EXPECT_EQ(calls.cookie, 0);
  }
}

TEST_P(CostTest, AReportIsOneCallMore) {
  const TemporaryDirectory directory("witness");
  const std::string path = (directory.path() / "witness.sock").string();
  for (const auto transport : {peers::Transport::kCleartext, peers::Transport::kTls}) {
    const Calls without = calls_of({.module = module_of(GetParam())}, transport);
    const Calls missing =
        calls_of({.module = module_of(GetParam()), .witness_path = path}, transport);
    EXPECT_GE(missing.searches, 1);
    EXPECT_LE(missing.searches, kRequests);
    EXPECT_EQ(missing.reports, 0);
    // Once per process socket() and setsockopt(), once per connection getsockname().
    EXPECT_LE(missing.all, without.all + kRequests + 3);
    ReportReceiver receiver(path);
    const Calls with = calls_of({.module = module_of(GetParam()), .witness_path = path}, transport);
    EXPECT_GE(with.reports, 1);
    EXPECT_LE(with.reports, kRequests);
    // nginx sends at the end of a turn, when the last line is in the log already and strace gone.
    if (GetParam() != ServerKind::kNginx) {
      EXPECT_EQ(with.reports, kRequests);
    }
    for (int i = 0; i < kRequests; ++i) EXPECT_TRUE(receiver.receive()) << i;
    EXPECT_LE(with.searches, 1);
    EXPECT_EQ(with.tcp_info, without.tcp_info);
    EXPECT_EQ(with.cookie, without.cookie);
    // And connect(), once per process.
    EXPECT_LE(with.all, without.all + kRequests + 4);
  }
}

TEST_P(CostTest, LeavesTheErrorOfADeadConnectionToTheServer) {
  const auto reset_while_the_backend_thinks = [this](const Server& server) {
    for (int i = 0; i < kRequests; ++i) {
      peers::Client client(server.address(peers::Transport::kCleartext));
      client.get("/backend/hold");
      EXPECT_TRUE(backend_->wait_held(1));
      const int port = client.local_port();
      client.reset();
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      backend_->release();
      server.wait_for_line(port, 1);
    }
  };
  const Calls without = calls_while({}, reset_while_the_backend_thinks);
  // nginx asks while it waits, so that the comparison sees something; httpd never does.
  EXPECT_GE(without.so_error, GetParam() == ServerKind::kNginx ? kRequests : 0);
  const Calls with = calls_while({.module = module_of(GetParam())}, reset_while_the_backend_thinks);
  EXPECT_EQ(with.so_error, without.so_error);
  EXPECT_EQ(with.options_set, without.options_set);
}

TEST_P(CostTest, NeverReadsSoErrorNorSetsAnOption) {
  const Calls without = calls_of({}, peers::Transport::kCleartext);
  const Calls with = calls_of({.module = module_of(GetParam())}, peers::Transport::kCleartext);
  EXPECT_EQ(with.so_error, without.so_error);
  EXPECT_EQ(with.options_set, without.options_set);
}

std::string name_of(const testing::TestParamInfo<ServerKind>& parameter) {
  return std::string(to_name(parameter.param));
}

INSTANTIATE_TEST_SUITE_P(Every, HarmlessTest, testing::ValuesIn(kServerKinds), name_of);
INSTANTIATE_TEST_SUITE_P(Every, CostTest, testing::ValuesIn(kServerKinds), name_of);

}  // namespace
}  // namespace connfate::harness

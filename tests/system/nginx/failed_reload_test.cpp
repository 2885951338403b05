// SPDX-License-Identifier: Apache-2.0
// A reload that fails leaves nginx with the old configuration and, once a worker has to be made
// anew, with the filters of the new one: without ours, if it was to leave connfate out.
#include <signal.h>

#include <algorithm>
#include <string_view>

#include "harness/deadline.hpp"
#include "system/nginx/nginx_stage.hpp"

namespace connfate::harness {
namespace {

using std::chrono::seconds;

class FailedReloadTest : public NginxStage {
 protected:
  /// A configuration without connfate, and with a port that is taken.
  std::string broken_config() {
    return "pid " + (server_->access_log().parent_path() / "nginx.pid").string() + ";\nerror_log " +
           (server_->access_log().parent_path() / "error.log").string() +
           ";\nevents {}\nhttp { server { listen 127.0.0.1:" +
           std::to_string(listen_as_backend().address().port) + "; } }\n";
  }

  void fail_a_reload() {
    const auto file = server_->access_log().parent_path() / "server.conf";
    const std::string good = read_file(file);
    write_file(file, broken_config());
    ::kill(server_->pid(), SIGHUP);
    const auto failed = [&] {
      return server_->error_log().find("still could not bind()") != std::string::npos;
    };
    ASSERT_TRUE(eventually(failed, seconds(20))) << server_->error_log();
    write_file(file, good);
  }

  void make_a_new_worker() {
    const auto before = server_->workers();
    for (const pid_t worker : before) ::kill(worker, SIGKILL);
    const auto renewed = [&] {
      const auto now = server_->workers();
      return !now.empty() && std::ranges::find_first_of(now, before) == now.end();
    };
    ASSERT_TRUE(eventually(renewed, seconds(10)));
  }

  LogLine get(const std::string& path) { return line_of(request_for(path)); }
};

TEST_F(FailedReloadTest, WholeResponsesAreNotCalledAborted) {
  expects_problems_ = true;
  start();
  fail_a_reload();
  make_a_new_worker();
  expect_good(get("/small.txt"));
  expect_good(get("/medium.bin"));
  expect_good(get("/backend/ok?bytes=70000"));
  expect_good(line_of(request_for("/small.txt", "HEAD")));
  expect_fate(get("/backend/die?after=20000&bytes=100000"), "server_abort", "server");
  // Chunked, from a backend: whether the last chunk went out nobody saw.
  const LogLine chunked = get("/backend/stream?bytes=30000&step=10000&ms=10");
  EXPECT_NE(chunked.field("fate"), "server_abort") << chunked.text;
}

TEST_F(FailedReloadTest, ARealReloadMakesEverythingAsItWas) {
  expects_problems_ = true;
  start();
  fail_a_reload();
  server_->reload();
  expect_good(get("/backend/stream?bytes=30000&step=10000&ms=10"));
  expect_good(get("/small.txt"));
}

}  // namespace
}  // namespace connfate::harness

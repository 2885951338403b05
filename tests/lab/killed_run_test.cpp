// SPDX-License-Identifier: Apache-2.0
// A run that is killed in the middle of a story, with its server stopped: the next one leaves
// nothing of it behind.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "harness/deadline.hpp"
#include "harness/process.hpp"
#include "harness/temporary_directory.hpp"
#include "lab/evidence_folder.hpp"
#include "lab/net/network.hpp"

namespace connfate::lab {
namespace {

using namespace std::chrono_literals;

bool is_stopped(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string id;
  std::string name;
  char state = 0;
  return file >> id >> name >> state && state == 'T';
}

bool exists(const std::string& path) {
  return std::filesystem::exists(path);
}

TEST(KilledRunTest, TheNextRunRemovesWhatItLeft) {
  if (const auto reason = Network::missing_privilege()) GTEST_SKIP() << *reason;
  const harness::TemporaryDirectory directory("killed");
  harness::Process run(
      {{CONNFATE_LAB_TEST, "--gtest_filter=Nginx_http1.end_backlog_overflows_silently/0ms"}},
      directory.path() / "output.txt");
  const std::string pid = std::to_string(run.pid());
  const std::string home = "cfls" + pid;
  const std::string folder =
      std::filesystem::temp_directory_path() / ("connfate-lab-running-" + pid);
  std::vector<pid_t> left;
  const auto is_frozen = [&] {
    if (!exists(harness::namespace_path(home))) return false;
    left = harness::processes_in(home);
    return std::ranges::any_of(left, is_stopped);
  };
  ASSERT_TRUE(harness::eventually(is_frozen, 20s))
      << harness::read_file(directory.path() / "output.txt");
  EXPECT_TRUE(exists(folder));
  run.stop(SIGKILL);
  EXPECT_TRUE(exists(harness::namespace_path(home)));

  const Network network(Topology::kOneBox);
  EvidenceFolder::remove_stale();
  EXPECT_FALSE(exists(harness::namespace_path(home)));
  EXPECT_FALSE(exists(folder));
  const auto all_gone = [&] {
    return std::ranges::none_of(left, [](pid_t process) { return kill(process, 0) == 0; });
  };
  EXPECT_TRUE(harness::eventually(all_gone, 5s));
}

}  // namespace
}  // namespace connfate::lab

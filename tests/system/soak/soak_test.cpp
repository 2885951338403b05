// SPDX-License-Identifier: Apache-2.0
// Everything at once, for CONNFATE_SOAK_SECONDS (60 otherwise): see soak.hpp. Prints a table, and
// writes it to the file CONNFATE_SOAK_SUMMARY when that is set.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <random>

#include "system/soak/soak.hpp"

namespace connfate::harness {
namespace {

constexpr std::string_view kHeader =
    "| server | log lines | hostile visits | reloads | binary upgrades | "
    "faults of the witness | requests not logged / twice / torn | master MB | largest worker MB | "
    "master's descriptors | witness MB, most | lines of the witness |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|\n";

std::chrono::seconds duration() {
  const char* const text = std::getenv("CONNFATE_SOAK_SECONDS");
  return std::chrono::seconds(text != nullptr ? std::atoi(text) : 60);
}

void publish(const std::string& table) {
  std::printf("%s", table.c_str());
  if (const char* const file = std::getenv("CONNFATE_SOAK_SUMMARY")) std::ofstream(file) << table;
}

TEST(SoakTest, EveryRequestIsLoggedOnceAndNothingGrows) {
  if (const auto reason = Lab::missing_privilege()) GTEST_SKIP() << *reason;
  inherit_orphans();
  const Lab lab;
  const auto backend = [&] {
    const InNamespace here = lab.enter_server();
    return std::make_unique<peers::Backend>();
  }();
  const unsigned seed = std::random_device()();
  std::printf("seed %u, %lld s\n", seed, static_cast<long long>(duration().count()));
  Soak nginx(lab, backend->address(), ServerKind::kNginx, seed);
  Soak httpd(lab, backend->address(), ServerKind::kEvent, seed + 100);
  {
    const std::jthread both([&] { httpd.run(duration()); });
    nginx.run(duration());
  }
  EXPECT_EQ(nginx.judge(), std::vector<std::string>{});
  EXPECT_EQ(httpd.judge(), std::vector<std::string>{});
  publish(std::string(kHeader) + nginx.summary() + "\n" + httpd.summary() + "\n");
}

}  // namespace
}  // namespace connfate::harness

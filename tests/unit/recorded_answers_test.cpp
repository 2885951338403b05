// SPDX-License-Identifier: Apache-2.0
// Answers that real kernels gave (component/record_answers.cpp), and what core must read in them.
#include <gtest/gtest.h>

#include <cerrno>
#include <fstream>
#include <iterator>

#include "connfate/observation.hpp"
#include "unit/fake_kernel.hpp"
#include "unit/snapshot_text.hpp"

namespace connfate {
namespace {

struct Recording {
  std::string_view name;
  int first_error;  ///< what the server's write got
  bool complete;
  std::string_view rule;
  Close close;
};

constexpr Recording kRecordings[] = {
    {"live", 0, true, "all-acked", Close::kOpen},
    {"half_closed", 0, true, "all-acked", Close::kFin},
    {"ended_in_order", 0, true, "all-acked", Close::kLocal},
    {"reset", ECONNRESET, false, "rst-before-ack", Close::kRst},
    {"fin_then_reset", EPIPE, false, "fin-then-rst", Close::kRst},
    {"zero_window", 0, false, "ended-early", Close::kOpen},
    {"user_timeout", ETIMEDOUT, false, "user-timeout-window-closed", Close::kTimeout},
};

std::string read_fixture(const std::string& name) {
  std::ifstream file(CONNFATE_FIXTURES "/tcp_info/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class RecordedAnswerTest : public testing::TestWithParam<Recording> {
 protected:
  const std::string name_{GetParam().name};
  const std::string bytes_ = read_fixture(name_ + ".bin");
};

TEST_P(RecordedAnswerTest, ReadsAsItsRendering) {
  ASSERT_FALSE(bytes_.empty());
  const auto snapshot = decode_tcp_info(std::as_bytes(std::span(bytes_)));
  ASSERT_TRUE(snapshot);
  EXPECT_EQ(fixture::text_of(*snapshot), read_fixture(name_ + ".txt"));
}

TEST_P(RecordedAnswerTest, IsDecided) {
  fixture::FakeKernel kernel;
  kernel->info.emplace(std::as_bytes(std::span(bytes_)));
  Connection connection;
  connection.first_error.record(Operation::kWrite, GetParam().first_error);
  ServerView view;
  view.complete = GetParam().complete;
  view.bytes_taken = Bytes{0};
  const Observation o = observe(7, view, connection, kernel.calls());
  EXPECT_EQ(o.verdict.rule->id, GetParam().rule);
  EXPECT_EQ(to_token(o.verdict.close), to_token(GetParam().close));
}

INSTANTIATE_TEST_SUITE_P(Recordings, RecordedAnswerTest, testing::ValuesIn(kRecordings),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace connfate

// SPDX-License-Identifier: Apache-2.0
// connfate beside another module that taps the same connections, in every order: nothing loops,
// nothing crashes, and what is said is true.
#include "system/httpd/httpd_stage.hpp"

namespace connfate::harness {
namespace {

using peers::Transport;

class BesideTest : public HttpdStage {
 protected:
  LogLine reset_in_mid_body(Transport transport) {
    const InNamespace here = lab_->enter_client();
    peers::Client client(server_->address(transport), {.transport = transport});
    client.get("/64m.bin");
    client.read_exactly(100'000);
    const int port = client.local_port();
    client.reset();
    return server_->wait_for_line(port);
  }

  /// `taps`: connfate's tap is still there, and sees an errno.
  void expect_the_truth(bool taps) {
    for (const Transport transport : {Transport::kCleartext, Transport::kTls}) {
      const Answer answer = get("/small.txt", transport);
      const std::string fate = answer.line.field("fate");
      EXPECT_TRUE(answer.seen.complete && (fate == "delivered" || fate == "pending"))
          << answer.line.text;
      const LogLine line = reset_in_mid_body(transport);
      EXPECT_EQ(line.field("fate"), "rst_received") << line.text;
      EXPECT_EQ(line.field("by"), "peer") << line.text;
      EXPECT_TRUE(!taps || !line.field("err").empty()) << line.text;
    }
  }
};

TEST_P(BesideTest, AnotherTapInEveryOrder) {
  for (const char* order : {"early", "late", "both", "careless"}) {
    SCOPED_TRACE(order);
    start(std::string("LoadModule second_tap_module ") + CONNFATE_SECOND_HTTPD_TAP +
          "\nSecondTap " + order + "\n");
    const bool taps = std::string_view(order) != "careless";
    expect_the_truth(taps);
    server_->reload();
    expect_the_truth(taps);
    EXPECT_EQ(server_->error_log_problems(), std::vector<std::string>{});
    EXPECT_EQ(server_->stop(), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Httpd, BesideTest, testing::ValuesIn(kEventAndPrefork), httpd_name);

}  // namespace
}  // namespace connfate::harness

// SPDX-License-Identifier: Apache-2.0
// The witness with less than it could have: without packets, and without privileges.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "peers/client.hpp"
#include "system/witness/witness_house.hpp"

namespace connfate::harness {
namespace {

/// The program behind these words runs as nobody, without any capability; it ends with the test as
/// any child does.
const std::vector<std::string> kAsNobody{"setpriv",        "--reuid=65534",   "--regid=65534",
                                         "--clear-groups", "--inh-caps=-all", "--bounding-set=-all",
                                         "--no-new-privs", "--pdeathsig=TERM"};

/// nginx reports to a witness that is told to look at no packets, httpd to one that may not.
class BlindWitnessTest : public WitnessStory {
 protected:
  static WitnessOptions blind(ServerKind kind) {
    if (kind == ServerKind::kNginx) return {.capture = false};
    return {.wrapper = kAsNobody};
  }
  WitnessHouse::Plan plan() const override {
    return {.sysctls = {.tcp_retries2 = 2}, .witness = blind};
  }
  static void expect_blind(const Line& line) {
    EXPECT_EQ(line["capture"], "off") << line;
    EXPECT_FALSE(line.contains("rst_from")) << line;
    EXPECT_EQ(line["final"], true) << line;
  }
};

TEST_P(BlindWitnessTest, SaysWhichEvidenceIsMissing) {
  const std::string words = is_nginx() ? "(--no-capture)" : "CAP_NET_RAW";
  const std::string check = witness_->check();
  EXPECT_NE(check.find("missing: packets are not captured"), std::string::npos) << check;
  EXPECT_NE(check.find(words), std::string::npos) << check;
  EXPECT_NE(check.find("socket ends: yes"), std::string::npos) << check;
  const Line start = witness_->all_lines().front();
  EXPECT_NE(start.value("missing", "").find(words), std::string::npos) << start;
}

TEST_P(BlindWitnessTest, AGoodResponseIsDelivered) {
  peers::Client client = stage_->connect();
  client.get("/small.txt");
  client.read_response();
  const Line line = final_response();
  EXPECT_EQ(line["fate"], "delivered") << line;
  expect_blind(line);
}

TEST_P(BlindWitnessTest, AResetIsInferredAndAccusesNobody) {
  peers::Client client = stage_->connect();
  client.get("/backend/hold");
  stage_->wait_until_backend_holds();
  stage_->block(Block::kResetServer);
  stage_->let_backend_answer();
  const Line line = final_response();
  EXPECT_EQ(line["fate"], "rst_received") << line;
  EXPECT_EQ(line["close"], "rst") << line;
  EXPECT_NE(line["by"], "client") << line;
  expect_blind(line);
}

TEST_P(BlindWitnessTest, SilenceIsATimeout) {
  peers::Client client = stage_->connect();
  client.get("/backend/hold");
  stage_->wait_until_backend_holds();
  stage_->block(Block::kDropBoth);
  stage_->let_backend_answer();
  const Line line = final_response();
  EXPECT_EQ(line["fate"], "ack_timeout") << line;
  EXPECT_EQ(line["by"], "peer") << line;
  EXPECT_EQ(line["close"], "timeout") << line;
  expect_blind(line);
}

INSTANTIATE_TEST_SUITE_P(Every, BlindWitnessTest,
                         testing::Values(ServerKind::kNginx, ServerKind::kEvent), name_of_server);

}  // namespace
}  // namespace connfate::harness

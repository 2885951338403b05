// SPDX-License-Identifier: Apache-2.0
// Real connections, in trouble on purpose, in a network namespace where nobody else has any.
#include "cli/live/survey.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "component/loopback.hpp"
#include "harness/process.hpp"
#include "witness/sources/dual_stack.hpp"
#include "witness/sources/flow_of.hpp"
#include "witness/sources/in_child.hpp"
#include "witness/sources/own_network.hpp"

namespace connfate::cli {
namespace {

using connfate::fixture::eventually;
using connfate::fixture::Loopback;
using connfate::fixture::LoopbackOptions;
using connfate::fixture::Socket;
using std::chrono::milliseconds;
using witness::fixture::flow_of;

constexpr LoopbackOptions kSlowReader{
    .ipv6 = false, .client_ttl = 0, .client_receive_buffer = 2304};

class SurveyTest : public testing::Test {
 protected:
  void SetUp() override { CONNFATE_NEEDS_OWN_NETWORK(); }

  /// Of that server's socket, without regard to its age.
  static Selection selection_of(int server) {
    Selection selection;
    selection.ports = {flow_of(server).local.port};
    selection.older = milliseconds(0);
    return selection;
  }
};

bool has(const Assessment& assessment, Symptom symptom) {
  return std::ranges::find(assessment.symptoms, symptom) != assessment.symptoms.end();
}

/// Waits until the only troubled connection of `selection` has that symptom and is called so.
bool comes_to(const Selection& selection, Symptom symptom, Fate fate) {
  return eventually([&] {
    const Survey found = survey(selection);
    if (found.worst.size() != 1) return false;
    const Assessment& assessment = found.worst.front().assessment;
    return has(assessment, symptom) && assessment.provisional &&
           assessment.provisional->fate == fate;
  });
}

/// While it lives, nothing that the port sends arrives.
class BlackHole {
 public:
  explicit BlackHole(std::uint16_t port, const std::string& which = "") {
    harness::run_or_throw({"nft", "add table inet live"});
    harness::run_or_throw({"nft", "add chain inet live in { type filter hook input priority 0; }"});
    harness::run_or_throw(
        {"nft", "add rule inet live in tcp sport " + std::to_string(port) + which + " drop"});
  }
  ~BlackHole() { (void)harness::run({"nft", "delete table inet live"}); }
  BlackHole(const BlackHole&) = delete;
  BlackHole& operator=(const BlackHole&) = delete;
};

TEST_F(SurveyTest, AHealthyConnectionIsCountedAndNotShown) {
  const Loopback loopback;
  loopback.server_sends(500);
  ASSERT_TRUE(loopback.server_has_all_acked());
  const Survey found = survey(selection_of(loopback.server()));
  EXPECT_EQ(found.connections, 1U);
  EXPECT_EQ(found.troubled, 0U);
}

TEST_F(SurveyTest, AClosedWindow) {
  const Loopback loopback(kSlowReader);
  const std::size_t sent = loopback.server_sends(1 << 20);
  const Selection selection = selection_of(loopback.server());
  ASSERT_TRUE(comes_to(selection, Symptom::kZeroWindow, Fate::kClientStalled));
  const AssessedSocket worst = survey(selection).worst.front();
  EXPECT_LT(worst.assessment.unacked.value, sent);
  EXPECT_GT(worst.assessment.unacked.value, 0U);
  EXPECT_TRUE(worst.socket.has_owner);
}

TEST_F(SurveyTest, AHalfClosedClientThatWaits) {
  const Loopback loopback;
  loopback.client_sends(20);
  loopback.client_shuts_down();
  EXPECT_TRUE(comes_to(selection_of(loopback.server()), Symptom::kHalfClosed, Fate::kClientAbort));
}

TEST_F(SurveyTest, SilenceAndThenAnOrphan) {
  auto loopback = std::make_unique<Loopback>();
  const Selection selection = selection_of(loopback->server());
  const BlackHole hole(selection.ports.front());
  loopback->server_sends(3000);
  ASSERT_TRUE(comes_to(selection, Symptom::kRetransmitting, Fate::kAckStalled));
  loopback.reset();
  EXPECT_TRUE(comes_to(selection, Symptom::kOrphaned, Fate::kAckTimeout));
}

/// In a black hole new clients never get through: what the kernel knows of them is a request for a
/// connection whose SYN-ACK is sent again and again.
TEST_F(SurveyTest, AHandshakeThatCannotBeFinished) {
  const Socket listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(::bind(listener.fd(), generic, sizeof address), 0);
  ASSERT_EQ(::listen(listener.fd(), 8), 0);
  socklen_t length = sizeof address;
  ASSERT_EQ(::getsockname(listener.fd(), generic, &length), 0);
  Selection selection;
  selection.ports = {ntohs(address.sin_port)};
  const BlackHole hole(selection.ports.front(), " tcp flags & (syn | ack) == syn | ack");
  const Socket client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  ASSERT_NE(::connect(client.fd(), generic, sizeof address), 0);
  EXPECT_EQ(survey(selection).unfinished, 0U) << "every handshake takes a round trip";
  ASSERT_TRUE(eventually([&] { return survey(selection).unfinished == 1; }));
  const Survey found = survey(selection);
  EXPECT_EQ(found.connections, 0U);
  ASSERT_EQ(found.networks.size(), 1U);
  EXPECT_EQ(found.networks[0].name, "127.0.0.0/24");
  EXPECT_EQ(found.networks[0].unfinished, 1U);
  selection.fates = {Fate::kAckTimeout};
  EXPECT_EQ(survey(selection).unfinished, 0U) << "it has no fate";
}

TEST_F(SurveyTest, IPv6AndAnIPv4ClientOfAnIPv6Listener) {
  const Loopback ipv6(
      LoopbackOptions{.ipv6 = true, .client_ttl = 0, .client_receive_buffer = 2304});
  ipv6.server_sends(1 << 20);
  EXPECT_TRUE(comes_to(selection_of(ipv6.server()), Symptom::kZeroWindow, Fate::kClientStalled));
  const auto mapped = witness::fixture::connect_mapped();
  Selection selection = selection_of(mapped.server.fd());
  selection.clients = {*parse_prefix("127.0.0.0/8")};
  EXPECT_EQ(survey(selection).connections, 1U);
}

TEST_F(SurveyTest, OfAConnectionOnThisHostOnlyTheServersEndIsSeen) {
  const Socket listener(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::listen(listener.fd(), 1), 0);
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(::getsockname(listener.fd(), generic, &length), 0);
  const Socket client(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::connect(client.fd(), generic, length), 0);
  const Survey found = survey({});
  EXPECT_TRUE(std::ranges::binary_search(found.ports, flow_of(listener.fd()).local.port));
  EXPECT_EQ(found.connections, 1U);
}

TEST_F(SurveyTest, AClientOrAFateThatWasNotAskedForIsLeftOut) {
  const Loopback loopback(kSlowReader);
  loopback.server_sends(1 << 20);
  Selection selection = selection_of(loopback.server());
  ASSERT_TRUE(comes_to(selection, Symptom::kZeroWindow, Fate::kClientStalled));
  selection.fates = {Fate::kAckTimeout};
  EXPECT_EQ(survey(selection).troubled, 0U);
  selection.fates = {Fate::kClientStalled};
  EXPECT_EQ(survey(selection).troubled, 1U);
  selection.clients = {*parse_prefix("192.0.2.0/24")};
  EXPECT_EQ(survey(selection).connections, 0U);
}

TEST_F(SurveyTest, AllAreCountedAndTheWorstAreKept) {
  std::vector<std::unique_ptr<Loopback>> loopbacks;
  Selection selection;
  selection.older = milliseconds(0);
  selection.most = 2;
  for (int i = 0; i < 7; ++i) {
    loopbacks.push_back(std::make_unique<Loopback>());
    loopbacks.back()->client_sends(20);
    loopbacks.back()->client_shuts_down();
    selection.ports.push_back(flow_of(loopbacks.back()->server()).local.port);
  }
  ASSERT_TRUE(eventually([&] { return survey(selection).troubled == 7; }));
  const Survey found = survey(selection);
  EXPECT_EQ(found.worst.size(), 2U);
  EXPECT_EQ(found.left_out(), 5U);
  EXPECT_GE(found.worst[0].silence(), found.worst[1].silence());
}

TEST_F(SurveyTest, NeedsNoPrivilege) {
  const Loopback loopback;
  const Selection selection = selection_of(loopback.server());
  EXPECT_EQ(witness::fixture::in_child([&] {
              constexpr uid_t kNobody = 65534;
              return ::setuid(kNobody) == 0 && survey(selection).connections == 1;
            }),
            0);
}

}  // namespace
}  // namespace connfate::cli

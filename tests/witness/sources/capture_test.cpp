// SPDX-License-Identifier: Apache-2.0
#include "witness/sources/capture.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "component/loopback.hpp"
#include "harness/process.hpp"
#include "witness/process/clock.hpp"
#include "witness/sources/flow_of.hpp"
#include "witness/sources/in_child.hpp"
#include "witness/sources/own_network.hpp"

namespace connfate::witness {
namespace {

using connfate::fixture::eventually;
using connfate::fixture::Loopback;
using connfate::fixture::LoopbackOptions;
using connfate::fixture::Socket;

struct Story {
  const char* interface;
  bool ipv6;
};

class CaptureTest : public testing::TestWithParam<Story> {
 protected:
  void SetUp() override {
    CONNFATE_NEEDS_OWN_NETWORK();
    capture_.emplace(GetParam().interface);
  }

  /// Watches the server's port of `loopback`, from now on.
  void watch(const Loopback& loopback) {
    flow_ = fixture::flow_of(loopback.server());
    const std::vector<std::uint16_t> ports{flow_.local.port};
    served_.add(flow_.local.port);
    capture_->set_ports(ports);
  }

  bool sees(const std::function<bool(const Packet&)>& wanted) {
    return eventually([&] {
      bool seen = false;
      capture_->read(1000, served_, [&](const ParsedFrame& frame) {
        const auto* packet = std::get_if<Packet>(&frame);
        if (packet == nullptr || packet->flow != flow_) return;
        last_ = *packet;
        seen = seen || wanted(*packet);
      });
      return seen;
    });
  }

  std::optional<Capture> capture_;
  ServedPorts served_;
  Flow flow_;
  Packet last_;
};

TEST_P(CaptureTest, SeesTheClientsDataAndItsReset) {
  Loopback loopback({.ipv6 = GetParam().ipv6, .client_ttl = 63});
  watch(loopback);
  const Instant before = steady_now();
  loopback.client_sends(77);
  EXPECT_TRUE(sees([](const Packet& p) { return p.psh && p.payload == 77; }));
  EXPECT_EQ(last_.direction, Direction::kIn);
  EXPECT_EQ(last_.ttl, 63);
  EXPECT_GE(last_.at, before);
  EXPECT_LE(last_.at, steady_now());
  loopback.client_resets();
  EXPECT_TRUE(sees([](const Packet& p) { return p.rst && p.direction == Direction::kIn; }));
}

TEST_P(CaptureTest, SeesTheServersFin) {
  const Loopback loopback({.ipv6 = GetParam().ipv6});
  watch(loopback);
  loopback.server_shuts_down();
  EXPECT_TRUE(sees([](const Packet& p) { return p.fin && p.direction == Direction::kOut; }));
}

TEST_P(CaptureTest, KnowsItsInterface) {
  Loopback loopback({.ipv6 = GetParam().ipv6});
  watch(loopback);
  loopback.client_resets();
  ASSERT_TRUE(sees([](const Packet& p) { return p.rst; }));
  EXPECT_EQ(last_.interface, 1U);  // lo
}

TEST_P(CaptureTest, LeavesOtherPortsAlone) {
  Loopback other({.ipv6 = GetParam().ipv6});
  Loopback loopback({.ipv6 = GetParam().ipv6});
  watch(loopback);
  other.client_resets();
  loopback.client_resets();
  std::size_t frames = 0;
  EXPECT_TRUE(eventually([&] {
    frames += capture_->read(1000, served_, [](const ParsedFrame&) {});
    return frames > 0;
  }));
  EXPECT_LE(frames, 2U);  // the one RST, as it leaves lo and as it comes in
}

INSTANTIATE_TEST_SUITE_P(Interfaces, CaptureTest,
                         testing::Values(Story{"lo", false}, Story{"lo", true}, Story{"any", false},
                                         Story{"any", true}),
                         [](const auto& row) {
                           return std::string(row.param.interface) +
                                  (row.param.ipv6 ? "_IPv6" : "_IPv4");
                         });

/// A RST answers every connection to a port that nobody listens on.
void knock(std::uint16_t port) {
  const Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  (void)::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

TEST(CaptureLossTest, CountsWhatItHadNoRoomFor) {
  CONNFATE_NEEDS_OWN_NETWORK();
  constexpr std::uint16_t kClosedPort = 9;
  constexpr std::size_t kFramesPerKnock = 4;  // SYN and RST, each out and in
  Capture capture("lo");
  capture.set_ports(std::vector<std::uint16_t>{kClosedPort});
  std::size_t knocks = 0, lost = 0;
  for (; lost == 0 && knocks < 100'000; ++knocks) {
    knock(kClosedPort);
    if (knocks % 1000 == 999) lost += capture.take_lost();
  }
  EXPECT_GT(lost, 0U);
  ServedPorts served;
  served.add(kClosedPort);
  std::size_t read = 0;
  while (const auto count = capture.read(1000, served, [](const ParsedFrame&) {})) read += count;
  lost += capture.take_lost();
  // libpcap shows what comes in on lo only; what goes out takes room all the same.
  EXPECT_NEAR(static_cast<double>(2 * read + lost), static_cast<double>(knocks * kFramesPerKnock),
              1);
}

TEST(CaptureLossTest, SaysThatItsInterfaceIsGone) {
  CONNFATE_NEEDS_OWN_NETWORK();
  harness::run_or_throw({"ip", "link", "add", "gone0", "type", "veth", "peer", "name", "gone1"});
  harness::run_or_throw({"ip", "link", "set", "gone0", "up"});
  Capture capture("gone0");
  const ServedPorts none;
  const auto nothing = [](const ParsedFrame&) {};
  EXPECT_NO_THROW(capture.read(1000, none, nothing));
  harness::run_or_throw({"ip", "link", "del", "gone0"});
  EXPECT_TRUE(eventually([&] {
    try {
      capture.read(1000, none, nothing);
      return false;
    } catch (const std::runtime_error& error) {
      return std::string(error.what()).starts_with("capture on gone0: ");
    }
  }));
}

TEST(CaptureRefusalTest, NamesTheInterfacesThatThereAre) {
  CONNFATE_NEEDS_OWN_NETWORK();
  try {
    const Capture capture("eth77");
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "there is no interface eth77; there are: lo");
  }
}

TEST(CaptureRefusalTest, SaysWhichPrivilegeIsMissing) {
  constexpr uid_t kNobody = 65534;
  EXPECT_EQ(fixture::in_child([] {
              if (::geteuid() == 0 && ::setuid(kNobody) != 0) return false;
              try {
                const Capture capture("lo");
                return false;
              } catch (const std::runtime_error& error) {
                return std::string(error.what()).find("CAP_NET_RAW") != std::string::npos;
              }
            }),
            0);
}

}  // namespace
}  // namespace connfate::witness

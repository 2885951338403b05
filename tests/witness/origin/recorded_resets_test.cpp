// SPDX-License-Identifier: Apache-2.0
// Four recorded cases with known answers, rebuilt from their published figures. The recordings are
// test material of Zeek and of Suricata; none of their bytes is here.
#include <gtest/gtest.h>

#include "witness/origin/rst_origin.hpp"
#include "witness/packets.hpp"

namespace connfate::witness {
namespace {

using namespace wire;

Attribution judge(const WireHistory& history, const HostFacts& host = {}) {
  return attribute_rst(history, host, nullptr);
}

/// Zeek's rst-inject-rae: this host connects; a reset that copies its SYN comes before the answer.
struct Rae {
  Packet our_syn = with_id(out(0, 0, 0), 5461);
  Packet injected = with_ttl(with_id(reset_ack(1, 0, 0), 5461), 46);
  Packet real_answer = with_ttl(in(1031, 0), 49);

  Rae() {
    our_syn.syn = true;
    our_syn.ack = false;
    our_syn.window = injected.window = 16384;
    real_answer.syn = real_answer.ack = true;
    real_answer.ack_number = kServerIsn + 1;
    real_answer.ip_id = 900;
  }
};

TEST(RecordedResetsTest, InjectedIntoTheHandshakeHadNoEffect) {
  const Rae rae;
  const WireHistory h = history(rae.our_syn, rae.injected, rae.real_answer);
  const Attribution a = judge(h);
  EXPECT_FALSE(a.rst_from) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kNone);
  EXPECT_TRUE(has_rule(a, "P5") && has_rule(a, "P10"));
  EXPECT_TRUE(says(a, "ttl 46, client's handshake 49"));
  EXPECT_TRUE(says(a, "IP id 5461 as the SYN; window 16384 as the SYN"));
  EXPECT_TRUE(says(a, "ignored"));
}

TEST(RecordedResetsTest, TheLaterResetOfThatConnectionIsGenuine) {
  const Rae rae;
  Packet genuine = with_ttl(with_id(reset_ack(2000, 1), 901), 49);
  const WireHistory h = history(rae.our_syn, rae.injected, rae.real_answer, genuine);
  EXPECT_EQ(h.facts().rst_in, at(2000));
  const Attribution a = judge(h);
  EXPECT_EQ(a.rst_from, RstFrom::kUnknown) << all_of(a);
  EXPECT_FALSE(has_rule(a, "P5"));
}

/// Zeek's Teredo: an adjacent device resets flows that ended long before.
TEST(RecordedResetsTest, AdjacentDeviceAfterTheEndIsNoCause) {
  for (const int id : {37152, 37153, 37157}) {
    const Attribution a =
        judge(history(with_ttl(syn(0), 53), syn_ack(0.1), with_ttl(data(40, 1, 100), 53),
                      fin_out(300, 1001), with_ttl(fin_in(340, kNext, 1002), 53),
                      with_ttl(with_id(reset_ack(16'900, 102, 1002), id), 255)));
    EXPECT_FALSE(a.rst_from) << all_of(a);
    EXPECT_TRUE(says(a, "after the close: not its cause"));
    EXPECT_TRUE(has_rule(a, "P4"));
  }
}

/// Suricata's bug 2769: the client resets first, then another device answers each server segment.
TEST(RecordedResetsTest, GenuineResetFirstThenAnswersOfAnotherDevice) {
  WireHistory h = history(with_ttl(with_id(syn(0), 22460), 116), syn_ack(0.1),
                          with_ttl(with_id(data(40, 1, 100), 22467), 116),
                          with_ttl(with_id(reset_ack(80, kNext, 8281), 22469), 116));
  int id = 46339;
  for (const std::uint32_t acked : {8281U, 9633U, 12337U, 10985U}) {
    h.add(with_ttl(with_id(reset_ack(90 + id % 100, kNext, acked), id), 244));
    id += 4;
  }
  const Attribution a = judge(h);
  EXPECT_EQ(a.rst_from, RstFrom::kClient) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kModerate);
  EXPECT_TRUE(says(a, "IP id 22469 follows the client's 22467"));
}

/// Suricata's tls-fin-close: the front end of the peer has another initial TTL.
TEST(RecordedResetsTest, FrontEndOfThePeerIsNeutral) {
  const Attribution a = judge(history(with_ttl(syn(0), 59), syn_ack(0.1),
                                      with_ttl(data(40, 1, 100), 59), with_ttl(reset(80), 123)));
  EXPECT_EQ(a.rst_from, RstFrom::kUnknown) << all_of(a);
  EXPECT_EQ(a.confidence, Confidence::kNone);
  EXPECT_TRUE(says(a, "as many hops from another initial ttl"));
}

}  // namespace
}  // namespace connfate::witness

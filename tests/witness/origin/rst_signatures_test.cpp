// SPDX-License-Identifier: Apache-2.0
// The 19 signatures of Sundara Raman et al. (SIGCOMM 2023): what a connection looks like that may
// have been tampered with, and what a quarter of all ordinary connections look like, too. None of
// them names anybody. The tests are rows T1 to T19 of the evidence model's matrix.
#include <gtest/gtest.h>

#include "witness/origin/rst_origin.hpp"
#include "witness/packets.hpp"
#include "witness/silence/silence.hpp"

namespace connfate::witness {
namespace {

using namespace wire;

struct Signature {
  std::string_view name;
  WireHistory (*packets)();
};

Packet more_data(double ms) {
  return data(ms, kNext, 50);
}

const Signature kSignatures[] = {
    {"T1SynThenNothing", [] { return history(syn(0)); }},
    {"T2SynThenRst", [] { return history(syn(0), syn_ack(0.1), reset(40, 1)); }},
    {"T3SynThenRstAck", [] { return history(syn(0), syn_ack(0.1), reset_ack(40, 1)); }},
    {"T4SynThenRstAndRstAck",
     [] { return history(syn(0), syn_ack(0.1), reset(40, 1), reset_ack(41, 1)); }},
    {"T5HandshakeThenNothing", [] { return history(syn(0), syn_ack(0.1)); }},
    {"T6HandshakeThenRst", [] { return history(syn(0), syn_ack(0.1), reset(90, 1)); }},
    {"T7HandshakeThenRsts",
     [] { return history(syn(0), syn_ack(0.1), reset(90, 1), reset(91, 1)); }},
    {"T8HandshakeThenRstAck", [] { return history(syn(0), syn_ack(0.1), reset_ack(90, 1)); }},
    {"T9HandshakeThenRstAcks",
     [] { return history(syn(0), syn_ack(0.1), reset_ack(90, 1), reset_ack(91, 1)); }},
    {"T10DataThenNothing", [] { return established(); }},
    {"T11DataThenRst", [] { return established(reset(80)); }},
    {"T12DataThenRstAck", [] { return established(reset_ack(80)); }},
    {"T13DataThenRstAndRstAck", [] { return established(reset(80), reset_ack(81)); }},
    {"T14DataThenRstAcks", [] { return established(reset_ack(80), reset_ack(81)); }},
    {"T15DataThenRstsWithOneAckNumber",
     [] {
       Packet first = reset(80);
       Packet second = reset(81);
       first.ack_number = second.ack_number = 77;
       return established(first, second);
     }},
    {"T16DataThenRstsWithDifferentAckNumbers",
     [] {
       Packet first = reset(80);
       Packet second = reset(81);
       first.ack_number = 77;
       second.ack_number = 1537;
       return established(first, second);
     }},
    {"T17DataThenRstsOneWithAckNumberZero",
     [] {
       Packet first = reset(80);
       first.ack_number = 77;
       return established(first, reset(81));
     }},
    {"T18MoreDataThenRst", [] { return established(more_data(60), reset(90, 151)); }},
    {"T19MoreDataThenRstAck", [] { return established(more_data(60), reset_ack(90, 151)); }},
};

class RstSignaturesTest : public testing::TestWithParam<Signature> {};

TEST_P(RstSignaturesTest, NamesNobody) {
  HostFacts host;
  host.handshake_ttl = 52;
  host.min_rtt = std::chrono::milliseconds(38);
  const Attribution a = attribute_rst(GetParam().packets(), host, nullptr);
  EXPECT_TRUE(!a.rst_from || *a.rst_from == RstFrom::kUnknown) << all_of(a);
  EXPECT_LE(a.confidence, Confidence::kWeak) << all_of(a);
}

TEST_P(RstSignaturesTest, ThreeSecondsOfNothingProveNothing) {
  HostFacts host;
  host.handshake_ttl = 52;
  Silence silence;
  silence.end = Bytes{1000};
  silence.snapshot.last_ack_recv = silence.snapshot.last_data_recv = std::chrono::seconds(3);
  silence.ended_at = at(3000);
  const Attribution a = attribute_silence(GetParam().packets(), host, silence, true);
  EXPECT_FALSE(a.path_proven_alive) << all_of(a);
}

constexpr auto kName = [](const auto& row) { return std::string(row.param.name); };
INSTANTIATE_TEST_SUITE_P(Signatures, RstSignaturesTest, testing::ValuesIn(kSignatures), kName);

}  // namespace
}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#include "connfate/field.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "unit/sample_observation.hpp"

namespace connfate {
namespace {

struct ContractRow {
  std::string_view name;
  std::string_view unit;
  Needs needs;
  std::string_view fullest;  ///< what it writes of fullest_observation()
};

constexpr auto kSnap = Needs::kSnapshot;
constexpr std::string_view kMax64 = "18446744073709551615";
constexpr std::string_view kMaxUs = "9223372036854775807";
constexpr std::string_view kMaxMs = "9223372036854775";
constexpr std::string_view kMax32 = "4294967295";

constexpr std::string_view kLongestNode =
    "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn";
constexpr std::string_view kThisBoot = "(of this kernel)";

/// The fields of the public contract, in its order. Names are only added, at the end of a group.
constexpr ContractRow kContract[] = {
    {"fate", "token", kSnap, "request_timeout"},
    {"by", "token", kSnap, "unknown"},
    {"phase", "token", kSnap, "request"},
    {"close", "token", kSnap, "timeout"},
    {"err", "errno symbol", kSnap, "EPROTONOSUPPORT"},
    {"err_on", "token", kSnap, "write"},
    {"tcp_state", "symbol", kSnap, "ESTABLISHED"},
    {"written", "bytes", kSnap, kMax64},
    {"acked", "bytes", kSnap, kMax64},
    {"unacked", "bytes", kSnap, kMax64},
    {"notsent", "bytes", kSnap, kMax64},
    {"refused", "bytes", kSnap, kMax64},
    {"start", "bytes", kSnap, kMax64},
    {"end", "bytes", kSnap, kMax64},
    {"retrans", "segments", kSnap, kMax32},
    {"backoff", "count", kSnap, "255"},
    {"silence_ms", "ms", kSnap, "4294967295"},
    {"rtt_us", "us", kSnap, kMaxUs},
    {"rttvar_us", "us", kSnap, kMaxUs},
    {"min_rtt_us", "us", kSnap, kMaxUs},
    {"snd_wnd", "bytes", kSnap, kMax64},
    {"cwnd", "segments", kSnap, kMax32},
    {"rwnd_limited_ms", "ms", kSnap, kMaxMs},
    {"sndbuf_limited_ms", "ms", kSnap, kMaxMs},
    {"busy_ms", "ms", kSnap, kMaxMs},
    {"delivery_rate", "bytes/s", kSnap, kMax64},
    {"ttl", "hops byte", Needs::kTtl, "255"},
    {"cookie", "16 hex digits", Needs::kCookie, "ffffffffffffffff"},
    {"transport", "token", kSnap, "tcp"},
    {"reset_code", "symbol", kSnap, "INADEQUATE_SECURITY"},
    {"node", "text", kSnap, kLongestNode},
    {"boot", "8 hex digits", kSnap, kThisBoot},
    {"rule", "id", kSnap, "backoff-reverted-then-timeout"},
};
static_assert(std::size(kContract) == kFieldCount);

/// What `field` writes; "-" when it is not known.
std::string text_of(const Field& field, const Observation& observation) {
  std::array<char, kFieldSize> buffer{};
  CharWriter out(buffer.data(), buffer.size());
  const bool known = field.write(observation, out);
  EXPECT_EQ(known, out.size() > 0) << field.name;
  EXPECT_FALSE(out.overflowed()) << field.name;
  return known ? std::string(out.view()) : "-";
}

std::string text_of(std::string_view name, const Observation& observation) {
  return text_of(*find_field(name), observation);
}

TEST(FieldTest, TheTableIsTheContractInItsOrder) {
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const Field& field = fields()[i];
    EXPECT_EQ(field.name, kContract[i].name);
    EXPECT_EQ(field.unit, kContract[i].unit) << field.name;
    EXPECT_EQ(field.needs, kContract[i].needs) << field.name;
    EXPECT_FALSE(field.meaning.empty()) << field.name;
  }
}

TEST(FieldTest, AnIdIsTheNameInCamelCase) {
  for (const Field& row : fields()) EXPECT_EQ(&field(row.id), &row);
  EXPECT_EQ(field(FieldId::kErrOn).name, "err_on");
  EXPECT_EQ(field(FieldId::kMinRttUs).name, "min_rtt_us");
  EXPECT_EQ(field(FieldId::kRule).name, "rule");
}

TEST(FieldTest, EveryFieldFitsAtItsMaximum) {
  const Observation fullest = fixture::fullest_observation();
  for (const ContractRow& row : kContract) {
    if (row.fullest == kThisBoot) {
      EXPECT_EQ(text_of(row.name, fullest).size(), 8U);
    } else {
      EXPECT_EQ(text_of(row.name, fullest), row.fullest);
    }
  }
}

TEST(FieldTest, NothingIsKnownOfAnEmptyObservation) {
  const std::set<std::string_view> always_known{"fate", "by", "phase", "transport"};
  for (const Field& field : fields()) {
    if (always_known.contains(field.name)) continue;
    EXPECT_EQ(text_of(field, Observation{}), "-");
  }
  EXPECT_EQ(text_of("fate", Observation{}), "unknown");
  EXPECT_EQ(text_of("by", Observation{}), "unknown");
}

TEST(FieldTest, AnEmptySnapshotIsNotReportedAsZeros) {
  Observation o;
  o.evidence.snapshot = TcpSnapshot{};  // what the oldest kernel tells of a dead connection
  for (const std::string_view name :
       {"backoff", "rtt_us", "rttvar_us", "min_rtt_us", "snd_wnd", "delivery_rate", "written"}) {
    EXPECT_EQ(text_of(name, o), "-") << name;
  }
  EXPECT_EQ(text_of("tcp_state", o), "CLOSE");
}

TEST(FieldTest, NobodyIsWrittenAsUnknownToTheReader) {
  Observation o;
  o.verdict = {Fate::kDelivered, By::kNobody, Phase::kDrained, Close::kOpen, nullptr};
  EXPECT_EQ(text_of("by", o), "-");
}

TEST(FieldTest, ZeroIsAValueWhereItIsKnown) {
  Observation o;
  o.written = o.acked = o.unacked = o.evidence.start = Bytes{0};
  o.retrans = Segments{0};
  o.busy = TcpSnapshot::Microseconds(999);
  for (const std::string_view name :
       {"written", "acked", "unacked", "start", "retrans", "busy_ms"}) {
    EXPECT_EQ(text_of(name, o), "0") << name;
  }
}

TEST(FieldTest, ErrnosWithoutASymbolAreUnknown) {
  Observation o;
  o.evidence.error = SocketError{100000, Operation::kRead};
  EXPECT_EQ(text_of("err", o), "-");
  EXPECT_EQ(text_of("err_on", o), "read");
}

TEST(FieldTest, FindsByExactName) {
  for (const Field& field : fields()) EXPECT_EQ(find_field(field.name), &field);
  for (const std::string_view name : {"", "fat", "fates", "FATE", "v"}) {
    EXPECT_EQ(find_field(name), nullptr) << name;
  }
}

}  // namespace
}  // namespace connfate

// SPDX-License-Identifier: Apache-2.0
// The wire format of reports: what is encoded comes back, and nothing else is taken for a report.
#include "connfate/report.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/one_report.hpp"
#include "unit/same_report.hpp"
#include "unit/sample_report.hpp"

namespace connfate {
namespace {

using fixture::decode_report;
using fixture::full_report;
using fixture::least_report;

static_assert(noexcept(encode_report(Report{}, {})));
static_assert(noexcept(append_report(Report{}, {}, 0)));
static_assert(noexcept(ReportReader({}).next()));

using Datagram = std::vector<std::byte>;

Datagram encoded(const Report& report) {
  std::array<std::byte, kReportSize> buffer{};
  const auto used = encode_report(report, buffer);
  return {used.begin(), used.end()};
}

Datagram& operator+=(Datagram& datagram, std::initializer_list<int> bytes) {
  for (const int byte : bytes) datagram.push_back(static_cast<std::byte>(byte));
  return datagram;
}

/// The datagram with the number of the item `tag` changed; also when it had none.
Datagram with_number(Datagram datagram, int tag, std::uint64_t value) {
  datagram += {tag};
  for (int i = 0; i < 8; ++i) datagram += {static_cast<int>(value >> (8 * i) & 0xff)};
  return datagram;
}

Datagram without(const Datagram& datagram, int tag) {
  Datagram kept(datagram.begin(), datagram.begin() + 5);
  for (std::size_t at = 5; at < datagram.size();) {
    const int found = std::to_integer<int>(datagram[at]);
    const std::size_t size = found < 0x80 ? 9 : 3 + std::to_integer<std::size_t>(datagram[at + 1]);
    const auto first = datagram.begin() + static_cast<std::ptrdiff_t>(at);
    if (found != tag) kept.insert(kept.end(), first, first + static_cast<std::ptrdiff_t>(size));
    at += size;
  }
  return kept;
}

void expect_round_trip(const Report& report) {
  const Datagram datagram = encoded(report);
  const auto back = decode_report(datagram);
  ASSERT_TRUE(back);
  fixture::expect_same(*back, report);
}

TEST(ReportTest, AFullOneComesBack) {
  expect_round_trip(full_report());
}

TEST(ReportTest, TheLeastComesBack) {
  expect_round_trip(least_report());
}

TEST(ReportTest, WhatIsAsInAnEmptyReportIsLeftOut) {
  Report report = full_report();
  report.status = 0;
  report.observation.verdict.phase = Verdict{}.phase;
  report.observation.evidence.view.complete = false;
  report.observation.written = Bytes{};  // known to be none, which is not the same as unknown
  const Datagram datagram = encoded(report);
  for (const int tag : {0x01, 0x12, 0x34}) EXPECT_EQ(without(datagram, tag), datagram) << tag;
  EXPECT_NE(without(datagram, 0x14), datagram);
  expect_round_trip(report);
}

TEST(ReportTest, ARuleOfALaterVersionKeepsItsName) {
  Report report = least_report();
  report.rule = "swallowed-by-a-whale";
  expect_round_trip(report);
  EXPECT_EQ(decode_report(encoded(report))->observation.verdict.rule, nullptr);
}

TEST(ReportTest, TheVerdictsRuleIsSentByItsName) {
  Report report = full_report();
  report.rule = {};
  const Datagram datagram = encoded(report);
  EXPECT_EQ(decode_report(datagram)->rule, report.observation.verdict.rule->id);
}

TEST(ReportTest, EveryTruncationIsRefused) {
  for (const Report& report : {full_report(), least_report()}) {
    const Datagram datagram = encoded(report);
    for (std::size_t size = 0; size < datagram.size(); ++size) {
      EXPECT_FALSE(decode_report(std::span(datagram).first(size))) << size;
    }
  }
}

TEST(ReportTest, UnknownTagsAreSkipped) {
  Datagram datagram = with_number(encoded(full_report()), 0x7e, ~0ULL);
  datagram += {0xff, 3, 0, 'a', 'b', 'c'};
  datagram += {0xfe, 0, 0};
  const auto report = decode_report(datagram);
  ASSERT_TRUE(report);
  EXPECT_EQ(encoded(*report), encoded(full_report()));
}

TEST(ReportTest, AnotherMagicOrVersionIsRefused) {
  for (std::size_t i = 0; i < 5; ++i) {
    Datagram datagram = encoded(full_report());
    datagram[i] ^= std::byte{2};
    EXPECT_FALSE(decode_report(datagram)) << i;
  }
}

struct RangeRow {
  std::string_view what;
  int tag;
  std::uint64_t first_refused;
};

constexpr RangeRow kRanges[] = {
    {"status", 0x01, 0x10000},
    {"local port", 0x03, 0x10000},
    {"remote port", 0x04, 0x10000},
    {"retrans", 0x18, 1ULL << 32},
    {"ttl", 0x1d, 256},
    {"errno", 0x26, 1ULL << 31},
    {"a flag", 0x34, 2},
    {"state", 0x40, 256},
    {"rto", 0x44, (1ULL << 56) + 1},
    {"total_rto_time", 0x5a, (1ULL << 56) / 1000 + 1},
};

TEST(ReportTest, AValueOutsideItsTypeIsRefused) {
  const Datagram datagram = encoded(full_report());
  for (const RangeRow& row : kRanges) {
    EXPECT_TRUE(decode_report(with_number(datagram, row.tag, row.first_refused - 1))) << row.what;
    EXPECT_FALSE(decode_report(with_number(datagram, row.tag, row.first_refused))) << row.what;
    EXPECT_FALSE(decode_report(with_number(datagram, row.tag, ~0ULL))) << row.what;
  }
  EXPECT_FALSE(decode_report(with_number(datagram, 0x26, 0))) << "errno 0";
}

TEST(ReportTest, WhatAReportCannotDoWithoutIsRequired) {
  const Datagram datagram = encoded(full_report());
  for (const int tag : {0x03, 0x04, 0x80, 0x81, 0x10, 0x26, 0x27, 0x40, 0x7f}) {
    EXPECT_FALSE(decode_report(without(datagram, tag))) << tag;
  }
  for (const int tag : {0x01, 0x84, 0x11, 0x14, 0x1c, 0x31, 0x41}) {
    EXPECT_TRUE(decode_report(without(datagram, tag))) << tag;
  }
}

TEST(ReportTest, AnAddressHasSixteenBytes) {
  Datagram datagram = encoded(full_report());
  datagram += {0x80, 4, 0, 192, 0, 2, 1};
  EXPECT_FALSE(decode_report(datagram));
}

TEST(ReportTest, LongTextsAreCut) {
  const std::string endless(70'000, 'x');
  Report report = full_report();
  report.uri = report.host = report.method = report.request_id = report.server = endless;
  const Datagram datagram = encoded(report);
  const auto back = decode_report(datagram);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->uri, endless.substr(0, kReportTextSize));
  EXPECT_EQ(back->host.size(), kReportTextSize);
  EXPECT_EQ(back->method.size(), kReportWordSize);
  EXPECT_LE(datagram.size(), kReportSize);
}

TEST(ReportTest, ATextThatNobodyEncodesIsRefused) {
  Datagram datagram = encoded(full_report());
  datagram += {0x83, 1, 1};  // 257 bytes
  datagram.resize(datagram.size() + 257);
  EXPECT_FALSE(decode_report(datagram));
}

TEST(ReportTest, ASmallBufferStaysUntouched) {
  std::array<std::byte, kReportSize - 1> buffer{};
  EXPECT_TRUE(encode_report(full_report(), buffer).empty());
  EXPECT_EQ(buffer[0], std::byte{0});
}

/// So many reports in one datagram, told apart by their status: 0, 1, 2 ...
Datagram several(int count) {
  Datagram buffer(kDatagramSize);
  std::size_t used = 0;
  for (int status = 0; status < count; ++status) {
    Report report = full_report();
    report.status = static_cast<std::uint16_t>(status);
    used = append_report(report, buffer, used);
  }
  buffer.resize(used);
  return buffer;
}

/// The status of each report; -1 for one that is refused.
std::vector<int> statuses(std::span<const std::byte> datagram) {
  std::vector<int> found;
  for (ReportReader reader(datagram); reader.has_more();) {
    const auto report = reader.next();
    found.push_back(report ? report->status : -1);
  }
  return found;
}

TEST(ReportTest, ADatagramHoldsSeveral) {
  EXPECT_EQ(statuses(several(1)), (std::vector{0}));
  EXPECT_EQ(statuses(several(3)), (std::vector{0, 1, 2}));
  EXPECT_EQ(several(1), without(encoded(full_report()), 0x01)) << "as one that holds one only";
  EXPECT_FALSE(decode_report(several(2)));
}

TEST(ReportTest, ARefusedReportDoesNotTakeTheOthersWithIt) {
  Datagram datagram = with_number(several(1), 0x26, 0);
  const Datagram more = several(3);
  datagram += {0};
  datagram.insert(datagram.end(), more.begin() + 5, more.end());
  EXPECT_EQ(statuses(datagram), (std::vector{-1, 0, 1, 2}));
}

TEST(ReportTest, NothingFollowsAnItemThatIsCutShort) {
  Datagram datagram = several(2);
  EXPECT_EQ(statuses(std::span(datagram).first(datagram.size() - 1)), (std::vector{0, -1}));
  datagram += {0};
  EXPECT_EQ(statuses(datagram), (std::vector{0, 1, -1})) << "an announced report that is missing";
  EXPECT_EQ(statuses({}), (std::vector{-1}));
}

TEST(ReportTest, OneThatMightNotFitIsNotAppended) {
  Datagram buffer(kDatagramSize, std::byte{0xee});
  const std::size_t used = buffer.size() - kReportSize + 1;
  EXPECT_EQ(append_report(full_report(), buffer, used), used);
  EXPECT_EQ(buffer, Datagram(kDatagramSize, std::byte{0xee}));
}

TEST(ReportTest, ThePathOfATarget) {
  EXPECT_EQ(path_of("/a/b?c=d?e"), "/a/b");
  EXPECT_EQ(path_of("/login?next=http://example.org/a"), "/login");
  EXPECT_EQ(path_of("//a://b"), "//a://b");
  EXPECT_EQ(path_of("http://example.org/a%20b?c"), "/a%20b");
  EXPECT_EQ(path_of("http://example.org?c"), "/");
  EXPECT_EQ(path_of("*"), "*");
  EXPECT_EQ(path_of("example.org:443"), "example.org:443");
  EXPECT_EQ(path_of(""), "");
}

TEST(ReportTest, NumbersAreLittleEndian) {
  const Datagram datagram = encoded(full_report());
  const std::string text(reinterpret_cast<const char*>(datagram.data()), datagram.size());
  EXPECT_TRUE(text.starts_with(std::string("CNFR\x01\x01\xce\0\0\0\0\0\0\0", 14)));
  EXPECT_NE(text.find(std::string("\x83\x03\0GET", 6)), text.npos);
}

}  // namespace
}  // namespace connfate

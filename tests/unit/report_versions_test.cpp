// SPDX-License-Identifier: Apache-2.0
// Reports between versions: modules and witness are updated one after the other.
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "connfate/report.hpp"
#include "unit/first_version.hpp"
#include "unit/one_report.hpp"
#include "unit/same_report.hpp"
#include "unit/sample_report.hpp"

namespace connfate {
namespace {

using Datagram = std::vector<std::byte>;

std::string read_fixture(const std::string& name) {
  std::ifstream file(CONNFATE_FIXTURES "/reports/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

Datagram encoded(const Report& report) {
  std::array<std::byte, kReportSize> buffer{};
  const auto used = encode_report(report, buffer);
  return {used.begin(), used.end()};
}

struct WireItem {
  int tag = 0;
  std::uint64_t number = 0;  ///< or the length of the text
};

/// Reads the format as its header describes it, with no help from core.
std::vector<WireItem> items_of(const Datagram& datagram) {
  std::vector<WireItem> items;
  const auto number_at = [&](std::size_t at, std::size_t size) {
    std::uint64_t number = 0;
    while (size-- > 0) number = number << 8 | std::to_integer<std::uint64_t>(datagram[at + size]);
    return number;
  };
  for (std::size_t at = 5; at < datagram.size();) {
    const int tag = std::to_integer<int>(datagram[at]);
    const std::uint64_t number = number_at(at + 1, tag < 0x80 ? 8 : 2);
    items.push_back({tag, number});
    at += tag < 0x80 ? 9 : 3 + number;
  }
  return items;
}

// --- the enumerations that travel
// -----------------------------------------------------------------

std::string name_of(Transport transport) {
  switch (transport) {
    case Transport::kTcp: return "tcp";
    case Transport::kQuic: return "quic";
    case Transport::kOther: break;
  }
  return "other";
}
template <typename E>
std::string name_of(E value) {
  return std::string(to_token(value));
}

void set(Report& r, Fate value) {
  r.observation.verdict.fate = value;
}
void set(Report& r, By value) {
  r.observation.verdict.by = value;
}
void set(Report& r, Phase value) {
  r.observation.verdict.phase = value;
}
void set(Report& r, Close value) {
  r.observation.verdict.close = value;
}
void set(Report& r, Transport value) {
  r.observation.evidence.view.transport = value;
}
void set(Report& r, Operation value) {
  r.observation.evidence.error = SocketError{EPIPE, value};
}

struct Enumeration {
  std::string_view name;
  int tag, late_tag;
  std::uint64_t initial;  ///< the number of what is left out of a datagram
  std::string unknown;    ///< what a number of a later version becomes
  std::string (*token_of)(const Report&);
  void (*set)(Report&, std::uint8_t);
};

template <typename E>
void set_number(Report& report, std::uint8_t value) {
  set(report, static_cast<E>(value));
}

const Enumeration kEnumerations[] = {
    {"fate", 0x10, 0x60, 13, "unknown",
     [](const Report& r) { return name_of(r.observation.verdict.fate); }, set_number<Fate>},
    {"by", 0x11, 0x61, 5, "unknown",
     [](const Report& r) { return name_of(r.observation.verdict.by); }, set_number<By>},
    {"phase", 0x12, 0x62, 1, "-",
     [](const Report& r) { return name_of(r.observation.verdict.phase); }, set_number<Phase>},
    {"close", 0x13, 0x63, 0, "-",
     [](const Report& r) { return name_of(r.observation.verdict.close); }, set_number<Close>},
    {"transport", 0x30, 0x64, 0, "other",
     [](const Report& r) { return name_of(r.observation.evidence.view.transport); },
     set_number<Transport>},
    {"operation", 0x27, 0x65, 0, "-",
     [](const Report& r) { return name_of(r.observation.evidence.error.value().operation); },
     set_number<Operation>},
};

/// A report with every number in it, so that none is left out for being initial.
Report sample(const Enumeration& enumeration, int value) {
  Report report = fixture::full_report();
  enumeration.set(report, static_cast<std::uint8_t>(value));
  return report;
}

std::uint64_t number_in(const Enumeration& enumeration, const Report& report) {
  std::uint64_t number = enumeration.initial;
  for (const WireItem& item : items_of(encoded(report))) {
    if (item.tag == enumeration.tag || item.tag == enumeration.late_tag) number = item.number;
  }
  return number;
}

/// All enumerators, as the recorded list writes them. A value that is none is encoded as unknown.
std::set<std::string> numbers_of_this_tree() {
  std::set<std::string> lines;
  for (const Enumeration& e : kEnumerations) {
    for (int value = 0; value < 256; ++value) {
      const Report report = sample(e, value);
      std::ostringstream line;
      line << e.name << ' ' << number_in(e, report) << ' ' << e.token_of(report);
      lines.insert(line.str());
    }
  }
  return lines;
}

TEST(ReportVersionsTest, EveryEnumeratorHasItsRecordedNumber) {
  std::set<std::string> recorded;
  std::istringstream file(read_fixture("numbers.txt"));
  for (std::string line; std::getline(file, line);) recorded.insert(line);
  EXPECT_EQ(numbers_of_this_tree(), recorded)
      << "a new enumerator gets the next free number, and a line in tests/fixtures/reports";
}

TEST(ReportVersionsTest, EveryEnumeratorComesBack) {
  for (const Enumeration& e : kEnumerations) {
    for (int value = 0; value < 256; ++value) {
      const Report report = sample(e, value);
      const auto back = fixture::decode_report(encoded(report));
      ASSERT_TRUE(back) << e.name << ' ' << value;
      EXPECT_EQ(e.token_of(*back), e.token_of(report)) << e.name << ' ' << value;
    }
  }
}

TEST(ReportVersionsTest, ANumberOfALaterVersionBecomesUnknown) {
  for (const Enumeration& e : kEnumerations) {
    for (const int tag : {e.tag, e.late_tag}) {
      for (const int number : {100, 255, 256, 1 << 20}) {
        Datagram datagram = encoded(fixture::full_report());
        datagram.push_back(static_cast<std::byte>(tag));
        for (int i = 0; i < 8; ++i) {
          datagram.push_back(static_cast<std::byte>(std::uint64_t(number) >> (8 * i) & 0xff));
        }
        const auto report = fixture::decode_report(datagram);
        ASSERT_TRUE(report) << e.name << ' ' << number;
        EXPECT_EQ(e.token_of(*report), e.unknown) << e.name << ' ' << number;
      }
    }
  }
}

// --- the first version writes, this tree reads
// ----------------------------------------------------

void expect_reads_as(const std::string& name, const Report& expected) {
  const std::string datagram = read_fixture("first_version/" + name);
  auto report = fixture::decode_report(bytes_of(datagram));
  ASSERT_TRUE(report) << name;
  report->observation.verdict.rule = nullptr;  // this tree may have forgotten it
  fixture::expect_same(*report, expected);
}

TEST(ReportVersionsTest, AFullReportOfTheFirstVersionIsRead) {
  expect_reads_as("full", fixture::first_version::full());
}

TEST(ReportVersionsTest, WhatTheFirstVersionLeftOutIsReadAsItMeantIt) {
  expect_reads_as("least", fixture::first_version::least());
}

TEST(ReportVersionsTest, EachEnumeratorOfTheFirstVersionIsRead) {
  const std::string datagram = read_fixture("first_version/each");
  int reports = 0;
  for (ReportReader reader(bytes_of(datagram)); reader.has_more(); ++reports) {
    const auto report = reader.next();
    ASSERT_TRUE(report) << reports;
    const std::string_view enumeration = report->rule.substr(0, report->rule.find(' '));
    const auto* row = std::ranges::find(kEnumerations, enumeration, &Enumeration::name);
    ASSERT_NE(row, std::end(kEnumerations)) << report->rule;
    EXPECT_EQ(row->token_of(*report), report->rule.substr(enumeration.size() + 1));
  }
  EXPECT_EQ(reports, 37);
}

// --- this tree writes, the first version reads
// ----------------------------------------------------

/// What the reader of the first version accepts; recorded from it.
struct Limits {
  bool is_text = false;
  std::uint64_t longest = 0, shortest = 0;
  bool is_required = false;
};

std::map<int, Limits> first_readers_limits() {
  std::map<int, Limits> limits;
  std::istringstream file(read_fixture("first_version/items.txt"));
  std::string kind, need;
  Limits row;
  for (int tag = 0;
       file >> std::hex >> tag >> std::dec >> kind >> row.longest >> row.shortest >> need;) {
    row.is_text = kind == "text";
    row.is_required = need == "required";
    limits[tag] = row;
  }
  return limits;
}

/// Of an error and of a snapshot something is required, if there is one.
bool is_asked_for(int tag, const std::set<int>& seen) {
  const auto holds = [&](int first, int last) {
    const auto found = seen.lower_bound(first);
    return found != seen.end() && *found <= last;
  };
  if (tag == 0x26 || tag == 0x27) return holds(0x26, 0x27);
  return tag != 0x40 || holds(0x40, 0x5a);
}

void expect_first_version_reads(const Report& report, const std::string& what) {
  static const auto limits = first_readers_limits();
  const Datagram datagram = encoded(report);
  std::set<int> seen;
  for (const WireItem& item : items_of(datagram)) {
    seen.insert(item.tag);
    const auto found = limits.find(item.tag);
    if (found == limits.end()) continue;  // it skips what it does not know
    EXPECT_LE(item.number, found->second.longest) << what << ", tag " << item.tag;
    EXPECT_GE(item.number, found->second.shortest) << what << ", tag " << item.tag;
  }
  for (const auto& [tag, row] : limits) {
    const bool is_missed = row.is_required && is_asked_for(tag, seen) && !seen.contains(tag);
    EXPECT_FALSE(is_missed) << what << ", tag " << tag;
  }
}

TEST(ReportVersionsTest, TheFirstVersionReadsWhateverThisOneWrites) {
  ASSERT_EQ(first_readers_limits().size(), 77U);
  expect_first_version_reads(fixture::full_report(), "full");
  expect_first_version_reads(fixture::least_report(), "least");
  for (const Enumeration& e : kEnumerations) {
    for (int value = 0; value < 256; ++value) {
      expect_first_version_reads(sample(e, value), std::string(e.name) + std::to_string(value));
    }
  }
}

TEST(ReportVersionsTest, WhatTheFirstVersionWroteIsWrittenTheSameWay) {
  for (const std::string name : {"full", "least"}) {
    const std::string datagram = read_fixture("first_version/" + name);
    const auto report = fixture::decode_report(bytes_of(datagram));
    ASSERT_TRUE(report) << name;
    EXPECT_TRUE(std::ranges::equal(encoded(*report), bytes_of(datagram))) << name;
  }
}

}  // namespace
}  // namespace connfate

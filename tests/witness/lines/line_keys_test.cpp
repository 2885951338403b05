// SPDX-License-Identifier: Apache-2.0
// One table of keys, and everything that repeats it: what is written, the schema, the page.
#include "witness/lines/line_keys.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "witness/events.hpp"
#include "witness/lines/final_line.hpp"
#include "witness/page_rows.hpp"

namespace connfate::witness {
namespace {

using Json = nlohmann::ordered_json;
using Names = std::vector<std::string>;

Names names_of_table() {
  Names names;
  for (const LineKeyRow& row : kLineKeys) names.emplace_back(row.name);
  return names;
}

Names names_of(const Json& object) {
  Names names;
  for (const auto& [key, value] : object.items()) names.push_back(key);
  return names;
}

/// A line about everything at once, of which no real one could be true.
FinalLine line_with_all() {
  static const HostIdentity kHost = HostIdentity::read();
  FinalLine line;
  line.identity = &kHost;
  line.server = line.method = line.uri = line.host = line.request_id = "x";
  line.status = 200;
  line.cookie = 1;
  line.flow = events::flow();
  line.duration = std::chrono::milliseconds(1);
  line.first = Fate::kPending;
  line.phase = Phase::kDrained;
  line.rule = "x";
  line.final = false;
  line.reason = "evicted";
  line.start = line.end = line.written = line.acked = line.unacked = line.refused = Bytes{1};
  line.retrans = Segments{1};
  line.silence = std::chrono::milliseconds(1);
  line.rtt = line.min_rtt = std::chrono::microseconds(1);
  line.ttl = 52;
  line.rst_from = RstFrom::kPath;
  line.evidence = line.evidence_rules = {"P2"};
  line.capture = CaptureHealth::kPartial;
  line.benign = true;
  return line;
}

TEST(LineKeysTest, EachIsWrittenInTheOrderOfTheTable) {
  EXPECT_EQ(names_of(Json::parse(to_json(line_with_all()))), names_of_table());
}

TEST(LineKeysTest, TheSchemaHasTheTableAndNothingElse) {
  std::ifstream file(CONNFATE_LINE_SCHEMA);
  EXPECT_EQ(names_of(Json::parse(file)["definitions"]["final"]["properties"]), names_of_table());
}

TEST(LineKeysTest, ThePageHasTheTable) {
  std::vector<PageRow> expected;
  for (const LineKeyRow& row : kLineKeys) expected.emplace_back(row.name, row.meaning);
  EXPECT_EQ(rows_of_page(CONNFATE_WITNESS_PAGE, "| key | meaning |"), expected);
}

}  // namespace
}  // namespace connfate::witness

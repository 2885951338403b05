// SPDX-License-Identifier: Apache-2.0
// The keys that the witness writes, and what the reader makes of them.
#include "witness/lines/line_keys.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "cli/log/json_key.hpp"

namespace connfate::cli::log {
namespace {

using witness::LineKey;

/// A value that the reader takes, whatever the key: a time for those of time, a figure for others.
std::string_view sample_of(LineKey key) {
  if (key == LineKey::kTime) return "2026-11-24T06:37:11Z";
  if (key == LineKey::kTs) return "1795507158.123456";
  if (key == LineKey::kFinal) return "false";
  if (key == LineKey::kEvidence) return "3 clients fell silent within a minute while 4 answered";
  return key == LineKey::kBenign ? "true" : "7";
}

bool is_read(LineKey key) {
  Record record;
  set_member(record, name_of(key), sample_of(key));
  const WitnessWords& w = record.witness;
  bool read = record.time || record.duration || !w.final || w.benign;
  for (const std::string_view text :
       {record.client, record.client_port, record.host, record.server, record.method, record.uri,
        record.status, record.request_id, w.event, w.first, w.reason, w.rst_from, w.confidence,
        w.capture, w.shared_silence}) {
    read = read || !text.empty();
  }
  for (const std::string_view field : record.fields) read = read || !field.empty();
  return read;
}

/// Whoever adds a key decides here whether the report has a use for it.
TEST(LineKeysTest, EveryKeyOfTheWitnessIsReadButThese) {
  std::set<std::string_view> unread;
  for (const auto& row : witness::kLineKeys) {
    if (!is_read(row.key)) unread.insert(row.name);
  }
  EXPECT_EQ(unread, (std::set<std::string_view>{"capture_lost", "evidence_rules", "local",
                                                "local_port", "v"}));
}

}  // namespace
}  // namespace connfate::cli::log

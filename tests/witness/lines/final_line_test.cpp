// SPDX-License-Identifier: Apache-2.0
#include "witness/lines/final_line.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "witness/events.hpp"
#include "witness/origin/rst_origin.hpp"
#include "witness/own_host/own_host.hpp"
#include "witness/schema.hpp"
#include "witness/silence/silence.hpp"

namespace connfate::witness {
namespace {

using nlohmann::json;

const HostIdentity& web1() {
  static const HostIdentity kHost = [] {
    HostIdentity host = HostIdentity::read();
    host.rename("web1");
    return host;
  }();
  return kHost;
}

FinalLine full_line() {
  FinalLine line;
  line.identity = &web1();
  line.time = std::chrono::sys_time<std::chrono::microseconds>(
      std::chrono::microseconds(1'800'000'000'000'042));
  line.server = "nginx";
  line.method = "GET";
  line.uri = "/a b";
  line.host = "www.example.com";
  line.request_id = "f00";
  line.status = 200;
  line.duration = std::chrono::milliseconds(31);
  line.flow = events::flow();
  line.cookie = 0xabc;
  line.first = Fate::kPending;
  line.fate = Fate::kRstReceived;
  line.by = By::kPath;
  line.phase = Phase::kDrained;
  line.close = Close::kRst;
  line.rule = "final-rst";
  line.start = Bytes{0};
  line.end = line.written = Bytes{1000};
  line.acked = Bytes{400};
  line.unacked = Bytes{600};
  line.retrans = Segments{2};
  line.silence = std::chrono::milliseconds(70);
  line.rtt = line.min_rtt = std::chrono::microseconds(20000);
  line.ttl = 52;
  line.rst_from = RstFrom::kPath;
  line.confidence = Confidence::kStrong;
  line.evidence = {"ttl 64, client's handshake 52"};
  line.evidence_rules = {"P2", "P5"};
  line.capture = CaptureHealth::kPartial;
  line.capture_lost = 3;
  return line;
}

FinalLine bare_line() {
  FinalLine line;
  line.about = FinalLine::About::kConnection;
  line.flow = events::flow();
  line.rule = "conn-no-request";
  return line;
}

TEST(FinalLine, keeps_its_schema_with_everything_and_with_nothing) {
  for (const FinalLine& line : {full_line(), bare_line()}) {
    for (const std::string& words : schema_complaints(to_json(line))) {
      ADD_FAILURE() << words << "\n" << to_json(line);
    }
  }
}

TEST(FinalLine, schema_knows_every_word) {
  FinalLine line = full_line();
  const auto expect_known = [&] {
    for (const std::string& words : schema_complaints(to_json(line))) ADD_FAILURE() << words;
  };
  for (int i = 0; i < kFateCount; ++i) {
    line.fate = static_cast<Fate>(i);
    line.first = line.fate;
    expect_known();
  }
  for (const By by : {By::kNobody, By::kClient, By::kPath, By::kPeer, By::kServer, By::kUnknown}) {
    line.by = by;
    expect_known();
  }
}

/// Who validates a log must not lose the lines that convict this host.
TEST(FinalLine, schema_knows_every_rule_of_attribution) {
  FinalLine line = full_line();
  line.evidence_rules.clear();
  for (const auto rules : {own_host_rules(), origin_rules(), silence_rules()}) {
    for (const auto& rule : rules) line.evidence_rules.emplace_back(rule.id);
  }
  ASSERT_GT(line.evidence_rules.size(), 20U);
  for (const std::string& words : schema_complaints(to_json(line))) ADD_FAILURE() << words;
}

TEST(FinalLine, schema_refuses_what_is_not_promised) {
  json line = json::parse(to_json(full_line()));
  line["fate"] = "eaten";
  EXPECT_FALSE(schema_complaints(line.dump()).empty());
  line = json::parse(to_json(full_line()));
  line["surprise"] = 1;
  EXPECT_FALSE(schema_complaints(line.dump()).empty());
  line = json::parse(to_json(full_line()));
  line["final"] = false;
  EXPECT_FALSE(schema_complaints(line.dump()).empty()) << "a reason is missing";
  EXPECT_FALSE(schema_complaints("{").empty());
}

TEST(FinalLine, writes_what_it_was_given) {
  const json line = json::parse(to_json(full_line()));
  EXPECT_EQ(line["event"], "response");
  EXPECT_EQ(line["time"], "2027-01-15T08:00:00.000042Z");
  EXPECT_NE(to_json(full_line()).find("\"ts\":1800000000.000042,"), std::string::npos);
  EXPECT_EQ(line["node"], "web1");
  EXPECT_EQ(line["boot"].get<std::string>().size(), 8U);
  EXPECT_EQ(line["client"], "192.0.2.7");
  EXPECT_EQ(line["client_port"], 40000);
  EXPECT_EQ(line["cookie"], "0000000000000abc");
  EXPECT_EQ(line["first"], "pending");
  EXPECT_EQ(line["fate"], "rst_received");
  EXPECT_EQ(line["rst_from"], "path");
  EXPECT_EQ(line["capture"], "partial");
  EXPECT_EQ(line["capture_lost"], 3);
  EXPECT_EQ(line["silence_ms"], 70);
}

TEST(FinalLine, leaves_out_what_is_not_known) {
  const json line = json::parse(to_json(bare_line()));
  for (const char* key : {"status", "acked", "rst_from", "reason", "ttl", "uri", "first"}) {
    EXPECT_FALSE(line.contains(key)) << key;
  }
}

TEST(FinalLine, survives_bytes_that_are_no_utf8) {
  FinalLine line = full_line();
  line.uri = "/caf\xe9\"\n";
  const json parsed = json::parse(to_json(line));
  EXPECT_EQ(parsed["uri"], "/caf\xef\xbf\xbd\"\n");
  EXPECT_EQ(to_json(line).find('\n'), std::string::npos);
}

TEST(FinalLine, speaks_logfmt_too) {
  const std::string text = to_logfmt(full_line());
  EXPECT_EQ(text.substr(0, 15), "event=response ");
  EXPECT_NE(text.find(" uri=\"/a b\" "), std::string::npos) << text;
  EXPECT_NE(text.find(" fate=rst_received by=path "), std::string::npos) << text;
  EXPECT_NE(text.find(" evidence=\"ttl 64, client's handshake 52\" "), std::string::npos) << text;
}

TEST(FinalLine, spells_what_a_stranger_wrote_in_ascii_alone) {
  FinalLine line = full_line();
  line.uri = "/caf\xc3\xa9\xe2\x80\xae";  // a letter, and what turns the text around
  for (const std::string& text : {to_json(line), to_logfmt(line)}) {
    EXPECT_NE(text.find("/caf\\u00e9\\u202e"), std::string::npos) << text;
    for (const char c : text) EXPECT_TRUE(c >= ' ' && c < '\x7f') << text;
  }
  EXPECT_EQ(json::parse(to_json(line))["uri"], line.uri);
}

TEST(FinalLine, lets_no_control_character_stand) {
  FinalLine line;
  line.rule = "final-rst";
  line.uri = "/a\x7f\x1b\x01";
  line.host = "h\x7f";
  for (const std::string& text : {to_json(line), to_logfmt(line)}) {
    EXPECT_NE(text.find("/a\\u007f\\u001b\\u0001"), std::string::npos) << text;
    EXPECT_EQ(text.find('\x7f'), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace connfate::witness

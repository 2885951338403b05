// SPDX-License-Identifier: Apache-2.0
#include "cli/log/json_line.hpp"

#include <gtest/gtest.h>

#include "cli/log/parsed.hpp"

namespace connfate::cli::log {
namespace {

TEST(JsonLineTest, reads_the_format_of_nginx_json) {
  const Parsed line(
      R"({"time":"2026-11-24T07:59:18+00:00","remote_addr":"203.0.113.7","method":"GET","uri":"/a b",)"
      R"("status":"200","request_time":"1.250","request_id":"abc","fate":"rst_received","by":"peer",)"
      R"("phase":"sending","close":"rst","written":"500","acked":"-","rule":"rst-before-ack",)"
      R"("connfate":"fate=rst_received by=peer written=500 end=500 cookie=0000000000001a2b v=1"})");
  EXPECT_EQ(line->kind, Kind::kJson);
  EXPECT_EQ(line->fate, Fate::kRstReceived);
  EXPECT_EQ(seconds(line.record), kNow);
  EXPECT_EQ(line->client, "203.0.113.7");
  EXPECT_EQ(line->uri, "/a b");
  EXPECT_EQ(line->duration, std::chrono::milliseconds(1250));
  EXPECT_EQ(line->request_id, "abc");
  EXPECT_EQ(line->field(FieldId::kCookie), "0000000000001a2b");
}

TEST(JsonLineTest, reads_the_format_of_httpd_json) {
  const Parsed line(
      R"({"time":"2026-11-24T07:59:18+0000","remote_addr":"203.0.113.7","method":"GET","uri":"/a",)"
      R"("status":"200","duration_us":"1500","fate":"delivered","by":"-","phase":"drained",)"
      R"("close":"open","written":"500","acked":"500","rule":"all-acked","connfate":"-"})");
  EXPECT_EQ(line->kind, Kind::kJson);
  EXPECT_EQ(seconds(line.record), kNow);
  EXPECT_EQ(line->duration, std::chrono::microseconds(1500));
  EXPECT_EQ(line->number(FieldId::kWritten), 500U);
  EXPECT_EQ(line->field(FieldId::kBy), "");
}

TEST(JsonLineTest, of_the_evidence_the_silence_of_a_network_is_kept) {
  constexpr std::string_view kStatement =
      "3 clients of 198.51.100.0/24 fell silent within a minute while 6 other networks answered: "
      "consistent with a failure of what they share";
  const Parsed json(
      R"({"event":"response","fate":"ack_timeout","evidence":["0 of 5","3 clients of )"
      R"(198.51.100.0/24 fell silent within a minute while 6 other networks answered: )"
      R"(consistent with a failure of what they share","x"],"client":"198.51.100.7"})");
  EXPECT_EQ(json->witness.shared_silence, kStatement);
  EXPECT_EQ(json->client, "198.51.100.7") << "what follows the list is read";
  const Parsed logfmt("event=response fate=ack_timeout evidence=\"0 of 5; " +
                      std::string(kStatement) + "; x\"");
  EXPECT_EQ(logfmt->witness.shared_silence, kStatement);
  EXPECT_EQ(
      Parsed(R"({"event":"response","fate":"ack_timeout","evidence":[]})")->witness.shared_silence,
      "");
}

TEST(JsonLineTest, a_dash_is_not_known) {
  const Parsed line(R"({"uri":"/","status":"200","fate":"-","written":"-"})");
  EXPECT_EQ(line->kind, Kind::kNoFate);
  EXPECT_EQ(line->number(FieldId::kWritten), std::nullopt);
}

TEST(JsonLineTest, bytes_that_are_not_utf8_do_not_make_it_unparsable) {
  const Parsed line("{\"uri\":\"/caf\xe9\",\"fate\":\"delivered\"}");
  EXPECT_EQ(line->kind, Kind::kJson);
  EXPECT_EQ(line->uri, "/caf?");
}

TEST(JsonLineTest, unescapes) {
  const Parsed line(R"({"uri":"/\u001b[31m\"","fate":"delivered"})");
  EXPECT_EQ(line->uri, "/\x1b[31m\"");
}

TEST(JsonLineTest, members_of_other_kinds_are_skipped) {
  const Parsed line(
      R"({"a":[1,{"fate":"delivered"}],"b":{"fate":"delivered"},"c":null,"fate":"pending"})");
  EXPECT_EQ(line->fate, Fate::kPending);
}

TEST(JsonLineTest, what_is_cut_or_followed_by_more_is_unparsable) {
  EXPECT_EQ(Parsed(R"({"uri":"/","fate":"deliv)")->kind, Kind::kUnparsable);
  EXPECT_EQ(Parsed(R"({"uri":"/","fate":"delivered"} x)")->kind, Kind::kUnparsable);
  EXPECT_EQ(Parsed("{")->kind, Kind::kUnparsable);
  EXPECT_EQ(Parsed(std::string(100'000, '{'))->kind, Kind::kUnparsable);
}

constexpr const char* kWitnessLine =
    R"({"event":"response","time":"2026-11-24T07:59:18.250000Z","server":"nginx","method":"GET",)"
    R"("host":"example.org","uri":"/big","status":200,"client":"203.0.113.7","client_port":5000,)"
    R"("local":"192.0.2.1","local_port":443,"cookie":"0000000000001a2b","first":"pending",)"
    R"("fate":"rst_received","by":"path","phase":"sending","close":"rst","rule":"final-rst",)"
    R"("final":true,"end":500,"written":500,"acked":0,"rst_from":"path","confidence":"moderate",)"
    R"("evidence":["a, b"],"capture":"complete","v":1})";

TEST(JsonLineTest, reads_a_line_of_the_witness) {
  const Parsed line(kWitnessLine);
  EXPECT_EQ(line->kind, Kind::kWitness);
  EXPECT_EQ(line->fate, Fate::kRstReceived);
  EXPECT_EQ(line->witness.event, "response");
  EXPECT_EQ(line->witness.first, "pending");
  EXPECT_EQ(line->witness.rst_from, "path");
  EXPECT_TRUE(line->witness.final);
  EXPECT_EQ(line->number(FieldId::kEnd), 500U);
  EXPECT_EQ(line->host, "example.org");
  EXPECT_EQ(line->status, "200");
}

TEST(JsonLineTest, reads_the_same_as_logfmt) {
  const Parsed line(
      "event=response time=2026-11-24T07:59:18.250000Z server=nginx method=GET uri=\"/a \\\"b\" "
      "status=200 client=203.0.113.7 cookie=0000000000001a2b first=pending fate=ack_timeout "
      "by=peer "
      "close=timeout rule=final-silence final=false reason=lost_events end=500 confidence=none "
      "evidence=\"a; b\" capture=off v=1");
  EXPECT_EQ(line->kind, Kind::kWitness);
  EXPECT_EQ(line->fate, Fate::kAckTimeout);
  EXPECT_EQ(line->uri, "/a \"b");
  EXPECT_FALSE(line->witness.final);
  EXPECT_EQ(line->witness.reason, "lost_events");
}

TEST(JsonLineTest, the_witness_about_itself) {
  EXPECT_EQ(Parsed(R"({"event":"witness_started","time":"2026-11-24T07:59:18Z","v":1})")->kind,
            Kind::kDaemon);
  EXPECT_EQ(Parsed(R"({"event":"loss","time":"2026-11-24T07:59:18Z","v":1})")->kind, Kind::kDaemon);
}

}  // namespace
}  // namespace connfate::cli::log

// SPDX-License-Identifier: Apache-2.0
// Lines of text, as the formats of conf/ and the servers' own make them.
#include "cli/log/access_line.hpp"

#include <gtest/gtest.h>

#include "cli/log/parsed.hpp"

namespace connfate::cli::log {
namespace {

constexpr const char* kBundle =
    "fate=rst_received by=peer phase=sending close=rst err=ECONNRESET err_on=write tcp_state=CLOSE "
    "written=4063232 acked=191824 unacked=3871408 end=4063232 retrans=2 silence_ms=31 ttl=52 "
    "cookie=0000000000001a2b rule=rst-before-ack v=1";

TEST(AccessLineTest, reads_the_combined_format_of_nginx) {
  const Parsed line(std::string("203.0.113.7 - alice [24/Nov/2026:07:59:18 +0000] \"GET /big?x=1 "
                                "HTTP/1.1\" 200 4063000 \"https://example.org/\" \"curl/8.4\" ") +
                    kBundle);
  EXPECT_EQ(line->kind, Kind::kBundle);
  EXPECT_EQ(line->fate, Fate::kRstReceived);
  EXPECT_EQ(line->client, "203.0.113.7");
  EXPECT_EQ(seconds(line.record), kNow);
  EXPECT_EQ(line->method, "GET");
  EXPECT_EQ(line->uri, "/big?x=1");
  EXPECT_EQ(line->status, "200");
  EXPECT_EQ(line->bytes, "4063000");
  EXPECT_EQ(line->host, "");
  EXPECT_EQ(line->duration, std::nullopt);
  EXPECT_EQ(line->number(FieldId::kWritten), 4063232U);
  EXPECT_EQ(line->field(FieldId::kCookie), "0000000000001a2b");
}

TEST(AccessLineTest, reads_the_format_of_nginx_errors_only) {
  const Parsed line(
      std::string("2026-11-24T07:59:18+00:00 2001:db8::7 \"POST /upload HTTP/2.0\" 499 "
                  "60.001 ") +
      kBundle);
  EXPECT_EQ(line->kind, Kind::kBundle);
  EXPECT_EQ(seconds(line.record), kNow);
  EXPECT_EQ(line->client, "2001:db8::7");
  EXPECT_EQ(line->status, "499");
  EXPECT_EQ(line->bytes, "");
  EXPECT_EQ(line->duration, std::chrono::milliseconds(60'001));
}

TEST(AccessLineTest, reads_the_format_of_httpd_errors_only) {
  const Parsed line(
      std::string("[24/Nov/2026:08:59:18 +0100] 192.0.2.1 \"GET / HTTP/1.1\" 200 5123 ") + kBundle);
  EXPECT_EQ(seconds(line.record), kNow);
  EXPECT_EQ(line->client, "192.0.2.1");
  // One figure behind the status may be bytes or microseconds: it is not taken for a duration.
  EXPECT_EQ(line->duration, std::nullopt);
}

TEST(AccessLineTest, reads_the_host_of_vhost_combined) {
  const Parsed line(
      std::string("www.example.org:443 192.0.2.1 - - [24/Nov/2026:07:59:18 +0000] \"GET / "
                  "HTTP/1.1\" 200 5 \"-\" \"-\" ") +
      kBundle);
  EXPECT_EQ(line->host, "www.example.org");
  EXPECT_EQ(line->client, "192.0.2.1");
}

TEST(AccessLineTest, takes_the_name_of_a_client_for_the_client) {
  const Parsed line(
      std::string("client.example.net - - [24/Nov/2026:07:59:18 +0000] \"GET / HTTP/1.1\" "
                  "200 5 ") +
      kBundle);
  EXPECT_EQ(line->client, "client.example.net");
  EXPECT_EQ(line->host, "");
}

TEST(AccessLineTest, takes_the_host_of_an_absolute_uri) {
  const Parsed line(std::string("192.0.2.1 - - [24/Nov/2026:07:59:18 +0000] \"GET "
                                "http://example.org/a HTTP/1.1\" 200 5 ") +
                    kBundle);
  EXPECT_EQ(line->host, "example.org");
  EXPECT_EQ(line->uri, "/a");
}

TEST(AccessLineTest, takes_words_with_a_name) {
  const Parsed line(std::string("192.0.2.1 [24/Nov/2026:07:59:18 +0000] \"GET / HTTP/1.1\" 200 5 "
                                "request_id=abc-1 host=example.org duration_us=1500 ") +
                    kBundle);
  EXPECT_EQ(line->request_id, "abc-1");
  EXPECT_EQ(line->host, "example.org");
  EXPECT_EQ(line->duration, std::chrono::microseconds(1500));
}

TEST(AccessLineTest, a_line_may_be_the_bundle_alone) {
  const Parsed line(kBundle);
  EXPECT_EQ(line->kind, Kind::kBundle);
  EXPECT_EQ(line->time, std::nullopt);
  EXPECT_EQ(line->client, "");
}

TEST(AccessLineTest, a_request_without_a_bundle_has_no_fate) {
  const Parsed line(
      "192.0.2.1 - - [24/Nov/2026:07:59:18 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\" -");
  EXPECT_EQ(line->kind, Kind::kNoFate);
  EXPECT_EQ(line->fate, std::nullopt);
}

TEST(AccessLineTest, a_fate_of_a_later_version_is_no_fate_of_ours) {
  const Parsed line(
      "192.0.2.1 - - [24/Nov/2026:07:59:18 +0000] \"GET / HTTP/1.1\" 200 5 fate=abducted v=1");
  EXPECT_EQ(line->kind, Kind::kNoFate);
}

TEST(AccessLineTest, a_malformed_request_is_a_request) {
  const Parsed line(
      "192.0.2.1 - - [24/Nov/2026:07:59:18 +0000] \"\\x16\\x03\\x01\" 400 157 \"-\" \"-\" "
      "fate=delivered by=- v=1");
  EXPECT_EQ(line->kind, Kind::kBundle);
  EXPECT_EQ(line->client, "192.0.2.1");
  EXPECT_EQ(line->uri, "");
}

TEST(AccessLineTest, text_that_is_no_log_is_unparsable) {
  EXPECT_EQ(Parsed("hello, world")->kind, Kind::kUnparsable);
  EXPECT_EQ(Parsed("2026/11/24 07:59:18 [error] 12#12: *3 upstream timed out")->kind,
            Kind::kUnparsable);
}

}  // namespace
}  // namespace connfate::cli::log

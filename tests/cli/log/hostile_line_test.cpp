// SPDX-License-Identifier: Apache-2.0
// What a client, a full disk or a broken pipe can put into a log.
#include <gtest/gtest.h>

#include "cli/log/parsed.hpp"

namespace connfate::cli::log {
namespace {

constexpr const char* kHead = "192.0.2.1 - - [24/Nov/2026:07:59:18 +0000] ";

TEST(HostileLineTest, a_bundle_in_a_header_is_not_taken_when_connfate_was_off) {
  const Parsed line(std::string(kHead) +
                    "\"GET / HTTP/1.1\" 200 5 \"-\" \"fate=delivered by=- v=1 x\" -");
  EXPECT_EQ(line->kind, Kind::kNoFate);
}

TEST(HostileLineTest, a_header_that_is_nothing_but_a_bundle_is_not_taken_either) {
  const Parsed line(std::string(kHead) +
                    "\"GET / HTTP/1.1\" 200 5 \"-\" \"fate=delivered by=- v=1\" -");
  EXPECT_EQ(line->kind, Kind::kNoFate);
}

TEST(HostileLineTest, the_servers_bundle_counts_and_not_the_clients) {
  const Parsed line(std::string(kHead) +
                    "\"GET /fate=delivered%20v=1 HTTP/1.1\" 200 5 \"-\" \"fate=delivered v=1\" "
                    "fate=ack_timeout by=peer v=1");
  EXPECT_EQ(line->fate, Fate::kAckTimeout);
}

TEST(HostileLineTest, a_bundle_in_a_header_behind_the_servers_is_not_taken) {
  const Parsed line(
      std::string(kHead) +
      "\"GET / HTTP/1.1\" 200 5 fate=ack_timeout by=peer v=1 \"-\" \"fate=delivered v=1\" 7");
  EXPECT_EQ(line->fate, Fate::kAckTimeout);
}

TEST(HostileLineTest, a_format_may_quote_the_bundle) {
  const Parsed line(std::string(kHead) +
                    "\"GET / HTTP/1.1\" 200 5 \"fate=ack_timeout by=peer v=1\"");
  EXPECT_EQ(line->fate, Fate::kAckTimeout);
}

TEST(HostileLineTest, an_escaped_quote_does_not_end_a_text) {
  const Parsed line(std::string(kHead) +
                    "\"GET /\\\"x\\\" HTTP/1.1\" 200 5 \"a \\\" b\" fate=delivered v=1");
  EXPECT_EQ(line->uri, "/\\\"x\\\"");
  EXPECT_EQ(line->fate, Fate::kDelivered);
}

TEST(HostileLineTest, a_time_in_the_uri_is_not_the_time) {
  const Parsed line(
      "192.0.2.1 \"GET /[24/Nov/2026:07:59:18 +0000] HTTP/1.1\" 200 5 fate=delivered v=1");
  EXPECT_EQ(line->time, std::nullopt);
}

TEST(HostileLineTest, a_cut_bundle_is_none) {
  const Parsed line(std::string(kHead) + "\"GET / HTTP/1.1\" 200 5 fate=delivered by=- wri");
  EXPECT_EQ(line->kind, Kind::kNoFate);
}

TEST(HostileLineTest, binary_is_unparsable) {
  std::string bytes;
  for (int i = 0; i < 4096; ++i) bytes += static_cast<char>(i * 7 % 256);
  EXPECT_EQ(Parsed(bytes)->kind, Kind::kUnparsable);
  EXPECT_EQ(Parsed(std::string(100, '\0'))->kind, Kind::kUnparsable);
}

TEST(HostileLineTest, a_uri_of_a_megabyte_is_read) {
  const Parsed line(std::string(kHead) + "\"GET /" + std::string(1'000'000, 'a') +
                    " HTTP/1.1\" 414 5 fate=delivered v=1");
  EXPECT_EQ(line->uri.size(), 1'000'001U);
  EXPECT_EQ(line->fate, Fate::kDelivered);
}

TEST(HostileLineTest, a_megabyte_of_quotes_or_bundles_takes_no_quadratic_time) {
  EXPECT_EQ(Parsed(std::string(1'000'000, '"'))->kind, Kind::kUnparsable);
  EXPECT_EQ(Parsed(std::string(1'000'000, '\\'))->kind, Kind::kUnparsable);
  EXPECT_EQ(Parsed(std::string(1'000'000, '['))->kind, Kind::kUnparsable);
  std::string forged;
  while (forged.size() < 1'000'000) forged += "\"fate=a v=1\" ";
  EXPECT_EQ(Parsed(forged)->kind, Kind::kUnparsable);
  std::string bundles;
  while (bundles.size() < 1'000'000) bundles += "fate=a ";
  EXPECT_EQ(Parsed(bundles)->kind, Kind::kUnparsable);
}

}  // namespace
}  // namespace connfate::cli::log

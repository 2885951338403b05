// SPDX-License-Identifier: Apache-2.0
#include "connfate/json_line.hpp"

#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "unit/sample_observation.hpp"

namespace connfate {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

LoggedRequest a_request() {
  LoggedRequest request;
  request.logged_at = 1'795'507'158'123'456us;
  request.duration = 12'034us;
  request.flow = Flow{Endpoint::from(std::array<std::uint8_t, 4>{192, 0, 2, 1}, 443),
                      Endpoint::from(std::array<std::uint8_t, 4>{198, 51, 100, 7}, 50'000)};
  request.method = "GET";
  request.host = "www.example.com";
  request.uri = "/a";
  request.status = 200;
  request.bytes = 5;
  return request;
}

std::string line_of(const LoggedRequest& request, const Observation* seen, Detail detail) {
  HostIdentity host = HostIdentity::read();
  host.rename("web1");
  static std::array<char, kJsonLineSize> buffer;
  return std::string(write_json_line(request, seen, host, detail, buffer.data(), buffer.size()));
}

TEST(JsonLineTest, AHealthyResponseIsShort) {
  const Observation seen = fixture::healthy_observation();
  const json line = json::parse(line_of(a_request(), &seen, Detail::kTrouble));
  EXPECT_EQ(line.at("event"), "access");
  EXPECT_EQ(line.at("v"), 1);
  EXPECT_EQ(line.at("detail"), "short");
  EXPECT_EQ(line.at("node"), "web1");
  EXPECT_EQ(line.at("boot").get<std::string>().size(), 8U);
  EXPECT_DOUBLE_EQ(line.at("ts").get<double>(), 1795507158.123456);
  EXPECT_DOUBLE_EQ(line.at("duration_ms").get<double>(), 12.034);
  EXPECT_EQ(line.at("client"), "198.51.100.7");
  EXPECT_EQ(line.at("client_port"), 50'000);
  EXPECT_EQ(line.at("local"), "192.0.2.1");
  EXPECT_EQ(line.at("local_port"), 443);
  EXPECT_EQ(line.at("status"), 200);
  EXPECT_EQ(line.at("fate"), "pending");
  EXPECT_EQ(line.at("written"), 438);
  EXPECT_EQ(line.at("cookie"), "000000000000b06b");
  for (const char* elided : {"by", "phase", "retrans", "remote_addr", "request_id", "trace_id"}) {
    EXPECT_FALSE(line.contains(elided)) << elided;
  }
}

TEST(JsonLineTest, FiguresAreNumbersAndTheRestIsText) {
  const Observation seen = fixture::fullest_observation();
  const json line = json::parse(line_of(a_request(), &seen, Detail::kTrouble));
  EXPECT_FALSE(line.contains("detail"));
  for (const Field& field : fields()) {
    ASSERT_TRUE(line.contains(field.name)) << field.name;
    EXPECT_EQ(line.at(field.name).is_number_unsigned(), field.is_number()) << field.name;
  }
}

TEST(JsonLineTest, WhatIsNotKnownIsLeftOut) {
  const Observation seen;
  const json line = json::parse(line_of({}, &seen, Detail::kFull));
  for (const auto& [key, value] : line.items()) {
    EXPECT_FALSE(value.is_null()) << key;
    EXPECT_NE(value, "") << key;
    EXPECT_NE(value, "-") << key;
  }
  for (const char* unknown : {"client", "status", "written", "err", "uri", "bytes"}) {
    EXPECT_FALSE(line.contains(unknown)) << unknown;
  }
}

TEST(JsonLineTest, ARequestThatNobodyObservedIsALineWithoutAFate) {
  const json line = json::parse(line_of(a_request(), nullptr, Detail::kTrouble));
  EXPECT_EQ(line.at("event"), "access");
  EXPECT_EQ(line.at("uri"), "/a");
  EXPECT_FALSE(line.contains("fate"));
}

TEST(JsonLineTest, TheLongestHostileRequestFitsAndIsOneValidLine) {
  const std::string longest(100'000, '\xff');
  LoggedRequest request = a_request();
  request.method = request.host = request.uri = request.request_id = request.trace_id =
      request.remote_addr = longest;
  const Observation seen = fixture::fullest_observation();
  const std::string text = line_of(request, &seen, Detail::kFull);
  EXPECT_LT(text.size(), kJsonLineSize);
  EXPECT_EQ(text.find('\n'), text.npos);
  EXPECT_EQ(json::parse(text).at("rule"), "backoff-reverted-then-timeout");
}

}  // namespace
}  // namespace connfate

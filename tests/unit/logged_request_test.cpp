// SPDX-License-Identifier: Apache-2.0
#include "connfate/logged_request.hpp"

#include <gtest/gtest.h>

#include <array>

#include "unit/sample_observation.hpp"

namespace connfate {
namespace {

using namespace std::chrono_literals;

TEST(LoggedRequestTest, TheReportTellsWhatTheLineTells) {
  LoggedRequest request;
  request.logged_at = 1'795'507'158'123'456us;
  request.duration = 12'034us;
  request.flow = Flow{Endpoint::from(std::array<std::uint8_t, 4>{192, 0, 2, 1}, 443),
                      Endpoint::from(std::array<std::uint8_t, 4>{198, 51, 100, 7}, 50'000)};
  request.method = "GET";
  request.host = "www.example.com";
  request.uri = "/a";
  request.status = 404;
  request.request_id = "id";
  const Report report = report_of(request, fixture::healthy_observation(), "httpd");
  EXPECT_EQ(report.logged_at_us, 1'795'507'158'123'456U);
  EXPECT_EQ(report.duration, 12'034us);
  EXPECT_EQ(report.flow, *request.flow);
  EXPECT_EQ(report.server, "httpd");
  EXPECT_EQ(report.method, "GET");
  EXPECT_EQ(report.host, "www.example.com");
  EXPECT_EQ(report.uri, "/a");
  EXPECT_EQ(report.status, 404);
  EXPECT_EQ(report.request_id, "id");
  EXPECT_EQ(report.observation.verdict.fate, fixture::healthy_observation().verdict.fate);
  EXPECT_EQ(report.lost, 0U);
}

TEST(LoggedRequestTest, TheClockGoesOn) {
  const auto before = wall_clock();
  EXPECT_GT(before, std::chrono::years(50));
  EXPECT_LE(before, wall_clock());
}

}  // namespace
}  // namespace connfate

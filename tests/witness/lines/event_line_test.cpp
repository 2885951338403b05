// SPDX-License-Identifier: Apache-2.0
#include "witness/lines/event_line.hpp"

#include <gtest/gtest.h>

#include "witness/daemon/losses.hpp"

namespace connfate::witness {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::chrono::sys_time<std::chrono::microseconds> kTime{std::chrono::microseconds(1)};

TEST(EventLineTest, IsOneObjectOfJson) {
  const EventLine line{"loss", kTime, {{"socket_ends", 3U}, {"missing", "a \"b\""}}};
  EXPECT_EQ(to_json(line),
            R"({"event":"loss","time":"1970-01-01T00:00:00.000001Z","ts":1e-06,"socket_ends":3,)"
            R"("missing":"a \"b\"","v":1})");
}

TEST(EventLineTest, SaysWhoseItIs) {
  HostIdentity host = HostIdentity::read();
  host.rename("web1");
  const EventLine line{"loss", kTime, {}, &host};
  const std::string text = to_logfmt(line);
  EXPECT_NE(text.find(" node=web1 boot="), std::string::npos) << text;
}

TEST(EventLineTest, IsOneRunOfLogfmt) {
  const EventLine line{"loss", kTime, {{"socket_ends", 3U}, {"missing", "a b"}, {"word", "c"}}};
  EXPECT_EQ(to_logfmt(line),
            "event=loss time=1970-01-01T00:00:00.000001Z ts=1e-06 socket_ends=3 missing=\"a b\" "
            "word=c v=1");
}

TEST(EventLineTest, LetsNoControlCharacterStand) {
  const EventLine line{"loss", kTime, {{"missing", "a\x7f\x1b"}}};
  for (const std::string& text : {to_json(line), to_logfmt(line)}) {
    EXPECT_NE(text.find("a\\u007f\\u001b"), std::string::npos) << text;
    EXPECT_EQ(text.find('\x7f'), std::string::npos) << text;
  }
}

TEST(LossesTest, AreToldTogether) {
  Losses losses;
  losses.add(LossOf::kSocketEnds, 3);
  losses.add(LossOf::kPackets, 4);
  losses.add(LossOf::kSocketEnds, 5);
  const auto line = losses.take(Instant{});
  ASSERT_TRUE(line);
  EXPECT_NE(to_logfmt(*line).find(" socket_ends=8 packets=4 reports=0 lines=0 v=1"),
            std::string::npos);
  EXPECT_FALSE(losses.take(Instant{} + seconds(9)));
}

TEST(LossesTest, AreToldOnceASecondAtMost) {
  Losses losses;
  losses.add(LossOf::kReports, 1);
  EXPECT_TRUE(losses.take(Instant{}));
  losses.add(LossOf::kReports, 1);
  EXPECT_FALSE(losses.take(Instant{} + milliseconds(999)));
  EXPECT_TRUE(losses.take(Instant{} + milliseconds(1000)));
}

TEST(LossesTest, LinesAreCountedFromTheirTotal) {
  Losses losses;
  losses.set_lost_lines(7);
  EXPECT_TRUE(losses.take(Instant{}));
  losses.set_lost_lines(7);
  EXPECT_FALSE(losses.take(Instant{} + seconds(2)));
}

}  // namespace
}  // namespace connfate::witness

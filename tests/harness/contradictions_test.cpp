// SPDX-License-Identifier: Apache-2.0
// The check itself: lines that were said once and were not so, and lines that may be said.
#include "harness/contradictions.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace connfate::harness {
namespace {

using nlohmann::json;

json line(const char* more) {
  json one = json::parse(R"({"event":"response","fate":"rst_received","by":"peer","phase":"drained",
      "close":"rst","rule":"final-rst","cookie":"1","start":0,"end":1000,"written":1000,"acked":400,
      "unacked":600,"rst_from":"unknown","confidence":"none","capture":"complete",
      "evidence":["400 of 1000 bytes acknowledged"]})");
  one.update(json::parse(more));
  return one;
}

TEST(Contradictions, a_line_that_agrees_with_itself_has_none) {
  EXPECT_EQ(contradictions_in(line("{}")), std::vector<std::string>{});
  EXPECT_EQ(contradictions_in(line(R"({"fate":"delivered","by":"-","acked":1000,"unacked":0,
      "rst_from":"client","confidence":"strong","benign":true,
      "evidence":["all 1000 bytes acknowledged"]})")),
            std::vector<std::string>{});
  EXPECT_EQ(contradictions_in(json{{"event", "witness_stopped"}}), std::vector<std::string>{});
}

TEST(Contradictions, what_was_once_said_is_found) {
  const char* const untrue[] = {
      R"({"acked":300})",
      R"({"end":900})",
      R"({"evidence":["0 of 1000 bytes acknowledged"]})",
      R"({"fate":"delivered","by":"-"})",
      R"({"acked":1000,"unacked":0,"evidence":[]})",
      R"({"phase":"waiting"})",
      R"({"benign":true})",
      R"({"by":"client"})",
      R"({"by":"path"})",
      R"({"by":"path","confidence":"strong","capture":"off"})",
      R"({"fate":"server_abort","by":"client"})",
      R"({"fate":"no_request","by":"peer"})",
      R"({"fate":"broken_pipe","by":"client","rst_from":"path"})",
      R"({"fate":"ack_timeout","rule":"final-silence"})",
      R"({"evidence":["the client closed first: its FIN came 16 ms before the reset, which is"]})",
  };
  for (const char* const one : untrue) EXPECT_FALSE(contradictions_in(line(one)).empty()) << one;
}

TEST(Contradictions, two_lines_of_one_connection_tell_one_end) {
  const json undecided =
      line(R"({"fate":"unknown","by":"unknown","rule":"final-end-not-captured"})");
  json own = line(R"({"event":"connection","fate":"server_abort","by":"server",
      "rule":"conn-data-after-fin","rst_from":"self"})");
  EXPECT_FALSE(contradictions_among({undecided, own}).empty());
  own["cookie"] = "2";
  EXPECT_TRUE(contradictions_among({undecided, own}).empty());
}

}  // namespace
}  // namespace connfate::harness

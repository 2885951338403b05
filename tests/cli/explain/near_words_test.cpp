// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/near_words.hpp"

#include <gtest/gtest.h>

#include "cli/explain/topics.hpp"

namespace connfate::cli {
namespace {

std::string nearest(std::string_view word) {
  const auto near = near_words(word, topic_names(), 5);
  return near.empty() ? "" : near.front();
}

TEST(NearWordsTest, OffersWhatWasMeant) {
  EXPECT_EQ(nearest("rst_recieved"), "rst_received");
  EXPECT_EQ(nearest("brokenpipe"), "broken_pipe");
  EXPECT_EQ(nearest("ECONRESET"), "ECONNRESET");
  EXPECT_EQ(nearest("final-silenc"), "final-silence");
}

TEST(NearWordsTest, OffersNothingForNonsense) {
  EXPECT_TRUE(near_words("qwertzuiop", topic_names(), 5).empty());
  EXPECT_TRUE(near_words(std::string(100'000, 'x'), topic_names(), 5).empty());
}

TEST(NearWordsTest, OffersNoMoreThanWasAskedFor) {
  EXPECT_EQ(near_words("final", topic_names(), 3).size(), 3U);
}

}  // namespace
}  // namespace connfate::cli

// SPDX-License-Identifier: Apache-2.0
#include "witness/memory/recent_map.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace connfate::witness {
namespace {

using Words = RecentMap<int, std::string>;

std::string& use(Words& words, int key, const char* made = "new") {
  return words.use(key, [made] { return std::string(made); });
}

std::vector<int> keys(const Words& words) {
  std::vector<int> all;
  for (const auto& [key, word] : words) all.push_back(key);
  return all;
}

TEST(RecentMapTest, MakesAValueOnce) {
  Words words(2);
  use(words, 1, "first");
  EXPECT_EQ(use(words, 1, "second"), "first");
  EXPECT_EQ(words.size(), 1U);
}

TEST(RecentMapTest, FindsWhatIsThere) {
  Words words(2);
  use(words, 1, "one");
  ASSERT_NE(words.find(1), nullptr);
  EXPECT_EQ(*words.find(1), "one");
  EXPECT_EQ(words.find(2), nullptr);
}

TEST(RecentMapTest, ANewKeyTakesThePlaceOfTheOneUsedLongestAgo) {
  Words words(3);
  for (const int key : {1, 2, 3, 1, 4}) use(words, key);
  EXPECT_EQ(keys(words), (std::vector{3, 1, 4}));
  EXPECT_EQ(words.find(2), nullptr);
}

TEST(RecentMapTest, LookingIsNoUse) {
  Words words(2);
  for (const int key : {1, 2}) use(words, key);
  EXPECT_NE(words.find(1), nullptr);
  use(words, 3);
  EXPECT_EQ(keys(words), (std::vector{2, 3}));
}

TEST(RecentMapTest, AValueStaysInItsPlace) {
  Words words(100);
  const std::string* first = &use(words, 0, "first");
  for (int key = 1; key < 100; ++key) use(words, key);
  const Words moved = std::move(words);
  EXPECT_EQ(moved.find(0), first);
}

TEST(RecentMapTest, WhatIsForgottenMakesRoom) {
  Words words(2);
  for (const int key : {1, 2}) use(words, key);
  words.forget(2);
  words.forget(7);
  use(words, 3);
  EXPECT_EQ(keys(words), (std::vector{1, 3}));
}

TEST(RecentMapTest, TellsWhoIsToGo) {
  Words words(2);
  use(words, 1, "one");
  EXPECT_EQ(words.next_to_go(), nullptr);
  use(words, 2, "two");
  ASSERT_NE(words.next_to_go(), nullptr);
  EXPECT_EQ(*words.next_to_go(), "one");
  words.use(3, [&words] {
    EXPECT_EQ(*words.next_to_go(), "one") << "while its successor is made, too";
    return std::string("three");
  });
  EXPECT_EQ(*words.next_to_go(), "two");
}

}  // namespace
}  // namespace connfate::witness

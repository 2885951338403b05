// SPDX-License-Identifier: Apache-2.0
#include "witness/recent_map.hpp"

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

TEST(RecentMap, makes_a_value_once) {
  Words words(2);
  use(words, 1, "first");
  EXPECT_EQ(use(words, 1, "second"), "first");
  EXPECT_EQ(words.size(), 1U);
}

TEST(RecentMap, finds_what_is_there) {
  Words words(2);
  use(words, 1, "one");
  ASSERT_NE(words.find(1), nullptr);
  EXPECT_EQ(*words.find(1), "one");
  EXPECT_EQ(words.find(2), nullptr);
}

TEST(RecentMap, a_new_key_takes_the_place_of_the_one_used_longest_ago) {
  Words words(3);
  for (const int key : {1, 2, 3, 1, 4}) use(words, key);
  EXPECT_EQ(keys(words), (std::vector{3, 1, 4}));
  EXPECT_EQ(words.find(2), nullptr);
}

TEST(RecentMap, looking_is_no_use) {
  Words words(2);
  for (const int key : {1, 2}) use(words, key);
  EXPECT_NE(words.find(1), nullptr);
  use(words, 3);
  EXPECT_EQ(keys(words), (std::vector{2, 3}));
}

TEST(RecentMap, a_value_stays_in_its_place) {
  Words words(100);
  const std::string* first = &use(words, 0, "first");
  for (int key = 1; key < 100; ++key) use(words, key);
  const Words moved = std::move(words);
  EXPECT_EQ(moved.find(0), first);
}

TEST(RecentMap, what_is_forgotten_makes_room) {
  Words words(2);
  for (const int key : {1, 2}) use(words, key);
  words.forget(2);
  words.forget(7);
  use(words, 3);
  EXPECT_EQ(keys(words), (std::vector{1, 3}));
}

}  // namespace
}  // namespace connfate::witness

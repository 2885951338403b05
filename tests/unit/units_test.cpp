// SPDX-License-Identifier: Apache-2.0
#include "connfate/units.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace connfate {
namespace {

// Bytes and segments cannot be mixed, and neither is a bare number.
static_assert(!std::is_convertible_v<Bytes, Segments>);
static_assert(!std::is_convertible_v<Segments, Bytes>);
static_assert(!std::is_convertible_v<std::uint64_t, Bytes>);
static_assert(!std::is_convertible_v<Bytes, std::uint64_t>);

static_assert(Bytes{5} - Bytes{3} == Bytes{2});
static_assert(Bytes{3} - Bytes{5} == Bytes{0});
static_assert(Bytes{5'000'000'000} + Bytes{1} == Bytes{5'000'000'001});
static_assert(Segments{7} - Segments{9} == Segments{0});
static_assert(Segments{9} - Segments{7} == Segments{2});

TEST(UnitsTest, OrderByValue) {
  EXPECT_LT(Bytes{1}, Bytes{2});
  EXPECT_GE(Bytes{2}, Bytes{2});
  EXPECT_GT(Segments{3}, Segments{2});
}

}  // namespace
}  // namespace connfate

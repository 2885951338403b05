// SPDX-License-Identifier: Apache-2.0
#include "cli/log/record.hpp"

#include <gtest/gtest.h>

namespace connfate::cli::log {
namespace {

TEST(RecordTest, the_ids_stand_for_the_fields_of_core) {
  constexpr std::pair<FieldId, std::string_view> kSome[] = {
      {FieldId::kFate, "fate"},
      {FieldId::kErrOn, "err_on"},
      {FieldId::kWritten, "written"},
      {FieldId::kEnd, "end"},
      {FieldId::kSilenceMs, "silence_ms"},
      {FieldId::kMinRttUs, "min_rtt_us"},
      {FieldId::kDeliveryRate, "delivery_rate"},
      {FieldId::kTtl, "ttl"},
      {FieldId::kCookie, "cookie"},
      {FieldId::kRule, "rule"}};
  for (const auto& [id, name] : kSome) {
    EXPECT_EQ(connfate::fields()[static_cast<std::size_t>(id)].name, name);
  }
  EXPECT_EQ(static_cast<std::size_t>(FieldId::kRule) + 1, kFieldCount);
}

}  // namespace
}  // namespace connfate::cli::log

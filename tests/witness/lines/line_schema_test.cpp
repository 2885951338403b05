// SPDX-License-Identifier: Apache-2.0
// One schema for every kind of line: what it takes, and that it refuses what an engine would read
// as something else (a figure as text, an empty text for what is not known).
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>

#include "connfate/field.hpp"
#include "connfate/json_line.hpp"
#include "witness/daemon/losses.hpp"
#include "witness/lines/event_line.hpp"
#include "witness/schema.hpp"

namespace connfate::witness {
namespace {

using Json = nlohmann::ordered_json;
using Complaints = std::vector<std::string>;

Json schema() {
  std::ifstream file(CONNFATE_LINE_SCHEMA);
  return Json::parse(file);
}

/// A line of a module where nothing is on: the request alone.
Json access_line() {
  LoggedRequest request;
  request.logged_at = std::chrono::microseconds(1'796'000'000'000'001);
  request.duration = std::chrono::microseconds(1250);
  request.method = "GET";
  request.status = 200;
  std::array<char, kJsonLineSize> buffer;
  const auto text = write_json_line(request, nullptr, HostIdentity::read(), Detail::kFull,
                                    buffer.data(), buffer.size());
  return Json::parse(text);
}

bool is_refused(const Json& line) {
  return !schema_complaints(line.dump()).empty();
}

TEST(LineSchemaTest, HasEveryFieldOfTheTableWithItsType) {
  const Json properties = schema()["definitions"]["access"]["properties"];
  for (const Field& field : fields()) {
    const std::string name(field.name);
    ASSERT_TRUE(properties.contains(name)) << name;
    Json figure = access_line();
    figure[name] = 7;
    EXPECT_EQ(is_refused(figure), !field.is_number()) << figure;
    for (const Json& nothing : {Json(""), Json(nullptr), Json(-1)}) {
      Json line = access_line();
      line[name] = nothing;
      EXPECT_TRUE(is_refused(line)) << line;
    }
  }
}

TEST(LineSchemaTest, TakesALineOfAModule) {
  EXPECT_EQ(schema_complaints(access_line().dump()), Complaints{});
}

TEST(LineSchemaTest, AShortLineHasItsFate) {
  Json line = access_line();
  line["detail"] = "short";
  EXPECT_TRUE(is_refused(line));
}

TEST(LineSchemaTest, TakesWhatTheWitnessSaysOfItself) {
  const HostIdentity host = HostIdentity::read();
  Losses losses;
  losses.add(LossOf::kPackets, 4);
  EventLine line = *losses.take(Instant{});
  line.identity = &host;
  EXPECT_EQ(schema_complaints(to_json(line)), Complaints{});
  line.items.emplace_back("more", "4");
  EXPECT_TRUE(is_refused(Json::parse(to_json(line))));
}

TEST(LineSchemaTest, RefusesAKindThatIsNotWritten) {
  EXPECT_TRUE(is_refused(Json{{"event", "guess"}, {"v", 1}}));
  EXPECT_TRUE(is_refused(Json{{"v", 1}}));
}

}  // namespace
}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#include "connfate/bundle.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "unit/sample_observation.hpp"

namespace connfate {
namespace {

using fixture::fullest_observation;
using fixture::RandomObservations;

static_assert(noexcept(write_bundle(Observation{}, Detail::kFull, nullptr, 0)));
static_assert(noexcept(find_bundle("")));
static_assert(std::is_trivially_destructible_v<Bundle>);

std::string bundle_of(const Observation& observation) {
  std::array<char, kBundleSize> buffer{};
  return std::string(write_bundle(observation, Detail::kFull, buffer.data(), buffer.size()));
}

/// What `field` writes; empty when it is not known, as Bundle::get() says it.
std::string text_of(const Field& field, const Observation& observation) {
  std::array<char, kFieldSize> buffer{};
  CharWriter out(buffer.data(), buffer.size());
  field.write(observation, out);
  return std::string(out.view());
}

constexpr std::string_view kShort = "fate=rst_received by=peer close=rst acked=17 v=1";

TEST(BundleTest, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(bundle_of(Observation{}), "fate=unknown by=unknown phase=waiting transport=tcp v=1");
}

TEST(BundleTest, FateIsFirstAndVersionIsLast) {
  const std::string text = bundle_of(fullest_observation());
  EXPECT_TRUE(text.starts_with("fate=request_timeout by=unknown phase=request close=timeout err="));
  EXPECT_TRUE(text.ends_with(" rule=backoff-reverted-then-timeout v=1"));
}

TEST(BundleTest, TheFullestFitsWithRoomToSpare) {
  const std::string text = bundle_of(fullest_observation());
  EXPECT_TRUE(text.ends_with(" v=1"));
  EXPECT_LT(text.size(), kBundleSize);
}

TEST(BundleTest, ASmallBufferIsNeverOverrun) {
  const std::string whole = bundle_of(fullest_observation());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    std::string buffer(size + 1, '#');
    const auto text = write_bundle(fullest_observation(), Detail::kFull, buffer.data(), size);
    ASSERT_EQ(text, whole.substr(0, size));
    ASSERT_EQ(buffer.back(), '#');
  }
}

TEST(BundleTest, WhatIsWrittenIsFound) {
  RandomObservations observations;
  for (int i = 0; i < 2000; ++i) {
    const Observation observation = observations.next();
    const std::string text = bundle_of(observation);
    const auto bundle = find_bundle(text);
    ASSERT_TRUE(bundle) << text;
    ASSERT_EQ(bundle->text(), text);
    ASSERT_EQ(bundle->version(), kBundleVersion);
    for (const Field& field : fields()) {
      ASSERT_EQ(bundle->get(field.name), text_of(field, observation)) << field.name << ": " << text;
    }
  }
}

TEST(BundleTest, ACutBundleIsNone) {
  const std::string text = bundle_of(fullest_observation());
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(find_bundle(std::string_view(text).substr(0, size))) << size;
    EXPECT_FALSE(find_bundle("GET / " + text.substr(0, size) + "\n")) << size;
  }
}

TEST(BundleTest, FieldsOfLaterVersionsAreSkipped) {
  const auto bundle = find_bundle("fate=lost_in_space by=peer moon_phase=full acked=17 v=2");
  ASSERT_TRUE(bundle);
  EXPECT_EQ(bundle->get("fate"), "lost_in_space");
  EXPECT_EQ(bundle->get("acked"), "17");
  EXPECT_EQ(bundle->get("moon_phase"), "");
  EXPECT_EQ(bundle->version(), "2");
}

struct LineRow {
  std::string_view story;
  std::string before;
  std::string after;
};

const LineRow kLines[] = {
    {"alone", "", ""},
    {"with a line end", "", "\r\n"},
    {"end of the combined format",
     "192.0.2.1 - - [01/Jan/2026:00:00:00 +0000] \"GET /?a=b HTTP/1.1\" 200 4711 \"-\" \"curl\" ",
     "\n"},
    {"quoted", "\"", "\" \"curl/8.1\""},
    {"JSON", R"({"status":200,"connfate":")", R"(","uri":"/"})"},
    {"JSON, last member", R"({"connfate":")", R"("})"},
    {"JSON inside JSON", R"({"log":"{\"connfate\":\")", R"(\"}"})"},
    {"JSON, escaped line end", R"({"log":")", R"(\n","stream":"stdout"})"},
    {"braces", "{", "}"},
    {"syslog", "<190>Jan  1 00:00:00 host nginx: ", ""},
    {"tabs", "a\t", "\tb"},
    {"other logfmt before", "method=GET status=200 ", ""},
    {"other logfmt after", "", " status=200 method=GET"},
    {"an older bundle before", "fate=delivered acked=1 v=1 ", ""},
    {"a cut bundle before", "fate=delivered acked=1\n", ""},
};

TEST(BundleTest, IsFoundInsideALine) {
  for (const LineRow& row : kLines) {
    const std::string line = row.before + std::string(kShort) + row.after;
    const auto bundle = find_bundle(line);
    ASSERT_TRUE(bundle) << row.story;
    EXPECT_EQ(bundle->text(), kShort) << row.story;
    EXPECT_EQ(bundle->get("acked"), "17") << row.story;
    EXPECT_EQ(bundle->version(), "1") << row.story;
  }
}

/// The text around a bundle is written by clients. It must not hide the bundle.
const LineRow kHostileLines[] = {
    {"fate= in a later header", "\"", "\" \"GET /?fate=delivered HTTP/1.1\""},
    {"fate= at the end of a later header", "\"", "\" \"http://x/?fate=\""},
};

TEST(BundleTest, TextOfTheClientDoesNotHideIt) {
  for (const LineRow& row : kHostileLines) {
    const auto bundle = find_bundle(row.before + std::string(kShort) + row.after);
    EXPECT_TRUE(bundle) << row.story;
  }
}

TEST(BundleTest, WordsThatEndLikeTheFirstKeyAreNotABundle) {
  EXPECT_FALSE(find_bundle("GET /?xfate=delivered v=1"));
  EXPECT_FALSE(find_bundle("final_fate=delivered v=1"));
}

const LineRow kBracketedLines[] = {{"brackets", "[", "]"},
                                   {"parentheses", "(", ")"},
                                   {"CSV", "200,", ",GET"},
                                   {"semicolon", "", ";"}};

TEST(BundleTest, IsFoundInsideBrackets) {
  for (const LineRow& row : kBracketedLines) {
    const std::string line = row.before + std::string(kShort) + row.after;
    const auto bundle = find_bundle(line);
    ASSERT_TRUE(bundle) << row.story;
    EXPECT_EQ(bundle->version(), "1") << row.story;
  }
}

struct RejectedRow {
  std::string_view story;
  std::string_view line;
};

constexpr RejectedRow kRejected[] = {
    {"empty", ""},
    {"no bundle", "GET / HTTP/1.1"},
    {"no value", "fate= v=1"},
    {"empty version", "fate=delivered v="},
    {"two spaces", "fate=delivered  v=1"},
    {"not a pair", "fate=delivered HTTP/1.1 v=1"},
    {"a key is missing", "fate=delivered =1 v=1"},
    {"line ends before the version", "fate=delivered\nv=1"},
    {"a dash for the whole bundle", "-"},
};

TEST(BundleTest, RejectsWhatIsNoBundle) {
  for (const RejectedRow& row : kRejected) EXPECT_FALSE(find_bundle(row.line)) << row.story;
}

TEST(BundleTest, GetOfAnUnknownNameIsEmpty) {
  EXPECT_EQ(find_bundle(kShort)->get("v"), "");
  EXPECT_EQ(find_bundle(kShort)->get("no_such_field"), "");
  EXPECT_EQ(Bundle{}.get("fate"), "");
}

std::string short_of(const Observation& observation) {
  std::array<char, kBundleSize> buffer{};
  return std::string(write_bundle(observation, Detail::kTrouble, buffer.data(), buffer.size()));
}

TEST(ShortBundleTest, AHealthyResponseIsShortAndSaysSo) {
  const std::string text = short_of(fixture::healthy_observation());
  EXPECT_EQ(text,
            "fate=pending written=438 rtt_us=25 end=438 cookie=000000000000b06b rule=in-flight "
            "v=1s");
  const std::string line = "GET / 200 " + text;
  const auto bundle = find_bundle(line);
  ASSERT_TRUE(bundle);
  EXPECT_TRUE(bundle->is_short());
  EXPECT_EQ(bundle->get("written"), "438");
  EXPECT_EQ(bundle->get("by"), "");
}

TEST(ShortBundleTest, TheFirstMegabyteFitsInLessThanNinety) {
  Observation o = fixture::healthy_observation();
  for (const std::uint64_t size : {1U, 999U, 99'999U, 999'999U, 1'048'576U}) {
    o.written = o.evidence.end = Bytes{size};
    o.evidence.snapshot->rtt = TcpSnapshot::Microseconds{999'999};
    EXPECT_LT(short_of(o).size(), 90U) << short_of(o);
  }
  o.written = o.evidence.end = Bytes{999'999'999'999'999};
  EXPECT_LE(short_of(o).size(), 128U) << short_of(o);
}

TEST(ShortBundleTest, WhatIsInTroubleIsWholeInBothForms) {
  RandomObservations observations;
  for (int i = 0; i < 2000; ++i) {
    const Observation o = observations.next();
    if (is_healthy(o)) continue;
    ASSERT_EQ(short_of(o), bundle_of(o));
    ASSERT_FALSE(find_bundle(short_of(o))->is_short());
  }
}

TEST(BundleTest, ANodeMayHavePointsAndASentenceMayEndBehindTheBundle) {
  const auto bundle = find_bundle("fate=delivered node=web1.example.com v=1.");
  ASSERT_TRUE(bundle);
  EXPECT_EQ(bundle->get("node"), "web1.example.com");
  EXPECT_EQ(bundle->version(), "1");
}

}  // namespace
}  // namespace connfate

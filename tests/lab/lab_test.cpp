// SPDX-License-Identifier: Apache-2.0
// Plays the stories: each on its servers, over its protocols, near and far, over IPv6, and among
// good traffic on a bad line. Tests are named <Server>_<protocol>.<story>/<path>.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "lab/evidence_folder.hpp"
#include "lab/forger.hpp"
#include "lab/noise.hpp"
#include "lab/player.hpp"
#include "lab/steps.hpp"
#include "lab/truth_table.hpp"
#include "lab/way.hpp"
#include "lab/world.hpp"
#include "system/scenarios/theatre.hpp"

namespace connfate::lab {
namespace {

constexpr int kNoisyClients = 3;

/// One network at a time: that of the topology of the story that is played. At its end the servers
/// must have taken it all without a complaint.
class Stage : public testing::Environment {
 public:
  static World& of(Topology topology) {
    if (world_ == nullptr || world_->topology() != topology) {
      close();
      world_ = std::make_unique<World>(topology);
    }
    return *world_;
  }

  void TearDown() override { close(); }

 private:
  static void close() {
    if (world_ == nullptr) return;
    for (const std::string& words : world_->close()) ADD_FAILURE() << words;
    world_.reset();
  }

  static inline std::unique_ptr<World> world_;
};

/// Where rows of the truth table go: the file that CONNFATE_TRUTH_ROWS names, if any.
void record(const Story& story, const Way& way, const Judgement& judgement) {
  const char* file = std::getenv("CONNFATE_TRUTH_ROWS");
  if (file == nullptr) return;
  append_row(file, {.story = story.name,
                    .server = std::string(to_word(way.kind)),
                    .protocol = std::string(to_word(way.protocol)),
                    .path = path_of(way),
                    .log_verdict = judgement.log_verdict,
                    .final_verdict = judgement.final_verdict,
                    .confidence = judgement.confidence,
                    .mark = std::string(to_word(judgement.mark))});
}

class StoryTest : public testing::Test {
 public:
  StoryTest(const Story& story, const Way& way) : story_(story), way_(way) {}

  void TestBody() override {
    if (const auto reason = Network::missing_privilege()) GTEST_SKIP() << *reason;
    if (const auto reason = harness::missing_program(way_.kind)) GTEST_SKIP() << *reason;
    SCOPED_TRACE(story_.title);
    World& world = Stage::of(story_.topology);
    EvidenceFolder evidence(world, story_, way_);
    try {
      const Judgement judgement = play(world);
      for (const std::string& words : judgement.problems) ADD_FAILURE() << words;
      record(story_, way_, judgement);
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
    if (HasFailure()) std::cerr << "packets and logs are kept in " << evidence.keep() << "\n";
  }

 private:
  Judgement play(World& world) const {
    world.server(way_.kind, story_.setup).clear_access_log();
    world.network().set_rtt(std::chrono::milliseconds(way_.rtt_ms));
    Player player(world, story_, way_);
    std::optional<Noise> noise;
    if (way_.noise) {
      world.network().disturb_others();
      noise.emplace(world.network().client_namespace(), player.cleartext_address(), kNoisyClients);
    }
    std::optional<Forger> forger;
    if (way_.forger) forger.emplace(player);
    player.play();
    const Testimony testimony = player.testimony();
    if (forger && forger->stop() == 0) std::cerr << "the forger found no connection\n";
    for (const auto& line : testimony.final) RecordProperty("final", line.dump());
    Judgement judgement = judge(story_, story_.promise_for(way_), testimony);
    if (way_.forger) add(judgement, words_of_the_forger(testimony));
    if (noise) {
      noise->stop();
      add(judgement, noise->complaints());
      add(judgement, player.complaints_about_good_traffic());
    }
    return judgement;
  }

  /// An address that only he has, as the sender of an ICMP message, must be nowhere.
  static std::vector<std::string> words_of_the_forger(const Testimony& testimony) {
    std::vector<std::string> complaints;
    for (const auto& line : testimony.final) {
      if (line.dump().find(Forger::kAddress) == std::string::npos) continue;
      complaints.push_back("the forger is believed: " + line.dump());
    }
    return complaints;
  }

  static void add(Judgement& judgement, const std::vector<std::string>& complaints) {
    judgement.problems.insert(judgement.problems.end(), complaints.begin(), complaints.end());
  }

  const Story& story_;
  Way way_;
};

/// "Nginx_http2_tls".
std::string suite_of(const Way& way) {
  std::string words(to_word(way.protocol));
  std::ranges::replace(words, ' ', '_');
  return std::string(harness::to_name(way.kind)) + "_" + words;
}

/// "s01_near_miss/40ms_noise".
std::string name_of(const Story& story, const Way& way) {
  std::string path = std::to_string(way.rtt_ms) + "ms";
  if (way.ipv6) path += "_ipv6";
  if (way.noise) path += "_noise";
  if (way.forger) path += "_forger";
  return story.name + "/" + path;
}

/// Stories that are too slow for every run are played when they are asked for by name.
bool is_wanted(const Story& story) {
  return !story.on_demand || testing::GTEST_FLAG(filter).find(story.name) != std::string::npos;
}

/// By network, since each has to be built.
void add_stories(std::vector<Story>& stories) {
  std::ranges::stable_sort(stories, {}, &Story::topology);
  for (const Story& story : stories) {
    check_steps(story);
    if (!is_wanted(story)) continue;
    for (const Way& way : ways_of(story)) {
      testing::RegisterTest(
          suite_of(way).c_str(), name_of(story, way).c_str(), nullptr, nullptr, __FILE__, __LINE__,
          [&story, way]() -> testing::Test* { return new StoryTest(story, way); });
    }
  }
}

}  // namespace
}  // namespace connfate::lab

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  testing::AddGlobalTestEnvironment(new connfate::lab::Stage);
  auto stories = connfate::lab::load_stories(CONNFATE_STORIES);
  connfate::lab::add_stories(stories);
  return RUN_ALL_TESTS();
}

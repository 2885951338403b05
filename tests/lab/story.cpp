// SPDX-License-Identifier: Apache-2.0
#include "lab/story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <stdexcept>

#include "lab/yaml_words.hpp"

namespace connfate::lab {
namespace {

using harness::Protocol;
using harness::ServerKind;

constexpr std::array kKeys{
    "title",      "story", "nginx",        "network",       "servers",
    "protocols",  "rtt",   "ipv6",         "without noise", "without forger",
    "but",        "steps", "server timer", "on demand",     "keepalive timer",
    "log",        "final", "never",        "truth",         "undecided",
    "application"};

const WordTable<Topology> kTopologies{
    {"one box", Topology::kOneBox}, {"pair", Topology::kPair}, {"nat", Topology::kNat}};
const WordTable<bool> kApplications{{"on the server", false}, {"behind the box", true}};
const WordTable<ServerKind> kServers{{"nginx", ServerKind::kNginx},
                                     {"event", ServerKind::kEvent},
                                     {"worker", ServerKind::kWorker},
                                     {"prefork", ServerKind::kPrefork}};
const WordTable<Protocol> kProtocols{{"http1", Protocol::kCleartext},
                                     {"tls", Protocol::kTls},
                                     {"http2", Protocol::kHttp2},
                                     {"http2 tls", Protocol::kHttp2Tls}};

Step step_of(const YAML::Node& node) {
  Step step{.words = {}, .line = node.Mark().line + 1};
  std::istringstream words(node.as<std::string>());
  for (std::string word; words >> word;) step.words.push_back(word);
  return step;
}

template <typename Keys>
void refuse_other_keys(const YAML::Node& node, const Keys& keys) {
  for (const auto& entry : node) {
    const auto key = entry.first.as<std::string>();
    if (std::ranges::find(keys, key) != std::end(keys)) continue;
    refuse(entry.first, fmt::format("'{}' means nothing here; docs/lab.md lists what does", key));
  }
}

void require_keys(const YAML::Node& root) {
  for (const char* key : {"title", "story", "steps", "log", "final", "truth"}) {
    if (!root[key]) refuse(root, fmt::format("the story has no '{}'", key));
  }
}

std::string text_of(const YAML::Node& node) {
  std::string text = node ? node.as<std::string>() : "";
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

void read_where(const YAML::Node& root, Story& story) {
  if (root["network"]) story.topology = look_up(kTopologies, root["network"]);
  story.servers = choices(root["servers"], kServers, {ServerKind::kNginx, ServerKind::kEvent});
  story.protocols = choices(root["protocols"], kProtocols, {Protocol::kCleartext});
  story.rtts_ms = root["rtt"] ? root["rtt"].as<std::vector<int>>() : std::vector{0, 40};
  story.ipv6 = root["ipv6"] && root["ipv6"].as<bool>();
  story.without_noise = text_of(root["without noise"]);
  story.without_forger = text_of(root["without forger"]);
  if (root["server timer"]) story.setup.send_timeout_s = root["server timer"].as<int>();
  if (root["keepalive timer"]) story.setup.keepalive_timeout_s = root["keepalive timer"].as<int>();
  if (root["application"]) {
    story.setup.application_behind_box = look_up(kApplications, root["application"]);
  }
  if (root["nginx"]) story.setup.nginx = text_of(root["nginx"]);
  story.on_demand = root["on demand"] && root["on demand"].as<bool>();
}

Exception exception_of(const YAML::Node& node) {
  refuse_other_keys(node, std::array{"on", "over", "at", "log", "final"});
  Exception exception;
  exception.servers = choices(node["on"], kServers, {});
  exception.protocols = choices(node["over"], kProtocols, {});
  if (node["at"]) exception.rtts_ms = node["at"].as<std::vector<int>>();
  if (node["log"]) exception.log = lines_of(node["log"]);
  if (node["final"]) exception.final = lines_of(node["final"]);
  return exception;
}

void read_promises(const YAML::Node& root, Story& story) {
  story.usual = {.log = lines_of(root["log"]), .final = lines_of(root["final"])};
  for (const YAML::Node& node : root["but"]) story.exceptions.push_back(exception_of(node));
  for (const auto& entry : root["never"]) {
    story.never.push_back(rule_of(entry.first, entry.second));
  }
  story.truth.by = root["truth"]["by"].as<std::string>();
  story.truth.rst_from = root["truth"]["rst_from"].as<std::string>("-");
  story.undecided = text_of(root["undecided"]);
}

Story read(const YAML::Node& root) {
  refuse_other_keys(root, kKeys);
  require_keys(root);
  Story story;
  story.title = root["title"].as<std::string>();
  story.words = root["story"].as<std::string>();
  read_where(root, story);
  for (const YAML::Node& step : root["steps"]) story.steps.push_back(step_of(step));
  read_promises(root, story);
  return story;
}

}  // namespace

Story load_story(const std::filesystem::path& file) {
  try {
    Story story = read(YAML::LoadFile(file.string()));
    story.name = file.stem().string();
    return story;
  } catch (const std::exception& error) {
    throw std::runtime_error(file.filename().string() + ": " + error.what());
  }
}

std::vector<Story> load_stories(const std::filesystem::path& folder) {
  std::vector<Story> stories;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") stories.push_back(load_story(entry.path()));
  }
  std::ranges::sort(stories, {}, &Story::name);
  return stories;
}

}  // namespace connfate::lab

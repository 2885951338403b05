// SPDX-License-Identifier: Apache-2.0
#include "system/scenarios/outcome_book.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace connfate::harness {
namespace {

constexpr const char* kCompared[] = {"fate", "by", "phase", "close"};

std::filesystem::path book_of(ServerKind kind) {
  const char* directory = std::getenv("CONNFATE_OUTCOMES");
  return std::filesystem::path(directory == nullptr ? "." : directory) /
         ("outcomes_" + std::string(to_name(kind)) + ".txt");
}

/// One entry per log line: "<scenario> <protocol> <fate> <by> <phase> <close>", "-" for unknown.
std::string key_of(Protocol protocol, const Scenario& scenario) {
  return std::string(scenario.name) + " " + std::string(to_name(protocol)) + " ";
}

std::ofstream open_book(ServerKind kind) {
  static std::set<ServerKind> begun;
  const bool is_new = begun.insert(kind).second;
  return std::ofstream(book_of(kind), is_new ? std::ios::trunc : std::ios::app);
}

Judgement parse_entry(const std::string& words) {
  std::istringstream stream(words);
  Judgement judgement;
  for (const char* name : kCompared) stream >> judgement[name];
  return judgement;
}

}  // namespace

void record_outcome(ServerKind kind, Protocol protocol, const Scenario& scenario,
                    const std::vector<LogLine>& lines) {
  std::ofstream book = open_book(kind);
  for (const LogLine& line : lines) {
    book << key_of(protocol, scenario);
    for (const char* name : kCompared) {
      const std::string value = line.field(name);
      book << (value.empty() ? "-" : value) << ' ';
    }
    book << '\n';
  }
}

std::map<std::string, std::vector<Judgement>> recorded_outcomes(Protocol protocol,
                                                                const Scenario& scenario) {
  const std::string key = key_of(protocol, scenario);
  std::map<std::string, std::vector<Judgement>> result;
  for (const ServerKind kind : kServerKinds) {
    std::ifstream book(book_of(kind));
    for (std::string entry; std::getline(book, entry);) {
      if (!entry.starts_with(key)) continue;
      result[std::string(to_name(kind))].push_back(parse_entry(entry.substr(key.size())));
    }
  }
  return result;
}

}  // namespace connfate::harness

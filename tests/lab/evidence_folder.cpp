// SPDX-License-Identifier: Apache-2.0
#include "lab/evidence_folder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace connfate::lab {
namespace {

/// Of a play that goes on; kept ones are called otherwise.
constexpr std::string_view kRunning = "connfate-lab-running-";

std::filesystem::path in_temporary(const std::string& name) {
  return std::filesystem::temp_directory_path() / name;
}

std::filesystem::path kept_folder(const Story& story, const Way& way) {
  static int kept = 0;
  return in_temporary(
      fmt::format("connfate-lab-{}-{}-{}-{}", getpid(), ++kept, to_word(way.kind), story.name));
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file) << text;
}

}  // namespace

EvidenceFolder::EvidenceFolder(World& world, const Story& story, const Way& way)
    : world_(world),
      story_(story),
      way_(way),
      path_(in_temporary(fmt::format("{}{}", kRunning, getpid()))) {
  remove_stale();
  std::filesystem::create_directories(path_);
  world_.network().capture_to(path_);
}

EvidenceFolder::~EvidenceFolder() {
  world_.network().stop_capture();
  std::error_code none;
  if (!kept_) std::filesystem::remove_all(path_, none);
}

void EvidenceFolder::remove_stale() {
  std::error_code none;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::temp_directory_path(), none)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with(kRunning)) continue;
    const std::string owner = "/proc/" + name.substr(kRunning.size());
    if (!std::filesystem::exists(owner)) std::filesystem::remove_all(entry.path(), none);
  }
}

std::string EvidenceFolder::keep() {
  kept_ = true;
  const std::filesystem::path kept = kept_folder(story_, way_);
  std::filesystem::rename(path_, kept);  // the captures go on in it
  path_ = kept;
  const harness::Server& server = world_.server(way_.kind, story_.setup);
  const harness::Witness& witness = world_.witness(way_.kind, story_.setup);
  std::string access;
  for (const harness::LogLine& line : server.log_lines()) access += line.text + "\n";
  std::string final;
  for (const auto& line : witness.all_lines()) final += line.dump() + "\n";
  write(path_ / "access.log", access);
  write(path_ / "error.log", server.error_log());
  write(path_ / "witness.json", final);
  write(path_ / "witness.messages", witness.messages());
  return path_.string();
}

}  // namespace connfate::lab

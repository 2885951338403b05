// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/running_server.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <system_error>

#include "cli/doctor/server_check.hpp"
#include "cli/figures.hpp"

namespace connfate::cli {
namespace {

namespace fs = std::filesystem;
using Seconds = std::int64_t;  ///< since 1970

/// The kernel counts a process's start from the boot, whose second is rounded
/// (fs/proc/stat.c, 6.1).
constexpr Seconds kRounding = 2;

struct Process {
  std::string parent;
  Seconds started = 0;
};

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Seconds boot_time(const fs::path& proc) {
  std::istringstream stat(content_of(proc / "stat"));
  for (std::string word; stat >> word;) {
    Seconds seconds = 0;
    if (word == "btime" && stat >> seconds) return seconds;
  }
  return 0;
}

/// proc(5), /proc/pid/stat: the name in parentheses may hold anything.
std::optional<Process> read_process(const fs::path& proc, const std::string& pid, Seconds boot) {
  const std::string stat = content_of(proc / pid / "stat");
  const auto name_end = stat.rfind(')');
  if (name_end == stat.npos) return std::nullopt;
  std::istringstream rest(stat.substr(name_end + 1));
  const std::vector<std::string> fields(std::istream_iterator<std::string>(rest), {});
  constexpr std::size_t kParent = 1;
  constexpr std::size_t kStart = 19;
  if (fields.size() <= kStart) return std::nullopt;
  Process process{fields[kParent], 0};
  const std::string& ticks = fields[kStart];
  std::from_chars(ticks.data(), ticks.data() + ticks.size(), process.started);
  process.started = boot + process.started / ::sysconf(_SC_CLK_TCK);
  return process;
}

using Processes = std::map<std::string, Process>;

Processes processes_of(const fs::path& proc, const std::vector<std::string>& names) {
  Processes found;
  const Seconds boot = boot_time(proc);
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(proc, ignored)) {
    std::ifstream in(entry.path() / "comm");
    std::string name;
    if (!std::getline(in, name) || std::ranges::find(names, name) == names.end()) continue;
    const std::string pid = entry.path().filename();
    if (const auto process = read_process(proc, pid, boot)) found.emplace(pid, *process);
  }
  return found;
}

/// Started with a file or a prefix of its own, which the files that were read are not.
bool has_other_file(const fs::path& proc, const std::string& pid, const fs::path& main_file) {
  std::string words = content_of(proc / pid / "cmdline");
  std::ranges::replace(words, '\0', ' ');
  const bool names_one = words.find(" -c ") != words.npos || words.find(" -f ") != words.npos ||
                         words.find(" -p ") != words.npos || words.find(" -d ") != words.npos;
  return names_one && words.find(" " + main_file.string()) == words.npos;
}

bool lives_elsewhere(const fs::path& proc, const std::string& pid) {
  std::error_code ignored;
  const fs::path theirs = fs::read_symlink(proc / pid / "ns/mnt", ignored);
  const fs::path ours = fs::read_symlink(proc / "self/ns/mnt", ignored);
  return !theirs.empty() && !ours.empty() && theirs != ours;
}

/// nullopt: this user may not look.
std::optional<bool> has_module(const fs::path& proc, const std::string& pid,
                               std::string_view module_file) {
  const std::string maps = content_of(proc / pid / "maps");
  if (maps.empty()) return std::nullopt;
  return maps.find(module_file) != maps.npos;
}

struct Change {
  fs::path file;
  Seconds at = 0;
};

/// The inode's change: a file that a package brought is older than its arrival.
Change last_change(const DoctorOptions& options, const Configuration& configuration) {
  Change last;
  for (const fs::path& file : configuration.files) {
    for (const auto look : {::stat, ::lstat}) {
      struct stat status {};
      if (look(below(options, file).c_str(), &status) != 0) continue;
      if (status.st_ctim.tv_sec > last.at) last = {file, status.st_ctim.tv_sec};
    }
  }
  return last;
}

/// When the youngest of its workers began; a server without workers works alone.
Seconds youngest_of(const Processes& processes, const std::string& master) {
  Seconds youngest = 0;
  for (const auto& [pid, process] : processes) {
    if (process.parent == master) youngest = std::max(youngest, process.started);
  }
  return youngest > 0 ? youngest : processes.at(master).started;
}

void check_master(const Processes& processes, const std::string& pid, const fs::path& proc,
                  const Change& change, const ServerProcess& server, Diagnoses& diagnoses) {
  const auto module = has_module(proc, pid, server.module_file);
  const Seconds youngest = youngest_of(processes, pid);
  if (module && !*module) {
    diagnoses.push_back(
        {Level::kWarning, server.about,
         fmt::format("pid {} has not loaded {}: it runs with an older configuration", pid,
                     server.module_file),
         server.reload});
  } else if (change.at > youngest + kRounding) {
    diagnoses.push_back(
        {Level::kWarning, server.about,
         fmt::format("pid {} read its configuration before {} was changed ({}; its youngest worker "
                     "began {})",
                     pid, change.file.string(), time_text(change.at), time_text(youngest)),
         server.reload});
  } else if (module) {
    diagnoses.push_back({Level::kOk, server.about,
                         fmt::format("pid {} has loaded the module, and no file has been changed "
                                     "since its youngest worker began",
                                     pid)});
  }
}

}  // namespace

void check_running(const DoctorOptions& options, const Configuration& configuration,
                   const ServerProcess& server, Diagnoses& diagnoses) {
  const fs::path proc = options.root / "proc";
  const Processes processes = processes_of(proc, server.names);
  const Change change = last_change(options, configuration);
  for (const auto& [pid, process] : processes) {
    if (processes.contains(process.parent)) continue;  // a worker
    if (has_other_file(proc, pid, server.main_file) || lives_elsewhere(proc, pid)) continue;
    check_master(processes, pid, proc, change, server, diagnoses);
  }
}

}  // namespace connfate::cli

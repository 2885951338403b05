// SPDX-License-Identifier: Apache-2.0
#include "harness/network_namespace.hpp"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "harness/process.hpp"

namespace connfate::harness {
namespace {

constexpr std::string_view kDirectory = "/run/netns";

void enter(int fd, const char* what) {
  if (setns(fd, CLONE_NEWNET) != 0) throw std::system_error(errno, std::system_category(), what);
}

int open_namespace(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::system_category(), path);
  return fd;
}

/// The pid in "<prefix><pid>", nullopt when `name` is not one of ours.
std::optional<pid_t> owner(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  name.remove_prefix(prefix.size());
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
  if (error != std::errc() || end != name.data() + name.size() || pid <= 0) return std::nullopt;
  return pid;
}

bool is_dead(pid_t pid) {
  return kill(pid, 0) != 0 && errno == ESRCH;
}

std::vector<std::string> split(std::string_view words) {
  std::vector<std::string> result;
  while (!words.empty()) {
    const auto space = words.find(' ');
    result.emplace_back(words.substr(0, space));
    words.remove_prefix(space == std::string_view::npos ? words.size() : space + 1);
  }
  return result;
}

}  // namespace

InNamespace::InNamespace(const std::string& name)
    : home_(open_namespace("/proc/thread-self/ns/net")) {
  const int there = open_namespace(namespace_path(name));
  try {
    enter(there, name.c_str());
  } catch (...) {
    close(there);
    close(home_);
    throw;
  }
  close(there);
}

InNamespace::~InNamespace() {
  // Going on in the wrong namespace would make every later result meaningless.
  if (setns(home_, CLONE_NEWNET) != 0) std::terminate();
  close(home_);
}

std::string namespace_path(const std::string& name) {
  return std::string(kDirectory) + "/" + name;
}

NetworkNamespace::NetworkNamespace(std::string_view prefix)
    : name_(std::string(prefix) + std::to_string(getpid())) {
  run_or_throw({"ip", "netns", "add", name_});
  ip("link set lo up");
}

NetworkNamespace::~NetworkNamespace() {
  run({"ip", "netns", "del", name_});
}

void NetworkNamespace::ip(std::string_view arguments) const {
  std::vector<std::string> words = split(arguments);
  words.insert(words.begin(), {"ip", "-netns", name_});
  run_or_throw(words);
}

void NetworkNamespace::sysctl(const std::string& key, const std::string& value) const {
  const InNamespace here(name_);
  std::ofstream file("/proc/sys/" + key);
  if (!(file << value << std::flush)) throw std::runtime_error("sysctl " + key + " = " + value);
}

std::vector<pid_t> processes_in(const std::string& name) {
  std::istringstream said(run({"ip", "netns", "pids", name}).output);
  std::vector<pid_t> pids;
  for (pid_t pid = 0; said >> pid;) pids.push_back(pid);
  return pids;
}

void remove_stale_namespaces(std::string_view prefix) {
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(kDirectory, none)) {
    const std::string name = entry.path().filename();
    const auto pid = owner(name, prefix);
    if (!pid || !is_dead(*pid)) continue;
    // Those that were stopped have not heard that their starter is gone.
    for (const pid_t process : processes_in(name)) kill(process, SIGKILL);
    run({"ip", "netns", "del", name});
  }
}

}  // namespace connfate::harness

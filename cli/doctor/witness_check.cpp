// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>

#include "cli/doctor/checks.hpp"
#include "cli/doctor/server_check.hpp"
#include "cli/doctor/witness_log.hpp"
#include "witness/process/descriptor.hpp"

namespace connfate::cli {
namespace {

namespace fs = std::filesystem;
using witness::Descriptor;

constexpr const char* kAbout = "witness";
constexpr const char* kLog = "witness log";
constexpr const char* kStart = "systemctl start connfate-witness";

/// What the witness was told; its options are the names.
struct WitnessSettings {
  fs::path socket = "/run/connfate/witness.sock";
  fs::path output = "/var/log/connfate/witness.log";
};

WitnessSettings read_settings(const DoctorOptions& options) {
  WitnessSettings settings;
  std::ifstream in(below(options, options.witness_configuration));
  if (!in.is_open()) return settings;
  try {
    for (const CLI::ConfigItem& item : CLI::ConfigTOML().from_config(in)) {
      if (item.inputs.empty()) continue;
      if (item.name == "socket") settings.socket = item.inputs.front();
      if (item.name == "output") settings.output = item.inputs.front();
    }
  } catch (const CLI::Error&) {  // the witness itself says what is wrong with it
  }
  return settings;
}

/// errno of a connect() that sends nothing; 0 when somebody reads there.
int try_socket(const fs::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = path.string();
  if (name.size() >= sizeof address.sun_path) return ENAMETOOLONG;
  name.copy(address.sun_path, name.size());
  const Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  return ::connect(socket.get(), generic, sizeof address) == 0 ? 0 : errno;
}

bool may_anybody_write(const fs::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) != 0;
}

void check_socket(const DoctorOptions& options, const fs::path& path, Diagnoses& diagnoses) {
  const fs::path file = below(options, path);
  const int error = try_socket(file);
  if (error == 0) {
    const bool open = may_anybody_write(file);
    diagnoses.push_back({open ? Level::kOk : Level::kWarning, kAbout,
                         fmt::format("somebody reads at {}{}", path.string(),
                                     open ? "" : "; not every user may write to it"),
                         open ? "" : "see that the servers' user may, or set socket-mode"});
  } else if (error == EACCES) {
    diagnoses.push_back({Level::kWarning, kAbout,
                         fmt::format("{}: this user may not ask", path.string()),
                         "run connfate doctor as root"});
  } else {
    diagnoses.push_back({Level::kProblem, kAbout,
                         fmt::format("nobody reads at {} ({}): reports are lost", path.string(),
                                     std::strerror(error)),
                         kStart});
  }
}

/// The process, by its name; /proc cuts names at 15 characters.
std::optional<std::string> find_process(const DoctorOptions& options) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(options.root / "proc", ignored)) {
    std::string name;
    std::ifstream in(entry.path() / "comm");
    if (std::getline(in, name) && name == "connfate-witnes") return entry.path().filename();
  }
  return std::nullopt;
}

std::string status_of(const DoctorOptions& options, const std::string& pid, std::string_view key) {
  std::ifstream in(options.root / "proc" / pid / "status");
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key)) continue;
    const std::size_t begin = line.find_first_not_of(" \t", key.size());
    return begin == line.npos ? std::string() : line.substr(begin);
  }
  return {};
}

void check_process(const DoctorOptions& options, Diagnoses& diagnoses) {
  const auto pid = find_process(options);
  if (!pid) return;
  const std::string capabilities = status_of(options, *pid, "CapEff:");
  const bool none = capabilities.find_first_not_of('0') == capabilities.npos;
  diagnoses.push_back({none ? Level::kOk : Level::kWarning, kAbout,
                       none ? fmt::format("pid {} runs without capabilities", *pid)
                            : fmt::format("pid {} still has capabilities {}", *pid, capabilities),
                       none ? "" : "update connfate-witness: it drops them when it has started"});
}

void check_losses(const WitnessLog& log, Diagnoses& diagnoses) {
  if (log.lost_socket_ends + log.lost_packets + log.lost_reports + log.lost_lines == 0) {
    diagnoses.push_back({Level::kOk, kLog, "it has lost nothing since it started"});
    return;
  }
  diagnoses.push_back(
      {Level::kWarning, kLog,
       fmt::format("lost since it started: {} ends of sockets, {} packets, {} reports, {} lines",
                   log.lost_socket_ends, log.lost_packets, log.lost_reports, log.lost_lines),
       "docs/witness.md, Tuning: CAP_NET_ADMIN at the start, net.unix.max_dgram_qlen, disk space"});
}

/// Whether the way from each server to the witness works, as the witness has noted.
void check_heard(const WitnessLog& log, const Reporters& reporters, Diagnoses& diagnoses) {
  std::vector<std::string> servers;
  for (const Reporter& reporter : reporters) {
    if (std::ranges::find(servers, reporter.server) == servers.end()) {
      servers.push_back(reporter.server);
    }
  }
  const std::string since = log.started.empty() ? "its log was rotated" : log.started;
  for (const std::string& server : servers) {
    const auto heard = log.heard.find(server);
    if (heard != log.heard.end()) {
      diagnoses.push_back(
          {Level::kOk, kLog,
           fmt::format("{} reports to it: the first report came {}", server, heard->second)});
    } else {
      diagnoses.push_back(
          {Level::kWarning, kLog, fmt::format("no report of {} has come since {}", server, since),
           fmt::format(
               "reload {0}, ask it for a page, and run connfate doctor again; its error log "
               "says when it cannot send",
               server)});
    }
  }
}

void check_log(const DoctorOptions& options, const fs::path& file, const Reporters& reporters,
               Diagnoses& diagnoses) {
  const auto log = read_witness_log(below(options, file));
  if (!log) {
    diagnoses.push_back({Level::kWarning, kLog,
                         fmt::format("cannot read {} ({})", file.string(), std::strerror(errno)),
                         "run connfate doctor as a user who may"});
    return;
  }
  if (!log->started.empty() && !log->is_running) {
    diagnoses.push_back(
        {Level::kProblem, kLog,
         fmt::format("{}: the witness has stopped since {}", file.string(), log->started), kStart});
    return;
  }
  if (!log->missing.empty()) {
    diagnoses.push_back(
        {Level::kWarning, kLog, "evidence is missing: " + log->missing,
         "start it with CAP_NET_RAW and CAP_NET_ADMIN; conf/connfate-witness.service"});
  } else if (!log->started.empty()) {
    diagnoses.push_back(
        {Level::kOk, kLog, fmt::format("started {} with all its evidence", log->started)});
  } else {
    diagnoses.push_back(
        {Level::kOk, kLog, fmt::format("its start is not in {}: rotated away", file.string())});
  }
  check_heard(*log, reporters, diagnoses);
  check_losses(*log, diagnoses);
}

/// Sockets of NETLINK_SOCK_DIAG that listen to a group, of any process here: what the kernel
/// dropped (/proc/net/netlink: sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode).
void check_netlink(const DoctorOptions& options, Diagnoses& diagnoses) {
  std::ifstream in(options.root / "proc/net/netlink");
  std::string line;
  std::getline(in, line);  // the head
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::string socket, protocol, pid, groups, memory, sent, dump, locks;
    std::uint64_t drops = 0;
    words >> socket >> protocol >> pid >> groups >> memory >> sent >> dump >> locks >> drops;
    const bool listens = groups.find_first_not_of('0') != groups.npos;
    if (!words || protocol != "4" || !listens) continue;
    diagnoses.push_back(
        {drops == 0 ? Level::kOk : Level::kWarning, "netlink",
         fmt::format("the kernel dropped {} ends of sockets for pid {}", drops, pid),
         drops == 0 ? "" : "start the witness with CAP_NET_ADMIN, for a larger buffer"});
  }
}

}  // namespace

void check_witness(const DoctorOptions& options, const Reporters& reporters, Diagnoses& diagnoses) {
  const WitnessSettings settings = read_settings(options);
  std::error_code ignored;
  std::vector<fs::path> asked;
  for (const Reporter& reporter : reporters) asked.push_back(reporter.socket);
  std::ranges::sort(asked);
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  const bool is_there = fs::exists(below(options, settings.socket), ignored);
  if (asked.empty()) {
    diagnoses.push_back({Level::kWarning, kAbout, "no server reports to a witness: no final fates",
                         fmt::format("connfate_witness {0}; (nginx), ConnFateWitness {0} (httpd)",
                                     settings.socket.string())});
    if (!is_there) return;
    asked.push_back(settings.socket);
  }
  for (const fs::path& path : asked) check_socket(options, path, diagnoses);
  check_process(options, diagnoses);
  if (settings.output != "-") check_log(options, settings.output, reporters, diagnoses);
  check_netlink(options, diagnoses);
}

}  // namespace connfate::cli

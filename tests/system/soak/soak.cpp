// SPDX-License-Identifier: Apache-2.0
#include "system/soak/soak.hpp"

#include <signal.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "harness/deadline.hpp"
#include "harness/load.hpp"
#include "harness/nginx_server.hpp"
#include "system/scenarios/theatre.hpp"

namespace connfate::harness {
namespace {

using std::chrono::seconds;

constexpr unsigned kHostileThreads = 2;
constexpr std::size_t kWitnessDiskMegabytes = 256;
constexpr seconds kTwoSeconds{2};

/// wrk asks for a new mark each time, and pauses so that the log stays readable.
constexpr std::string_view kWrkScript = R"(
local run, n = "@RUN@", 0
function request()
  n = n + 1
  return wrk.format("GET", "/small.txt?mark=wrk-" .. run .. "-" .. n)
end
function delay() return 3 end
)";

/// Returns true when `stop` was requested.
bool pause(const std::stop_token& stop, milliseconds time) {
  return eventually([&] { return stop.stop_requested(); }, time);
}

std::string url(const char* scheme, const peers::Address& to, const std::string& path) {
  return std::string(scheme) + "://" + to.ip + ":" + std::to_string(to.port) + path;
}

/// A second log on the small disk: when that is full the request must not suffer.
std::string second_log(ServerKind kind, const std::filesystem::path& disk) {
  const std::string file = (disk / "second.log").string();
  if (kind == ServerKind::kNginx) {
    // In the same level as the other access_log, else it would replace it.
    return "access_log " + file + " fate;";
  }
  return "CustomLog " + file + " fate";
}

/// What nginx says of a disk that is full, or that was when it had written half a line.
bool is_disk_full(const std::string& error_log_line) {
  return error_log_line.find("/second.log\"") != std::string::npos;
}

}  // namespace

Soak::Soak(const Lab& lab, const peers::Address& backend, ServerKind kind, unsigned seed)
    : lab_(lab),
      kind_(kind),
      seed_(seed),
      disk_(kWitnessDiskMegabytes),
      witness_(lab.hosts(), {.log_all = false, .output = disk_.path() / "witness.json"}),
      scripts_("soak") {
  server_ = make_server(kind, lab.hosts(),
                        {.module = module_of(kind),
                         .backend = backend,
                         .witness_path = witness_.socket().string(),
                         .daemon = kind == ServerKind::kNginx,
                         .extra_config = second_log(kind, disk_.path())});
  server_->start();
}

Soak::~Soak() = default;

void Soak::run(seconds duration) {
  hostile_ = std::make_unique<HostileClients>(lab_, *server_, marks_, seed_, kHostileThreads);
  {
    std::jthread http1([this](const Stop& stop) { good_http1(stop); });
    std::jthread http2([this](const Stop& stop) { good_http2(stop); });
    std::jthread restarting([this](const Stop& stop) { restarts(stop); });
    std::jthread faults([this](const Stop& stop) { witness_faults(stop); });
    const auto end = std::chrono::steady_clock::now() + duration;
    while (std::chrono::steady_clock::now() < end) {
      measure();
      std::this_thread::sleep_for(seconds(1));
    }
  }
  hostile_->stop();
}

void Soak::good_http1(const Stop& stop) {
  for (int run = 1; !stop.stop_requested(); ++run) {
    std::string script(kWrkScript);
    script.replace(script.find("@RUN@"), 5, std::to_string(run));
    const auto file = scripts_.path() / "unique.lua";
    write_file(file, script);
    const bool tls = run % 2 == 0;
    const auto to = server_->address(tls ? peers::Transport::kTls : peers::Transport::kCleartext);
    try {
      counts_.wrk_answered +=
          run_wrk(lab_, url(tls ? "https" : "http", to, "/"), 4, kTwoSeconds, file).requests;
    } catch (const std::exception&) {
      // While an httpd gives up its old children some connections wait for 2 s, module or not.
      ++counts_.silent_runs;
    }
  }
}

void Soak::good_http2(const Stop& stop) {
  constexpr std::uint64_t kRequests = 200;
  while (!pause(stop, milliseconds(300))) {
    counts_.h2_asked += kRequests;
    try {
      const auto load = run_h2load(
          lab_, {url("http", server_->h2c_address(), "/small.txt?mark=h2load")}, 2, kRequests);
      counts_.h2_answered += load.requests;
    } catch (const std::exception&) {
      // A reload between two connections may end it before its first answer.
    }
  }
}

void Soak::restarts(const Stop& stop) {
  constexpr int kReloadsPerUpgrade = 4;
  for (int i = 1; !pause(stop, kTwoSeconds); ++i) {
    try {
      server_->reload();
      ++counts_.reloads;
      if (kind_ == ServerKind::kNginx && i % kReloadsPerUpgrade == 0) upgrade_binary();
    } catch (const std::exception& error) {
      note(error.what());
    }
  }
}

void Soak::upgrade_binary() {
  const std::lock_guard lock(successor_);
  static_cast<NginxServer&>(*server_).upgrade();
  ++counts_.upgrades;
}

void Soak::witness_faults(const Stop& stop) {
  const std::vector<void (*)(Soak&)> faults{
      [](Soak& soak) {
        if (const int code = soak.witness_.stop(); code != 0) {
          soak.note("the witness ended with " + std::to_string(code));
        }
        std::this_thread::sleep_for(seconds(1));
        soak.witness_.start();
      },
      [](Soak& soak) {
        soak.witness_.kill();
        std::this_thread::sleep_for(seconds(1));
        soak.witness_.start();
      },
      [](Soak& soak) {
        soak.witness_.process().signal(SIGSTOP);
        std::this_thread::sleep_for(kTwoSeconds);
        soak.witness_.process().signal(SIGCONT);
      },
      [](Soak& soak) {
        std::filesystem::remove_all(soak.witness_.socket().parent_path());
        std::this_thread::sleep_for(kTwoSeconds);
        soak.witness_.stop();
        soak.witness_.start();
      },
      [](Soak& soak) {
        soak.disk_.fill();
        std::this_thread::sleep_for(kTwoSeconds);
        soak.disk_.release();
        std::filesystem::resize_file(soak.disk_.path() / "second.log", 0);
      }};
  for (std::size_t i = 0; !pause(stop, kTwoSeconds); ++i) {
    try {
      witness_memory_.read(anonymous_bytes(witness_.process().pid()));
      if (!witness_.process().running()) note("the witness died: " + witness_.messages());
      faults[i % faults.size()](*this);
      ++counts_.witness_faults;
    } catch (const std::exception& error) {
      note(error.what());
      return;
    }
  }
}

void Soak::measure() {
  const std::unique_lock lock(successor_, std::try_to_lock);
  if (!lock) return;  // which process is the server changes just now
  master_memory_.read(anonymous_bytes(server_->pid()));
  master_descriptors_.read(descriptors(server_->pid()));
  std::uint64_t largest = 0;
  for (const pid_t worker : server_->workers()) {
    largest = std::max(largest, anonymous_bytes(worker));
  }
  worker_memory_.read(largest);
}

void Soak::note(const std::string& problem) {
  const std::lock_guard lock(mutex_);
  problems_.push_back(problem);
}

std::vector<std::string> Soak::judge() {
  // What is under way ends with its client, and old workers with their last connection.
  std::this_thread::sleep_for(seconds(3));
  judge_processes();
  judge_log();
  judge_witness();
  return problems_;
}

void Soak::judge_processes() {
  const std::size_t wanted = kind_ == ServerKind::kNginx ? 1 : 2;
  if (!eventually([&] { return server_->workers().size() <= wanted; }, seconds(30))) {
    note(std::to_string(server_->workers().size()) + " workers are left, old ones are stuck");
  }
  try {
    const auto load =
        run_wrk(lab_, url("http", server_->address(peers::Transport::kCleartext), "/small.txt"), 4,
                seconds(1));
    if (load.errors != 0) note("afterwards it no longer serves without errors: " + load.report);
  } catch (const std::exception& error) {
    note(std::string("afterwards it no longer serves: ") + error.what());
  }
  // 10 % and a megabyte: the allocators' own breathing, seen in runs without the module, too.
  const auto grew = [](const Gauge& g) {
    return g.late() > g.early() + g.early() / 10 + 1'000'000;
  };
  if (grew(master_memory_)) note("the master grows");
  if (grew(worker_memory_)) note("the workers grow");
  if (master_descriptors_.late() > master_descriptors_.early() + 2) {
    note("the master's descriptors grow");
  }
  for (const std::string& line : server_->error_log_problems()) {
    if (!is_disk_full(line)) note("error log: " + line);
  }
  if (const int code = server_->stop_gracefully(); code != 0) {
    note("the server ended with " + std::to_string(code));
  }
}

void Soak::judge_log() {
  log_ = marks_.compare(server_->access_log());
  if (log_.torn != 0) note(std::to_string(log_.torn) + " lines are not whole");
  if (log_.repeated != 0) note(std::to_string(log_.repeated) + " requests have two lines");
  for (const std::string& mark : log_.missing) note("answered, and not logged: " + mark);
  const std::uint64_t wrk = log_.by_family["wrk"];
  if (wrk < counts_.wrk_answered) note("wrk has answers that were not logged");
  const std::uint64_t h2 = log_.by_family["h2load"];
  if (h2 < counts_.h2_answered) note("h2load has answers that were not logged");
  if (h2 > counts_.h2_asked) note("more lines than h2load's requests");
}

/// Nothing between the hosts misbehaves here: whoever accuses the path is wrong.
void Soak::judge_witness() {
  // It may have ended already: in good order, with the thread that started it.
  if (const int code = witness_.stop(); code != 0) note("the witness ended with an error");
  std::ifstream file(witness_.output());
  std::uint64_t torn = 0;
  for (std::string text; std::getline(file, text); ++witness_lines_) {
    const auto line = nlohmann::json::parse(text, nullptr, false);
    if (line.is_discarded()) {
      ++torn;
    } else if (line.value("by", "") == "path" || line.value("rst_from", "") == "path") {
      note("a false accusation: " + text);
    }
  }
  // A killed witness may have got half a line out.
  if (torn > counts_.witness_faults) note(std::to_string(torn) + " lines of the witness are torn");
}

std::string Soak::summary() const {
  const auto mb = [](std::uint64_t bytes) {
    const std::uint64_t tenths = bytes / 100'000;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
  };
  std::string text = "| " + std::string(to_name(kind_)) + " | " + std::to_string(log_.lines) +
                     " | " + std::to_string(hostile_->visits()) + " | " +
                     std::to_string(counts_.reloads) + " | " + std::to_string(counts_.upgrades) +
                     " | " + std::to_string(counts_.witness_faults) + " | ";
  text += std::to_string(log_.missing.size()) + " / " + std::to_string(log_.repeated) + " / " +
          std::to_string(log_.torn) + " | ";
  text += mb(master_memory_.early()) + " -> " + mb(master_memory_.late()) + " | " +
          mb(worker_memory_.early()) + " -> " + mb(worker_memory_.late()) + " | ";
  return text + std::to_string(master_descriptors_.early()) + " -> " +
         std::to_string(master_descriptors_.late()) + " | " + mb(witness_memory_.highest()) +
         " | " + std::to_string(witness_lines_) + " |";
}

}  // namespace connfate::harness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Service: the running witness, one thread. It owns the tracker, feeds it through the
// intake, ticks it, and hands its lines to the log. It decides nothing.
// Used by main, after the privileges were dropped. Failure: only the constructor throws.

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connfate/host_identity.hpp"
#include "witness/daemon/intake.hpp"
#include "witness/daemon/log.hpp"
#include "witness/daemon/options.hpp"
#include "witness/metrics/counters.hpp"
#include "witness/process/clock.hpp"
#include "witness/process/supervisor.hpp"
#include "witness/web/web_server.hpp"

namespace connfate::witness {

class Service {
 public:
  /// What was opened while the witness still had its privileges.
  struct Doors {
    Sources sources;
    std::unique_ptr<ReportSource> reports{};
    Descriptor web{};  ///< of --web; without one nothing is answered
    Access access{};
  };

  Service(const Options& options, Doors doors);

  /// Until SIGTERM or SIGINT. SIGHUP opens the output again, SIGUSR1 prints the counters.
  void run();

 private:
  using Items = std::vector<std::pair<std::string_view, EventLine::Value>>;

  void wait_for_tick();
  bool on_tick(Instant now);  ///< true when more look-ups are due
  void wait_for_signal();
  void on_signal(int number);
  void write_losses(Instant now);
  void write_heard();
  void write_event(std::string_view event, Items items);
  void start();
  void finish();
  Readings readings() const;
  Items counted() const;
  std::string metrics() const;
  std::vector<WebPage> pages() const;

  std::chrono::sys_time<Duration> started_at_ = wall_now();
  HostIdentity host_;    ///< whose lines they are
  bool log_all_;         ///< a line for every response
  std::string missing_;  ///< evidence that is not to be had
  Duration rest_;        ///< after everything that waited has been read
  boost::asio::io_context context_{1};
  boost::asio::signal_set signals_;
  boost::asio::steady_timer timer_{context_};
  Log log_;
  Tracker tracker_;
  Intake intake_;
  Supervisor supervisor_;
  Complaint trouble_;
  std::optional<WebServer> web_;
};

}  // namespace connfate::witness

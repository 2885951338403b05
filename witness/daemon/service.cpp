// SPDX-License-Identifier: Apache-2.0
#include "witness/daemon/service.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <exception>
#include <thread>
#include <utility>

#include "witness/lines/masking.hpp"
#include "witness/metrics/exposition.hpp"
#include "witness/process/clock.hpp"
#include "witness/sources/report_queue.hpp"

namespace connfate::witness {
namespace {

/// Short, because the lines that a tick writes keep the reports waiting, and their queue is short.
constexpr std::chrono::milliseconds kTick{20};

/// While it rests, no report and no packet wakes it, so that neither it nor the server pays for a
/// change of tasks: reading them together costs a third. What comes meanwhile waits in the kernel,
/// where a server process has room for several milliseconds (docs/adr/0034).
constexpr std::chrono::milliseconds kRest{1};

constexpr std::size_t kManyLookups = 256;  ///< so many that more may be due by now

TrackerOptions tracker_options(const Options& options, const Sources& sources) {
  TrackerOptions result = options.tracker;
  result.capture_runs = !sources.captures.empty();
  return result;
}

HostIdentity identity_of(const Options& options) {
  HostIdentity host = HostIdentity::read();
  if (!options.node.empty()) host.rename(options.node);
  return host;
}

/// The tracker has no wall clock: of an end it knows how long ago it was.
FinalLine with_time(FinalLine line) {
  if (line.about == FinalLine::About::kConnection) {
    line.time = wall_now() - (steady_now() - line.ended_at);
  }
  return line;
}

Duration rest_between_turns(const Sources& sources) noexcept {
  return sources.report_queue < kReportQueueWanted ? Duration::zero() : kRest;
}

std::string joined(const std::vector<std::string>& sentences) {
  std::string text;
  for (const auto& sentence : sentences) text.append(text.empty() ? "" : "; ").append(sentence);
  return text;
}

}  // namespace

Service::Service(const Options& options, Doors doors)
    : host_(identity_of(options)),
      log_all_(options.tracker.log_all),
      missing_(joined(doors.sources.missing)),
      rest_(rest_between_turns(doors.sources)),
      signals_(context_),
      log_(options.output, options.format),
      tracker_(tracker_options(options, doors.sources),
               [this, masks = options.mask_clients](FinalLine line) {
                 line.identity = &host_;
                 log_.write(with_time(masks ? masked(std::move(line)) : std::move(line)));
               }),
      intake_(std::move(doors.sources), std::move(doors.reports), options.ports, tracker_) {
  if (doors.web) web_.emplace(context_, std::move(doors.web), std::move(doors.access), pages());
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) signals_.add(number);
  (void)std::signal(SIGPIPE, SIG_IGN);
}

void Service::run() {
  start();
  while (context_.run_one() > 0) {
    context_.poll();
    std::this_thread::sleep_for(rest_);
  }
  finish();
}

void Service::start() {
  Items items{{"version", CONNFATE_VERSION}, {"log", log_all_ ? "all" : "trouble"}};
  if (!missing_.empty()) items.emplace_back("missing", missing_);
  write_event("witness_started", std::move(items));
  log_.flush(steady_now());
  intake_.start(context_);
  wait_for_signal();
  timer_.expires_after(kTick);
  wait_for_tick();
  supervisor_.ready();
}

void Service::finish() {
  supervisor_.stopping();
  const Instant now = steady_now();
  intake_.drain();
  tracker_.finish(now);
  write_losses(now);
  write_event("witness_stopped", counted());
  log_.flush(now);
}

void Service::wait_for_tick() {
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    const Instant now = steady_now();
    bool has_more = false;
    try {
      has_more = on_tick(now);
    } catch (const std::exception& failure) {
      trouble_.say(failure.what(), now);
    }
    timer_.expires_after(has_more ? std::chrono::milliseconds(0) : kTick);
    wait_for_tick();
  });
}

bool Service::on_tick(Instant now) {
  intake_.on_tick(now);
  const auto lookups = tracker_.on_tick(now);
  intake_.look_up(lookups, now);
  write_heard();
  write_losses(now);
  log_.flush(now);
  supervisor_.alive(now);
  return lookups.size() >= kManyLookups;
}

void Service::wait_for_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int number) {
    if (error) return;
    on_signal(number);
    if (number != SIGTERM && number != SIGINT) wait_for_signal();
  });
}

void Service::on_signal(int number) {
  switch (number) {
    case SIGHUP: log_.reopen(steady_now()); return intake_.heard().begin_again();
    case SIGUSR1:
      return spdlog::info(to_logfmt(EventLine{"counters", wall_now(), counted(), &host_}));
    default: context_.stop();
  }
}

void Service::write_losses(Instant now) {
  intake_.losses().set_lost_lines(log_.lost_lines());
  auto line = intake_.losses().take(now);
  if (line) write_event(line->event, std::move(line->items));
}

void Service::write_heard() {
  for (std::string& server : intake_.heard().take_new()) {
    write_event("witness_heard", {{"server", std::move(server)}});
  }
}

void Service::write_event(std::string_view event, Items items) {
  log_.write(EventLine{event, wall_now(), std::move(items), &host_});
}

Readings Service::readings() const {
  return {.tracker = tracker_.counters(),
          .reports = intake_.report_counters(),
          .skipped = intake_.skipped_frames(),
          .waiting = tracker_.waiting(),
          .memory = tracker_.memory_used(),
          .lost_lines = log_.lost_lines(),
          .failures = intake_.troubles(),
          .web = web_ ? web_->counters() : WebCounters{}};
}

std::string Service::metrics() const {
  return exposition({.readings = readings(),
                     .fates = tracker_.fates(),
                     .process = own_usage(),
                     .started_at = started_at_,
                     .capture_complete = intake_.captures_all(),
                     .version = CONNFATE_VERSION});
}

/// Nothing here names a client or a request.
std::vector<WebPage> Service::pages() const {
  return {{"/metrics", "text/plain; version=0.0.4; charset=utf-8", [this] { return metrics(); }},
          {"/healthz", "text/plain; charset=utf-8", [] { return std::string("ok\n"); }}};
}

Service::Items Service::counted() const {
  const Readings now = readings();
  Items items;
  for (const Counter& counter : counters()) items.emplace_back(counter.name, counter.value(now));
  return items;
}

}  // namespace connfate::witness

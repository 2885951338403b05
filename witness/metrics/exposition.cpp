// SPDX-License-Identifier: Apache-2.0
#include "witness/metrics/exposition.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace connfate::witness {
namespace {

using Families = std::vector<prometheus::MetricFamily>;
using Labels = std::vector<std::pair<std::string_view, std::string_view>>;
using prometheus::ClientMetric;
using prometheus::MetricType;

/// The family of that name; its first metric begins it.
prometheus::MetricFamily& family(Families& all, std::string_view name, std::string_view help,
                                 MetricType type) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& f) { return f.name == name; });
  if (found != all.end()) return *found;
  return all.emplace_back(prometheus::MetricFamily{std::string(name), std::string(help), type, {}});
}

void add(prometheus::MetricFamily& to, const Labels& labels, double value) {
  ClientMetric metric;
  for (const auto& [name, text] : labels) {
    metric.label.push_back({std::string(name), std::string(text)});
  }
  (to.type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  to.metric.push_back(std::move(metric));
}

/// A family says what all of its rows have in common; a row's own help says more.
std::string_view help_of_family(const Counter& counter) {
  if (counter.label == "source") return "what the witness did not see, or could not write";
  if (counter.metric == "connfate_frames_skipped_total") return "captured frames, not understood";
  if (counter.metric == "connfate_web_requests_total") return "requests to --web, and readers";
  if (counter.metric == "connfate_refused_reports_total") return "reports that were not taken";
  return counter.help;
}

void add_counters(Families& all, const Readings& readings) {
  for (const Counter& counter : counters()) {
    auto& to = family(all, counter.metric, help_of_family(counter),
                      counter.is_level ? MetricType::Gauge : MetricType::Counter);
    Labels labels;
    if (!counter.label.empty()) labels.emplace_back(counter.label, counter.kind);
    add(to, labels, static_cast<double>(counter.value(readings)));
  }
}

/// Every pair that the rules can give, and whatever else was counted.
bool is_shown(Fate fate, By by, std::uint64_t count) {
  const auto possible = parties_of(fate);
  return count > 0 || std::find(possible.begin(), possible.end(), by) != possible.end();
}

void add_fates(prometheus::MetricFamily& to, const FinalCounts::PerParty& counts, Labels labels) {
  for (int fate_index = 0; fate_index < kFateCount; ++fate_index) {
    const auto fate = static_cast<Fate>(fate_index);
    for (std::size_t by_index = 0; by_index < kByCount; ++by_index) {
      const auto by = static_cast<By>(by_index);
      const std::uint64_t count = counts[static_cast<std::size_t>(fate_index)][by_index];
      if (!is_shown(fate, by, count)) continue;
      Labels all = labels;
      all.emplace_back("fate", to_token(fate));
      all.emplace_back("by", to_token(by));
      add(to, all, static_cast<double>(count));
    }
  }
}

std::uint64_t total(const FinalCounts::PerParty& counts) {
  std::uint64_t sum = 0;
  for (const auto& row : counts) {
    for (const std::uint64_t count : row) sum += count;
  }
  return sum;
}

void add_responses(Families& all, const FinalCounts& fates) {
  auto& to = family(all, "connfate_responses_total", "responses, by their final fate",
                    MetricType::Counter);
  for (std::size_t i = 0; i < kServerCount; ++i) {
    const auto server = static_cast<ServerName>(i);
    if (server == ServerName::kOther && total(fates.responses[i]) == 0) continue;
    add_fates(to, fates.responses[i], {{"server", to_token(server)}});
  }
}

void add_resets(Families& all, const FinalCounts& fates) {
  auto& to = family(all, "connfate_resets_received_total",
                    "RSTs that ended something, by who sent them", MetricType::Counter);
  for (std::size_t from = 0; from < kRstFromCount; ++from) {
    for (std::size_t confidence = 0; confidence < kConfidenceCount; ++confidence) {
      add(to,
          {{"from", to_token(static_cast<RstFrom>(from))},
           {"confidence", to_token(static_cast<Confidence>(confidence))}},
          static_cast<double>(fates.resets[from][confidence]));
    }
  }
}

void add_unacked(Families& all, const FinalCounts& fates) {
  auto& to =
      family(all, "connfate_response_unacknowledged_bytes_total",
             "bytes of responses that were not acknowledged in the end", MetricType::Counter);
  for (int i = 0; i < kFateCount; ++i) {
    add(to, {{"fate", to_token(static_cast<Fate>(i))}},
        static_cast<double>(fates.unacked_bytes[static_cast<std::size_t>(i)]));
  }
}

void add_self(Families& all, const Exposed& now) {
  add(family(all, "connfate_capture_complete", "packets are read on every interface asked for",
             MetricType::Gauge),
      {}, now.capture_complete ? 1 : 0);
  add(family(all, "connfate_build_info", "the witness's version", MetricType::Gauge),
      {{"version", now.version}}, 1);
  const OwnUsage& p = now.process;
  add(family(all, "process_cpu_seconds_total", "CPU time, user and system", MetricType::Counter),
      {}, p.cpu_seconds);
  add(family(all, "process_resident_memory_bytes", "resident memory", MetricType::Gauge), {},
      static_cast<double>(p.resident_bytes));
  add(family(all, "process_start_time_seconds", "start, in Unix time", MetricType::Gauge), {},
      std::chrono::duration<double>(now.started_at.time_since_epoch()).count());
}

}  // namespace

std::string exposition(const Exposed& now) {
  Families all;
  all.reserve(32);  // references into it are held
  add_responses(all, now.fates);
  add_fates(family(all, "connfate_connections_total",
                   "connections without a request, or on a port without a module, by their fate",
                   MetricType::Counter),
            now.fates.connections, {});
  add_resets(all, now.fates);
  add_unacked(all, now.fates);
  add_counters(all, now.readings);
  add_self(all, now);
  return prometheus::TextSerializer().Serialize(all);
}

}  // namespace connfate::witness

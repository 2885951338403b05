// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "cli/figures.hpp"
#include "cli/report/judge/next_step.hpp"
#include "cli/report/judge/words.hpp"
#include "cli/report/render/render.hpp"

namespace connfate::cli::report {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const FateCounts& fates) {
  Json json = Json::object();
  for (int i = 0; i < kFateCount; ++i) {
    const auto fate = static_cast<Fate>(i);
    if (fates[fate] > 0) json[std::string(to_token(fate))] = fates[fate];
  }
  return json;
}

Json to_json(const Cliff& cliff) {
  Json json;
  json["from"] = cliff.from;
  json["seconds"] = cliff.seconds;
  json["inside"] = cliff.inside;
  json["failures"] = cliff.failures;
  if (!cliff.timer.empty()) json["fits_timer"] = cliff.timer;
  return json;
}

Json to_json(const SizeStep& step) {
  return {{"from_bytes", step.edge},
          {"failed_from_there", step.failed_above},
          {"requests_from_there", step.requests_above},
          {"failed_below", step.failed_below},
          {"requests_below", step.requests_below}};
}

Json lines_json(const Summary& summary) {
  const LineCounts& lines = summary.lines;
  Json json = {{"total", lines.total},
               {"requests", lines.requests},
               {"counted", summary.fates.total()},
               {"without_fate", lines.without_fate},
               {"unparsable", lines.unparsable},
               {"cut", lines.cut},
               {"without_time", summary.without_time},
               {"out_of_period", lines.out_of_period},
               {"no_time_for_period", lines.no_time_for_period},
               {"filtered", lines.filtered},
               {"witness", lines.witness},
               {"daemon", lines.daemon}};
  if (lines.later_fates > 0) json["later_fates"] = lines.later_fates;
  for (const BadLine& bad : lines.samples) {
    json["unparsable_samples"].push_back(
        {{"source", bad.source}, {"line", bad.line}, {"text", bad.text}});
  }
  return json;
}

Json witness_json(const Summary& summary) {
  return {{"only", summary.witness_only},
          {"joined", summary.joined},
          {"changed", to_json(summary.changed_by_witness)},
          {"of_unknown_host", summary.lines.of_unknown_host},
          {"fit_by_several", summary.lines.fit_by_several},
          {"unused", summary.verdicts_unused},
          {"dropped", summary.verdicts_dropped},
          {"unverified", summary.lines.witness_unverified},
          {"without_key", summary.lines.witness_without_key},
          {"lost_evidence", summary.lines.witness_lost},
          {"connections", to_json(summary.lines.connections)}};
}

Json to_json(const ByCounts& by) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kByCount; ++i) {
    if (by[i] > 0) json[std::string(to_token(static_cast<By>(i)))] = by[i];
  }
  return json;
}

Json by_of_fate_json(const Summary& summary) {
  Json json = Json::object();
  for (int i = 0; i < kFateCount; ++i) {
    const auto fate = static_cast<Fate>(i);
    if (summary.fates[fate] == 0) continue;
    json[std::string(to_token(fate))] = to_json(summary.by_of_fate[static_cast<std::size_t>(i)]);
  }
  return json;
}

Json to_json(const GroupRows& groups) {
  Json json = {{"dimension", groups.dimension},
               {"names", groups.names},
               {"names_dropped", groups.names_dropped},
               {"requests_of_dropped", groups.other_requests},
               {"rows", Json::array()}};
  for (const GroupRow& row : groups.rows) {
    Json one = {{"name", row.name},
                {"requests", row.fates.total()},
                {"trouble", row.fates.trouble()},
                {"client_left", row.fates.left()},
                {"fates", to_json(row.fates)}};
    if (row.before_requests > 0) {
      one["before"] = {{"requests", row.before_requests}, {"trouble", row.before_trouble}};
    }
    json["rows"].push_back(std::move(one));
  }
  return json;
}

Json to_json(const SecondsRows& seconds) {
  Json json = {{"known", seconds.known}, {"not_known", seconds.not_known}, {"rows", Json::array()}};
  for (const HistogramRow& row : seconds.rows) {
    json["rows"].push_back({{"range", row.label}, {"count", row.count}});
  }
  if (seconds.cliff) json["cliff"] = to_json(*seconds.cliff);
  return json;
}

Json to_json(const Finding& finding) {
  Json json = {{"fate", to_token(finding.fate)},
               {"dimension", finding.dimension},
               {"name", finding.name},
               {"count", finding.count},
               {"requests", finding.requests},
               {"count_elsewhere", finding.count_elsewhere},
               {"requests_elsewhere", finding.requests_elsewhere}};
  json["by"] = to_json(finding.by);
  json["client_left"] = finding.client_left;
  json["clients"] = finding.clients;
  if (finding.window) {
    json["window"] = {{"from", time_text(finding.window->from)},
                      {"to", time_text(finding.window->to)},
                      {"inside", finding.window->inside},
                      {"of", finding.window->of}};
  }
  json["requests_before"] = finding.requests_before;
  if (finding.duration) json["duration"] = to_json(*finding.duration);
  if (finding.silence) json["silence"] = to_json(*finding.silence);
  if (finding.step) json["size_step"] = to_json(*finding.step);
  for (const Overlap& also : finding.also) {
    json["also"].push_back({{"dimension", also.dimension},
                            {"name", also.name},
                            {"count", also.count},
                            {"of", also.of}});
  }
  json["sentence"] = sentence_of(finding);
  json["next"] = next_step(finding);
  json["show"] = show_options(finding);
  return json;
}

Json timeline_json(const Summary& summary) {
  Json json = {{"seconds", summary.timeline.width}, {"rows", Json::array()}};
  for (const TimelineRow& row : summary.timeline.rows) {
    json["rows"].push_back({{"time", time_text(row.start)}, {"fates", to_json(row.fates)}});
  }
  return json;
}

Json changes_json(const Summary& summary) {
  Json json = {{"of", summary.compares_halves ? "halves" : "periods"}, {"rows", Json::array()}};
  for (const Change& change : summary.changes) {
    json["rows"].push_back({{"fate", to_token(change.fate)},
                            {"before", change.before},
                            {"before_of", change.before_of},
                            {"now", change.now},
                            {"now_of", change.now_of}});
  }
  return json;
}

Json sizes_json(const Summary& summary) {
  Json json = {{"not_known", summary.without_size}, {"rows", Json::array()}};
  for (const SizeRow& row : summary.sizes) {
    Json one = {{"from", row.from}};
    if (row.to) one["to"] = *row.to;
    one["requests"] = row.requests;
    one["delivered"] = row.delivered;
    one["not_acknowledged"] = row.unacknowledged;
    json["rows"].push_back(std::move(one));
  }
  if (summary.step) json["step"] = to_json(*summary.step);
  return json;
}

/// All of it, as sentences in their order.
Json conclusion_json(const Summary& summary) {
  Json json = Json::array({summary.conclusion.overall});
  for (const std::string& now : summary.conclusion.now) json.push_back(now);
  for (const Finding& finding : summary.findings) json.push_back(sentence_of(finding));
  for (const std::string& apart : summary.conclusion.apart) json.push_back(apart);
  for (const std::string& limit : summary.conclusion.limits) json.push_back(limit);
  return json;
}

Json unanswered_json(const Summary& summary) {
  Json json = Json::array();
  for (const UnansweredRow& row : summary.unanswered) {
    json.push_back({{"network", row.network}, {"responses", row.count}});
  }
  return json;
}

Json fallen_json(const Summary& summary) {
  Json json = Json::array();
  for (const FallenRow& row : summary.fallen) {
    json.push_back({{"network", row.network}, {"statement", row.statement}, {"lines", row.lines}});
  }
  return json;
}

Json stopped_json(const Summary& summary) {
  Json json = Json::array();
  for (const StoppedRow& row : summary.stopped) {
    json.push_back({{"network", row.network},
                    {"requests", row.requests},
                    {"last", time_text(row.last)},
                    {"elsewhere_since", row.elsewhere}});
  }
  return json;
}

}  // namespace

std::string to_json(const Summary& summary) {
  Json json;
  json["v"] = 1;
  if (summary.first_time) {
    json["from"] = time_text(*summary.first_time);
    json["to"] = time_text(*summary.last_time);
  }
  json["verdict"] = conclusion_json(summary);
  json["unanswered"] = unanswered_json(summary);
  json["silent_networks"] = fallen_json(summary);
  json["stopped_networks"] = stopped_json(summary);
  json["answered_with_errors"] = summary.answered_with_errors.count;
  json["closed_by_server"] = summary.closed_by_server.count;
  json["findings"] = Json::array();
  for (const Finding& finding : summary.findings) json["findings"].push_back(to_json(finding));
  json["lines"] = lines_json(summary);
  json["trouble"] = summary.fates.trouble();
  json["client_left"] = summary.fates.left();
  json["fates"] = to_json(summary.fates);
  json["by"] = to_json(summary.by);
  json["by_of_fate"] = by_of_fate_json(summary);
  json["witness"] = witness_json(summary);
  json["timeline"] = timeline_json(summary);
  json["changes"] = changes_json(summary);
  json["groups"] = Json::array();
  for (const GroupRows& groups : summary.worst) json["groups"].push_back(to_json(groups));
  if (summary.by_chosen) json["by_chosen"] = to_json(*summary.by_chosen);
  json["durations"] = to_json(summary.durations);
  json["silences"] = to_json(summary.silences);
  json["sizes"] = sizes_json(summary);
  json["unreadable"] = summary.unreadable;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

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

Json lines_json(const Report& report) {
  const LineCounts& lines = report.lines;
  Json json = {{"total", lines.total},
               {"requests", lines.requests},
               {"counted", report.fates.total()},
               {"without_fate", lines.without_fate},
               {"unparsable", lines.unparsable},
               {"cut", lines.cut},
               {"without_time", report.without_time},
               {"out_of_period", lines.out_of_period},
               {"no_time_for_period", lines.no_time_for_period},
               {"filtered", lines.filtered},
               {"witness", lines.witness},
               {"daemon", lines.daemon}};
  for (const BadLine& bad : lines.samples) {
    json["unparsable_samples"].push_back(
        {{"source", bad.source}, {"line", bad.line}, {"text", bad.text}});
  }
  return json;
}

Json witness_json(const Report& report) {
  return {{"only", report.witness_only},
          {"joined", report.joined},
          {"changed", to_json(report.changed_by_witness)},
          {"unused", report.verdicts_unused},
          {"dropped", report.verdicts_dropped},
          {"without_key", report.lines.witness_without_key},
          {"lost_evidence", report.lines.witness_lost},
          {"connections", to_json(report.lines.connections)}};
}

Json to_json(const ByCounts& by) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kByCount; ++i) {
    if (by[i] > 0) json[std::string(to_token(static_cast<By>(i)))] = by[i];
  }
  return json;
}

Json by_of_fate_json(const Report& report) {
  Json json = Json::object();
  for (int i = 0; i < kFateCount; ++i) {
    const auto fate = static_cast<Fate>(i);
    if (report.fates[fate] == 0) continue;
    json[std::string(to_token(fate))] = to_json(report.by_of_fate[static_cast<std::size_t>(i)]);
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

Json timeline_json(const Report& report) {
  Json json = {{"seconds", report.timeline.width}, {"rows", Json::array()}};
  for (const TimelineRow& row : report.timeline.rows) {
    json["rows"].push_back({{"time", time_text(row.start)}, {"fates", to_json(row.fates)}});
  }
  return json;
}

Json changes_json(const Report& report) {
  Json json = {{"of", report.compares_halves ? "halves" : "periods"}, {"rows", Json::array()}};
  for (const Change& change : report.changes) {
    json["rows"].push_back({{"fate", to_token(change.fate)},
                            {"before", change.before},
                            {"before_of", change.before_of},
                            {"now", change.now},
                            {"now_of", change.now_of}});
  }
  return json;
}

Json sizes_json(const Report& report) {
  Json json = {{"not_known", report.without_size}, {"rows", Json::array()}};
  for (const SizeRow& row : report.sizes) {
    Json one = {{"from", row.from}};
    if (row.to) one["to"] = *row.to;
    one["requests"] = row.requests;
    one["delivered"] = row.delivered;
    one["not_acknowledged"] = row.unacknowledged;
    json["rows"].push_back(std::move(one));
  }
  if (report.step) json["step"] = to_json(*report.step);
  return json;
}

/// All of it, as sentences in their order.
Json verdict_json(const Report& report) {
  Json json = Json::array({report.verdict.overall});
  for (const Finding& finding : report.findings) json.push_back(sentence_of(finding));
  for (const std::string& limit : report.verdict.limits) json.push_back(limit);
  return json;
}

}  // namespace

std::string to_json(const Report& report) {
  Json json;
  json["v"] = 1;
  if (report.first_time) {
    json["from"] = time_text(*report.first_time);
    json["to"] = time_text(*report.last_time);
  }
  json["verdict"] = verdict_json(report);
  json["findings"] = Json::array();
  for (const Finding& finding : report.findings) json["findings"].push_back(to_json(finding));
  json["lines"] = lines_json(report);
  json["fates"] = to_json(report.fates);
  json["by"] = to_json(report.by);
  json["by_of_fate"] = by_of_fate_json(report);
  json["witness"] = witness_json(report);
  json["timeline"] = timeline_json(report);
  json["changes"] = changes_json(report);
  json["groups"] = Json::array();
  for (const GroupRows& groups : report.worst) json["groups"].push_back(to_json(groups));
  if (report.by_chosen) json["by_chosen"] = to_json(*report.by_chosen);
  json["durations"] = to_json(report.durations);
  json["silences"] = to_json(report.silences);
  json["sizes"] = sizes_json(report);
  json["unreadable"] = report.unreadable;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace connfate::cli::report

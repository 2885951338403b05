// SPDX-License-Identifier: Apache-2.0
#include "cli/report/input/selector.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>

#include "cli/report/input/client_prefix.hpp"
#include "cli/report/input/uri_pattern.hpp"

namespace connfate::cli::report {
namespace {

using log::Record;

template <std::string_view Record::*Member>
std::string_view text(const Request& request, std::string&) {
  return request.record->*Member;
}

std::string_view fate(const Request& request, std::string&) {
  return to_token(request.fate);
}
std::string_view by(const Request& request, std::string&) {
  return to_token(request.by);
}
std::string_view close(const Request& request, std::string&) {
  return request.last_word != nullptr ? to_token(request.last_word->close)
                                      : request.record->field(log::FieldId::kClose);
}
std::string_view rule(const Request& request, std::string&) {
  return request.last_word != nullptr ? request.last_word->rule
                                      : request.record->field(log::FieldId::kRule);
}
std::string_view first(const Request& request, std::string&) {
  const Record& record = *request.record;
  if (record.kind == log::Kind::kWitness) return record.witness.first;
  return record.fate ? to_token(*record.fate) : std::string_view{};
}
std::string_view rst_from(const Request& request, std::string&) {
  return request.last_word != nullptr ? request.last_word->rst_from : std::string_view{};
}
std::string_view confidence(const Request& request, std::string&) {
  return request.last_word != nullptr ? request.last_word->confidence : std::string_view{};
}
std::string_view network(const Request& request, std::string& scratch) {
  return network_of(request.record->client, scratch);
}
std::string_view path(const Request& request, std::string&) {
  return path_of(request.record->uri);
}
std::string_view pattern(const Request& request, std::string& scratch) {
  return pattern_of(request.record->uri, scratch);
}
std::string_view duration(const Request& request, std::string& scratch) {
  if (!request.record->duration) return {};
  scratch = fmt::format("{}", request.record->duration->count() / 1000);
  return scratch;
}
template <int Seconds>
std::string_view period(const Request& request, std::string& scratch) {
  if (!request.record->time) return {};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(*request.record->time);
  const auto count = seconds.time_since_epoch().count();
  const std::time_t start = count - (count % Seconds + Seconds) % Seconds;
  scratch = fmt::format("{:%Y-%m-%dT%H:%MZ}", fmt::gmtime(start));
  return scratch;
}

}  // namespace

struct Selector::Row {
  SelectorName name;
  Get get;
};

std::span<const Selector::Row> Selector::rows() noexcept {
  static constexpr Row kRows[] = {
      {{"fate", "the final fate, where the witness has one"}, fate},
      {{"by", "who ended it, as the final verdict says"}, by},
      {{"close", "how the connection stood"}, close},
      {{"rule", "the rule that decided"}, rule},
      {{"first", "the fate in the access log"}, first},
      {{"rst_from", "who sent the RST, as far as the witness knows"}, rst_from},
      {{"confidence", "of that"}, confidence},
      {{"client", "address; --where takes ADDRESS/BITS too"}, text<&Record::client>},
      {{"network", "/24 of the client, /48 of IPv6"}, network},
      {{"host", "the request's host"}, text<&Record::host>},
      {{"server", "the server's name for itself"}, text<&Record::server>},
      {{"method", ""}, text<&Record::method>},
      {{"uri", "as logged"}, text<&Record::uri>},
      {{"path", "the uri without its query"}, path},
      {{"pattern", "the path with figures and ids as *"}, pattern},
      {{"status", ""}, text<&Record::status>},
      {{"bytes", "as the log format says"}, text<&Record::bytes>},
      {{"request_id", ""}, text<&Record::request_id>},
      {{"duration_ms", "how long the request took"}, duration},
      {{"minute", "of the line, UTC"}, period<60>},
      {{"hour", "of the line, UTC"}, period<3600>},
      {{"source", "the file of the line"}, text<&Record::source>},
  };
  return kRows;
}

std::span<const SelectorName> selector_names() noexcept {
  static const auto all_names = [] {
    std::array<SelectorName, 22> names;
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = Selector::rows()[i].name;
    return names;
  }();
  return all_names;
}

std::optional<Selector> Selector::find(std::string_view name) noexcept {
  Selector selector;
  for (const Row& row : rows()) {
    if (row.name.name != name) continue;
    selector.name_ = row.name.name;
    selector.get_ = row.get;
    return selector;
  }
  const Field* field = find_field(name);
  if (field == nullptr) return std::nullopt;
  selector.name_ = field->name;
  selector.field_ = field->id;
  return selector;
}

std::string_view Selector::value(const Request& request, std::string& scratch) const {
  return get_ != nullptr ? get_(request, scratch) : request.record->field(field_);
}

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#include "cli/live/view.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/figures.hpp"
#include "connfate/char_writer.hpp"

namespace connfate::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kRow = "{:<45} {:>5} {:<11} {:>9} {:>10} {:>10} {:>7} {:<15} {:<16} {}\n";
constexpr std::size_t kHeadLines = 4;

std::string address_text(const Endpoint& endpoint) {
  char buffer[kAddressSize];
  CharWriter out(buffer, sizeof buffer);
  write_address(endpoint, out);
  return std::string(out.view());
}

std::string client_text(const Endpoint& client) {
  const std::string address = address_text(client);
  return client.is_ipv4() ? fmt::format("{}:{}", address, client.port)
                          : fmt::format("[{}]:{}", address, client.port);
}

std::string cookie_text(std::uint64_t cookie) {
  return fmt::format("{:016x}", cookie);
}

std::string joined_symptoms(const Assessment& assessment) {
  std::string text;
  for (const Symptom symptom : assessment.symptoms) {
    if (!text.empty()) text += ',';
    text += to_token(symptom);
  }
  return text;
}

std::string seconds_text(std::chrono::milliseconds duration) {
  return fmt::format("{:.1f}s", static_cast<double>(duration.count()) / 1000);
}

std::string row_of(const AssessedSocket& troubled) {
  const auto& record = troubled.socket.record;
  const TcpSnapshot& s = *record.snapshot;
  const auto& fate = troubled.assessment.provisional;
  return fmt::format(kRow, client_text(record.flow.remote), record.flow.local.port,
                     connfate::to_token(record.state), seconds_text(troubled.silence()),
                     troubled.assessment.unacked.value,
                     s.notsent ? fmt::to_string(s.notsent->value) : "-", s.retransmits,
                     fate ? connfate::to_token(fate->fate) : "-", cookie_text(record.cookie),
                     joined_symptoms(troubled.assessment));
}

std::string ports_text(const Survey& survey) {
  constexpr std::size_t kMost = 8;
  std::string text;
  for (std::size_t i = 0; i < survey.ports.size() && i < kMost; ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", survey.ports[i]);
  }
  if (survey.ports.size() > kMost) text += fmt::format(" and {} more", survey.ports.size() - kMost);
  return text.empty() ? "none: nothing listens here" : text;
}

std::string counts_text(const Survey& survey) {
  std::string text;
  for (int i = 0; i < kSymptomCount; ++i) {
    const std::size_t count = survey.of_symptom[static_cast<std::size_t>(i)];
    if (count > 0) text += fmt::format("  {} {}", to_token(static_cast<Symptom>(i)), count);
  }
  return text.empty() ? "  none in trouble" : text;
}

Json as_json(const AssessedSocket& troubled) {
  const auto& record = troubled.socket.record;
  const TcpSnapshot& s = *record.snapshot;
  Json json{{"client", address_text(record.flow.remote)},
            {"client_port", record.flow.remote.port},
            {"local", address_text(record.flow.local)},
            {"local_port", record.flow.local.port},
            {"cookie", cookie_text(record.cookie)},
            {"tcp_state", connfate::to_token(record.state)},
            {"trouble", Json::array()},
            {"silence_ms", troubled.silence().count()},
            {"unacked", troubled.assessment.unacked.value},
            {"retrans_now", s.retransmits},
            {"backoff", s.backoff},
            {"retrans_total", s.total_retrans.value},
            {"owner", troubled.socket.has_owner}};
  for (const Symptom symptom : troubled.assessment.symptoms)
    json["trouble"].push_back(to_token(symptom));
  if (s.notsent) json["notsent"] = s.notsent->value;
  if (s.snd_wnd) json["snd_wnd"] = s.snd_wnd->value;
  if (s.bytes_acked) json["acked_total"] = s.bytes_acked->value;
  if (s.rtt.count() > 0) json["rtt_us"] = s.rtt.count();
  if (const auto& fate = troubled.assessment.provisional) {
    json["provisional"] = {{"fate", connfate::to_token(fate->fate)},
                           {"by", connfate::to_token(fate->by)},
                           {"rule", fate->rule}};
  }
  return json;
}

}  // namespace

std::string to_table(const Survey& survey, std::size_t rows) {
  std::string out = fmt::format("{} of {} connections in trouble; ports {}\n", survey.troubled,
                                survey.connections, ports_text(survey));
  out += fmt::format("{}\n\n", counts_text(survey));
  if (survey.worst.empty()) return out;
  out += fmt::format(kRow, "CLIENT", "PORT", "STATE", "SILENT", "UNACKED", "NOT SENT", "RETRANS",
                     "IF IT ENDED NOW", "COOKIE", "TROUBLE");
  const std::size_t room = rows > kHeadLines + 1 ? rows - kHeadLines - 1 : 1;
  const std::size_t shown = std::min(room, survey.worst.size());
  for (std::size_t i = 0; i < shown; ++i) out += row_of(survey.worst[i]);
  if (shown < survey.troubled) out += fmt::format("and {} more\n", survey.troubled - shown);
  return out;
}

std::string to_json(const Survey& survey, std::chrono::system_clock::time_point now) {
  Json json{{"time", time_text(std::chrono::system_clock::to_time_t(now))},
            {"ports", survey.ports},
            {"connections", survey.connections},
            {"troubled", survey.troubled},
            {"left_out", survey.left_out()},
            {"trouble", Json::object()},
            {"sockets", Json::array()}};
  for (int i = 0; i < kSymptomCount; ++i) {
    json["trouble"][std::string(to_token(static_cast<Symptom>(i)))] =
        survey.of_symptom[static_cast<std::size_t>(i)];
  }
  for (const AssessedSocket& troubled : survey.worst) json["sockets"].push_back(as_json(troubled));
  json["v"] = 1;
  return json.dump() + '\n';
}

}  // namespace connfate::cli

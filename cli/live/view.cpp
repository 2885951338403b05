// SPDX-License-Identifier: Apache-2.0
#include "cli/live/view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "cli/figures.hpp"
#include "cli/wrapped.hpp"
#include "connfate/char_writer.hpp"
#include "witness/attribution/client_prefix.hpp"

namespace connfate::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostNetworks = 5;  ///< that the summary names

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

/// One cell for each column of the table, in their order.
struct Row {
  std::string client, port, state, silent, unacked, notsent, retrans, fate, cookie, symptoms;
};

Row row_of(const AssessedSocket& troubled) {
  const auto& record = troubled.socket.record;
  const TcpSnapshot& s = *record.snapshot;
  const auto& fate = troubled.assessment.provisional;
  return {.client = client_text(record.flow.remote),
          .port = fmt::to_string(record.flow.local.port),
          .state = std::string(connfate::to_token(record.state)),
          .silent = seconds_text(troubled.silence()),
          .unacked = fmt::to_string(troubled.assessment.unacked.value),
          .notsent = s.notsent ? fmt::to_string(s.notsent->value) : "-",
          .retrans = fmt::to_string(s.retransmits),
          .fate = std::string(fate ? connfate::to_token(fate->fate) : "-"),
          .cookie = cookie_text(record.cookie),
          .symptoms = joined_symptoms(troubled.assessment)};
}

const Row kWideHead{.client = "CLIENT",
                    .port = "PORT",
                    .state = "STATE",
                    .silent = "SILENT",
                    .unacked = "UNACKED",
                    .notsent = "NOT SENT",
                    .retrans = "RETRANS",
                    .fate = "IF IT ENDED NOW",
                    .cookie = "COOKIE",
                    .symptoms = "TROUBLE"};

std::string cut(std::string line, std::size_t columns) {
  if (line.size() > columns && columns > 0) {
    line.resize(columns);
    line.back() = '~';
  }
  while (line.ends_with(' ')) line.pop_back();
  return line + '\n';
}

/// Every column where there is room; else what one needs to see which clients, how long, what next.
std::string line_of(const Row& row, std::size_t client_width, std::size_t columns) {
  constexpr std::size_t kAllColumns = 152;
  const std::string line =
      columns >= kAllColumns
          ? fmt::format("{:<{}} {:>5} {:<11} {:>9} {:>10} {:>10} {:>7} {:<15} {:<16} {}",
                        row.client, client_width, row.port, row.state, row.silent, row.unacked,
                        row.notsent, row.retrans, row.fate, row.cookie, row.symptoms)
          : fmt::format("{:<{}} {:>5} {:>7} {:>8} {:<15} {}", row.client, client_width, row.port,
                        row.silent, row.unacked, row.fate, row.symptoms);
  return cut(line, columns);
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

/// Those that one page shows, in its order.
std::vector<const AssessedSocket*> arranged(const Survey& survey, bool by_network) {
  std::vector<const AssessedSocket*> sockets;
  for (const AssessedSocket& socket : survey.worst) sockets.push_back(&socket);
  if (!by_network) return sockets;
  std::unordered_map<std::string, std::size_t> rank;
  for (const NetworkCount& network : survey.networks) rank.emplace(network.name, rank.size());
  const auto rank_of = [&rank](const AssessedSocket* socket) {
    const auto found = rank.find(witness::prefix_text(socket->socket.record.flow.remote));
    return found == rank.end() ? rank.size() : found->second;
  };
  std::ranges::stable_sort(sockets, {}, rank_of);
  return sockets;
}

std::string network_text(const NetworkCount& network) {
  std::string text = fmt::format("  clients in {}:", network.name);
  if (network.connections > 0) {
    text += fmt::format(" {} of {} in trouble", network.troubled, network.connections);
  }
  if (network.unfinished > 0) {
    text += fmt::format("{} {} cannot finish their handshake", network.connections > 0 ? ";" : "",
                        network.unfinished);
  }
  return text;
}

std::string summary_of(const Survey& survey, std::size_t columns) {
  std::string out = wrapped(fmt::format("{} of {} connections in trouble; ports {}",
                                        survey.troubled, survey.connections, ports_text(survey)),
                            columns, "", "  ");
  out += cut(counts_text(survey), columns);
  if (survey.unfinished > 0) {
    out +=
        wrapped(fmt::format("{} handshakes cannot be finished: the SYN-ACK was sent again, and no "
                            "ACK has come",
                            survey.unfinished),
                columns, "  ", "    ");
  }
  const std::size_t named = std::min(survey.networks.size(), kMostNetworks);
  for (std::size_t i = 0; i < named; ++i) {
    out += wrapped(network_text(survey.networks[i]).substr(2), columns, "  ", "    ");
  }
  if (survey.networks.size() > named) {
    out += fmt::format("  and {} more networks\n", survey.networks.size() - named);
  }
  return out;
}

Json as_json(const NetworkCount& network) {
  return {{"network", network.name},
          {"connections", network.connections},
          {"troubled", network.troubled},
          {"handshakes_unfinished", network.unfinished}};
}

}  // namespace

std::string to_table(const Survey& survey, const TableRoom& room) {
  std::string out = summary_of(survey, room.columns);
  if (survey.worst.empty()) return out;
  // An empty line, the head, and the line that counts the rest.
  const auto taken = static_cast<std::size_t>(std::ranges::count(out, '\n')) + 3;
  const std::size_t space = room.rows > taken ? room.rows - taken : 1;
  const auto sockets = arranged(survey, survey.worst.size() > space);
  const std::size_t first = std::min(room.first, sockets.size() - 1);
  const std::size_t last = std::min(first + space, sockets.size());
  std::size_t client_width = kWideHead.client.size();
  std::vector<Row> rows;
  for (std::size_t i = first; i < last; ++i) {
    rows.push_back(row_of(*sockets[i]));
    client_width = std::max(client_width, rows.back().client.size());
  }
  out += '\n' + line_of(kWideHead, client_width, room.columns);
  for (const Row& row : rows) out += line_of(row, client_width, room.columns);
  if (last < survey.troubled) out += fmt::format("and {} more\n", survey.troubled - last);
  return out;
}

std::vector<std::string> sentences_of(const Survey& survey) {
  if (survey.networks.empty()) return {};
  std::vector<std::string> sentences{
      fmt::format("Now on this host (`connfate live`): {} of {} connections in trouble; {} "
                  "handshakes cannot be "
                  "finished: their SYN-ACK was sent again, and no ACK has come.",
                  survey.troubled, survey.connections, survey.unfinished)};
  const std::size_t named = std::min(survey.networks.size(), kMostNetworks);
  for (std::size_t i = 0; i < named; ++i) {
    std::string text = network_text(survey.networks[i]);
    sentences.push_back("Now" + text.substr(1) + '.');
  }
  return sentences;
}

std::string to_json(const Survey& survey, std::chrono::system_clock::time_point now) {
  Json json{{"time", time_text(std::chrono::system_clock::to_time_t(now))},
            {"ports", survey.ports},
            {"connections", survey.connections},
            {"troubled", survey.troubled},
            {"left_out", survey.left_out()},
            {"trouble", Json::object()},
            {"handshakes_unfinished", survey.unfinished},
            {"networks", Json::array()},
            {"sockets", Json::array()}};
  for (int i = 0; i < kSymptomCount; ++i) {
    json["trouble"][std::string(to_token(static_cast<Symptom>(i)))] =
        survey.of_symptom[static_cast<std::size_t>(i)];
  }
  for (const NetworkCount& network : survey.networks) json["networks"].push_back(as_json(network));
  for (const AssessedSocket& troubled : survey.worst) json["sockets"].push_back(as_json(troubled));
  json["v"] = 1;
  return json.dump() + '\n';
}

}  // namespace connfate::cli

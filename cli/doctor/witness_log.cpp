// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/witness_log.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace connfate::cli {
namespace {

using nlohmann::json;

constexpr std::streamoff kTail = std::streamoff{8} << 20;

std::string text_in(const json& line, const char* key) {
  const auto found = line.find(key);
  return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t count_in(const json& line, const char* key) {
  const auto found = line.find(key);
  return found != line.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

void take(WitnessLog& log, const json& line) {
  const std::string event = text_in(line, "event");
  if (event == "witness_started") {
    log = {.started = text_in(line, "time"),
           .missing = text_in(line, "missing"),
           .is_running = true,
           .heard = {}};
  } else if (event == "witness_heard") {
    log.heard.emplace(text_in(line, "server"), text_in(line, "time"));
  } else if (event == "witness_stopped") {
    log.is_running = false;
  } else if (event == "loss") {
    log.lost_socket_ends += count_in(line, "socket_ends");
    log.lost_packets += count_in(line, "packets");
    log.lost_reports += count_in(line, "reports");
    log.lost_lines += count_in(line, "lines");
  }
  const std::string capture = text_in(line, "capture");
  if (!capture.empty() && capture != "off") log.captures = true;
  ++log.lines;
}

}  // namespace

std::optional<WitnessLog> read_witness_log(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in.is_open()) return std::nullopt;
  in.seekg(0, std::ios::end);
  const std::streamoff size = in.tellg();
  in.seekg(std::max<std::streamoff>(0, size - kTail));
  WitnessLog log;
  for (std::string text; std::getline(in, text);) {
    const json line = json::parse(text, nullptr, false);
    if (line.is_object()) take(log, line);
  }
  return log;
}

}  // namespace connfate::cli

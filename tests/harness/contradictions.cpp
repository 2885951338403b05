// SPDX-License-Identifier: Apache-2.0
#include "harness/contradictions.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

namespace connfate::harness {
namespace {

using nlohmann::json;
using Words = std::set<std::string>;

std::string token(const json& line, const char* key) {
  return line.value(key, std::string());
}

std::optional<std::uint64_t> number(const json& line, const char* key) {
  const auto found = line.find(key);
  if (found == line.end() || !found->is_number_unsigned()) return std::nullopt;
  return found->get<std::uint64_t>();
}

bool says(const json& line, const std::string& words) {
  return std::ranges::any_of(line.value("evidence", json::array()), [&](const json& statement) {
    return statement.get<std::string>().find(words) != std::string::npos;
  });
}

bool is_response(const json& line) {
  return token(line, "event") == "response";
}

/// The parties that the contract allows each fate.
const std::map<std::string, Words> kParties{
    {"delivered", {"-"}},
    {"pending", {"-"}},
    {"no_request", {"-"}},
    {"client_abort", {"client"}},
    {"broken_pipe", {"client"}},
    {"client_stalled", {"client"}},
    {"stream_reset", {"client"}},
    {"rst_received", {"peer", "client", "path"}},
    {"ack_timeout", {"peer", "path"}},
    {"ack_stalled", {"peer", "path"}},
    {"unreachable", {"peer", "path", "server"}},
    {"request_timeout", {"peer"}},
    {"blocked_here", {"server"}},
    {"server_timeout", {"server"}},
    {"server_abort", {"server"}},
    {"unknown", {"unknown"}},
};

/// Something was not acknowledged when these ended a response that was handed over whole.
const Words kUnacknowledged{"rst_received", "broken_pipe",  "ack_timeout",
                            "ack_stalled",  "blocked_here", "unreachable"};

class Check {
 public:
  explicit Check(const json& line) : line_(line), fate_(token(line, "fate")) {}

  std::vector<std::string> run() {
    sums();
    delivery();
    parties();
    resets();
    sentences();
    return std::move(found_);
  }

 private:
  void refuse(bool is_contradiction, const char* words) {
    if (is_contradiction) found_.emplace_back(words);
  }

  void sums() {
    const auto written = number(line_, "written");
    const auto acked = number(line_, "acked");
    const auto unacked = number(line_, "unacked");
    const auto start = number(line_, "start");
    const auto end = number(line_, "end");
    if (written && acked && unacked) {
      refuse(*written != *acked + *unacked, "written is not acked + unacked");
    }
    if (written && start && end) refuse(*end != *start + *written, "end is not start + written");
  }

  void delivery() {
    const auto unacked = number(line_, "unacked");
    const bool whole = is_response(line_) && token(line_, "phase") == "drained";
    refuse(fate_ == "delivered" && unacked.value_or(0) > 0, "delivered, and bytes unacknowledged");
    refuse(whole && unacked == 0U && kUnacknowledged.contains(fate_),
           "a whole response, every byte acknowledged, and yet lost");
    refuse(token(line_, "phase") == "waiting" && line_.contains("start") &&
               number(line_, "written").value_or(0) > 0,
           "waiting for its first byte, and bytes written");
    const bool lost = fate_ != "delivered" && fate_ != "no_request";
    refuse(line_.value("benign", false) && is_response(line_) && lost, "benign, and lost");
  }

  void parties() {
    const std::string by = token(line_, "by");
    const auto allowed = kParties.find(fate_);
    refuse(!by.empty() && allowed != kParties.end() && !allowed->second.contains(by),
           "a party that this fate cannot have");
    refuse(by == "path" && token(line_, "capture") == "off", "the path, without a captured packet");
    refuse(by == "path" && token(line_, "confidence") == "none", "the path, by no evidence");
  }

  void resets() {
    const std::string from = token(line_, "rst_from");
    const std::string by = token(line_, "by");
    refuse(fate_ == "rst_received" && by == "client" && from != "client",
           "the client's reset, which it is not said to have sent");
    refuse(by == "client" && from == "path", "the client ended it with somebody else's reset");
    refuse(!from.empty() && token(line_, "capture") == "off", "a sender of a RST nobody captured");
    refuse(!from.empty() && token(line_, "rule") == "final-silence",
           "no RST was captured, and its sender is named");
  }

  void sentences() {
    const auto acked = number(line_, "acked");
    const auto written = number(line_, "written");
    const bool all =
        written && says(line_, "all " + std::to_string(*written) + " bytes acknowledged");
    if (acked && written && says(line_, " bytes acknowledged") && !all) {
      const std::string figures =
          std::to_string(*acked) + " of " + std::to_string(*written) + " bytes acknowledged";
      refuse(!says(line_, figures), "other bytes in the evidence than in the counters");
    }
    refuse(all && number(line_, "unacked").value_or(0) > 0,
           "all acknowledged, and bytes unacknowledged");
    const bool fin_first = says(line_, "the client closed first") ||
                           says(line_, "the client had closed its direction");
    refuse(fate_ == "rst_received" && fin_first,
           "a RST with no FIN before it, and a FIN before it");
  }

  const json& line_;
  std::string fate_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> contradictions_in(const json& line) {
  const std::string event = token(line, "event");
  return event == "response" || event == "connection" ? Check(line).run()
                                                      : std::vector<std::string>();
}

std::vector<std::string> contradictions_among(const std::vector<json>& lines) {
  const Words by_reset{"conn-rst-out", "conn-rst-before-request", "conn-data-after-fin"};
  Words reset;
  for (const json& line : lines) {
    if (by_reset.contains(token(line, "rule"))) reset.insert(token(line, "cookie"));
  }
  std::vector<std::string> found;
  for (const json& line : lines) {
    if (token(line, "rule") != "final-end-not-captured") continue;
    if (!reset.contains(token(line, "cookie"))) continue;
    found.push_back("no RST ended it, and another line of " + token(line, "cookie") + " has one");
  }
  return found;
}

}  // namespace connfate::harness

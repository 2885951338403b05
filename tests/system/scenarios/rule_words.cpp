// SPDX-License-Identifier: Apache-2.0
#include "system/scenarios/rule_words.hpp"

#include <algorithm>

#include "connfate/rules.hpp"

namespace connfate::harness {
namespace {

using L = const LogLine&;

bool is(L line, std::string_view name, std::initializer_list<std::string_view> values) {
  return std::ranges::find(values, line.field(name)) != values.end();
}

/// Words of a sentence, and what the tokens beside them must then be.
struct Phrase {
  std::string_view words;
  bool (*holds)(L);
};

const Phrase kPhrases[] = {
    {"FIN arrived first",
     [](L l) {
       return is(l, "fate", {"broken_pipe", "client_abort"});
     }},
    {"with no FIN before it", [](L l) { return is(l, "fate", {"rst_received"}); }},
    {"then a RST ended", [](L l) { return is(l, "close", {"rst"}); }},
    {"before it (ECONNRESET) ended", [](L l) { return is(l, "close", {"rst"}); }},
    {"closed with a FIN", [](L l) { return is(l, "close", {"fin"}); }},
    {"close_notify or a fatal alert",
     [](L l) {
       return !is(l, "close", {"rst", "timeout"});
     }},
    {"acknowledged every byte.",
     [](L l) {
       return is(l, "unacked", {"0", ""});
     }},
    {"not every byte is acknowledged", [](L l) { return !is(l, "unacked", {"0"}); }},
    {"no retransmission",
     [](L l) {
       return is(l, "backoff", {"0", ""});
     }},
    {"the connection was alive",
     [](L l) {
       return !is(l, "close", {"rst", "timeout", "icmp"});
     }},
    {"the connection lived on", [](L l) { return !is(l, "tcp_state", {"CLOSE"}); }},
    {"HTTP/2 stream", [](L l) { return l.uri.find("HTTP/2") != std::string::npos; }},
    {"The server's timer",
     [](L l) {
       return !is(l, "fate", {"delivered", "client_abort", "broken_pipe", "rst_received"});
     }},
};

}  // namespace

std::vector<std::string> denied_by_its_rule(const LogLine& line) {
  const std::string id = line.field("rule");
  const auto rule = std::ranges::find(rules(), id, &Rule::id);
  if (rule == rules().end()) return {"no such rule: " + id};
  std::vector<std::string> result;
  if (to_token(rule->fate) != line.field("fate")) {
    result.push_back("rule " + id + " is about " + std::string(to_token(rule->fate)));
  }
  for (const Phrase& phrase : kPhrases) {
    if (rule->reason.find(phrase.words) == rule->reason.npos || phrase.holds(line)) continue;
    result.push_back("not true of the line: '" + std::string(phrase.words) + "'");
  }
  return result;
}

}  // namespace connfate::harness

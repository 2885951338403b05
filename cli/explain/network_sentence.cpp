// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/network_sentence.hpp"

#include <fmt/format.h>

#include "cli/explain/fate_topic.hpp"
#include "cli/explain/rule_list.hpp"
#include "cli/figures.hpp"
#include "cli/printable.hpp"

namespace connfate::cli {
namespace {

std::string value(const StoryLine& line, std::string_view name) {
  return printable(line.get(name));
}

bool has(const StoryLine& line, std::string_view name) {
  return !line.get(name).empty();
}

std::string end_text(const StoryLine& line, const char* address, const char* port) {
  std::string text = value(line, address);
  if (!has(line, port)) return text;
  return fmt::format(text.find(':') == text.npos ? fmt::runtime("{}:{}") : fmt::runtime("[{}]:{}"),
                     text, value(line, port));
}

/// What happened: the sentence of the rule that decided, which is true of everything it decides.
/// The rule that lets the log's word stand has none of its own; then it is the meaning of the fate.
std::string event_of(const StoryLine& line, Fate fate) {
  for (const ListedRule& rule : all_rules()) {
    if (rule.id == line.get("rule") && rule.fate) return std::string(rule.reason);
  }
  return read_fate_page(fate).meaning;
}

/// A fate that a network may have to do with.
bool may_be_the_network(Fate fate) {
  return fate == Fate::kRstReceived || fate == Fate::kAckTimeout || fate == Fate::kAckStalled ||
         fate == Fate::kUnreachable || fate == Fate::kRequestTimeout;
}

/// A line of the log has bytes of this response, too; those of HTTP/2 are the connection's.
std::string figures_of(const StoryLine& line) {
  if (!has(line, "acked") || !has(line, "written")) return {};
  if (line.get("written") == "0") return " Nothing of the response had been written yet.";
  return fmt::format(" At least {} of {} bytes were acknowledged.", value(line, "acked"),
                     value(line, "written"));
}

std::string who_of(const StoryLine& line) {
  const std::string by = value(line, "by");
  const std::string confidence = value(line, "confidence");
  const bool weighed = !confidence.empty() && confidence != "none";
  if (by == "path" && weighed) {
    return fmt::format(
        " The packets at this host are consistent with a cause between the client "
        "and this host (confidence: {}); that is not proof.",
        confidence);
  }
  if (by == "client" && line.get("rst_from") == "client" && weighed) {
    return fmt::format(
        " The packets at this host are consistent with the client's own TCP as the "
        "sender (confidence: {}).",
        confidence);
  }
  if (by == "peer") return " From this host the client and the path cannot be told apart.";
  return {};
}

/// The witness saw packets that speak for the client, and strongly: then the network is not asked.
bool is_the_client(const StoryLine& line) {
  const std::string_view confidence = line.get("confidence");
  return line.get("by") == "client" && line.get("rst_from") == "client" &&
         (confidence == "strong" || confidence == "proven");
}

std::string capture_of(const StoryLine& line) {
  if (line.source == StoryLine::Source::kLog || line.get("capture") == "off") {
    return " No packets were captured here.";
  }
  if (line.get("capture") == "partial") return " The capture here has gaps.";
  return {};
}

/// Between two programs of one host there is no network.
bool is_on_one_host(const StoryLine& line) {
  const std::string_view client = line.get("client");
  return client == "::1" || client.starts_with("127.") || client.starts_with("::ffff:127.") ||
         (!client.empty() && client == line.get("local"));
}

/// The time of a response's line is that of the access log, and its end came later; that of a
/// connection's line is the end.
std::string where_and_when(const StoryLine& line) {
  std::string where = "between " + endpoints_text(line);
  if (!line.time) return where;
  const bool is_end = line.get("event") == "connection";
  return fmt::format(is_end ? fmt::runtime("{}, until {}") : fmt::runtime("{}, from {} on"), where,
                     exact_time_text(*line.time));
}

std::string request_of(const StoryLine& line) {
  if (!has(line, "uri")) return {};
  return fmt::format(" The request was {} {}.", value(line, "method"), value(line, "uri"));
}

}  // namespace

std::string endpoints_text(const StoryLine& line) {
  if (!has(line, "client")) return "(addresses not in this line)";
  const std::string client = end_text(line, "client", "client_port");
  return has(line, "local")
             ? fmt::format("{} and {}", client, end_text(line, "local", "local_port"))
             : client;
}

std::string network_sentence(const StoryLine& line) {
  const auto fate = parse_fate(line.get("fate"));
  if (!fate) return {};
  if (*fate == Fate::kDelivered) {
    return "Nothing to send: every byte was acknowledged by the TCP of the peer address.";
  }
  if (*fate == Fate::kNoRequest) return "Nothing to send: not one byte of a request arrived here.";
  if (*fate == Fate::kPending || *fate == Fate::kUnknown) {
    return "Nothing to send yet: these lines do not say what became of the response.";
  }
  if (line.get("benign") == "true") return "Nothing to send: no part of a response was lost.";
  if (!may_be_the_network(*fate) || line.get("by") == "server") {
    return "Nothing to send to the network team. " + event_of(line, *fate);
  }
  if (is_on_one_host(line)) {
    return "Nothing to send to the network team: both ends are programs of this host. " +
           event_of(line, *fate);
  }
  if (is_the_client(line)) {
    return fmt::format("Nothing to send to the network team. {}{}{}", event_of(line, *fate),
                       who_of(line), capture_of(line));
  }
  return fmt::format(
      "Connection {}: {}{}{}{}{} Please look for drops, resets and state changes of "
      "this connection at that time.",
      where_and_when(line), event_of(line, *fate), request_of(line), figures_of(line), who_of(line),
      capture_of(line));
}

std::string what_would_settle(const StoryLine& line) {
  const auto fate = parse_fate(line.get("fate"));
  if (!fate) return {};
  switch (*fate) {
    case Fate::kRstReceived:
      return fmt::format(
          "A capture next to the client, {}: did the client send this RST? If it is "
          "not there, it was made between there and this host.",
          where_and_when(line));
    case Fate::kAckTimeout:
    case Fate::kAckStalled:
    case Fate::kUnreachable:
      return fmt::format(
          "A capture next to the client, {}: do this host's segments arrive there, "
          "and does the client acknowledge them?",
          where_and_when(line));
    case Fate::kRequestTimeout:
      return fmt::format("A capture next to the client, {}: did it send the whole request?",
                         where_and_when(line));
    case Fate::kClientAbort:
    case Fate::kBrokenPipe:
    case Fate::kStreamReset:
    case Fate::kClientStalled:
      return "The client's own log, or a look at the caller's timeouts: the connection shows that "
             "it closed or stopped reading, not why.";
    case Fate::kBlockedHere:
      return "A look at this host: `nft list ruleset`, `ip route get` of the client's address, "
             "`ip neigh`, `tc -s qdisc`; one of them kept the bytes back.";
    case Fate::kServerAbort:
    case Fate::kServerTimeout:
      return "The error log of this server at that time, and the backend's.";
    case Fate::kNoRequest:
      return fmt::format("A capture next to the client, {}: did it send a request at all?",
                         where_and_when(line));
    case Fate::kPending: return "The witness's final line; connfate-witness writes it.";
    case Fate::kUnknown: return "What the rule names as missing; docs/limits.md.";
    case Fate::kDelivered: return {};
  }
  return {};
}

}  // namespace connfate::cli

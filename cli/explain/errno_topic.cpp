// SPDX-License-Identifier: Apache-2.0
// What an errno in a log line means for the end of a connection. The kinds come from core; what
// each kind says, and does not, is written here.
#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

#include "cli/explain/topics.hpp"
#include "connfate/socket_error.hpp"

namespace connfate::cli {
namespace {

struct KindText {
  ErrorKind kind;
  const char* says;
  const char* does_not_say;
  const char* fates;
};

constexpr std::array kKinds{
    KindText{ErrorKind::kReset,
             "As the first error of a connection: a RST arrived, and no FIN had come before it.",
             "Who sent the RST: it carries the peer's address whoever sent it. In a message about "
             "an upstream, the peer is the backend and not the client.",
             "rst_received"},
    KindText{ErrorKind::kPipe,
             "This host wrote into a connection that was already dead. As the first error: the "
             "peer's FIN came first, then a RST. After another error it says nothing: every write "
             "to a dead socket gets it, whatever the cause was.",
             "That the peer closed first. The error that told a RST or a timeout may have been "
             "taken by an earlier call.",
             "broken_pipe (a FIN was seen), rst_received (rule rst-after-epipe)"},
    KindText{
        ErrorKind::kTimeout,
        "From the kernel: it sent again and again and nothing was acknowledged, until it gave "
        "up. From nginx (\"client timed out\", \"upstream timed out\") the same number means "
        "nginx's own timer, and the connection was alive.",
        "Whether the peer vanished or the path dropped the packets; nor that the peer received "
        "nothing.",
        "ack_timeout; for nginx's timer client_stalled, ack_stalled, server_timeout, "
        "request_timeout"},
    KindText{ErrorKind::kIcmp,
             "The kernel gave up sending, and an ICMP error about this connection had arrived. In "
             "connect() it means that the connection was never made.",
             "Who sent the ICMP message; its source address says so, and only a capture shows it.",
             "unreachable"},
    KindText{ErrorKind::kLocalKill,
             "On a connected socket: it was destroyed on this host, as by ss -K. httpd also writes "
             "\"(103)Software caused connection abort\" for connections that it had marked aborted "
             "itself, after an earlier failed write.",
             "What that earlier failure was.", "server_abort (rule killed-here)"},
};

struct ServerStatus {
  std::string_view number;
  const char* text;
};

/// Statuses of the Apache Portable Runtime that look like errnos in httpd's log (apr_errno.h, 1.7).
constexpr std::array kServerStatuses{
    ServerStatus{"70007",
                 "APR_TIMEUP, \"The timeout specified has expired\": a timer of httpd (Timeout, "
                 "ProxyTimeout, RequestReadTimeout), not the kernel's. Whether the peer was slow, "
                 "gone, or cut off by the path, it does not say."},
    ServerStatus{"70008",
                 "APR_INCOMPLETE, \"Partial results are valid but processing is "
                 "incomplete\": less came than was announced."},
    ServerStatus{"70014",
                 "APR_EOF, \"End of file found\": the peer of this read closed with a FIN. Which "
                 "peer, client or backend, the rest of the message says."},
};

std::optional<int> parse_number(std::string_view word) {
  int number = 0;
  const char* const last = word.data() + word.size();
  const auto [end, error] = std::from_chars(word.data(), last, number);
  if (error != std::errc() || end != last) return std::nullopt;
  return number;
}

std::optional<int> find_errno(std::string_view word) {
  constexpr int kLargest = 133;  // EHWPOISON, include/uapi/asm-generic/errno.h
  if (const auto number = parse_number(word)) {
    return *number > 0 && errno_symbol(*number) != "-" ? number : std::nullopt;
  }
  for (int code = 1; code <= kLargest; ++code) {
    if (errno_symbol(code) == word) return code;
  }
  return std::nullopt;
}

void add_kind(ErrorKind kind, Explanation& topic) {
  for (const KindText& text : kKinds) {
    if (text.kind != kind) continue;
    topic.add("Meaning", text.says);
    topic.add("It does not say", text.does_not_say);
    topic.add("Look at", fmt::format("the fate {}; the fields err and err_on", text.fates));
    return;
  }
  topic.add("Meaning",
            "Not about the end of a connection: connfate never concludes a fate from it.");
}

}  // namespace

void add_errno_topics(std::string_view word, std::vector<Explanation>& found) {
  for (const ServerStatus& status : kServerStatuses) {
    if (status.number != word) continue;
    Explanation topic{std::string(word), "a status of httpd", {}};
    topic.add("Meaning", status.text);
    found.push_back(std::move(topic));
  }
  const auto code = find_errno(word);
  if (!code) return;
  Explanation topic{std::string(errno_symbol(*code)),
                    fmt::format("errno {}, \"{}\"", *code, std::strerror(*code)),
                    {}};
  add_kind(kind_of(*code), topic);
  found.push_back(std::move(topic));
}

std::vector<std::string> errno_names() {
  constexpr int kLargest = 133;
  std::vector<std::string> names;
  for (int code = 1; code <= kLargest; ++code) {
    if (kind_of(code) != ErrorKind::kNone) names.emplace_back(errno_symbol(code));
  }
  for (const ServerStatus& status : kServerStatuses) names.emplace_back(status.number);
  return names;
}

}  // namespace connfate::cli

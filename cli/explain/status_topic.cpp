// SPDX-License-Identifier: Apache-2.0
// HTTP statuses that people look up in an outage: what the status says of the answer, and where the
// fate has to be asked instead. A status is what the server decided to say, never what arrived.
#include <array>

#include "cli/explain/topics.hpp"

namespace connfate::cli {
namespace {

struct Status {
  std::string_view code;
  const char* meaning;
  const char* with_fates;
};

constexpr const char* kAnyFate =
    "Any. The status was chosen before the response was sent; only the fate says whether it "
    "arrived.";
constexpr const char* kAnswered =
    "Mostly delivered or pending: the client got this answer. The trouble is behind this server, "
    "and "
    "connfate counts it only where the connection to the client ended as well.";

constexpr std::array kStatuses{
    Status{"200", "The server's answer was: all is well.", kAnyFate},
    Status{"206", "A part of a file, as the client asked.", kAnyFate},
    Status{"304", "Nothing new: the client has it already.", kAnyFate},
    Status{"400", "The request could not be understood; nginx also logs it where none came.",
           "delivered, or no_request and request_timeout where nothing or not all of it came."},
    Status{"404", "There is no such thing here.", kAnyFate},
    Status{"408", "The request did not arrive completely in time.",
           "request_timeout; no_request where not one byte of it came."},
    Status{"444", "nginx: `return 444` closed the connection without an answer.",
           "server_abort by server: the configuration asked for it."},
    Status{
        "499", "nginx: the connection ended before the answer was ready, and nginx gave up.",
        "client_abort when the client's FIN was seen; rst_received when a RST ended it, which may "
        "have come from the client or from a device on the way; ack_stalled by path when the "
        "client had waited in vain for data that was sent. 499 alone does not tell these apart."},
    Status{"500", "The application or the configuration failed.", kAnswered},
    Status{"502", "The backend refused, reset or answered nonsense.", kAnswered},
    Status{"503", "No backend was to be had, or a limit was reached.", kAnswered},
    Status{"504", "The backend did not answer in time.", kAnswered},
};

}  // namespace

void add_status_topics(std::string_view word, std::vector<Explanation>& found) {
  for (const Status& status : kStatuses) {
    if (status.code != word) continue;
    Explanation topic{std::string(word), "an HTTP status", {}};
    topic.add("Meaning", status.meaning);
    topic.add("Which fates go with it", status.with_fates);
    topic.add("What next", "connfate report --where status=" + std::string(word) +
                               " FILE... counts their fates.");
    found.push_back(std::move(topic));
  }
}

std::vector<std::string> status_names() {
  std::vector<std::string> names;
  for (const Status& status : kStatuses) names.emplace_back(status.code);
  return names;
}

}  // namespace connfate::cli

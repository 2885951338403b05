// SPDX-License-Identifier: Apache-2.0
// The demo: stock nginx and stock httpd with the modules, misbehaving clients, and what the access
// logs then say, with a sentence on each line; at the end the report on all of it. The stories are
// rows of the scenario table.
#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connfate/rules.hpp"
#ifdef CONNFATE_PROGRAM
#include "system/demo_report.hpp"
#endif
#include "harness/witness.hpp"
#include "system/scenarios/theatre.hpp"

namespace connfate::harness {
namespace {

struct Story {
  std::string_view scenario;
  Protocol protocol;
};

constexpr std::array kStories{
    Story{"SmallResponse", Protocol::kCleartext},
    Story{"HalfClosedClientReadsAll", Protocol::kCleartext},
    Story{"ClientResetsWhileServerWaits", Protocol::kCleartext},
    Story{"ClientResetsInMidBody", Protocol::kTls},
    Story{"ClientClosesWhileServerWaits", Protocol::kCleartext},
    Story{"ServerAnswersAClientThatClosed", Protocol::kCleartext},
    Story{"ClientStopsReading", Protocol::kCleartext},
    Story{"SmallResponseIntoABlackHole", Protocol::kCleartext},
    Story{"PathGoesSilent", Protocol::kCleartext},
    Story{"PathStaysSilent", Protocol::kCleartext},
    Story{"HostUnreachable", Protocol::kCleartext},
    Story{"BackendClosesInMidBody", Protocol::kCleartext},
    Story{"ClosedWithoutAnAnswer", Protocol::kCleartext},
    Story{"HalfAHeader", Protocol::kCleartext},
    Story{"StreamCancelledInMidBody", Protocol::kHttp2Tls},
    Story{"ClientUpdatesNoWindow", Protocol::kHttp2Tls},
};

constexpr std::array kServers{ServerKind::kNginx, ServerKind::kEvent};

const Scenario& find_scenario(std::string_view name) {
  return *std::ranges::find(scenarios(), name, &Scenario::name);
}

bool is_played_on(const Scenario& scenario, ServerKind kind) {
  return scenario.on == On::kEveryServer ||
         (scenario.on == On::kNginx) == (kind == ServerKind::kNginx);
}

/// The fields that tell the story; the rest of the bundle would fill the screen.
std::string in_short(const LogLine& line) {
  std::string text = std::to_string(line.status) + " \"" + line.uri + "\"";
  for (const char* name : {"fate", "by", "phase", "close", "err", "err_on", "tcp_state", "written",
                           "acked", "notsent", "retrans", "silence_ms", "rule"}) {
    const std::string value = line.field(name);
    if (!value.empty()) text += " " + std::string(name) + "=" + value;
  }
  return text;
}

std::string_view reason_of(const LogLine& line) {
  const auto found = std::ranges::find(rules(), line.field("rule"), &Rule::id);
  return found != rules().end() ? found->reason : std::string_view("(no rule)");
}

void print(const LogLine& line, const char* server, bool whole) {
  const std::string text = whole ? line.text : in_short(line);
  const std::string_view reason = reason_of(line);
  std::printf("  %-6s %s\n         = %.*s\n", server, text.c_str(), static_cast<int>(reason.size()),
              reason.data());
}

/// What the witness wrote when it knew how the response ended.
void print(const Witness::Line& line) {
  std::string text;
  for (const char* key : {"fate", "by", "close", "rst_from", "confidence", "capture"}) {
    if (line.contains(key)) text += " " + std::string(key) + "=" + line[key].get<std::string>();
  }
  std::printf("  > later%s\n", text.c_str());
  for (const auto& statement : line["evidence"]) {
    std::printf("         - %s\n", statement.get<std::string>().c_str());
  }
}

struct Told {
  std::vector<LogLine> logged;
  std::vector<Witness::Line> finals;
};

/// What was broken stays broken until the witness has spoken.
Told play(Theatre& theatre, ServerKind kind, const Scenario& scenario, Protocol protocol) {
  Server& server = theatre.server(kind, scenario.patience);
  const InNamespace here = theatre.lab().enter_client();
  Stage stage(theatre.lab(), server, theatre.backend(), protocol);
  scenario.play(stage);
  Told told{server.log_lines_of(stage.client_port()), {}};
  const Witness& witness = *theatre.witness(kind, scenario.patience);
  told.finals = witness.final_responses(stage.client_port(), told.logged.size());
  return told;
}

/// Takes the witness's line about that response out of `finals`. Streams of one connection end in
/// another order than they are logged in.
std::optional<Witness::Line> take_final(std::vector<Witness::Line>& finals, const LogLine& logged) {
  const auto found = std::ranges::find_if(finals, [&logged](const Witness::Line& line) {
    const bool same_request = logged.uri.find(" " + line.value("uri", "")) != std::string::npos;
    return same_request && line.value("first", "") == logged.field("fate");
  });
  if (found == finals.end()) return std::nullopt;
  Witness::Line line = std::move(*found);
  finals.erase(found);
  return line;
}

void tell(Theatre& theatre, const Story& story, bool whole) {
  const Scenario& scenario = find_scenario(story.scenario);
  const std::string_view protocol = to_name(story.protocol);
  std::printf("\n* %.*s  [%.*s]\n", static_cast<int>(scenario.title.size()), scenario.title.data(),
              static_cast<int>(protocol.size()), protocol.data());
  for (const ServerKind kind : kServers) {
    if (!is_played_on(scenario, kind)) continue;
    Told told = play(theatre, kind, scenario, story.protocol);
    for (const LogLine& line : told.logged) {
      print(line, kind == ServerKind::kNginx ? "nginx" : "httpd", whole);
      if (const auto later = take_final(told.finals, line)) print(*later);
    }
    std::fflush(stdout);
  }
}

int show(bool whole) {
  if (const auto reason = Lab::missing_privilege()) {
    std::fprintf(stderr, "demo: %s\n", reason->c_str());
    return 1;
  }
  std::puts(
      "Each story is played by real clients on stock nginx and stock httpd (event).\n"
      "Below its title: the access-log line, what the rule that decided says, and what the "
      "witness\n"
      "wrote later, when the connection was gone (\"> later\").");
#ifdef CONNFATE_PROGRAM
  const DemoReport report;
  Theatre theatre([&report](ServerKind kind) { return report.log_config(kind); });
#else
  Theatre theatre;
#endif
  for (const Story& story : kStories) tell(theatre, story, whole);
  for (const ServerKind kind : kServers) {
    for (const std::string& words : theatre.close(kind)) {
      std::fprintf(stderr, "demo: %s\n", words.c_str());
      return 1;
    }
  }
#ifdef CONNFATE_PROGRAM
  if (!report.print(theatre)) return 1;
#endif
  std::puts(
      "\nEvery fate: docs/fates.md   every field: docs/fields.md   what cannot be known: "
      "docs/limits.md");
  return 0;
}

}  // namespace
}  // namespace connfate::harness

int main(int argc, char** argv) {
  try {
    return connfate::harness::show(argc > 1 && std::string_view(argv[1]) == "--whole-lines");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "demo: %s\n", error.what());
    return 1;
  }
}

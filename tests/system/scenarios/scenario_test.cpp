// SPDX-License-Identifier: Apache-2.0
// Plays the scenario table on every server and over every protocol, and compares the servers.
// Tests are named <Server>_<Protocol>.<Scenario> and Parity_<Protocol>.<Scenario>.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>

#include "system/scenarios/final_ledger.hpp"
#include "system/scenarios/outcome_book.hpp"
#include "system/scenarios/scenarios.hpp"
#include "system/scenarios/theatre.hpp"

namespace connfate::harness {
namespace {

/// Made by the first test that plays, so that listing and skipping need no privileges.
std::unique_ptr<Theatre>& theatre() {
  static std::unique_ptr<Theatre> instance;
  return instance;
}

/// What every server's access log said so far.
std::vector<LedgerEntry>& ledger() {
  static std::vector<LedgerEntry> instance;
  return instance;
}

/// In the order of the expectations, which may name their lines by a part of the request line.
std::vector<LogLine> in_expected_order(const Scenario& scenario, std::vector<LogLine> lines) {
  for (std::size_t i = 0; i < std::min(scenario.lines.size(), lines.size()); ++i) {
    const auto from = lines.begin() + static_cast<std::ptrdiff_t>(i);
    const auto found = std::find_if(from, lines.end(), [&](const LogLine& line) {
      return line.uri.find(scenario.lines[i].uri) != std::string::npos;
    });
    if (found != lines.end()) std::rotate(from, found, found + 1);
  }
  return lines;
}

class ScenarioTest : public testing::Test {
 public:
  ScenarioTest(ServerKind kind, Protocol protocol, const Scenario& scenario)
      : kind_(kind), protocol_(protocol), scenario_(scenario) {}

  void TestBody() override {
    if (const auto reason = Theatre::missing(kind_)) GTEST_SKIP() << *reason;
    RecordProperty("title", std::string(scenario_.title));
    SCOPED_TRACE(std::string(scenario_.title));
    const std::vector<LogLine> lines = in_expected_order(scenario_, play());
    ASSERT_EQ(lines.size(), scenario_.lines.size()) << "log lines of the connection";
    for (std::size_t i = 0; i < lines.size(); ++i) check(scenario_.lines[i], lines[i]);
    if (Theatre::is_bare()) return;
    if (scenario_.relations != nullptr) check_relations(lines);
    record_outcome(kind_, protocol_, scenario_, lines);
  }

 private:
  std::vector<LogLine> play() const {
    if (theatre() == nullptr) theatre() = std::make_unique<Theatre>();
    Server& server = theatre()->server(kind_, scenario_.patience);
    server.clear_access_log();
    const InNamespace here = theatre()->lab().enter_client();
    Stage stage(theatre()->lab(), server, theatre()->backend(), protocol_);
    scenario_.play(stage);
    std::vector<LogLine> lines = server.log_lines_of(stage.client_port());
    const Witness* witness = theatre()->witness(kind_, scenario_.patience);
    if (witness != nullptr) ledger().push_back(entry_of(stage, *witness, lines));
    return lines;
  }

  LedgerEntry entry_of(const Stage& stage, const Witness& witness,
                       const std::vector<LogLine>& lines) const {
    return {.scenario = std::string(to_name(protocol_)) + "." + std::string(scenario_.name),
            .path_was_broken = stage.path_was_broken(),
            .witnessed = stage.client_port() != 0,
            .witness = &witness,
            .lines = lines};
  }

  static void check(Expectation expected, const LogLine& line) {
    if (Theatre::is_bare()) expected = {.fate = {}, .status = expected.status};
    for (const std::string& words : complaints(expected, line)) {
      ADD_FAILURE() << words << "\n" << line.text;
    }
    if (Theatre::is_bare()) return;
    for (const std::string& words : broken_invariants(line)) {
      ADD_FAILURE() << words << "\n" << line.text;
    }
  }

  void check_relations(const std::vector<LogLine>& lines) const {
    for (const std::string& words : scenario_.relations(lines, protocol_)) ADD_FAILURE() << words;
  }

  ServerKind kind_;
  Protocol protocol_;
  const Scenario& scenario_;
};

/// After all scenarios of one server: it must have taken them without a complaint.
class HealthTest : public testing::Test {
 public:
  explicit HealthTest(ServerKind kind) : kind_(kind) {}

  void TestBody() override {
    if (theatre() == nullptr) GTEST_SKIP() << "no scenario was played";
    for (const std::string& words : theatre()->close(kind_)) ADD_FAILURE() << words;
    // Now that every connection has ended: what the access log said, and what became of it.
    EXPECT_TRUE(Theatre::is_bare() || !ledger().empty());
    for (const LedgerEntry& entry : ledger()) {
      for (const std::string& words : complaints(entry)) ADD_FAILURE() << words;
    }
    ledger().clear();
  }

 private:
  ServerKind kind_;
};

/// Where the table leaves no choice (one value, or none named), all servers must agree.
class ParityTest : public testing::Test {
 public:
  ParityTest(Protocol protocol, const Scenario& scenario)
      : protocol_(protocol), scenario_(scenario) {}

  void TestBody() override {
    const auto by_server = recorded_outcomes(protocol_, scenario_);
    if (by_server.size() < 2) GTEST_SKIP() << "needs the recorded outcomes of two servers";
    for (std::size_t i = 0; i < scenario_.lines.size(); ++i) {
      const Expectation& line = scenario_.lines[i];
      compare(by_server, i, "fate", line.fate);
      compare(by_server, i, "by", line.fate);
      compare(by_server, i, "phase", line.phase);
      compare(by_server, i, "close", line.close);
    }
  }

 private:
  using Outcomes = std::map<std::string, std::vector<Judgement>>;

  static void compare(const Outcomes& by_server, std::size_t i, const char* name,
                      const Expectation::Tokens& permitted) {
    if (permitted.size() > 1) return;
    std::set<std::string> values;
    std::string text;
    for (const auto& [server, judgements] : by_server) {
      ASSERT_GT(judgements.size(), i) << server;
      values.insert(judgements[i].at(name));
      text += " " + server + "=" + judgements[i].at(name);
    }
    EXPECT_EQ(values.size(), 1U) << name << " of line " << i + 1 << ":" << text;
  }

  Protocol protocol_;
  const Scenario& scenario_;
};

bool is_played(const Scenario& scenario, ServerKind kind, Protocol protocol) {
  const bool nginx = kind == ServerKind::kNginx;
  if (scenario.on == On::kNginx && !nginx) return false;
  if (scenario.on == On::kHttpd && nginx) return false;
  if (kind == ServerKind::kPrefork && is_http2(protocol)) return false;
  return std::ranges::find(scenario.protocols, protocol) != scenario.protocols.end();
}

template <typename Make>
void add_test(const std::string& suite, std::string_view name, Make make) {
  testing::RegisterTest(suite.c_str(), std::string(name).c_str(), nullptr, nullptr, __FILE__,
                        __LINE__, [make]() -> testing::Test* { return make(); });
}

void add_scenarios_of(ServerKind kind) {
  for (const Protocol protocol : kProtocols) {
    const std::string suite = std::string(to_name(kind)) + "_" + std::string(to_name(protocol));
    for (const Scenario& scenario : scenarios()) {
      if (!is_played(scenario, kind, protocol)) continue;
      add_test(suite, scenario.name,
               [=, &scenario] { return new ScenarioTest(kind, protocol, scenario); });
    }
  }
  add_test(std::string(to_name(kind)) + "_Health", "TookItAllWithoutComplaint",
           [kind] { return new HealthTest(kind); });
}

void add_parity() {
  for (const Protocol protocol : kProtocols) {
    for (const Scenario& scenario : scenarios()) {
      const auto count = std::ranges::count_if(
          kServerKinds, [&](ServerKind kind) { return is_played(scenario, kind, protocol); });
      if (count < 2) continue;
      add_test("Parity_" + std::string(to_name(protocol)), scenario.name,
               [=, &scenario] { return new ParityTest(protocol, scenario); });
    }
  }
}

}  // namespace
}  // namespace connfate::harness

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (const auto kind : connfate::harness::kServerKinds) {
    connfate::harness::add_scenarios_of(kind);
  }
  connfate::harness::add_parity();
  const int result = RUN_ALL_TESTS();
  connfate::harness::theatre().reset();
  return result;
}

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what the stories about the witness share: a lab, a backend, and for each kind of server
// one server and one witness that it reports to; and the fixture that plays on them, in the lab's
// client namespace, and checks every line it is told about against the schema.
// Surprising: one house per test suite, made by its first test and left after its last.

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/server.hpp"
#include "harness/witness.hpp"
#include "peers/backend.hpp"
#include "peers/client.hpp"
#include "system/scenarios/stage.hpp"

namespace connfate::harness {

class WitnessHouse {
 public:
  struct Plan {
    Lab::Sysctls sysctls{};
    std::chrono::seconds send_timeout{30};  ///< longer than a story
    std::function<WitnessOptions(ServerKind)> witness = [](ServerKind) { return WitnessOptions{}; };
    /// ServerOptions::extra_config; the house has a free port for it, and the backend's address.
    std::function<std::string(ServerKind, std::uint16_t port, const peers::Address& backend)>
        extra_config = [](auto...) { return std::string(); };
  };

  explicit WitnessHouse(Plan plan);

  Lab& lab() { return lab_; }
  peers::Backend& backend() { return *backend_; }
  Witness& witness(ServerKind kind);
  Server& server(ServerKind kind);
  /// The port that extra_config was given.
  std::uint16_t extra_port(ServerKind kind) const { return extra_ports_.at(kind); }

 private:
  Plan plan_;
  Lab lab_;
  std::unique_ptr<peers::Backend> backend_;
  std::map<ServerKind, std::uint16_t> extra_ports_;
  std::map<ServerKind, std::unique_ptr<Witness>> witnesses_;
  std::map<ServerKind, std::unique_ptr<Server>> servers_;
};

class WitnessStory : public testing::TestWithParam<ServerKind> {
 protected:
  using Line = Witness::Line;

  void SetUp() override;
  void TearDown() override;
  static void TearDownTestSuite();

  virtual WitnessHouse::Plan plan() const { return {}; }
  static WitnessHouse& house();
  bool is_nginx() const { return GetParam() == ServerKind::kNginx; }

  /// A client from any port, over no matter what address; the stage watches it from now on.
  peers::Client connect(const peers::Address& server, peers::ClientOptions options = {});
  Line final_response() { return witness_->wait_for_response(stage_->client_port()); }
  /// The first line about the stage's connection as a whole.
  Line connection_line();

  /// Some statement of the evidence contains `words`.
  static bool says(const Line& line, const std::string& words);
  static bool has_rule(const Line& line, const std::string& id);

  Witness* witness_ = nullptr;
  Server* server_ = nullptr;
  std::optional<InNamespace> in_client_;
  std::optional<Stage> stage_;
};

/// What the schema says against any of these lines, or they against themselves, fails the test.
void expect_schema(const std::vector<Witness::Line>& lines);

/// As test names say it.
std::string name_of_server(const testing::TestParamInfo<ServerKind>& parameter);

}  // namespace connfate::harness

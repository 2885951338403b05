// SPDX-License-Identifier: Apache-2.0
#include "system/witness/witness_house.hpp"

#include <algorithm>

#include "harness/contradictions.hpp"
#include "harness/tcp_port.hpp"
#include "system/scenarios/theatre.hpp"
#include "witness/schema.hpp"

namespace connfate::harness {
namespace {

std::unique_ptr<WitnessHouse>& instance() {
  static std::unique_ptr<WitnessHouse> house;
  return house;
}

}  // namespace

WitnessHouse::WitnessHouse(Plan plan) : plan_(std::move(plan)), lab_(plan_.sysctls) {
  const InNamespace here = lab_.enter_server();
  backend_ = std::make_unique<peers::Backend>();
}

Witness& WitnessHouse::witness(ServerKind kind) {
  auto& witness = witnesses_[kind];
  if (witness == nullptr) witness = std::make_unique<Witness>(lab_.hosts(), plan_.witness(kind));
  return *witness;
}

Server& WitnessHouse::server(ServerKind kind) {
  auto& server = servers_[kind];
  if (server != nullptr) return *server;
  {
    const InNamespace here = lab_.enter_server();
    extra_ports_[kind] = free_port();
  }
  server = make_server(
      kind, lab_.hosts(),
      {.module = module_of(kind),
       .backend = backend_->address(),
       .send_timeout = plan_.send_timeout,
       .witness_path = witness(kind).socket().string(),
       .extra_config = plan_.extra_config(kind, extra_ports_[kind], backend_->address())});
  server->start();
  return *server;
}

void WitnessStory::SetUp() {
  if (const auto reason = Theatre::missing(GetParam())) GTEST_SKIP() << *reason;
  if (instance() == nullptr) instance() = std::make_unique<WitnessHouse>(plan());
  witness_ = &house().witness(GetParam());
  server_ = &house().server(GetParam());
  in_client_.emplace(house().lab().client_namespace());
  stage_.emplace(house().lab(), *server_, house().backend(), Protocol::kCleartext);
}

void WitnessStory::TearDown() {
  const int client_port = stage_ ? stage_->client_port() : 0;
  stage_.reset();
  in_client_.reset();
  if (witness_ != nullptr) expect_schema(witness_->lines_of(client_port));
}

void WitnessStory::TearDownTestSuite() {
  instance().reset();
}

WitnessHouse& WitnessStory::house() {
  return *instance();
}

peers::Client WitnessStory::connect(const peers::Address& server, peers::ClientOptions options) {
  peers::Client client(server, options);
  stage_->watch(client.local_port());
  return client;
}

WitnessStory::Line WitnessStory::connection_line() {
  return witness_->wait_for(stage_->client_port(),
                            [](const Line& line) { return line["event"] == "connection"; });
}

bool WitnessStory::says(const Line& line, const std::string& words) {
  return std::ranges::any_of(line["evidence"], [&](const Line& statement) {
    return statement.get<std::string>().find(words) != std::string::npos;
  });
}

bool WitnessStory::has_rule(const Line& line, const std::string& id) {
  return line.contains("evidence_rules") &&
         std::ranges::find(line["evidence_rules"], Line(id)) != line["evidence_rules"].end();
}

void expect_schema(const std::vector<Witness::Line>& lines) {
  EXPECT_EQ(contradictions_among(lines), std::vector<std::string>{});
  for (const Witness::Line& line : lines) {
    for (const std::string& words : witness::schema_complaints(line.dump())) {
      ADD_FAILURE() << words << "\n" << line.dump();
    }
    for (const std::string& words : contradictions_in(line)) {
      ADD_FAILURE() << words << "\n" << line.dump();
    }
  }
}

std::string name_of_server(const testing::TestParamInfo<ServerKind>& parameter) {
  return std::string(to_name(parameter.param));
}

}  // namespace connfate::harness

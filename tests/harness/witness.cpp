// SPDX-License-Identifier: Apache-2.0
#include "harness/witness.hpp"

#include <signal.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "harness/deadline.hpp"

namespace connfate::harness {
namespace {

std::string dump(const std::vector<Witness::Line>& lines) {
  std::string text;
  for (const auto& line : lines) text += line.dump() + "\n";
  return text;
}

bool is_verdict(const Witness::Line& line) {
  const auto event = line.value("event", "");
  return event == "response" || event == "connection";
}

}  // namespace

Witness::Witness(Hosts hosts, WitnessOptions options)
    : hosts_(std::move(hosts)), options_(std::move(options)), directory_("witness") {
  // The daemon gives up root; the servers' workers have to reach the socket.
  std::filesystem::permissions(directory_.path(), std::filesystem::perms::all);
  // A copy, since nobody may perhaps not enter the build directory.
  std::filesystem::copy_file(CONNFATE_WITNESS_PROGRAM, program());
  start();
}

Witness::~Witness() = default;

std::vector<std::string> Witness::command_line(const std::string& socket) const {
  std::vector<std::string> words = options_.wrapper;
  words.insert(words.end(),
               {program().string(), "--socket", socket, "--output", output().string(),
                "--first-lookup", options_.first_lookup, "--settle", options_.settle, "--afterlife",
                options_.afterlife, "--log", options_.log_all ? "all" : "trouble"});
  if (!options_.capture) words.emplace_back("--no-capture");
  words.insert(words.end(), options_.more.begin(), options_.more.end());
  return words;
}

void Witness::start() {
  // Not by all_lines(): under load there are a hundred thousand of them.
  const auto started = [this] {
    constexpr std::string_view kWords = "witness_started";  // in JSON and in logfmt
    const std::string text = read_file(output());
    std::size_t count = 0;
    for (auto at = text.find(kWords); at != text.npos; at = text.find(kWords, at + 1)) ++count;
    return count;
  };
  std::filesystem::create_directories(socket().parent_path());
  std::filesystem::permissions(socket().parent_path(), std::filesystem::perms::all);
  const auto before = started();
  process_.emplace(Command{command_line(socket()), hosts_.server_namespace},
                   directory_.path() / "messages.txt");
  const bool up = eventually([&] { return !process_->running() || started() > before; },
                             std::chrono::seconds(10));
  if (!up || !process_->running()) {
    throw std::runtime_error("the witness did not start: " + messages());
  }
}

std::string Witness::check() const {
  std::vector<std::string> words = command_line(directory_.path() / "check.sock");
  words.emplace_back("--check");
  return run(Command{std::move(words), hosts_.server_namespace}).output;
}

int Witness::stop() {
  return process_->stop(SIGTERM);
}

void Witness::kill() {
  process_->stop(SIGKILL);
}

std::vector<Witness::Line> Witness::all_lines() const {
  std::vector<Line> result;
  std::istringstream text(read_file(output()));
  for (std::string line; std::getline(text, line);) {
    auto parsed = Line::parse(line, nullptr, false);
    if (!parsed.is_discarded()) result.push_back(std::move(parsed));
  }
  return result;
}

std::vector<Witness::Line> Witness::lines() const {
  std::vector<Line> result = all_lines();
  std::erase_if(result, [](const Line& line) { return !is_verdict(line); });
  return result;
}

std::vector<Witness::Line> Witness::lines_of(int client_port) const {
  std::vector<Line> result = lines();
  std::erase_if(result,
                [&](const Line& line) { return line.value("client_port", 0) != client_port; });
  return result;
}

Witness::Line Witness::wait_for(int client_port, const std::function<bool(const Line&)>& wanted,
                                std::chrono::milliseconds limit) const {
  std::optional<Line> found;
  const auto look = [&] {
    for (const Line& line : lines_of(client_port)) {
      if (!found && line["final"] == true && wanted(line)) found = line;
    }
    return found.has_value();
  };
  if (eventually(look, limit)) return *found;
  throw std::runtime_error("no such final line about client port " + std::to_string(client_port) +
                           "; its lines:\n" + dump(lines_of(client_port)) + messages());
}

std::vector<Witness::Line> Witness::final_responses(int client_port, std::size_t count,
                                                    std::chrono::milliseconds limit) const {
  std::vector<Line> result;
  eventually(
      [&] {
        result = lines_of(client_port);
        std::erase_if(result, [](const Line& line) {
          return line["event"] != "response" || line["final"] != true;
        });
        return result.size() >= count;
      },
      limit);
  return result;
}

Witness::Line Witness::wait_for_response(int client_port, std::chrono::milliseconds limit) const {
  return wait_for(
      client_port, [](const Line& line) { return line["event"] == "response"; }, limit);
}

}  // namespace connfate::harness

// SPDX-License-Identifier: Apache-2.0
#include "harness/load.hpp"

#include <regex>
#include <stdexcept>

#include "harness/process.hpp"

namespace connfate::harness {
namespace {

Outcome run_tool(const Lab& lab, std::vector<std::string> arguments) {
  Outcome outcome = run(Command{std::move(arguments), lab.client_namespace()});
  if (outcome.exit_code != 0) throw std::runtime_error("load tool failed: " + outcome.output);
  return outcome;
}

/// The sum of all groups of the first match; 0 when there is none.
std::uint64_t sum_of(const std::string& text, const char* pattern) {
  std::smatch match;
  if (!std::regex_search(text, match, std::regex(pattern))) return 0;
  std::uint64_t sum = 0;
  for (std::size_t group = 1; group < match.size(); ++group) sum += std::stoull(match[group]);
  return sum;
}

LoadResult with_figures(LoadResult result) {
  if (result.requests == 0) throw std::runtime_error("no request answered: " + result.report);
  return result;
}

}  // namespace

LoadResult run_wrk(const Lab& lab, const std::string& url, int connections,
                   std::chrono::seconds duration, const std::filesystem::path& script) {
  std::vector<std::string> words{"wrk", "-t1", "-c" + std::to_string(connections),
                                 "-d" + std::to_string(duration.count()) + "s"};
  if (!script.empty()) words.insert(words.end(), {"-s", script.string()});
  words.push_back(url);
  const std::string text = run_tool(lab, std::move(words)).output;
  const std::uint64_t socket_errors =
      sum_of(text, R"(connect (\d+), read (\d+), write (\d+), timeout (\d+))");
  const std::uint64_t statuses = sum_of(text, R"(Non-2xx or 3xx responses: (\d+))");
  return with_figures({sum_of(text, R"((\d+) requests in )"), socket_errors + statuses, text});
}

LoadResult run_h2load(const Lab& lab, const std::vector<std::string>& urls, int connections,
                      std::uint64_t requests) {
  std::vector<std::string> command{"h2load", "-t1", "-m10", "-c" + std::to_string(connections),
                                   "-n" + std::to_string(requests)};
  command.insert(command.end(), urls.begin(), urls.end());
  const std::string text = run_tool(lab, std::move(command)).output;
  const std::uint64_t succeeded = sum_of(text, R"((\d+) succeeded)");
  const std::uint64_t lost = sum_of(text, R"((\d+) failed, (\d+) errored, (\d+) timeout)");
  return with_figures({succeeded, lost, text});
}

}  // namespace connfate::harness

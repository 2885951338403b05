// SPDX-License-Identifier: Apache-2.0
#include "system/soak/marks.hpp"

#include <fstream>
#include <unordered_set>

namespace connfate::harness {
namespace {

constexpr std::string_view kParameter = "mark=";

/// "" when the request carries none, as those by which httpd wakes its children.
std::string mark_of(const std::string& request_line) {
  const auto at = request_line.find(kParameter);
  if (at == std::string::npos) return {};
  const auto begin = at + kParameter.size();
  return request_line.substr(begin, request_line.find_first_of("& ", begin) - begin);
}

}  // namespace

std::string Marks::issue() {
  const std::lock_guard lock(mutex_);
  return std::string(kParameter) + "hostile-" + std::to_string(++issued_);
}

void Marks::answered(const std::string& mark) {
  const std::lock_guard lock(mutex_);
  answered_.push_back(mark.substr(kParameter.size()));
}

std::uint64_t Marks::answered_count() const {
  const std::lock_guard lock(mutex_);
  return answered_.size();
}

Marks::Comparison Marks::compare(const std::filesystem::path& access_log) const {
  Comparison result;
  std::unordered_set<std::string> seen;
  std::ifstream file(access_log);
  for (std::string text; std::getline(file, text);) {
    const auto line = parse_log_line(text);
    ++(line ? result.lines : result.torn);
    if (!line) continue;
    ++result.by_fate[line->field("fate")];
    const std::string mark = mark_of(line->uri);
    if (mark.empty()) continue;
    const std::string family = mark.substr(0, mark.find('-'));
    ++result.by_family[family];
    // Families without a number are those of tools that repeat one request line.
    if (family != mark && !seen.insert(mark).second) ++result.repeated;
  }
  const std::lock_guard lock(mutex_);
  for (const std::string& mark : answered_) {
    if (!seen.contains(mark)) result.missing.push_back(mark);
  }
  return result;
}

}  // namespace connfate::harness

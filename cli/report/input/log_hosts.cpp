// SPDX-License-Identifier: Apache-2.0
#include "cli/report/input/log_hosts.hpp"

#include <algorithm>
#include <array>

namespace connfate::cli::report {
namespace {

using log::FieldId;

/// Whether there is one, or more, is all that is asked.
constexpr std::size_t kMostKept = 2;

void keep(std::set<std::string, std::less<>>& names, std::string_view name) {
  if (names.size() < kMostKept && !names.contains(name)) names.emplace(name);
}

std::string_view without_packing(std::string_view file) noexcept {
  constexpr std::array<std::string_view, 5> kPacked{".gz", ".zst", ".xz", ".bz2", ".lz4"};
  for (const std::string_view ending : kPacked) {
    if (file.ends_with(ending)) return file.substr(0, file.size() - ending.size());
  }
  return file;
}

}  // namespace

std::string_view LogHosts::host_of_path(std::string_view path) noexcept {
  constexpr std::string_view kLogs = "/var/log/";
  for (const std::string_view folder : {"nginx/", "apache2/", "httpd/", "connfate/"}) {
    if (path.starts_with(kLogs) && path.substr(kLogs.size()).starts_with(folder)) return kLogs;
  }
  const std::string_view unpacked = without_packing(path);
  const auto last = unpacked.find_last_not_of("0123456789-.T");
  if (last == unpacked.npos || last + 1 == unpacked.size()) return unpacked;
  // Anything else may be the name of a host: web-1 and web-2 are two.
  const std::string_view stem = unpacked.substr(0, last + 1);
  return stem.ends_with("log") ? stem : unpacked;
}

void LogHosts::note_file(Side side, std::string_view file, std::string_view path) {
  if (!seen(side).noted.emplace(file).second) return;
  keep(seen(side).hosts, host_of_path(path));
}

void LogHosts::note(const log::Record& record) {
  if (!record.is_request() && record.kind != log::Kind::kWitness) return;
  const Side side = record.is_request() ? Side::kServer : Side::kWitness;
  if (!seen(side).noted.contains(record.source)) note_file(side, record.source, record.source);
  const std::string_view node = record.field(FieldId::kNode);
  if (node.empty()) return;
  keep(seen(side).nodes, node);
  auto& of_file = seen(side).nodes_of_file;
  auto known = of_file.find(record.source);
  if (known == of_file.end()) known = of_file.try_emplace(std::string(record.source)).first;
  keep(known->second, node);
}

std::string_view LogHosts::node_of(Side side, std::string_view file,
                                   std::string_view own) const noexcept {
  if (!own.empty()) return own;
  const auto& of_file = seen(side).nodes_of_file;
  const auto known = of_file.find(file);
  if (known == of_file.end() || known->second.size() != 1) return {};
  return *known->second.begin();
}

bool LogHosts::are_one_pair() const noexcept {
  return std::ranges::all_of(
      seen_, [](const Seen& side) { return side.hosts.size() <= 1 && side.nodes.size() <= 1; });
}

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/sites.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace connfate::cli {
namespace {

constexpr std::size_t kMost = 20;  ///< of one kind that are named; hosts have thousands of sites

std::string text_of(const Site& site, const SiteWords& words) {
  return fmt::format("{} {} ({})", words.site, site.name, site.place);
}

/// Names each site of which `is_one` is true, as far as there is room.
template <typename IsOne, typename Tell>
void name_each(const std::vector<Site>& sites, const IsOne& is_one, const Tell& tell,
               const SiteWords& words, Diagnosis more, Diagnoses& diagnoses) {
  std::size_t count = 0;
  for (const Site& site : sites) {
    if (!is_one(site)) continue;
    if (count++ < kMost) diagnoses.push_back(tell(site));
  }
  if (count <= kMost) return;
  more.text = fmt::format("and {} more {}s {}", count - kMost, words.site, more.text);
  diagnoses.push_back(std::move(more));
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

void check_switches(const std::vector<Site>& sites, const SiteWords& words, Diagnoses& diagnoses) {
  const auto is_off = [](const Site& site) { return !site.is_on; };
  const auto tell = [&words](const Site& site) {
    return Diagnosis{Level::kWarning, words.about,
                     text_of(site, words) + " is not covered: connfate is off there",
                     words.turn_on};
  };
  name_each(sites, is_off, tell, words,
            {Level::kWarning, words.about, "that are not covered", words.turn_on}, diagnoses);
}

/// With a witness a log without a fate is somebody's choice; without one, those fates are nowhere.
void check_logs(const std::vector<Site>& sites, bool has_witness, const SiteWords& words,
                Diagnoses& diagnoses) {
  const auto is_blind = [](const Site& site) { return site.is_on && !site.blind_logs.empty(); };
  const Level level = has_witness ? Level::kOk : Level::kWarning;
  const std::string mend = has_witness ? "" : words.log_it;
  const auto tell = [&](const Site& site) {
    return Diagnosis{
        level, words.log,
        fmt::format("{}: no fate in {}{}", text_of(site, words), joined(site.blind_logs),
                    has_witness ? "; the witness's log has them" : ""),
        mend};
  };
  name_each(sites, is_blind, tell, words, {level, words.log, "without a fate in a log", mend},
            diagnoses);
}

}  // namespace

void check_sites(const std::vector<Site>& sites, bool has_witness, const SiteWords& words,
                 Diagnoses& diagnoses) {
  const auto on = std::ranges::count_if(sites, &Site::is_on);
  const auto logging = std::ranges::count_if(sites, [](const Site& site) {
    return site.is_on && site.logs_fate && site.blind_logs.empty();
  });
  if (on == 0) return;  // that is a finding already
  if (has_witness) {
    diagnoses.push_back(
        {Level::kOk, words.about,
         fmt::format("{} of {} {}s report to the witness", on, sites.size(), words.site)});
  }
  if (logging > 0) {
    diagnoses.push_back({Level::kOk, words.log,
                         fmt::format("{} of {} {}s have connfate fields in every log", logging,
                                     sites.size(), words.site)});
  }
  check_switches(sites, words, diagnoses);
  check_logs(sites, has_witness, words, diagnoses);
}

}  // namespace connfate::cli

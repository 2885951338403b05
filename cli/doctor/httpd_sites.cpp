// SPDX-License-Identifier: Apache-2.0
// Inheritance as in modules/loggers/mod_log_config.c (multi_log_transaction, 2.4): a CustomLog of a
// virtual host replaces those of the server config, a GlobalLog (2.4.19) is replaced by none.
#include <fmt/format.h>
#include <strings.h>

#include <algorithm>

#include "cli/doctor/sites.hpp"

namespace connfate::cli {
namespace {

constexpr std::size_t kTop = Directive::kTop;
constexpr std::string_view kField = "^CF";

bool is(const Directive& directive, const char* name) {
  return ::strcasecmp(directive.words[0].c_str(), name) == 0;
}

class SiteReader {
 public:
  explicit SiteReader(const Configuration& configuration)
      : configuration_(configuration), all_(configuration.directives) {
    for (const Directive& d : all_) {
      if (!is(d, "LogFormat") || d.words.size() < 3) continue;
      if (d.words[1].find(kField) != std::string::npos) our_formats_.push_back(d.words[2]);
    }
    main_is_on_ = is_on(kTop).value_or(false);
    take_global_logs();
  }

  bool is_host(std::size_t index) const { return is(all_[index], "<VirtualHost"); }

  /// `host` may be kTop: the main server.
  Site read(std::size_t host) const {
    Site site;
    site.name = name_of(host);
    site.place = host == kTop ? "the server config" : configuration_.place(all_[host]);
    site.is_on = is_on(host).value_or(main_is_on_);
    site.logs_fate = has_global_;
    take_logs(site, host);
    return site;
  }

 private:
  /// The virtual host that it stands in; kTop: none.
  std::size_t host_of(const Directive& directive) const {
    for (std::size_t at = directive.parent; at != kTop; at = all_[at].parent) {
      if (is_host(at)) return at;
    }
    return kTop;
  }

  std::optional<bool> is_on(std::size_t host) const {
    std::optional<bool> on;
    for (const Directive& d : all_) {
      if (!is(d, "ConnFate") || d.words.size() < 2 || host_of(d) != host) continue;
      on = on.value_or(false) || ::strcasecmp(d.words[1].c_str(), "on") == 0;
    }
    return on;
  }

  bool has_fate(const Directive& log) const {
    if (log.words.size() < 3) return false;
    return log.words[2].find(kField) != std::string::npos ||
           std::ranges::find(our_formats_, log.words[2]) != our_formats_.end();
  }

  void take_global_logs() {
    for (const Directive& d : all_)
      has_global_ = has_global_ || (is(d, "GlobalLog") && has_fate(d));
  }

  static bool is_log(const Directive& d) {
    return (is(d, "CustomLog") || is(d, "TransferLog")) && d.words.size() > 1;
  }

  std::vector<const Directive*> logs_of(std::size_t host) const {
    std::vector<const Directive*> logs;
    for (const Directive& d : all_) {
      if (is_log(d) && host_of(d) == host) logs.push_back(&d);
    }
    return logs.empty() && host != kTop ? logs_of(kTop) : logs;
  }

  void take_logs(Site& site, std::size_t host) const {
    const auto logs = logs_of(host);
    const auto has_one = [this](const Directive* log) { return has_fate(*log); };
    site.logs_fate = site.logs_fate || std::ranges::any_of(logs, has_one);
    if (site.logs_fate) return;
    for (const Directive* log : logs)
      site.blind_logs.push_back(log->words[0] + " " + log->words[1]);
    if (logs.empty()) site.blind_logs.emplace_back("any log: it has none");
  }

  std::string name_of(std::size_t host) const {
    for (const Directive& d : all_) {
      if (is(d, "ServerName") && d.words.size() > 1 && host_of(d) == host) return d.words[1];
    }
    if (host == kTop || all_[host].words.size() < 2) return "without a name";
    std::string address = all_[host].words[1];
    return address.substr(0, address.find('>'));
  }

  const Configuration& configuration_;
  const std::vector<Directive>& all_;
  std::vector<std::string> our_formats_;
  bool main_is_on_ = false;
  bool has_global_ = false;
};

}  // namespace

std::vector<Site> httpd_sites(const Configuration& configuration) {
  const SiteReader reader(configuration);
  std::vector<Site> sites;
  for (std::size_t i = 0; i < configuration.directives.size(); ++i) {
    if (reader.is_host(i)) sites.push_back(reader.read(i));
  }
  if (sites.empty()) sites.push_back(reader.read(kTop));
  return sites;
}

}  // namespace connfate::cli

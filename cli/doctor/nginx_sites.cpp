// SPDX-License-Identifier: Apache-2.0
// Inheritance as in src/http/modules/ngx_http_log_module.c and ngx_conf_merge_value(), 1.22.
#include <fmt/format.h>

#include <algorithm>

#include "cli/doctor/sites.hpp"

namespace connfate::cli {
namespace {

using Indexes = std::vector<std::size_t>;

constexpr std::size_t kTop = Directive::kTop;

bool has_field(const std::string& text) {
  return text.find("$connfate") != text.npos || text.find("${connfate") != text.npos;
}

class SiteReader {
 public:
  explicit SiteReader(const Configuration& configuration) : all_(configuration.directives) {
    for (const Directive& d : all_) {
      if (d.words[0] != "log_format" || d.words.size() < 3) continue;
      if (std::any_of(d.words.begin() + 2, d.words.end(), has_field)) {
        our_formats_.push_back(d.words[1]);
      }
    }
  }

  bool is_server(std::size_t index) const {
    const Directive& d = all_[index];
    const bool stands_in_http = d.parent != kTop && all_[d.parent].words[0] == "http";
    return d.words[0] == "server" && d.words.size() == 1 && stands_in_http;
  }

  Site read(const Configuration& configuration, std::size_t server) const {
    Site site;
    site.name = name_of(server);
    site.place = configuration.place(all_[server]);
    site.is_on = is_on(server) || has_part_that_is_on(configuration, server);
    take_logs(site, inherited(server, "access_log"));
    for (std::size_t i = server + 1; i < all_.size(); ++i) {
      const bool is_inner = configuration.is_inside(all_[i], server);
      if (is_inner) take_logs(site, children(i, "access_log"));
    }
    return site;
  }

 private:
  Indexes children(std::size_t block, std::string_view name) const {
    Indexes found;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (all_[i].parent == block && all_[i].words[0] == name) found.push_back(i);
    }
    return found;
  }

  /// Those of the innermost block that has any; the outermost is `http`.
  Indexes inherited(std::size_t block, std::string_view name) const {
    for (std::size_t at = block; at != kTop; at = all_[at].parent) {
      Indexes found = children(at, name);
      if (!found.empty()) return found;
    }
    return {kTop};  // the server's own default
  }

  bool says_on(std::size_t index) const {
    return index != kTop && all_[index].words.size() > 1 && all_[index].words[1] == "on";
  }
  bool is_on(std::size_t block) const { return says_on(inherited(block, "connfate").front()); }
  bool has_part_that_is_on(const Configuration& configuration, std::size_t server) const {
    for (std::size_t i = server + 1; i < all_.size(); ++i) {
      if (all_[i].words[0] == "connfate" && says_on(i) &&
          configuration.is_inside(all_[i], server)) {
        return true;
      }
    }
    return false;
  }

  std::string name_of(std::size_t server) const {
    for (const char* directive : {"server_name", "listen"}) {
      for (const std::size_t index : children(server, directive)) {
        const auto& words = all_[index].words;
        if (words.size() > 1 && words[1] != "_" && !words[1].empty()) return words[1];
      }
    }
    return "without a name";
  }

  /// One level's logs: each request of it is written into all of them.
  void take_logs(Site& site, const Indexes& logs) const {
    std::vector<std::string> blind;
    for (const std::size_t index : logs) {
      if (index == kTop) {
        blind.emplace_back("nginx's default access_log");
        continue;
      }
      const auto& words = all_[index].words;
      if (words.size() < 2 || words[1] == "off") continue;
      const bool ours =
          words.size() > 2 && std::ranges::find(our_formats_, words[2]) != our_formats_.end();
      if (ours) {
        site.logs_fate = true;
        return;
      }
      blind.push_back("access_log " + words[1]);
    }
    std::ranges::move(blind, std::back_inserter(site.blind_logs));
  }

  const std::vector<Directive>& all_;
  std::vector<std::string> our_formats_;
};

}  // namespace

std::vector<Site> nginx_sites(const Configuration& configuration) {
  const SiteReader reader(configuration);
  std::vector<Site> sites;
  for (std::size_t i = 0; i < configuration.directives.size(); ++i) {
    if (reader.is_server(i)) sites.push_back(reader.read(configuration, i));
  }
  return sites;
}

}  // namespace connfate::cli

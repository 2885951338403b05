// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Directive, one directive of a server's configuration, and the two readers that follow
// includes through the files, as the servers do, without running them: `nginx -t` makes files that
// are missing, and a doctor changes nothing.
// Surprising: conditions (<IfModule>, <IfDefine>) are not evaluated; what stands in them is listed.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace connfate::cli {

struct Directive {
  static constexpr std::size_t kTop = static_cast<std::size_t>(-1);

  std::vector<std::string> words;  ///< the name first; never empty
  std::size_t parent = kTop;       ///< index of the block that it stands in
  std::size_t file = 0;            ///< index into Configuration::files
  std::size_t line = 0;            ///< of its end, from 1; 0: not known
};

struct Configuration {
  std::vector<Directive> directives;         ///< in the order of the files
  std::vector<std::filesystem::path> files;  ///< that were read
  std::vector<std::string> unread;           ///< files that could not be, each with the reason

  /// Whether `name` stands anywhere with this first argument; without regard to case.
  bool has(std::string_view name, std::string_view argument) const;

  /// "/etc/nginx/sites-enabled/shop:7".
  std::string place(const Directive& directive) const;

  /// Whether `directive` stands in the block `block`, at any depth.
  bool is_inside(const Directive& directive, std::size_t block) const;
};

/// Where configurations are looked for: "/" but in tests. Paths in the files are below it.
using Root = std::filesystem::path;

/// The file's own syntax: words, quotes, blocks in braces, `include` with patterns relative to the
/// directory of the main file.
Configuration read_nginx_configuration(const Root& root, const std::filesystem::path& main);

/// The output of `nginx -T`: the same, with all files one behind the other.
Configuration parse_nginx_dump(std::string_view text);

/// Lines, quotes, <sections> (a directive "<VirtualHost", "*:80>" that holds others), Include and
/// IncludeOptional relative to ServerRoot; ${VARIABLES} that Define sets are filled in.
Configuration read_httpd_configuration(const Root& root, const std::filesystem::path& main,
                                       const std::filesystem::path& server_root);

/// Reads `file` below `root` and hands the text on, or notes why that was not possible.
void read_into(Configuration& configuration, const Root& root, const std::filesystem::path& file,
               const std::function<void(std::string_view)>& parse);

/// The files below `root` that an absolute pattern names, ascending; a directory stands for
/// the files in it.
std::vector<std::filesystem::path> expand(const Root& root, const std::filesystem::path& pattern);

}  // namespace connfate::cli

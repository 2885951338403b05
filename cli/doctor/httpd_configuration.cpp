// SPDX-License-Identifier: Apache-2.0
// The syntax of server/config.c and server/util.c (ap_getword_conf), 2.4.
#include <strings.h>

#include <map>
#include <string>
#include <string_view>

#include "cli/doctor/directive.hpp"

namespace connfate::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kDeepest = 32;  ///< includes in includes

bool is(std::string_view word, const char* name) {
  return ::strcasecmp(std::string(word).c_str(), name) == 0;
}

/// One logical line: a backslash at its end continues it.
std::string take_line(std::string_view& rest, std::size_t& lines) {
  std::string line;
  while (!rest.empty()) {
    ++lines;
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    line += rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!line.ends_with('\\')) break;
    line.pop_back();
  }
  return line;
}

std::string take_word(std::string_view& rest) {
  std::string word;
  const char quote = rest.front() == '"' || rest.front() == '\'' ? rest.front() : '\0';
  if (quote != '\0') rest.remove_prefix(1);
  while (!rest.empty()) {
    const char c = rest.front();
    if (quote != '\0' ? c == quote : c == ' ' || c == '\t' || c == '\r') break;
    if (c == '\\' && quote != '\0' && rest.size() > 1) rest.remove_prefix(1);
    word += rest.front();
    rest.remove_prefix(1);
  }
  if (!rest.empty()) rest.remove_prefix(1);
  return word;
}

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  while (true) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
    if (line.empty() || (words.empty() && line.front() == '#')) return words;
    words.push_back(take_word(line));
  }
}

class Reader {
 public:
  Reader(Root root, fs::path server_root)
      : root_(std::move(root)), server_root_(std::move(server_root)) {}

  void read(const fs::path& file) {
    if (depth_ >= kDeepest) return;
    ++depth_;
    read_into(out_, root_, file, [this](std::string_view text) {
      const std::size_t file_index = out_.files.size() - 1;
      std::size_t lines = 0;
      while (!text.empty()) {
        std::vector<std::string> words = words_of(take_line(text, lines));
        if (!words.empty()) add({std::move(words), parent_, file_index, lines});
      }
    });
    --depth_;
  }

  Configuration take() { return std::move(out_); }

 private:
  void add(Directive directive) {
    auto& words = directive.words;
    for (std::string& word : words) word = filled_in(word);
    if (words[0].starts_with("</")) return leave();
    if (words.size() > 1) follow(words);
    const bool opens = words[0].starts_with('<');
    out_.directives.push_back(std::move(directive));
    if (opens) parent_ = out_.directives.size() - 1;
  }

  void leave() {
    if (parent_ != Directive::kTop) parent_ = out_.directives[parent_].parent;
  }

  void follow(const std::vector<std::string>& words) {
    if (is(words[0], "Define") && words.size() > 2) defined_[words[1]] = words[2];
    if (is(words[0], "ServerRoot")) server_root_ = words[1];
    if (!is(words[0], "Include") && !is(words[0], "IncludeOptional")) return;
    for (const fs::path& file : expand(root_, server_root_ / words[1])) read(file);
  }

  std::string filled_in(std::string_view word) const {
    std::string out;
    while (!word.empty()) {
      const std::size_t begin = std::min(word.find("${"), word.size());
      const std::size_t end = word.find('}', begin);
      out += word.substr(0, begin);
      word.remove_prefix(begin);
      if (word.empty() || end == std::string_view::npos) break;
      const std::string name(word.substr(2, end - begin - 2));
      const auto known = defined_.find(name);
      out += known == defined_.end() ? "${" + name + "}" : known->second;
      word.remove_prefix(end - begin + 1);
    }
    return out.append(word);
  }

  Root root_;
  fs::path server_root_;
  Configuration out_;
  std::map<std::string, std::string> defined_;
  std::size_t parent_ = Directive::kTop;
  int depth_ = 0;
};

}  // namespace

Configuration read_httpd_configuration(const Root& root, const fs::path& main,
                                       const fs::path& server_root) {
  Reader reader(root, server_root);
  reader.read(main);
  return reader.take();
}

}  // namespace connfate::cli

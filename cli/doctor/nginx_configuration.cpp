// SPDX-License-Identifier: Apache-2.0
// The syntax of src/core/ngx_conf_file.c, 1.22.
#include <algorithm>
#include <string>
#include <string_view>

#include "cli/doctor/directive.hpp"

namespace connfate::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kDeepest = 32;  ///< includes in includes

/// Words of one text; ";", "{" and "}" are words of their own when they stand bare.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : rest_(text), counted_(text) {}

  /// Of what was read last, from 1.
  std::size_t line() {
    const std::size_t read = counted_.size() - rest_.size();
    lines_ += static_cast<std::size_t>(std::ranges::count(counted_.substr(0, read), '\n'));
    counted_ = rest_;
    return lines_;
  }

  /// False at the end. `bare` says that the word was not quoted.
  bool next(std::string& word, bool& bare) {
    skip_blanks();
    word.clear();
    bare = true;
    if (rest_.empty()) return false;
    const char first = rest_.front();
    if (first == ';' || first == '{' || first == '}') {
      take(word);
    } else if (first == '"' || first == '\'') {
      bare = false;
      rest_.remove_prefix(1);
      take_quoted(word, first);
    } else {
      take_bare(word);
    }
    return true;
  }

 private:
  void take(std::string& word) {
    word += rest_.front();
    rest_.remove_prefix(1);
  }

  void skip_blanks() {
    while (!rest_.empty()) {
      if (rest_.front() == '#') {
        rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
      } else if (std::string_view(" \t\r\n").find(rest_.front()) != std::string_view::npos) {
        rest_.remove_prefix(1);
      } else {
        return;
      }
    }
  }

  void take_quoted(std::string& word, char quote) {
    while (!rest_.empty() && rest_.front() != quote) {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      take(word);
    }
    if (!rest_.empty()) rest_.remove_prefix(1);
  }

  void take_bare(std::string& word) {
    while (!rest_.empty() &&
           std::string_view(" \t\r\n;{").find(rest_.front()) == std::string_view::npos) {
      const bool opens_name = rest_.starts_with("${");
      take(word);
      if (opens_name) take(word);
    }
  }

  std::string_view rest_;
  std::string_view counted_;  ///< from where lines have not been counted yet
  std::size_t lines_ = 1;
};

class Reader {
 public:
  Reader(Root root, fs::path directory)
      : root_(std::move(root)), directory_(std::move(directory)) {}

  void read(const fs::path& file) {
    if (depth_ >= kDeepest) return;
    ++depth_;
    read_into(out_, root_, file, [this](std::string_view text) { parse(text); });
    --depth_;
  }

  void parse(std::string_view text) {
    Lexer lexer(text);
    const std::size_t file = out_.files.empty() ? 0 : out_.files.size() - 1;
    std::vector<std::string> words;
    std::string word;
    bool bare = true;
    while (lexer.next(word, bare)) {
      if (!bare || (word != ";" && word != "{" && word != "}")) {
        words.push_back(word);
        continue;
      }
      const std::size_t index = add({words, parent_, file, lexer.line()});
      if (word == "{") parent_ = index;
      if (word == "}") leave();
      words.clear();
    }
  }

  Configuration take() { return std::move(out_); }

 private:
  std::size_t add(Directive directive) {
    const auto& words = directive.words;
    if (words.empty()) return parent_;
    if (words[0] == "include" && words.size() > 1) {
      for (const fs::path& file : expand(root_, directory_ / words[1])) read(file);
    }
    out_.directives.push_back(std::move(directive));
    return out_.directives.size() - 1;
  }

  void leave() {
    if (parent_ != Directive::kTop) parent_ = out_.directives[parent_].parent;
  }

  Root root_;
  fs::path directory_;
  Configuration out_;
  std::size_t parent_ = Directive::kTop;
  int depth_ = 0;
};

}  // namespace

Configuration read_nginx_configuration(const Root& root, const fs::path& main) {
  Reader reader(root, main.parent_path());
  reader.read(main);
  return reader.take();
}

Configuration parse_nginx_dump(std::string_view text) {
  // A pattern below an empty directory finds nothing: the dump holds the included files itself.
  Reader reader("/proc/self/fdinfo/none", "/");
  reader.parse(text);
  return reader.take();
}

}  // namespace connfate::cli

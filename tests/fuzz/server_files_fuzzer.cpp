// SPDX-License-Identifier: Apache-2.0
// What doctor reads of a server: programs and modules (ELF), and nginx's configuration. What was
// read of a configuration, written down with every word in quotes, is read as the same.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/doctor/directive.hpp"
#include "cli/doctor/server_binary.hpp"
#include "fuzz/fuzz_target.hpp"

namespace connfate::fuzz {
namespace {

void read_as_binary(std::string_view content) {
  const int file = ::memfd_create("elf", MFD_CLOEXEC);
  require(::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()),
          "memfd");
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  const auto module = cli::read_nginx_module(path);
  require(!module || content.find(module->signature) != content.npos,
          "a signature stands in the file");
  (void)cli::read_httpd_module(path);
  (void)cli::read_nginx_program(path);
  (void)cli::read_httpd_program(path);
  ::close(file);
}

std::string quoted(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += '"';
    for (const char c : word) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += "\" ";
  }
  return text;
}

std::string write_again(const std::vector<cli::Directive>& directives) {
  std::string text;
  std::size_t block = cli::Directive::kTop;
  for (std::size_t i = 0; i < directives.size(); ++i) {
    while (block != directives[i].parent) {
      require(block != cli::Directive::kTop, "a block is closed once");
      block = directives[block].parent;
      text += "}\n";
    }
    const bool is_block = i + 1 < directives.size() && directives[i + 1].parent == i;
    text += quoted(directives[i].words) + (is_block ? "{\n" : ";\n");
    if (is_block) block = i;
  }
  return text;
}

void require_same(const std::vector<cli::Directive>& a, const std::vector<cli::Directive>& b) {
  const auto same = [](const cli::Directive& x, const cli::Directive& y) {
    return x.words == y.words && x.parent == y.parent;
  };
  require(std::ranges::equal(a, b, same), "a configuration survives writing and reading");
}

void read_as_configuration(std::string_view text) {
  const cli::Configuration configuration = cli::parse_nginx_dump(text);
  std::size_t characters = 0;
  for (std::size_t i = 0; i < configuration.directives.size(); ++i) {
    const cli::Directive& directive = configuration.directives[i];
    require(!directive.words.empty(), "a directive has a name");
    require(directive.parent == cli::Directive::kTop || directive.parent < i,
            "a block stands before what stands in it");
    for (const std::string& word : directive.words) characters += word.size();
  }
  require(characters <= text.size(), "nothing is read twice");
  const std::string again = write_again(configuration.directives);
  require_same(configuration.directives, cli::parse_nginx_dump(again).directives);
}

}  // namespace
}  // namespace connfate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace connfate::fuzz;
  const std::string_view content = as_text(data, size);
  read_as_binary(content);
  read_as_configuration(content);
  return 0;
}

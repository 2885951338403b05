// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/host.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace connfate::cli {

namespace fs = std::filesystem;

fs::path Host::operator/(std::string_view path) const {
  return directory_.path() / fs::path(path).relative_path();
}

DoctorOptions Host::options() const {
  DoctorOptions options;
  options.root = directory_.path();
  return options;
}

void Host::write(std::string_view path, std::string_view content) const {
  const fs::path file = *this / path;
  fs::create_directories(file.parent_path());
  harness::write_file(file, content);
}

bool Host::install(std::string_view program) const {
  const fs::path real(program);
  if (!fs::exists(real)) return false;
  const fs::path link = *this / program;
  fs::create_directories(link.parent_path());
  fs::create_symlink(real, link);
  return true;
}

bool Host::install_module(std::string_view module, std::string_view path, std::string_view from,
                          std::string_view to) const {
  const std::string built =
      module == "nginx" ? CONNFATE_FILE_OF_ngx_http_connfate_module : CONNFATE_FILE_OF_mod_connfate;
  if (built.empty() || !fs::exists(built)) return false;
  std::string content = harness::read_file(built);
  if (!from.empty()) {
    const auto at = content.find(from);
    if (at == content.npos) throw std::runtime_error("the module does not hold what to replace");
    content.replace(at, from.size(), to);
  }
  write(path, content);
  return true;
}

std::string lines_of(const Diagnoses& diagnoses) {
  std::string lines;
  for (const Diagnosis& diagnosis : diagnoses) {
    lines += std::string(to_token(diagnosis.level)) + " " + diagnosis.about + ": " + diagnosis.text;
    if (!diagnosis.mend.empty()) lines += " -> " + diagnosis.mend;
    lines += '\n';
  }
  return lines;
}

Diagnoses about(const Diagnoses& diagnoses, std::string_view what) {
  Diagnoses some;
  std::ranges::copy_if(diagnoses, std::back_inserter(some),
                       [what](const Diagnosis& diagnosis) { return diagnosis.about == what; });
  return some;
}

void expect_remedies(const Diagnoses& diagnoses) {
  for (const Diagnosis& diagnosis : diagnoses) {
    EXPECT_EQ(diagnosis.mend.empty(), diagnosis.level == Level::kOk) << lines_of({diagnosis});
    EXPECT_FALSE(diagnosis.text.empty());
  }
}

}  // namespace connfate::cli

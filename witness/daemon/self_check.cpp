// SPDX-License-Identifier: Apache-2.0
#include "witness/daemon/self_check.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "witness/daemon/output.hpp"
#include "witness/process/account.hpp"
#include "witness/process/descriptor.hpp"
#include "witness/process/privileges.hpp"
#include "witness/sources/report_source.hpp"
#include "witness/sources/sources.hpp"
#include "witness/web/listener.hpp"

namespace connfate::witness {
namespace {

namespace fs = std::filesystem;

fs::path directory_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

void require_access(const fs::path& path, int mode, const char* what_to_do) {
  if (::faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0) return;
  throw_errno(fmt::format("{}: {}", path.string(), what_to_do));
}

std::string check_sources(const Options& options) {
  const Sources sources = open_sources(options.interfaces);
  std::string text = "socket ends: yes\n";
  for (const Capture& capture : sources.captures) {
    text += fmt::format("packets: on {}\n", capture.interface());
  }
  for (const std::string& sentence : sources.missing) text += "missing: " + sentence + "\n";
  return text;
}

std::string check_socket(const Options& options) {
  if (const auto reason = why_not_at(options.socket)) throw std::runtime_error(*reason);
  require_access(directory_of(options.socket), W_OK | X_OK,
                 "the witness may not create its socket there; give it the directory");
  return fmt::format("reports: at {}, mode {:04o}\n", options.socket.string(), options.socket_mode);
}

/// Tried for real, and given back.
std::string check_web(const Options& options) {
  if (!options.web) return "web: off\n";
  const WebAddress& web = *options.web;
  if (!options.web_token_file.empty()) (void)read_token(options.web_token_file);
  const Descriptor tried = listen_at(web, std::nullopt);
  if (web.is_unix()) (void)::unlink(web.path.c_str());
  const char* const token = options.web_token_file.empty() ? "" : ", with a token";
  if (web.is_unix()) return fmt::format("web: at {}{}\n", web.path.string(), token);
  return fmt::format("web: at {}, port {}{}\n", web.ip.to_string(), web.port, token);
}

/// `may_create`: root makes the file and gives it to the user.
std::string check_output(const Options& options, bool may_create) {
  if (options.output == Output::kStandardOutput) return "output: standard output\n";
  const fs::path file = options.output;
  std::error_code ignored;
  if (fs::exists(file, ignored)) {
    if (fs::is_directory(file, ignored))
      throw std::runtime_error(file.string() + " is a directory");
    require_access(file, W_OK, "the witness may not write it; give it the file");
  } else if (!may_create) {
    require_access(directory_of(file), W_OK | X_OK,
                   "the witness may not create the output there; give it the directory");
  } else if (!fs::is_directory(directory_of(file), ignored)) {
    throw std::runtime_error(file.string() +
                             ": there is no such directory; create it for the witness's user "
                             "(install -d -m 0750 -o connfate -g connfate DIRECTORY)");
  }
  return fmt::format("output: {}\n", file.string());
}

std::string become(const Options& options) {
  const auto account = account_to_become(options.user);
  drop_privileges(account);
  return account ? fmt::format("user: {}\n", account->name)
                 : fmt::format("user: uid {}, as it was started\n", ::geteuid());
}

/// Writes what the part found, or what is wrong with it.
template <typename Part>
bool passes(std::ostream& out, Part part) {
  try {
    out << part();
    return true;
  } catch (const std::exception& error) {
    out << "error: " << error.what() << '\n';
    return false;
  }
}

}  // namespace

bool self_check(const Options& options, std::ostream& out) {
  const bool is_root = ::geteuid() == 0;
  bool good = passes(out, [&] { return check_sources(options); });
  good = passes(out, [&] { return check_socket(options); }) && good;
  good = passes(out, [&] { return check_web(options); }) && good;
  // The output is opened as the user that the witness becomes: so it is asked for as that user.
  good = passes(out, [&] { return become(options); }) && good;
  return passes(out, [&] { return check_output(options, is_root); }) && good;
}

}  // namespace connfate::witness

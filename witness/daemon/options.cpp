// SPDX-License-Identifier: Apache-2.0
#include "witness/daemon/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <sstream>

#include "connfate/host_identity.hpp"
#include "witness/daemon/quantity.hpp"
#include "witness/process/account.hpp"

namespace connfate::witness {
namespace {

[[noreturn]] void refuse(const char* option, const std::string& text, const char* what_to_do) {
  throw CLI::ValidationError(fmt::format("{}={}", option, text), what_to_do);
}

void add_duration(CLI::App& app, const char* name, std::chrono::milliseconds& value,
                  const char* description) {
  const auto set = [&value, name](const std::string& text) {
    const auto duration = parse_duration(text);
    if (!duration) refuse(name, text, "write a whole number with ms, s or min, for example 2s");
    value = *duration;
  };
  app.add_option_function<std::string>(name, set, description)
      ->type_name("TIME")
      ->default_str(fmt::format("{}ms", value.count()));
}

void set_memory(std::size_t& value, const std::string& text) {
  constexpr std::size_t kLeast = 1'000'000;
  const auto size = parse_size(text);
  if (!size || *size < kLeast) {
    refuse("--memory", text, "write bytes with kB, MB or GB, 1MB at least, for example 256MB");
  }
  value = *size;
}

void set_socket_mode(mode_t& value, const std::string& text) {
  unsigned mode = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, mode, 8);
  if (error != std::errc() || end != last || mode > 0777) {
    refuse("--socket-mode", text, "write permissions in octal, for example 0660");
  }
  value = mode;
}

void set_format(Options::Format& value, const std::string& text) {
  if (text != "json" && text != "logfmt") refuse("--format", text, "write json or logfmt");
  value = text == "json" ? Options::Format::kJson : Options::Format::kLogfmt;
}

void set_node(std::string& value, const std::string& text) {
  const std::string_view complaint = HostIdentity::complaint_about(text);
  if (!complaint.empty()) refuse("--node", text, fmt::format("the name {}", complaint).c_str());
  value = text;
}

void set_log(bool& log_all, const std::string& text) {
  if (text != "trouble" && text != "all") refuse("--log", text, "write trouble or all");
  log_all = text == "all";
}

void set_senders(std::vector<uid_t>& value, const std::vector<std::string>& users) {
  for (const std::string& user : users) {
    const auto uid = find_uid(user);
    if (!uid) refuse("--allow-uid", user, "no such user; write a name or a number");
    value.push_back(*uid);
  }
}

void set_user(std::string& value, const std::string& text) {
  if (!find_account(text)) refuse("--user", text, "no such user; create it, or name another");
  value = text;
}

void add_reports(CLI::App& app, Options& options) {
  app.add_option("--socket", options.socket, "where the modules send their reports")
      ->type_name("PATH")
      ->capture_default_str();
  app.add_option_function<std::string>(
         "--socket-mode", [&](const auto& text) { set_socket_mode(options.socket_mode, text); },
         "permissions of that socket")
      ->type_name("MODE")
      ->default_str("0666");
  app.add_option_function<std::vector<std::string>>(
         "--allow-uid", [&](const auto& users) { set_senders(options.senders, users); },
         "take reports of this user only (repeatable)")
      ->type_name("USER")
      ->default_str("root, www-data, nginx, apache");
}

void add_log(CLI::App& app, Options& options) {
  app.add_option("--output", options.output, "file to append to, or - for standard output")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_option_function<std::string>(
         "--format", [&](const auto& text) { set_format(options.format, text); }, "of the lines")
      ->type_name("json|logfmt")
      ->default_str("json");
  app.add_option_function<std::string>(
         "--log", [&](const auto& text) { set_log(options.tracker.log_all, text); },
         "what was not delivered, or every response")
      ->type_name("trouble|all")
      ->default_str("trouble");
  app.add_option_function<std::string>(
         "--node", [&](const auto& text) { set_node(options.node, text); },
         "whose lines they are, as connfate_node says it")
      ->type_name("NAME")
      ->default_str("the host's name");
  app.add_flag("--mask-clients", options.mask_clients, "write only a client's network, /24 or /48");
}

void add_evidence(CLI::App& app, Options& options) {
  app.add_option("--port", options.ports, "watch it though no module reports (repeatable)")
      ->check(CLI::Range(1, 65535))
      ->type_name("NUMBER");
  const auto* interfaces =
      app.add_option("--interface", options.interfaces, "capture here, or on any (repeatable)")
          ->type_name("NAME")
          ->default_str("any");
  app.add_flag_callback(
         "--no-capture", [&] { options.interfaces.clear(); },
         "no packets; who sent a RST cannot be told then")
      ->excludes(app.get_option(interfaces->get_name()));
}

void set_web(std::optional<WebAddress>& value, const std::string& text) {
  value = parse_web_address(text);
  if (!value) {
    refuse("--web", text,
           "write an address and a port, 127.0.0.1:9753 or [::1]:9753, or the path of a socket");
  }
}

/// Whoever can reach it from elsewhere must know the token.
void require_token(const Options& options) {
  if (!options.web || options.web->is_private() || !options.web_token_file.empty()) return;
  throw CLI::ValidationError(
      "--web",
      "other hosts can reach this address: give --web-token-file FILE too, or listen at "
      "127.0.0.1 or at a unix socket");
}

void add_web(CLI::App& app, Options& options) {
  app.add_option_function<std::string>(
         "--web", [&](const auto& text) { set_web(options.web, text); },
         "answer /metrics, /healthz; or a socket's path")
      ->type_name("ADDRESS:PORT");
  app.add_option("--web-token-file", options.web_token_file,
                 "what readers must send, if others can reach it")
      ->type_name("FILE");
  app.add_option("--web-host", options.web_hosts, "a name that a proxy asks for (repeatable)")
      ->type_name("NAME");
}

void add_limits(CLI::App& app, TrackerOptions& options) {
  app.add_option_function<std::string>(
         "--memory", [&](const auto& text) { set_memory(options.memory, text); },
         "for what waits; beyond it the oldest is given up")
      ->type_name("SIZE")
      ->default_str(fmt::format("{}MB", options.memory / 1'000'000));
  add_duration(app, "--first-lookup", options.first_lookup,
               "a response that waits is looked up after");
  add_duration(app, "--settle", options.settle,
               "wait for late events after the end of a connection");
  add_duration(app, "--afterlife", options.afterlife, "the same after a client fell silent");
}

void add_process(CLI::App& app, Options& options) {
  app.add_option_function<std::string>(
         "--user", [&](const auto& name) { set_user(options.user, name); },
         "become this user when started as root")
      ->type_name("NAME")
      ->default_str("connfate, or nobody");
  app.add_flag("--check", options.check, "say what would run and what is missing, and exit");
  app.set_config("--config", "", "read options from it, one name = value a line")
      ->type_name("FILE");
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.set_version_flag("--version", "connfate-witness " CONNFATE_VERSION);
}

}  // namespace

ParsedOptions parse_options(int argc, const char* const* argv) {
  CLI::App app("Says what finally became of each HTTP response.", "connfate-witness");
  Options options;
  add_reports(app, options);
  add_log(app, options);
  add_evidence(app, options);
  add_web(app, options);
  add_limits(app, options.tracker);
  add_process(app, options);
  try {
    app.parse(argc, argv);
    require_token(options);
  } catch (const CLI::ParseError& error) {
    std::ostringstream text;
    const int exit_code = app.exit(error, text, text);
    std::string message = text.str();
    if (!message.ends_with('\n')) message += '\n';
    return {std::nullopt, exit_code == 0 ? 0 : 1, std::move(message)};
  }
  return {std::move(options), 0, {}};
}

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
// connfate-witness: says what finally became of each HTTP response, after its connection is gone.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>

#include "witness/daemon/options.hpp"
#include "witness/daemon/output.hpp"
#include "witness/daemon/self_check.hpp"
#include "witness/daemon/service.hpp"
#include "witness/process/account.hpp"
#include "witness/process/privileges.hpp"
#include "witness/web/listener.hpp"

namespace connfate::witness {
namespace {

void set_up_messages() {
  auto logger = spdlog::stderr_logger_st("connfate-witness");
  logger->set_pattern("%n: %l: %v");
  spdlog::set_default_logger(std::move(logger));
}

ReportSocketOptions report_socket(const Options& options, uid_t own) {
  return {.path = options.socket,
          .mode = options.socket_mode,
          .allowed = options.senders.empty() ? default_senders(own) : options.senders};
}

/// Under the names that were allowed; from elsewhere only with the token.
Access web_access(const Options& options) {
  Access access;
  access.hosts = options.web_hosts;
  access.needs_token = !options.web_token_file.empty();
  if (access.needs_token) access.token = read_token(options.web_token_file);
  return access;
}

/// In this order: everything that needs a privilege, then none, then the service.
void run(const Options& options) {
  const auto account = account_to_become(options.user);
  Service::Doors doors{.sources = open_sources(options.interfaces)};
  for (const std::string& sentence : doors.sources.missing) spdlog::warn("{}", sentence);
  doors.reports =
      std::make_unique<ReportSource>(report_socket(options, account ? account->uid : ::geteuid()));
  if (options.web) {
    doors.access = web_access(options);
    doors.web = listen_at(*options.web, account);
  }
  if (account && ::geteuid() == 0) create_output_for(options.output, account->uid, account->gid);
  drop_privileges(account);
  Service service(options, std::move(doors));
  service.run();
}

int run_or_say_why_not(const Options& options) {
  try {
    run(options);
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    spdlog::error("{}", error.what());
    return EXIT_FAILURE;
  }
}

}  // namespace
}  // namespace connfate::witness

int main(int argc, char** argv) {
  using namespace connfate::witness;
  const ParsedOptions parsed = parse_options(argc, argv);
  if (!parsed.options) {
    (parsed.exit_code == 0 ? std::cout : std::cerr) << parsed.message;
    return parsed.exit_code;
  }
  set_up_messages();
  if (!parsed.options->check) return run_or_say_why_not(*parsed.options);
  return self_check(*parsed.options, std::cout) ? EXIT_SUCCESS : EXIT_FAILURE;
}

// SPDX-License-Identifier: Apache-2.0
#include "system/demo_report.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "harness/process.hpp"
#include "harness/witness.hpp"
#include "system/scenarios/theatre.hpp"

namespace connfate::harness {
namespace {

namespace fs = std::filesystem;

constexpr ServerKind kKinds[] = {ServerKind::kNginx, ServerKind::kEvent};

/// One file for the witnesses of all servers, as one daemon would have written it.
void gather_witness_lines(Theatre& theatre, const fs::path& file) {
  std::ofstream out(file);
  for (const ServerKind kind : kKinds) {
    for (const Patience patience : {Patience::kShort, Patience::kLong}) {
      const Witness* const witness = theatre.witness(kind, patience);
      if (witness != nullptr) out << read_file(witness->output());
    }
  }
}

}  // namespace

fs::path DemoReport::access_log(ServerKind kind) const {
  return directory_.path() / (kind == ServerKind::kNginx ? "nginx.log" : "httpd.log");
}

std::string DemoReport::log_config(ServerKind kind) const {
  if (kind == ServerKind::kNginx) {
    return "log_format site '$remote_addr - $remote_user [$time_local] \"$request\" $status '"
           " '$body_bytes_sent \"$http_referer\" \"$http_user_agent\" '"
           " 'request_time=$request_time $connfate_log';\n"
           "access_log " +
           access_log(kind).string() + " site;\n";
  }
  return "LogFormat \"%h %l %u %t \\\"%r\\\" %>s %B \\\"%{Referer}i\\\" \\\"%{User-Agent}i\\\" "
         "duration_us=%D %^CF\" site\n"
         "CustomLog " +
         access_log(kind).string() + " site\n";
}

bool DemoReport::print(Theatre& theatre) const {
  const fs::path witness = directory_.path() / "witness.json";
  gather_witness_lines(theatre, witness);
  const Outcome report = run({CONNFATE_PROGRAM, "report", access_log(ServerKind::kNginx).string(),
                              access_log(ServerKind::kEvent).string(), witness.string()});
  std::printf("\n$ connfate report nginx.log httpd.log witness.json\n\n%s", report.output.c_str());
  if (std::getenv("CONNFATE_KEEP") != nullptr) {
    std::printf("\nThe logs are kept in %s\n", directory_.path().c_str());
  }
  return report.exit_code == 0;
}

}  // namespace connfate::harness

// SPDX-License-Identifier: Apache-2.0
// Writes docs/fields.md from the field table.
//
//   connfate_write_fields <page>           writes it
//   connfate_write_fields --check <page>   fails when the page is not what would be written

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

#include "connfate/field.hpp"

namespace {

using connfate::Field;

constexpr std::string_view kIntroduction = R"(# Fields

This page is generated from the field table of `core/src/field_table.hpp`; do not edit it.

- A field that cannot be known logs `-`, and is left out of the bundle. An unknown value is never
  printed as 0 or -1. [limits.md](limits.md) says what cannot be known, and on which kernels.
- Counters are of this response unless the meaning says otherwise.
- "Acknowledged" means by the TCP of the peer address: the client's kernel, or a proxy in front of
  it. It never means "read by the application".
- nginx: `$connfate_log` is the bundle, `$connfate` the fate, `$connfate_<field>` one field.
- httpd: `%^CF` is the bundle, `%{<field>}^CF` one field in a log format, `%{connfate:<field>}` one
  field in an expression.
- The bundle is one run of `name=value` pairs separated by spaces, in the order of this table, closed
  by `v=1`, the version of the format. Fields are only ever added; a name is never reused.
- A healthy response (`delivered` with nothing retransmitted or refused and no RST; `pending` on an
  open connection, the same) has the short form: `fate`, `written`, `rtt_us`, `end`, `cookie`, `rule`,
  closed by `v=1s`. What it leaves out was elided, and is not unknown. `connfate_detail full`
  (http, server, location) and `ConnFateDetail Full` (server, `<Location>`, `<Directory>`) write
  every known field of every response; `rtt_us` is elided, too, where the line would reach 90 bytes.
- `$connfate_json` and `%{json}^CF` are the whole line as one JSON object: the same fields, figures as
  numbers, what is not known left out, `"detail":"short"` for the short form; with `event`, `v`,
  `node`, `boot`, `ts`, `duration_ms`, `client`, `client_port`, `local`, `local_port` (the socket's own
  ends), `remote_addr` (the claimed client, where it is another), `method`, `host`, `uri` without
  query, `status`, `bytes`, and `request_id` and `trace_id` where the configuration makes them. The
  log format is this alone (nginx: `escape=none`).
- `node`, `boot` and `cookie` together name a connection: cookies count up from boot on every kernel.
  `connfate_node` (http) and `ConnFateNode` (server config) give the host another name.
)";

std::string in_code(std::string_view text) {
  return '`' + std::string(text) + '`';
}

std::string nginx_variable(const Field& field) {
  if (field.name == "fate") return "$connfate";
  return "$connfate_" + std::string(field.name);
}

std::string row(const Field& field) {
  return "| " + in_code(field.name) + " | " + std::string(field.unit) + " | " +
         std::string(field.meaning) + " |\n";
}

std::string spelling_row(const Field& field) {
  const std::string name(field.name);
  return "| " + in_code(nginx_variable(field)) + " | " + in_code("%{" + name + "}^CF") + " | " +
         in_code("%{connfate:" + name + "}") + " |\n";
}

std::string page() {
  std::string text(kIntroduction);
  text += "\n## Meanings\n\n| field | unit | meaning |\n|---|---|---|\n";
  for (const Field& field : connfate::fields()) text += row(field);
  text +=
      "\n## Spellings\n\n| nginx variable | httpd log format | httpd expression |\n"
      "|---|---|---|\n";
  for (const Field& field : connfate::fields()) text += spelling_row(field);
  text += "| `$connfate_log` | `%^CF` | - |\n";
  return text;
}

int write(const char* path) {
  std::ofstream out(path, std::ios::binary);
  out << page();
  out.close();
  if (out) return 0;
  std::cerr << "cannot write " << path << '\n';
  return 1;
}

int check(const char* path) {
  std::ifstream in(path, std::ios::binary);
  const std::string found{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (found == page()) return 0;
  std::cerr << path << " does not match the field table of core/src/field_table.hpp.\n"
            << "Renew it with: cmake --build <build directory> --target docs_fields\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2) return write(argv[1]);
  if (argc == 3 && std::string_view(argv[1]) == "--check") return check(argv[2]);
  std::cerr << "usage: " << argv[0] << " [--check] <page>\n";
  return 2;
}

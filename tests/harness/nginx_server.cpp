// SPDX-License-Identifier: Apache-2.0
#include "harness/nginx_server.hpp"

#include <signal.h>

#include <cstdlib>
#include <stdexcept>

#include "harness/config_template.hpp"
#include "harness/deadline.hpp"

namespace connfate::harness {
namespace {

constexpr std::string_view kConfiguration = R"(
@LOAD_MODULE@
user root;
daemon @DAEMON@;
worker_processes @WORKERS@;
pid @DIRECTORY@/nginx.pid;
error_log @DIRECTORY@/error.log @ERROR_LEVEL@;
events { worker_connections @CONNECTIONS@; }

http {
  default_type application/octet-stream;
  log_format fate 'status=$status uri="$request" port=$remote_port'
                  ' completion=$request_completion @BUNDLE@';
  access_log @DIRECTORY@/access.log fate;
  @CONNFATE_ON@
  @WITNESS@

  sendfile on;
  keepalive_timeout @KEEPALIVE@s;
  keepalive_requests 1000000;
  send_timeout @SEND_TIMEOUT@s;
  client_header_timeout 2s;
  client_body_timeout 2s;
  lingering_timeout 2s;
  client_body_temp_path @DIRECTORY@/client_body;
  proxy_temp_path @DIRECTORY@/proxy;
  fastcgi_temp_path @DIRECTORY@/fastcgi;
  uwsgi_temp_path @DIRECTORY@/uwsgi;
  scgi_temp_path @DIRECTORY@/scgi;
  proxy_http_version 1.1;
  proxy_read_timeout 60s;

  upstream pooled { server @BACKEND@; keepalive 4; }

  server {
    listen @PORT@ so_keepalive=on;
    listen [::]:@PORT@ so_keepalive=on;
    listen @TLS_PORT@ ssl http2;
    listen [::]:@TLS_PORT@ ssl http2;
    listen @H2C_PORT@ http2;
    listen unix:@DIRECTORY@/nginx.sock;
    ssl_certificate @DIRECTORY@/certificate.pem;
    ssl_certificate_key @DIRECTORY@/key.pem;
    root @DIRECTORY@/documents;

    location /nosf/ { alias @DIRECTORY@/documents/; sendfile off; }
    location /backend/ { proxy_pass http://@BACKEND@/; }
    location /backend-unbuffered/ { proxy_pass http://@BACKEND@/; proxy_buffering off; }
    location /backend-ignore/ { proxy_pass http://@BACKEND@/; proxy_ignore_client_abort on; }
    location /backend-pooled/ { proxy_pass http://pooled/; proxy_set_header Connection ""; }
    location /ws/ {
      proxy_pass http://@BACKEND@/;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
      proxy_read_timeout 2s;
    }
    location = /redirect { error_page 404 /small.txt; return 404; }
    location = /gone { return 444; }
  }
  @EXTRA@
}
)";

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string load_all(const std::vector<std::string>& modules) {
  std::string text;
  for (const std::string& module : modules) text += "load_module " + module + ";\n";
  return text;
}

/// The discard port: nothing listens there, so that a request to the missing backend fails.
constexpr const char* kNoBackend = "127.0.0.1:9";

}  // namespace

NginxServer::NginxServer(Hosts hosts, ServerOptions options)
    : Server(std::move(hosts), "nginx", std::move(options)) {}

std::string NginxServer::configuration() const {
  const peers::Address& backend = options().backend;
  const std::string witness = "connfate_witness " + options().witness_path + ";";
  return fill_in(kConfiguration,
                 {{"LOAD_MODULE", load_all(options().modules_before) +
                                      (has_module() ? load_all({options().module}) : "") +
                                      load_all(options().modules_after)},
                  {"CONNFATE_ON", is_connfate_on() ? "connfate on; connfate_detail full;" : ""},
                  {"WITNESS", has_witness() ? witness : ""},
                  {"BUNDLE", logs_bundle() ? "$connfate_log" : ""},
                  {"WORKERS", std::to_string(options().workers)},
                  {"CONNECTIONS", std::to_string(options().connections)},
                  {"DAEMON", options().daemon ? "on" : "off"},
                  {"DIRECTORY", directory().string()},
                  {"ERROR_LEVEL", options().error_level},
                  {"SEND_TIMEOUT", std::to_string(options().send_timeout.count())},
                  {"KEEPALIVE", std::to_string(options().keepalive_timeout.count())},
                  {"PORT", std::to_string(cleartext_port())},
                  {"TLS_PORT", std::to_string(tls_port())},
                  {"H2C_PORT", std::to_string(h2c_port())},
                  {"BACKEND", backend.port == 0 ? kNoBackend
                                                : backend.ip + ":" + std::to_string(backend.port)},
                  {"EXTRA", options().extra_config}});
}

std::vector<std::string> NginxServer::command_line() const {
  return {kProgram,
          "-e",
          (directory() / "error.log").string(),
          "-p",
          directory().string(),
          "-c",
          (directory() / "server.conf").string()};
}

pid_t NginxServer::daemon_pid() const {
  return std::atoi(read_file(directory() / "nginx.pid").c_str());
}

void NginxServer::upgrade() {
  const pid_t before = pid();
  kill(before, SIGUSR2);
  const auto has_successor = [&] {
    const pid_t now = daemon_pid();
    return now != 0 && now != before && !children_of(now).empty();
  };
  if (!eventually(has_successor, std::chrono::seconds(10))) {
    throw std::runtime_error("USR2 brought no new master: " + error_log());
  }
  const pid_t successor = daemon_pid();
  kill(before, SIGWINCH);
  stop_gracefully();
  take_over(successor);
}

int NginxServer::graceful_stop_signal() const {
  return SIGQUIT;
}

int NginxServer::reload_signal() const {
  return SIGHUP;
}

bool NginxServer::is_problem(std::string_view line) const {
  return contains(line, "[alert]") || contains(line, "[crit]") || contains(line, "[emerg]");
}

bool NginxServer::is_loaded(const std::vector<pid_t>& workers_before, const std::string&) const {
  return has_worker_besides(workers_before);
}

}  // namespace connfate::harness

// SPDX-License-Identifier: Apache-2.0
#include "harness/httpd_server.hpp"

#include <signal.h>

#include "harness/config_template.hpp"

namespace connfate::harness {
namespace {

constexpr std::string_view kConfiguration = R"(
ServerRoot @DIRECTORY@
DefaultRuntimeDir @DIRECTORY@
PidFile @DIRECTORY@/httpd.pid
ServerName connfate.test
User www-data
Group www-data
LoadModule mpm_@MPM@_module @MODULES@/mod_mpm_@MPM@.so
LoadModule authz_core_module @MODULES@/mod_authz_core.so
LoadModule alias_module @MODULES@/mod_alias.so
LoadModule reqtimeout_module @MODULES@/mod_reqtimeout.so
LoadModule proxy_module @MODULES@/mod_proxy.so
LoadModule proxy_http_module @MODULES@/mod_proxy_http.so
LoadModule proxy_wstunnel_module @MODULES@/mod_proxy_wstunnel.so
LoadModule ssl_module @MODULES@/mod_ssl.so
@LOAD_HTTP2@
@LOAD_CONNFATE@

ErrorLog @DIRECTORY@/error.log
LogLevel @ERROR_LEVEL@
LogFormat "status=%>s uri=\"%r\" port=%{remote}p completion=%X @BUNDLE@" fate
CustomLog @DIRECTORY@/access.log fate
@CONNFATE_ON@
@WITNESS@

@PROCESSES@
AcceptFilter http none
AcceptFilter https none
KeepAlive On
KeepAliveTimeout @KEEPALIVE@
MaxKeepAliveRequests 0
Timeout @SEND_TIMEOUT@
RequestReadTimeout header=2 body=2
LimitRequestBody 1048576
EnableSendfile On
SSLSessionCache none

DocumentRoot @DIRECTORY@/documents
Alias /nosf/ @DIRECTORY@/documents/
<Directory @DIRECTORY@/documents>
  Require all granted
</Directory>
<Location /nosf/>
  EnableSendfile Off
</Location>
ErrorDocument 404 /small.txt

# Lines with the same target share the parameters of the first, hence two spellings of the address,
# neither of which must be looked up.
ProxyTimeout 60
ProxyPass /backend/ http://@BACKEND@/ disablereuse=on retry=0
ProxyPass /backend-ignore/ http://@BACKEND@/
ProxyPass /backend-unbuffered/ http://127.1:@BACKEND_PORT@/ disablereuse=on retry=0 flushpackets=on
ProxyPass /ws/ ws://@BACKEND@/ disablereuse=on retry=0 timeout=2

Listen @PORT@
Listen @TLS_PORT@
Listen @H2C_PORT@
<VirtualHost *:@PORT@>
  Protocols http/1.1
</VirtualHost>
<VirtualHost *:@TLS_PORT@>
  Protocols @H2@ http/1.1
  SSLEngine on
  SSLCertificateFile @DIRECTORY@/certificate.pem
  SSLCertificateKeyFile @DIRECTORY@/key.pem
</VirtualHost>
<VirtualHost *:@H2C_PORT@>
  Protocols @H2C@ http/1.1
</VirtualHost>
@EXTRA@
)";

constexpr std::string_view kThreads = R"(
StartServers 1
ServerLimit 2
ThreadsPerChild 32
MaxRequestWorkers 64
)";

constexpr std::string_view kProcesses = R"(
StartServers 8
MinSpareServers 8
MaxSpareServers 32
MaxRequestWorkers 32
)";

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string load(std::string_view module, const std::string& file) {
  return "LoadModule " + std::string(module) + "_module " + file;
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t result = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
    ++result;
  }
  return result;
}

}  // namespace

HttpdServer::HttpdServer(Hosts hosts, std::string mpm, ServerOptions options)
    : Server(std::move(hosts), std::move(mpm), std::move(options)) {}

std::string HttpdServer::configuration() const {
  const std::string modules = kModules;
  const peers::Address& backend = options().backend;
  const std::string backend_port = std::to_string(backend.port == 0 ? 9 : backend.port);
  const std::string backend_ip = backend.port == 0 ? "127.0.0.1" : backend.ip;
  return fill_in(kConfiguration,
                 {{"MPM", name()},
                  {"MODULES", modules},
                  {"LOAD_HTTP2", has_http2() ? load("http2", modules + "/mod_http2.so") : ""},
                  {"LOAD_CONNFATE", has_module() ? load("connfate", options().module) : ""},
                  {"CONNFATE_ON", is_connfate_on() ? "ConnFate On\nConnFateDetail Full" : ""},
                  {"WITNESS", has_witness() ? "ConnFateWitness " + options().witness_path : ""},
                  {"BUNDLE", logs_bundle() ? "%^CF" : ""},
                  {"PROCESSES", std::string(name() == "prefork" ? kProcesses : kThreads)},
                  {"DIRECTORY", directory().string()},
                  {"ERROR_LEVEL", options().error_level},
                  {"SEND_TIMEOUT", std::to_string(options().send_timeout.count())},
                  {"KEEPALIVE", std::to_string(options().keepalive_timeout.count())},
                  {"PORT", std::to_string(cleartext_port())},
                  {"TLS_PORT", std::to_string(tls_port())},
                  {"H2C_PORT", std::to_string(h2c_port())},
                  {"H2", has_http2() ? "h2" : ""},
                  {"H2C", has_http2() ? "h2c" : ""},
                  {"BACKEND", backend_ip + ":" + backend_port},
                  {"BACKEND_PORT", backend_port},
                  {"EXTRA", options().extra_config}});
}

std::vector<std::string> HttpdServer::command_line() const {
  return {kProgram, "-DFOREGROUND", "-f", (directory() / "server.conf").string()};
}

int HttpdServer::graceful_stop_signal() const {
  return SIGWINCH;
}

int HttpdServer::reload_signal() const {
  return SIGUSR1;
}

bool HttpdServer::is_problem(std::string_view line) const {
  return contains(line, ":crit]") || contains(line, ":alert]") || contains(line, ":emerg]") ||
         contains(line, "exit signal");
}

bool HttpdServer::is_loaded(const std::vector<pid_t>& workers_before,
                            const std::string& error_log_before) const {
  // AH00489, written at every start and restart whatever the LogLevel is; the new generation of
  // children may come up to a second later.
  constexpr std::string_view kServing = "resuming normal operations";
  return count(error_log(), kServing) > count(error_log_before, kServing) &&
         has_worker_besides(workers_before);
}

}  // namespace connfate::harness

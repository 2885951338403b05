// SPDX-License-Identifier: Apache-2.0
#include "peers/nginx_for_http2.hpp"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "peers/client.hpp"
#include "peers/raw_server.hpp"
#include "peers/tls_identity.hpp"

namespace connfate::peers {

namespace {

constexpr char kProgram[] = "/usr/sbin/nginx";

std::filesystem::path new_directory() {
  std::string name = (std::filesystem::temp_directory_path() / "peers-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  return name;
}

std::string configuration(std::uint16_t cleartext, std::uint16_t tls) {
  return "daemon off; master_process off; pid nginx.pid; error_log error.log;\n"
         "events { }\n"
         "http {\n"
         "  access_log off;\n"
         "  client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp;\n"
         "  uwsgi_temp_path tmp; scgi_temp_path tmp;\n"
         "  server {\n"
         "    listen 127.0.0.1:" +
         std::to_string(cleartext) +
         " http2;\n"
         "    listen 127.0.0.1:" +
         std::to_string(tls) +
         " ssl http2;\n"
         "    ssl_certificate tls.pem; ssl_certificate_key tls.pem;\n"
         "    location = /file { alias file; }\n"
         "    location = /slow { alias file; limit_rate 100k; }\n"
         "  }\n"
         "}\n";
}

}  // namespace

bool NginxForHttp2::is_installed() {
  return ::access(kProgram, X_OK) == 0;
}

NginxForHttp2::NginxForHttp2()
    : directory_(new_directory()), cleartext_(RawServer().address()), tls_(RawServer().address()) {
  write_files();
  start();
  wait_until_listening();
}

NginxForHttp2::~NginxForHttp2() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  std::filesystem::remove_all(directory_);
}

void NginxForHttp2::write_files() const {
  TlsIdentity().write_pem(directory_ / "tls.pem");
  std::ofstream(directory_ / "file") << std::string(kFileBytes, 'x');
  std::ofstream(directory_ / "nginx.conf") << configuration(cleartext_.port, tls_.port);
}

void NginxForHttp2::start() {
  std::string prefix = directory_.string() + "/";
  std::string file = prefix + "nginx.conf";
  std::string log = prefix + "error.log";
  char program[] = "nginx", p[] = "-p", c[] = "-c", e[] = "-e";
  char* arguments[] = {program, p, prefix.data(), c, file.data(), e, log.data(), nullptr};
  if (::posix_spawn(&pid_, kProgram, nullptr, nullptr, arguments, environ) != 0) {
    throw std::runtime_error("nginx does not start");
  }
}

void NginxForHttp2::wait_until_listening() const {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  for (;;) {
    try {
      const Client first(cleartext_);
      return;
    } catch (const std::runtime_error&) {
      if (std::chrono::steady_clock::now() > deadline) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
}

}  // namespace connfate::peers

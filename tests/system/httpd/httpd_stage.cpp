// SPDX-License-Identifier: Apache-2.0
#include "system/httpd/httpd_stage.hpp"

#include <sys/stat.h>

#include <fstream>
#include <stdexcept>

#include "harness/httpd_server.hpp"

namespace connfate::harness {
namespace {

using std::chrono::seconds;

std::string load(const std::string& name) {
  return "LoadModule " + name + "_module " + HttpdServer::kModules + "/mod_" + name + ".so\n";
}

/// The distribution's; its name has a version. Empty: there is none.
std::string php_fpm() {
  for (const auto& file : std::filesystem::directory_iterator("/usr/sbin")) {
    if (file.path().filename().string().starts_with("php-fpm")) return file.path().string();
  }
  return {};
}

}  // namespace

void HttpdStage::SetUp() {
  if (const auto reason = Lab::missing_privilege()) GTEST_SKIP() << *reason;
  if (const auto reason = missing_program(GetParam())) GTEST_SKIP() << *reason;
  lab_.emplace();
  ::chmod(files().c_str(), 0755);
  std::filesystem::create_directory(files() / "scripts");
}

void HttpdStage::TearDown() {
  if (!server_) return;
  EXPECT_EQ(server_->error_log_problems(), std::vector<std::string>{});
  EXPECT_EQ(server_->stop(), 0);
}

void HttpdStage::script(const std::string& name, const std::string& text) const {
  const auto file = files() / "scripts" / name;
  write_file(file, text);
  ::chmod(file.c_str(), 0755);
}

void HttpdStage::start_php() {
  const std::string program = php_fpm();
  if (program.empty()) GTEST_SKIP() << "php-fpm is missing";
  const auto socket = files() / "php.sock";
  write_file(files() / "php.conf",
             "[global]\nerror_log = " + (files() / "php.log").string() +
                 "\n[www]\nuser = www-data\ngroup = www-data\nlisten = " + socket.string() +
                 "\nlisten.mode = 0666\npm = static\npm.max_children = 4\n");
  php_.emplace(
      Command{{program, "-F", "-n", "-y", (files() / "php.conf").string(), "-d", "extension=posix"},
              lab_->server_namespace()},
      files() / "php.txt");
  if (!eventually([&] { return std::filesystem::exists(socket); }, seconds(10)))
    throw std::runtime_error("php-fpm: " + read_file(files() / "php.txt"));
}

peers::RawServer& HttpdStage::listen_for_scgi() {
  const InNamespace here = lab_->enter_server();
  return scgi_.emplace();
}

void HttpdStage::start(const std::string& extra_config, ServerOptions options) {
  const bool threads = GetParam() != ServerKind::kPrefork;
  std::string config = load("setenvif") + load("proxy_fcgi") + load("proxy_scgi");
  config += threads ? load("cgid") + "ScriptSock " + (files() / "cgid.sock").string() + "\n"
                    : load("cgi");
  config += "ScriptAlias /cgi/ " + (files() / "scripts").string() + "/\n<Directory " +
            (files() / "scripts").string() + ">\nRequire all granted\n</Directory>\n" +
            "ProxyPassMatch ^/php/(.*)$ unix:" + (files() / "php.sock").string() +
            "|fcgi://localhost" + (files() / "scripts").string() + "/$1\n";
  if (scgi_) {
    const std::string at = "127.0.0.1:" + std::to_string(scgi_->address().port) + "/";
    config += "ProxyPass /scgi/ scgi://" + at + "\nProxyPass /raw/ http://" + at + "\n";
  }
  witness_.emplace(lab_->hosts());
  options.module = module_of(GetParam());
  options.witness_path = witness_->socket().string();
  options.extra_config = config + extra_config;
  server_ = make_server(GetParam(), lab_->hosts(), std::move(options));
  server_->start();
  server_->clear_access_log();
}

HttpdStage::Answer HttpdStage::get(const std::string& path, peers::Transport transport) {
  const InNamespace here = lab_->enter_client();
  peers::Client client(server_->address(transport), {.transport = transport});
  client.get(path, false);  // else httpd keeps even a cut answer's connection open
  const auto seen = client.read_response();
  return {seen, server_->wait_for_line(client.local_port())};
}

Witness::Line HttpdStage::final_of(const LogLine& line) const {
  return witness_->wait_for_response(line.client_port);
}

}  // namespace connfate::harness

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what a server's program and a module say about each other's build, read from the files:
// nginx compares version and signature, httpd the module magic number, and both refuse a module
// that does not fit. Nothing is run. Used by the checks of the servers.

#include <filesystem>
#include <optional>
#include <string>

namespace connfate::cli {

/// Of ngx_module_t (src/core/ngx_module.h, 1.22).
struct NginxBuild {
  std::uint64_t version = 0;  ///< 1022001 for 1.22.1
  std::string signature;      ///< NGX_MODULE_SIGNATURE

  friend bool operator==(const NginxBuild&, const NginxBuild&) = default;
};

std::string version_text(const NginxBuild& build);  ///< "1.22.1"

/// Of httpd's `module` (include/http_config.h, 2.4).
struct HttpdBuild {
  int magic_major = 0;
  int magic_minor = 0;
};

/// httpd refuses another major number; functions of a later minor one may be missing.
bool fits(const HttpdBuild& module, const HttpdBuild& server) noexcept;

struct NginxProgram {
  NginxBuild build;
  std::filesystem::path prefix;         ///< relative paths of load_module begin here
  std::filesystem::path configuration;  ///< the main file
};

struct HttpdProgram {
  HttpdBuild build;
  std::string version;                  ///< "2.4.71", or empty
  std::filesystem::path root;           ///< relative paths begin here
  std::filesystem::path configuration;  ///< the main file
};

// Each is nullopt when the file is not what it should be.
std::optional<NginxProgram> read_nginx_program(const std::filesystem::path& file);
std::optional<HttpdProgram> read_httpd_program(const std::filesystem::path& file);
std::optional<NginxBuild> read_nginx_module(const std::filesystem::path& file);
std::optional<HttpdBuild> read_httpd_module(const std::filesystem::path& file);

}  // namespace connfate::cli

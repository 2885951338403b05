// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/server_binary.hpp"

#include <fmt/format.h>

#include "cli/doctor/elf_file.hpp"

namespace connfate::cli {
namespace {

namespace fs = std::filesystem;

// struct ngx_module_s on a 64-bit host: two indexes, the name, two spares, then these.
constexpr std::uint64_t kNginxVersion = 40;
constexpr std::uint64_t kNginxSignature = 48;

// struct module_struct on a 64-bit host: version, minor version, index, then name, handle and next.
constexpr std::uint64_t kHttpdMajor = 0;
constexpr std::uint64_t kHttpdMinor = 4;
constexpr std::uint64_t kHttpdMagic = 40;
constexpr std::uint64_t kHttpdCookie = 0x41503234;  // "AP24", MODULE_MAGIC_COOKIE of 2.4

std::optional<NginxBuild> nginx_build_at(const ElfFile& elf, std::uint64_t module) {
  const auto version = elf.value_at<std::uint64_t>(module + kNginxVersion);
  const auto signature = elf.pointer_at(module + kNginxSignature);
  auto text = signature ? elf.text_at(*signature) : std::nullopt;
  if (!version || !text) return std::nullopt;
  return NginxBuild{*version, std::move(*text)};
}

std::optional<HttpdBuild> httpd_build_at(const ElfFile& elf, std::uint64_t module) {
  const auto major = elf.value_at<int>(module + kHttpdMajor);
  const auto minor = elf.value_at<int>(module + kHttpdMinor);
  if (!major || !minor || elf.value_at<std::uint64_t>(module + kHttpdMagic) != kHttpdCookie) {
    return std::nullopt;
  }
  return HttpdBuild{*major, *minor};
}

/// The value of an argument of nginx's configure, as `nginx -V` prints them.
std::string argument(std::string_view arguments, std::string_view name, std::string otherwise) {
  const std::size_t found = arguments.find(name);
  if (found == arguments.npos) return otherwise;
  const std::string_view value = arguments.substr(found + name.size());
  return std::string(value.substr(0, value.find_first_of(" '")));
}

/// The value of a text like ` -D HTTPD_ROOT="/etc/apache2"`, as `httpd -V` prints it.
std::string definition(const ElfFile& elf, std::string_view name) {
  const std::string text = elf.text_with(name).value_or("");
  const std::size_t first = text.find('"');
  const std::size_t last = text.rfind('"');
  return first < last ? text.substr(first + 1, last - first - 1) : std::string();
}

std::string httpd_version(const ElfFile& elf) {
  const std::string text = elf.text_with("Apache/2.").value_or("");
  const std::size_t first = text.find("Apache/2.");
  if (first == text.npos) return {};
  const std::size_t begin = first + std::string_view("Apache/").size();
  return text.substr(begin, text.find_first_not_of("0123456789.", begin) - begin);
}

}  // namespace

std::string version_text(const NginxBuild& build) {
  return fmt::format("{}.{}.{}", build.version / 1'000'000, build.version / 1000 % 1000,
                     build.version % 1000);
}

bool fits(const HttpdBuild& module, const HttpdBuild& server) noexcept {
  return module.magic_major == server.magic_major && module.magic_minor <= server.magic_minor;
}

std::optional<NginxProgram> read_nginx_program(const fs::path& file) {
  const auto elf = ElfFile::read(file);
  const auto module = elf ? elf->symbol("ngx_core_module") : std::nullopt;
  auto build = module ? nginx_build_at(*elf, *module) : std::nullopt;
  if (!build) return std::nullopt;
  const std::string arguments = elf->text_with(" --prefix=").value_or("");
  const fs::path prefix = argument(arguments, "--prefix=", "/usr/local/nginx");
  const fs::path configuration = argument(arguments, "--conf-path=", "conf/nginx.conf");
  return NginxProgram{std::move(*build), prefix, prefix / configuration};
}

std::optional<HttpdProgram> read_httpd_program(const fs::path& file) {
  const auto elf = ElfFile::read(file);
  const auto module = elf ? elf->symbol("core_module") : std::nullopt;
  const auto build = module ? httpd_build_at(*elf, *module) : std::nullopt;
  if (!build) return std::nullopt;
  const fs::path root = definition(*elf, "-D HTTPD_ROOT=\"");
  return HttpdProgram{*build, httpd_version(*elf), root,
                      root / definition(*elf, "-D SERVER_CONFIG_FILE=\"")};
}

std::optional<NginxBuild> read_nginx_module(const fs::path& file) {
  const auto elf = ElfFile::read(file);
  const auto list = elf ? elf->symbol("ngx_modules") : std::nullopt;
  const auto module = list ? elf->pointer_at(*list) : std::nullopt;
  return module ? nginx_build_at(*elf, *module) : std::nullopt;
}

std::optional<HttpdBuild> read_httpd_module(const fs::path& file) {
  const auto elf = ElfFile::read(file);
  const auto module = elf ? elf->symbol("connfate_module") : std::nullopt;
  return module ? httpd_build_at(*elf, *module) : std::nullopt;
}

}  // namespace connfate::cli

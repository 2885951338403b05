// SPDX-License-Identifier: Apache-2.0
#include "witness/web/listener.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <boost/asio/ip/tcp.hpp>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace connfate::witness {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLeastToken = 16;

Descriptor open_socket(int family) {
  Descriptor socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) throw_errno("--web: cannot open a socket");
  return socket;
}

void bind_and_listen(const Descriptor& socket, const sockaddr* address, socklen_t size,
                     const std::string& where) {
  if (::bind(socket.get(), address, size) != 0 || ::listen(socket.get(), 64) != 0) {
    throw_errno(fmt::format("--web: cannot listen at {}", where));
  }
}

/// True also where nobody may ask: then the file is left alone.
bool is_answered(const sockaddr_un& address) {
  const Descriptor probe = open_socket(AF_UNIX);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  return ::connect(probe.get(), generic, sizeof address) == 0 || errno != ECONNREFUSED;
}

void make_room(const fs::path& path, const sockaddr_un& address) {
  std::error_code ignored;
  const auto type = fs::symlink_status(path, ignored).type();
  if (type == fs::file_type::not_found) return;
  if (type != fs::file_type::socket) {
    throw std::runtime_error(fmt::format(
        "--web: {} exists and is no socket; move it away, or name another", path.string()));
  }
  if (is_answered(address)) {
    throw std::runtime_error(fmt::format(
        "--web: another process listens at {}; stop it, or name another", path.string()));
  }
  fs::remove(path, ignored);
}

Descriptor listen_at_path(const fs::path& path, const std::optional<Account>& owner) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof address.sun_path) {
    throw std::runtime_error(
        fmt::format("--web: {}: a socket's path may have at most {} characters", path.string(),
                    sizeof address.sun_path - 1));
  }
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  make_room(path, address);
  Descriptor socket = open_socket(AF_UNIX);
  const mode_t before = ::umask(0117);
  const int bound =
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::umask(before);
  if (bound != 0 || ::listen(socket.get(), 64) != 0) {
    throw_errno(
        fmt::format("--web: cannot listen at {}; its directory must exist, and be the "
                    "witness's user's",
                    path.string()));
  }
  if (owner && ::geteuid() == 0 && ::chown(path.c_str(), owner->uid, owner->gid) != 0) {
    throw_errno(fmt::format("--web: cannot give {} to {}", path.string(), owner->name));
  }
  return socket;
}

Descriptor listen_at_port(const WebAddress& address) {
  const boost::asio::ip::tcp::endpoint endpoint(address.ip, address.port);
  Descriptor socket = open_socket(address.ip.is_v6() ? AF_INET6 : AF_INET);
  constexpr int kOn = 1;
  (void)::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &kOn, sizeof kOn);
  bind_and_listen(socket, endpoint.data(), static_cast<socklen_t>(endpoint.size()),
                  fmt::format("{}, port {}", address.ip.to_string(), address.port));
  return socket;
}

std::string trimmed(std::string text) {
  constexpr std::string_view kSpace = " \t\r\n";
  text.erase(text.find_last_not_of(kSpace) + 1);
  text.erase(0, std::min(text.find_first_not_of(kSpace), text.size()));
  return text;
}

}  // namespace

Descriptor listen_at(const WebAddress& address, const std::optional<Account>& owner) {
  return address.is_unix() ? listen_at_path(address.path, owner) : listen_at_port(address);
}

std::string read_token(const fs::path& file) {
  struct stat status {};
  std::ifstream in(file);
  if (!in || ::stat(file.c_str(), &status) != 0) {
    throw std::runtime_error(fmt::format(
        "--web-token-file: cannot read {}; make it with: (umask 027; openssl rand -hex 16 > {})",
        file.string(), file.string()));
  }
  if ((status.st_mode & (S_IROTH | S_IWOTH)) != 0) {
    throw std::runtime_error(
        fmt::format("--web-token-file: everybody may read {}; chmod 0640 it", file.string()));
  }
  std::string token = trimmed({std::istreambuf_iterator<char>(in), {}});
  if (token.size() < kLeastToken) {
    throw std::runtime_error(
        fmt::format("--web-token-file: the token in {} has fewer than {} "
                    "characters; openssl rand -hex 16 makes a good one",
                    file.string(), kLeastToken));
  }
  return token;
}

}  // namespace connfate::witness

// SPDX-License-Identifier: Apache-2.0
#include "peers/connection.hpp"

#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <stdexcept>

#include "peers/bounded_io.hpp"
#include "peers/tls_stream.hpp"

namespace connfate::peers {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Outcome = BoundedIo::Outcome;
using std::chrono::milliseconds;

class AsioConnection final : public Connection {
 public:
  AsioConnection(const tcp::endpoint& server, const ClientOptions& options);
  explicit AsioConnection(int accepted_socket);

  std::optional<std::size_t> read(std::span<char> into, milliseconds timeout) override;
  bool write(std::string_view bytes, milliseconds timeout) override;
  void half_close() override;
  void close_notify(milliseconds timeout) override;
  void close() override;
  void reset() override;
  void interrupt() override { io_.interrupt(); }
  bool was_reset() const override { return was_reset_; }
  int native_handle() const override { return handle_; }
  const Address& local() const override { return local_; }
  std::string alpn() const override { return alpn_; }

 private:
  void open(const tcp::endpoint& server, const ClientOptions& options);
  void handshake(const ClientOptions& options);
  void remember_names();
  bool has_ended(const error_code& error);
  bool written(const Outcome& outcome);

  BoundedIo io_;
  tcp::socket& socket_ = io_.socket();
  std::optional<asio::ssl::context> tls_context_;
  std::optional<asio::ssl::stream<tcp::socket&>> tls_;
  Address local_{};
  std::string alpn_;
  int handle_ = -1;
  bool was_reset_ = false;
};

[[noreturn]] void fail(const std::string& action, const error_code& error) {
  const bool expired = error == asio::error::operation_aborted;
  throw std::runtime_error("peer: " + action + ": " + (expired ? "timed out" : error.message()));
}

AsioConnection::AsioConnection(const tcp::endpoint& server, const ClientOptions& options) {
  open(server, options);
  const auto start = [&](auto done) { socket_.async_connect(server, done); };
  if (const Outcome outcome = io_.perform(start, options.timeout); outcome.error) {
    fail("connect to " + server.address().to_string() + " port " + std::to_string(server.port()),
         outcome.error);
  }
  remember_names();
  if (options.transport == Transport::kTls) handshake(options);
}

AsioConnection::AsioConnection(int accepted_socket) {
  sockaddr_storage name{};
  socklen_t size = sizeof(name);
  ::getsockname(accepted_socket, reinterpret_cast<sockaddr*>(&name), &size);
  socket_.assign(name.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), accepted_socket);
  remember_names();
}

void AsioConnection::open(const tcp::endpoint& server, const ClientOptions& options) {
  socket_.open(server.protocol());
  if (options.receive_buffer > 0) {
    socket_.set_option(asio::socket_base::receive_buffer_size(options.receive_buffer));
  }
  if (options.local_port == 0) return;
  socket_.set_option(asio::socket_base::reuse_address(true));
  socket_.bind(tcp::endpoint(server.protocol(), options.local_port));
}

void AsioConnection::handshake(const ClientOptions& options) {
  tls_context_.emplace(asio::ssl::context::tls_client);
  tls_context_->set_verify_mode(asio::ssl::verify_none);
  tls_.emplace(socket_, *tls_context_);
  offer_in_handshake(tls_->native_handle(), kHostName, options.alpn);
  const auto start = [&](auto done) { tls_->async_handshake(tls_->client, done); };
  if (const Outcome outcome = io_.perform(start, options.timeout); outcome.error) {
    fail("TLS handshake", outcome.error);
  }
  alpn_ = agreed_alpn(tls_->native_handle());
}

void AsioConnection::remember_names() {
  const tcp::endpoint endpoint = socket_.local_endpoint();
  local_ = {endpoint.address().to_string(), endpoint.port()};
  handle_ = socket_.native_handle();
}

/// True for the ends that belong to the play: FIN with or without close_notify, RST, interrupt().
bool AsioConnection::has_ended(const error_code& error) {
  const bool rst = error == asio::error::connection_reset || error == asio::error::broken_pipe;
  was_reset_ = was_reset_ || rst;
  return rst || io_.is_interrupted() || error == asio::error::eof ||
         error == asio::ssl::error::stream_truncated;
}

std::optional<std::size_t> AsioConnection::read(std::span<char> into, milliseconds timeout) {
  const auto buffer = asio::buffer(into.data(), into.size());
  const auto start = [&](auto done) {
    tls_ ? tls_->async_read_some(buffer, done) : socket_.async_read_some(buffer, done);
  };
  const Outcome outcome = io_.perform(start, timeout);
  if (!outcome.error) return outcome.bytes;
  if (has_ended(outcome.error)) return 0;
  if (outcome.error == asio::error::operation_aborted) return std::nullopt;
  fail("read", outcome.error);
}

bool AsioConnection::write(std::string_view bytes, milliseconds timeout) {
  const auto buffer = asio::buffer(bytes.data(), bytes.size());
  const auto start = [&](auto done) {
    tls_ ? asio::async_write(*tls_, buffer, done) : asio::async_write(socket_, buffer, done);
  };
  return written(io_.perform(start, timeout));
}

bool AsioConnection::written(const Outcome& outcome) {
  if (!outcome.error) return true;
  if (has_ended(outcome.error)) return false;
  fail("write, after " + std::to_string(outcome.bytes) + " bytes", outcome.error);
}

void AsioConnection::half_close() {
  error_code already_gone;
  socket_.shutdown(tcp::socket::shutdown_send, already_gone);
}

void AsioConnection::close_notify(milliseconds timeout) {
  if (!tls_) throw std::runtime_error("peer: close_notify needs TLS");
  const std::string record = close_notify_record(tls_->native_handle());
  const auto start = [&](auto done) { asio::async_write(socket_, asio::buffer(record), done); };
  written(io_.perform(start, timeout));
}

void AsioConnection::close() {
  error_code already_gone;
  socket_.close(already_gone);
  handle_ = -1;
}

void AsioConnection::reset() {
  error_code already_gone;
  socket_.set_option(asio::socket_base::linger(true, 0), already_gone);
  close();
}

}  // namespace

std::unique_ptr<Connection> connect(const Address& server, const ClientOptions& options) {
  const tcp::endpoint endpoint(asio::ip::make_address(server.ip), server.port);
  return std::make_unique<AsioConnection>(endpoint, options);
}

std::unique_ptr<Connection> adopt(int accepted_socket) {
  return std::make_unique<AsioConnection>(accepted_socket);
}

}  // namespace connfate::peers

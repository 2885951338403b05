// SPDX-License-Identifier: Apache-2.0
#include "peers/listener.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace connfate::peers {

namespace asio = boost::asio;
using asio::ip::tcp;
using OnConnection = std::function<void(std::unique_ptr<Connection>)>;

class Listener::Acceptor {
 public:
  explicit Acceptor(const std::string& ip)
      : socket_(io_, tcp::endpoint(asio::ip::make_address(ip), 0)) {
    address_ = {ip, socket_.local_endpoint().port()};
  }

  const Address& address() const { return address_; }
  void stop() { io_.stop(); }

  void run(const OnConnection& on_connection) {
    accept_next(on_connection);
    io_.run();
  }

 private:
  void accept_next(const OnConnection& on_connection) {
    socket_.async_accept([&](const boost::system::error_code& error, tcp::socket accepted) {
      if (!error) on_connection(adopt(accepted.release()));
      accept_next(on_connection);
    });
  }

  asio::io_context io_;
  tcp::acceptor socket_;
  Address address_;
};

Listener::Listener(const std::string& ip) : acceptor_(std::make_unique<Acceptor>(ip)) {}
Listener::~Listener() = default;

const Address& Listener::address() const {
  return acceptor_->address();
}
void Listener::run(const OnConnection& on_connection) {
  acceptor_->run(on_connection);
}
void Listener::stop() {
  acceptor_->stop();
}

}  // namespace connfate::peers

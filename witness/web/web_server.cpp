// SPDX-License-Identifier: Apache-2.0
#include "witness/web/web_server.hpp"

#include <algorithm>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cstdint>
#include <exception>
#include <map>
#include <optional>
#include <utility>

#include "witness/process/clock.hpp"

namespace connfate::witness {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using Protocol = asio::generic::stream_protocol;

constexpr std::chrono::seconds kPatience{10};
constexpr std::chrono::milliseconds kFresh{200};
constexpr std::size_t kMostReaders = 64;
constexpr std::uint32_t kMostHead = 8192;

using Request = http::request<http::empty_body>;
using Response = http::response<http::string_body>;

std::string_view view(beast::string_view text) noexcept {
  return {text.data(), text.size()};
}

/// The field's value where the request has it exactly once.
template <typename Request>
std::string_view only(const Request& request, http::field field) {
  const auto [first, last] = request.equal_range(field);
  if (first == last || std::next(first) != last) return {};
  return view(first->value());
}

http::status status_of(Admittance admittance) noexcept {
  switch (admittance) {
    case Admittance::kGranted: return http::status::ok;
    case Admittance::kMethodNotAllowed: return http::status::method_not_allowed;
    case Admittance::kMisdirected: return http::status::misdirected_request;
    case Admittance::kUnauthorized: return http::status::unauthorized;
  }
  return http::status::internal_server_error;
}

/// What to do about it, for whoever reads it with curl.
std::string_view advice(http::status status) noexcept {
  if (status == http::status::bad_request) return "this is no HTTP request\n";
  if (status == http::status::method_not_allowed) return "only GET\n";
  if (status == http::status::misdirected_request) {
    return "this name is not known here; tell the witness by --web-host\n";
  }
  if (status == http::status::unauthorized) return "send Authorization: Bearer, with the token\n";
  if (status == http::status::not_found) return "there are /metrics and /healthz\n";
  return "the witness could not make it; ask again\n";
}

void say_what_to_do(Response& answer) {
  answer.body() = advice(answer.result());
  answer.set(http::field::content_type, "text/plain; charset=utf-8");
  if (answer.result() == http::status::method_not_allowed) answer.set(http::field::allow, "GET");
  if (answer.result() == http::status::unauthorized) {
    answer.set(http::field::www_authenticate, "Bearer");
  }
}

}  // namespace

struct WebServer::State : std::enable_shared_from_this<WebServer::State> {
  struct Kept {
    std::string text;
    Instant made_at;
  };
  class Reader;

  State(asio::io_context& context, Access a, std::vector<WebPage> p)
      : access(std::move(a)), pages(std::move(p)), acceptor(context), pause(context) {}

  void accept();
  void take(Protocol::socket socket);
  Response answer_to(const Request* request);  ///< null: it was not understood
  Response result_of(const Request& request);
  void fill(Response& answer, std::string_view path);
  const std::string& text_of(const WebPage& page);

  Access access;
  std::vector<WebPage> pages;
  std::map<std::string, Kept> kept;
  asio::basic_socket_acceptor<Protocol> acceptor;
  asio::steady_timer pause;
  WebCounters counters;
  std::size_t readers = 0;
  bool closed = false;
};

/// One connection: requests one after another, each with a deadline.
class WebServer::State::Reader : public std::enable_shared_from_this<Reader> {
 public:
  Reader(std::shared_ptr<State> server, Protocol::socket socket)
      : server_(std::move(server)), stream_(std::move(socket)) {
    ++server_->readers;
  }
  ~Reader() { --server_->readers; }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  void read() {
    parser_.emplace();
    parser_->header_limit(kMostHead);
    stream_.expires_after(kPatience);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = shared_from_this()](const error_code& error, std::size_t) {
                              self->on_head(error);
                            });
  }

 private:
  void on_head(const error_code& error) {
    if (server_->closed) return;
    const bool is_http = error.category() == http::make_error_code(http::error()).category();
    if (error == http::error::end_of_stream || (error && !is_http)) return note(error);
    answer_.emplace(server_->answer_to(error ? nullptr : &parser_->get()));
    if (!parser_->is_done()) answer_->keep_alive(false);  // a body, which nobody reads
    stream_.expires_after(kPatience);
    http::async_write(stream_, *answer_,
                      [self = shared_from_this()](const error_code& failed, std::size_t) {
                        self->on_written(failed);
                      });
  }

  void on_written(const error_code& error) {
    if (server_->closed) return;
    if (error) return note(error);
    if (answer_->keep_alive()) return read();
    error_code ignored;
    stream_.socket().shutdown(Protocol::socket::shutdown_send, ignored);
    take_the_rest();
  }

  /// What is unread at a close would make it a RST, which can overtake the answer.
  void take_the_rest() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(kMostHead),
                            [self = shared_from_this()](const error_code& error, std::size_t) {
                              if (!error && !self->server_->closed) self->take_the_rest();
                            });
  }

  void note(const error_code& error) {
    if (error == beast::error::timeout) ++server_->counters.dropped;
  }

  std::shared_ptr<State> server_;
  beast::basic_stream<Protocol> stream_;
  beast::flat_buffer buffer_{2 * kMostHead};
  std::optional<http::request_parser<http::empty_body>> parser_;
  std::optional<Response> answer_;
};

void WebServer::State::accept() {
  acceptor.async_accept(
      [self = shared_from_this()](const error_code& error, Protocol::socket socket) {
        if (self->closed) return;
        if (!error) {
          self->take(std::move(socket));
          return self->accept();
        }
        self->pause.expires_after(std::chrono::seconds(1));  // no descriptor is free, most likely
        self->pause.async_wait([self](const error_code& stopped) {
          if (!stopped && !self->closed) self->accept();
        });
      });
}

void WebServer::State::take(Protocol::socket socket) {
  if (readers >= kMostReaders) {
    ++counters.dropped;
    return;
  }
  std::make_shared<Reader>(shared_from_this(), std::move(socket))->read();
}

const std::string& WebServer::State::text_of(const WebPage& page) {
  Kept& last = kept[page.path];
  const Instant now = steady_now();
  if (last.text.empty() || now - last.made_at >= kFresh) last = {page.make(), now};
  return last.text;
}

void WebServer::State::fill(Response& answer, std::string_view path) {
  const auto page = std::find_if(pages.begin(), pages.end(),
                                 [&](const WebPage& candidate) { return candidate.path == path; });
  if (page == pages.end()) return answer.result(http::status::not_found);
  try {
    answer.body() = text_of(*page);
    answer.set(http::field::content_type, page->content_type);
  } catch (const std::exception&) {
    answer.result(http::status::service_unavailable);
  }
}

/// What was asked for, or why not.
Response WebServer::State::result_of(const Request& request) {
  const std::string_view target = view(request.target());
  const Admittance admittance =
      access.of({.method = view(request.method_string()),
                 .host = only(request, http::field::host),
                 .authorization = only(request, http::field::authorization)});
  Response answer{status_of(admittance), request.version()};
  if (admittance == Admittance::kGranted) fill(answer, target.substr(0, target.find('?')));
  answer.keep_alive(answer.result() == http::status::ok && request.keep_alive());
  return answer;
}

Response WebServer::State::answer_to(const Request* request) {
  Response answer =
      request != nullptr ? result_of(*request) : Response{http::status::bad_request, 11};
  if (request == nullptr) answer.keep_alive(false);
  const bool good = answer.result() == http::status::ok;
  ++(good ? counters.answered : counters.refused);
  if (!good) say_what_to_do(answer);
  answer.set(http::field::cache_control, "no-store");
  answer.set("Content-Security-Policy", "default-src 'none'");
  answer.set("X-Content-Type-Options", "nosniff");
  answer.prepare_payload();
  return answer;
}

WebServer::WebServer(asio::io_context& context, Descriptor listening, Access access,
                     std::vector<WebPage> pages)
    : state_(std::make_shared<State>(context, std::move(access), std::move(pages))) {
  sockaddr_storage own{};
  socklen_t size = sizeof own;
  if (::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&own), &size) != 0) {
    throw_errno("--web: the socket has no address");
  }
  state_->acceptor.assign(Protocol(own.ss_family, 0), listening.release());
  state_->accept();
}

/// Readers may outlive it in the context's queue: they find it closed.
WebServer::~WebServer() {
  state_->closed = true;
  error_code ignored;
  state_->acceptor.close(ignored);
  state_->pause.cancel();
}

const WebCounters& WebServer::counters() const noexcept {
  return state_->counters;
}

}  // namespace connfate::witness

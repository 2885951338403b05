// SPDX-License-Identifier: Apache-2.0
#include "system/soak/hostile_clients.hpp"

#include <exception>
#include <random>

#include "peers/client.hpp"
#include "peers/http2_client.hpp"

namespace connfate::harness {
namespace {

using peers::Client;
using std::chrono::milliseconds;

/// While an httpd gives up its old children some connections wait for long, module or not.
constexpr milliseconds kPatience{700};
constexpr milliseconds kShort{30};

struct Visit {
  const Server& server;
  Marks& marks;
  peers::Transport transport;

  Client connect(int receive_buffer = 0) const {
    return Client(server.address(transport),
                  {.transport = transport, .receive_buffer = receive_buffer, .timeout = kPatience});
  }
  /// Asks for `path` and returns when the response has begun.
  void ask(Client& client, const std::string& path) const {
    const std::string mark = marks.issue();
    client.get(path + (path.find('?') == std::string::npos ? "?" : "&") + mark);
    if (!client.read_headers().empty()) marks.answered(mark);
  }
};

void reset_in_the_middle(const Visit& visit) {
  Client client = visit.connect();
  visit.ask(client, "/64m.bin");
  client.reset();
}

void close_with_unread_data(const Visit& visit) {
  Client client = visit.connect();
  visit.ask(client, "/page60k.bin");
  client.close();
}

void stop_reading(const Visit& visit) {
  Client client = visit.connect(4096);
  visit.ask(client, "/medium.bin");
  client.drain_slowly(512, kShort, 5 * kShort);
  client.reset();
}

void half_close(const Visit& visit) {
  Client client = visit.connect();
  visit.ask(client, "/small.txt");
  client.half_close();
  client.drain();
}

void keepalive_then_reset(const Visit& visit) {
  Client client = visit.connect();
  for (int i = 0; i < 5; ++i) {
    const std::string mark = visit.marks.issue();
    client.get("/small.txt?" + mark);
    if (client.read_response().status != 0) visit.marks.answered(mark);
  }
  client.reset();
}

void leave_before_the_answer(const Visit& visit) {
  Client client = visit.connect();
  client.get("/backend/wait?ms=100&bytes=10&" + visit.marks.issue());
  client.read_some_for(kShort);
  client.close();
}

void send_half_a_request(const Visit& visit) {
  Client client = visit.connect();
  client.send("GET /small.txt?" + visit.marks.issue() + " HTTP/1.1\r\nHost: peer");
  client.read_some_for(kShort);
  client.reset();
}

void send_garbage(const Visit& visit) {
  Client client = visit.connect();
  client.send("\x16\x03\x01\" \\x00 {\"fate\":\"delivered\"} fate=unknown\r\n\r\n");
  client.read_some_for(kShort);
}

void backend_dies(const Visit& visit) {
  Client client = visit.connect();
  visit.ask(client, "/backend/die?after=1000&bytes=5000");
  client.drain();
}

void backend_resets(const Visit& visit) {
  Client client = visit.connect();
  visit.ask(client, "/backend-unbuffered/rst?after=1000&bytes=5000");
  client.drain();
}

void cancel_streams(const Visit& visit) {
  peers::Http2Client client(visit.server.h2c_address(), {.connection = {.timeout = kPatience}});
  const std::string mark = visit.marks.issue();
  const std::int32_t large = client.request("/64m.bin?" + mark);
  client.run_until_headers(large);
  visit.marks.answered(mark);
  client.cancel(large);
  const std::string second = visit.marks.issue();
  const std::int32_t small = client.request("/small.txt?" + second);
  client.run_until_closed(small);
  if (client.stream(small).status == 200) visit.marks.answered(second);
  client.connection().reset();
}

using Behaviour = void (*)(const Visit&);
constexpr Behaviour kBehaviours[] = {
    reset_in_the_middle,  close_with_unread_data,  stop_reading,        half_close,
    keepalive_then_reset, leave_before_the_answer, send_half_a_request, send_garbage,
    backend_dies,         backend_resets,          cancel_streams};

}  // namespace

HostileClients::HostileClients(const Lab& lab, const Server& server, Marks& marks, unsigned seed,
                               unsigned threads)
    : marks_(marks) {
  for (unsigned i = 0; i < threads; ++i) {
    threads_.emplace_back([this, &lab, &server, seed = seed + i](const std::stop_token& stop) {
      run(stop, lab, server, seed);
    });
  }
}

void HostileClients::run(const std::stop_token& stop, const Lab& lab, const Server& server,
                         unsigned seed) {
  const InNamespace here = lab.enter_client();
  std::minstd_rand random(seed);
  while (!stop.stop_requested()) {
    const auto behaviour = kBehaviours[random() % std::size(kBehaviours)];
    const bool tls = random() % 3 == 0;
    ++visits_;
    try {
      behaviour({server, marks_, tls ? peers::Transport::kTls : peers::Transport::kCleartext});
    } catch (const std::exception&) {
      // A reload may refuse or cut a connection; what was not answered need not be logged.
    }
    std::this_thread::sleep_for(milliseconds(random() % 20));
  }
}

void HostileClients::stop() {
  threads_.clear();
}

}  // namespace connfate::harness

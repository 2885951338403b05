// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides WebServer: answers GET requests in the witness's own loop. It knows nothing of what it
// answers. Used by the service.
// Surprising: it may never hold up the witness. An answer is made at most five times a second and
// kept meanwhile; at most 64 readers are served, further ones are turned away, and who has neither
// sent nor taken anything for ten seconds is dropped. Both are counted.

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "witness/process/descriptor.hpp"
#include "witness/web/access.hpp"

namespace connfate::witness {

struct WebPage {
  std::string path;  ///< as requested, without a query
  std::string content_type;
  std::function<std::string()> make;  ///< may throw: the answer is 503 then
};

struct WebCounters {
  std::uint64_t answered = 0;  ///< requests that got what they asked for
  std::uint64_t refused = 0;   ///< requests that got an error
  std::uint64_t dropped = 0;   ///< readers that were too many, or too slow
};

class WebServer {
 public:
  WebServer(boost::asio::io_context& context, Descriptor listening, Access access,
            std::vector<WebPage> pages);
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  const WebCounters& counters() const noexcept;

 private:
  struct State;
  std::shared_ptr<State> state_;  ///< lives as long as the last reader
};

}  // namespace connfate::witness

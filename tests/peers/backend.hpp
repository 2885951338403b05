// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides a misbehaving upstream HTTP/1.1 server for proxy scenarios, one thread per connection.
// The last segment of the request's path chooses the behaviour, behind any prefix:
//   /ok?bytes=N                  200 with Content-Length N
//   /wait?ms=N&bytes=M           waits N ms, then as /ok
//   /hold                        answers "held\n" only when release() is called
//   /die?after=N&bytes=M         Content-Length M, N body bytes, then close (FIN)
//   /rst?after=N&bytes=M         the same, but RST once the peer's TCP has acknowledged the N bytes
//   /stream?bytes=N&step=K&ms=T  chunked, K bytes every T ms (to HTTP/1.0: until close)
//   /stall?after=N&bytes=M       Content-Length M, N bytes, then nothing until the peer closes
//   /ws, /ws?flood=1             101 Switching Protocols, then echoes bytes; or sends without end
//   /ws?leave=HOW                a text frame, 200 ms, then the end: 1 a Close frame and FIN; 2
//   only
//                                a FIN; 3 a FIN in the middle of a frame; 4 RST
//   anything else                404
// A request body (Content-Length) is read first. Connections are kept alive as HTTP says.
// Surprising: a held request counts until release(), even when its peer has gone meanwhile.
// Failure: the constructor throws when the ip cannot be bound; a failed session closes silently.

#include <chrono>
#include <memory>
#include <string>

#include "peers/address.hpp"

namespace connfate::peers {

class Backend {
 public:
  /// Listens on a free port, in the network namespace of the calling thread.
  explicit Backend(const std::string& listen_ip = "127.0.0.1");
  ~Backend();  ///< ends every session and joins its threads
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;

  Address address() const;
  int held() const;  ///< requests now held in /hold
  /// Until at least `count` are held. False: the limit passed first.
  bool wait_held(int count, std::chrono::milliseconds limit = std::chrono::seconds(10));
  void release();  ///< answers all held requests

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace connfate::peers

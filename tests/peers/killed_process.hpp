// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides a client that dies: a forked child which sends a request, reads some bytes of the
// response and waits for SIGKILL. Its kernel then closes the connection: FIN when everything that
// arrived had been read, RST when bytes lay unread.
// The constructor returns when the child has read its bytes and waits.
// The parent may have many threads: the child makes system calls only. It ends by itself when the
// parent is gone, and holds no other descriptor of the parent.
// Failure: std::runtime_error when the child does not get that far within 10 s.

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "peers/address.hpp"
#include "peers/client_options.hpp"

namespace connfate::peers {

class KilledProcess {
 public:
  KilledProcess(const Address& server, const std::string& request, std::size_t read_bytes,
                const ClientOptions& options = {});
  ~KilledProcess();  ///< as kill()
  KilledProcess(const KilledProcess&) = delete;
  KilledProcess& operator=(const KilledProcess&) = delete;

  std::uint16_t local_port() const { return local_port_; }
  pid_t pid() const { return pid_; }  ///< -1 after kill()
  void kill();                        ///< SIGKILL; returns when the process is gone

 private:
  std::uint16_t local_port_ = 0;
  pid_t pid_ = -1;
  int leash_ = -1;  ///< the child lives as long as this end of a pipe is open
};

}  // namespace connfate::peers

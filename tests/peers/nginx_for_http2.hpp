// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides a real HTTP/2 server for the test of Http2Client: the installed nginx, with one file to
// serve in cleartext and over TLS. Stopped and removed by the destructor.

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "peers/address.hpp"

namespace connfate::peers {

class NginxForHttp2 {
 public:
  static constexpr std::size_t kFileBytes = 1000000;  ///< of /file and of the rate-limited /slow

  static bool is_installed();

  NginxForHttp2();  ///< throws std::runtime_error when it does not listen within 10 s
  ~NginxForHttp2();
  NginxForHttp2(const NginxForHttp2&) = delete;
  NginxForHttp2& operator=(const NginxForHttp2&) = delete;

  Address cleartext() const { return cleartext_; }
  Address tls() const { return tls_; }

 private:
  void write_files() const;
  void start();
  void wait_until_listening() const;

  std::filesystem::path directory_;
  Address cleartext_;
  Address tls_;
  pid_t pid_ = -1;
};

}  // namespace connfate::peers

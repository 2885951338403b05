// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides one named network namespace (as `ip netns` makes them) and the way into it. Names are
// <prefix><pid of the owner>, so that a later run can tell the leftovers of a killed one.
// Failure: every function throws std::runtime_error or std::system_error; needs root.

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace connfate::harness {

/// While it lives, the calling thread (and threads and processes it starts) is in the namespace;
/// sockets made meanwhile stay there for good. Destroy it in the thread that made it.
class InNamespace {
 public:
  explicit InNamespace(const std::string& name);
  ~InNamespace();
  InNamespace(const InNamespace&) = delete;
  InNamespace& operator=(const InNamespace&) = delete;

 private:
  int home_;
};

/// Where the kernel shows the namespace `name`; opening it and setns() is what InNamespace does.
std::string namespace_path(const std::string& name);

/// Creates the namespace in the constructor, with lo up, and removes it in the destructor.
class NetworkNamespace {
 public:
  explicit NetworkNamespace(std::string_view prefix);
  ~NetworkNamespace();
  NetworkNamespace(const NetworkNamespace&) = delete;
  NetworkNamespace& operator=(const NetworkNamespace&) = delete;

  const std::string& name() const { return name_; }
  /// Runs `ip -netns <name> <arguments>`, words separated by single spaces.
  void ip(std::string_view arguments) const;
  /// Writes one sysctl, named as in /proc/sys: "net/ipv4/ip_forward".
  void sysctl(const std::string& key, const std::string& value) const;

 private:
  std::string name_;
};

/// The processes that live in the namespace.
std::vector<pid_t> processes_in(const std::string& name);

/// Removes namespaces of this prefix whose owner is dead, and ends what still runs in them.
void remove_stale_namespaces(std::string_view prefix);

}  // namespace connfate::harness

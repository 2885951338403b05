// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides add_veth(): a pair of interfaces between two namespaces, both up and without offloads,
// so that frames are as long as on a wire and their checksums are right. Failure:
// std::runtime_error with the output of ip or ethtool.

#include <string>

#include "harness/network_namespace.hpp"

namespace connfate::lab {

struct Plug {
  const harness::NetworkNamespace& host;
  std::string interface;
  std::string mac{};  ///< "02:88:00:00:00:01"; empty: the kernel's choice
};

void add_veth(const Plug& one, const Plug& other);

}  // namespace connfate::lab

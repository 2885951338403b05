// SPDX-License-Identifier: Apache-2.0
#include "system/scenarios/scenarios.hpp"

#include <iterator>

namespace connfate::harness {

const Scenarios& scenarios() {
  static const Scenarios all = [] {
    Scenarios result;
    for (const auto& theme :
         {delivery_scenarios, half_close_scenarios, reset_scenarios, client_close_scenarios,
          request_scenarios, stall_scenarios, black_hole_scenarios, server_side_scenarios,
          http2_scenarios, websocket_scenarios, unix_socket_scenarios}) {
      Scenarios part = theme();
      result.insert(result.end(), std::make_move_iterator(part.begin()),
                    std::make_move_iterator(part.end()));
    }
    return result;
  }();
  return all;
}

}  // namespace connfate::harness

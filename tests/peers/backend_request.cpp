// SPDX-License-Identifier: Apache-2.0
#include "peers/backend_request.hpp"

#include <charconv>

#include "peers/message_head.hpp"

namespace connfate::peers {

std::uint64_t BackendRequest::number(std::string_view name, std::uint64_t otherwise) const {
  const std::string wanted = "&" + std::string(name) + "=";
  const std::string text = "&" + query;
  const std::size_t at = text.find(wanted);
  std::uint64_t value = otherwise;
  if (at != std::string::npos) {
    std::from_chars(text.data() + at + wanted.size(), text.data() + text.size(), value);
  }
  return value;
}

BackendRequest parse_backend_request(std::string_view head) {
  BackendRequest request;
  const std::string_view line = head.substr(0, head.find('\r'));
  const std::size_t target_start = line.find(' ') + 1;
  const std::string_view target = line.substr(target_start, line.rfind(' ') - target_start);
  const std::size_t query_start = target.find('?');
  const std::string_view path = target.substr(0, query_start);
  request.behaviour = path.substr(path.rfind('/') + 1);
  if (query_start != std::string_view::npos) request.query = target.substr(query_start + 1);

  const std::string connection = header(head, "Connection").value_or("");
  request.is_http_1_0 = line.ends_with("HTTP/1.0");
  request.wants_close = request.is_http_1_0 ? !equal_without_case(connection, "keep-alive")
                                            : equal_without_case(connection, "close");
  request.body_bytes = content_length(head).value_or(0);
  request.websocket_key = header(head, "Sec-WebSocket-Key").value_or("");
  return request;
}

}  // namespace connfate::peers

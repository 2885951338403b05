// SPDX-License-Identifier: Apache-2.0
// SOCK_DIAG messages of any content and length. Whatever the bytes are: a record is made of a whole
// header only, what follows it never changes what the header said, and a snapshot has its bytes.
#include <algorithm>

#include "fuzz/fuzz_target.hpp"
#include "witness/socket_record.hpp"

namespace connfate::witness {
namespace {

constexpr std::size_t kHeader = 72;  ///< struct inet_diag_msg
constexpr std::size_t kShortestInfo = 104;

void require_same_header(const SocketRecord& a, const SocketRecord& b) noexcept {
  fuzz::require(a.cookie == b.cookie && a.flow == b.flow && a.state == b.state &&
                    a.unacked == b.unacked && a.unread == b.unread,
                "attributes do not change the header");
}

}  // namespace
}  // namespace connfate::witness

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace connfate;
  using namespace connfate::witness;
  const auto payload = std::as_bytes(std::span(data, size));
  const auto whole = decode_inet_diag(payload);
  const auto header = decode_inet_diag(payload.first(std::min(size, kHeader)));

  fuzz::require(!header || size >= kHeader, "a header is not made up");
  fuzz::require(!whole || header, "a record has a header");
  fuzz::require(!header || !header->snapshot, "a header has no snapshot");
  if (whole) require_same_header(*whole, *header);
  if (whole && whole->snapshot) {
    fuzz::require(size >= kHeader + kShortestInfo, "a snapshot has its bytes");
  }
  return 0;
}

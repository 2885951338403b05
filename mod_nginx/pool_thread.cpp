// SPDX-License-Identifier: Apache-2.0
#include "pool_thread.hpp"

#include <optional>

#include "http_connection.hpp"

namespace connfate::nginx {
namespace {

/// What nginx still has to hand over, or believes it has; nullopt when the end is not among it.
std::optional<Bytes> queued_to_the_end(ngx_http_request_t* r) noexcept {
  if (r->buffered != 0 || r->postponed != nullptr) return std::nullopt;
  Bytes size{};
  for (const ngx_chain_t* link = r->out; link != nullptr; link = link->next) {
    if (!ngx_buf_special(link->buf)) {
      size = size + Bytes{static_cast<std::uint64_t>(ngx_buf_size(link->buf))};
    }
    if (link->buf->last_buf) return size;
  }
  return std::nullopt;
}

}  // namespace

bool pool_thread_wrote_the_rest([[maybe_unused]] const Exchange& x) noexcept {
#if NGX_THREADS || NGX_COMPAT
  const ngx_connection_t* c = x.c;
  if (c->sendfile_task == nullptr || c->ssl != nullptr || is_http2(x.r)) return false;
  if (x.peer->record.first_error.was_on(Operation::kWrite)) return false;
  const auto queued = queued_to_the_end(x.r);
  const auto& before = x.peer->record.baseline;
  if (!queued || !before) return false;
  Connection now = x.peer->record;
  now.set_baseline(c->fd);
  const Bytes sent{static_cast<std::uint64_t>(c->sent)};
  return now.baseline && now.baseline->end == before->end + sent + *queued;
#else
  return false;
#endif
}

}  // namespace connfate::nginx

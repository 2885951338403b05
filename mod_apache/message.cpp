// SPDX-License-Identifier: Apache-2.0
#include "message.hpp"

namespace connfate::apache {
namespace {

constexpr const char* kFilterName = "CONNFATE_MESSAGE";

bool has_body(const request_rec* r) noexcept {
  return !r->header_only && !AP_STATUS_IS_HEADER_ONLY(r->status);
}

/// HTTP/1's head comes in a brigade of its own (ap_http_header_filter, modules/http/http_filters.c,
/// 2.4); HTTP/2's is not among the data, and HTTP/0.9 has none.
bool is_headless(const request_rec* r) noexcept {
  return r->connection->master != nullptr || r->assbackwards;
}

std::optional<Bytes> announced_by(const request_rec* r) noexcept {
  const char* length = apr_table_get(r->headers_out, "Content-Length");
  if (length == nullptr || r->chunked || r->assbackwards || !has_body(r)) return std::nullopt;
  char* end = nullptr;
  const apr_int64_t value = apr_strtoi64(length, &end, 10);
  if (end == length || *end != '\0' || value < 0) return std::nullopt;
  return Bytes{static_cast<std::uint64_t>(value)};
}

/// nullopt when a bucket does not know its length (a pipe that no filter above has read).
std::optional<Bytes> data_of(const apr_bucket_brigade* bb) noexcept {
  constexpr auto kUnknownLength = static_cast<apr_size_t>(-1);
  Bytes total{};
  for (const apr_bucket* b = APR_BRIGADE_FIRST(bb); b != APR_BRIGADE_SENTINEL(bb);
       b = APR_BUCKET_NEXT(b)) {
    if (APR_BUCKET_IS_METADATA(b)) continue;
    if (b->length == kUnknownLength) return std::nullopt;
    total = total + Bytes{b->length};
  }
  return total;
}

/// mod_proxy's word for a backend that broke in the middle: CHUNK then leaves the last chunk out.
bool says_backend_broke(const apr_bucket* b) noexcept {
  return AP_BUCKET_IS_ERROR(b) &&
         static_cast<const ap_bucket_error*>(b->data)->status == HTTP_BAD_GATEWAY;
}

struct Marks {
  bool end = false;
  bool broken = false;
};

/// What the brigade says besides its data. Nothing behind the end belongs to the message.
Marks marks_of(const apr_bucket_brigade* bb) noexcept {
  Marks marks;
  for (const apr_bucket* b = APR_BRIGADE_FIRST(bb); b != APR_BRIGADE_SENTINEL(bb) && !marks.end;
       b = APR_BUCKET_NEXT(b)) {
    marks.broken = marks.broken || says_backend_broke(b);
    marks.end = APR_BUCKET_IS_EOS(b);
  }
  return marks;
}

void note_data(const request_rec* r, std::optional<Bytes> data, Message& message) noexcept {
  if (data == Bytes{}) return;
  const bool is_head = !message.begun && !message.headless;
  if (!message.begun) message.announced = announced_by(r);
  if (!data) message.announced.reset();
  message.begun = true;
  if (!is_head && data) message.body = message.body + *data;
}

apr_status_t watch_sent(ap_filter_t* f, apr_bucket_brigade* bb) noexcept {
  auto& message = *static_cast<Message*>(f->ctx);
  const Marks marks = marks_of(bb);
  if (!message.ended) {
    message.headless = is_headless(f->r);
    note_data(f->r, data_of(bb), message);
    message.spoiled = message.spoiled || marks.broken;
  }
  const apr_status_t status = ap_pass_brigade(f->next, bb);
  if (marks.end || status != APR_SUCCESS) message.closed = true;
  if (marks.end && status == APR_SUCCESS && !message.spoiled) message.ended = true;
  return status;
}

}  // namespace

bool Message::is_whole() const noexcept {
  return ended && (begun || headless) && (!announced || body >= *announced);
}

void register_message_filter() noexcept {
  // Below CHUNK, which is at AP_FTYPE_TRANSCODE, and still one of the request's own.
  constexpr auto kBelowChunk = static_cast<ap_filter_type>(AP_FTYPE_TRANSCODE + 5);
  ap_register_output_filter(kFilterName, watch_sent, nullptr, kBelowChunk);
}

void watch_message(request_rec* r, Message& message) noexcept {
  if (message.watched) return;
  message.watched = ap_add_output_filter(kFilterName, &message, r, r->connection) != nullptr;
}

bool is_still_watched(const request_rec* r) noexcept {
  for (const ap_filter_t* f = r->proto_output_filters; f != nullptr; f = f->next) {
    if (f->frec->filter_func.out_func == watch_sent) return true;
  }
  return false;
}

void begin_other_answer(const request_rec* r, Message& message) noexcept {
  if (message.begun && !message.ended && !r->header_only) message.spoiled = true;
}

}  // namespace connfate::apache

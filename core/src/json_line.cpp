// SPDX-License-Identifier: Apache-2.0
#include "connfate/json_line.hpp"

#include <array>

namespace connfate {
namespace {

/// Members of one object, separated as they come.
class Members {
 public:
  explicit Members(CharWriter& out) noexcept : out_(&out) { out_->put('{'); }

  CharWriter& begin(std::string_view key) noexcept {
    if (!is_first_) out_->put(',');
    is_first_ = false;
    out_->put('"');
    out_->text(key);
    out_->text("\":");
    return *out_;
  }
  void number(std::string_view key, std::uint64_t value) noexcept { begin(key).decimal(value); }
  void text(std::string_view key, std::string_view value, std::size_t longest) noexcept {
    if (!value.empty()) write_json_text(value.substr(0, longest), begin(key));
  }
  void end() noexcept { out_->put('}'); }

 private:
  CharWriter* out_;
  bool is_first_ = true;
};

/// A decimal fraction of `digits` places behind a whole number.
void write_fraction(std::uint64_t value, std::uint64_t scale, CharWriter& out) noexcept {
  out.decimal(value / scale);
  out.put('.');
  for (std::uint64_t place = scale / 10; place > 0; place /= 10) {
    out.put(static_cast<char>('0' + value / place % 10));
  }
}

void write_times(const LoggedRequest& request, Members& members) noexcept {
  write_fraction(static_cast<std::uint64_t>(request.logged_at.count()), 1'000'000,
                 members.begin("ts"));
  const auto duration = static_cast<std::uint64_t>(request.duration.count());
  if (duration % 1000 == 0) {
    members.number("duration_ms", duration / 1000);
  } else {
    write_fraction(duration, 1000, members.begin("duration_ms"));
  }
}

void write_end(std::string_view address_key, std::string_view port_key, const Endpoint& endpoint,
               Members& members) noexcept {
  CharWriter& out = members.begin(address_key);
  out.put('"');
  write_address(endpoint, out);
  out.put('"');
  members.number(port_key, endpoint.port);
}

void write_identity(const HostIdentity& host, Members& members) noexcept {
  members.text("node", host.node(), kNodeSize);
  if (!host.boot()) return;
  CharWriter& out = members.begin("boot");
  out.put('"');
  out.hex8(*host.boot());
  out.put('"');
}

void write_request(const LoggedRequest& request, Members& members) noexcept {
  write_times(request, members);
  if (request.flow) {
    write_end("client", "client_port", request.flow->remote, members);
    write_end("local", "local_port", request.flow->local, members);
  }
  members.text("remote_addr", request.remote_addr, kReportWordSize);
  members.text("method", request.method, kReportWordSize);
  members.text("host", request.host, kReportTextSize);
  members.text("uri", request.uri, kReportTextSize);
  if (request.status != 0) members.number("status", request.status);
  if (request.bytes) members.number("bytes", *request.bytes);
  members.text("request_id", request.request_id, kReportWordSize);
  members.text("trace_id", request.trace_id, kReportWordSize);
}

void write_field(const Field& field, const Observation& seen, Members& members) noexcept {
  std::array<char, kFieldSize> buffer;
  CharWriter value(buffer.data(), buffer.size());
  if (!field.write(seen, value)) return;
  if (field.is_number()) {
    members.begin(field.name).text(value.view());
  } else {
    members.text(field.name, value.view(), value.size());
  }
}

bool is_identity(const Field& field) noexcept {
  return field.name == "node" || field.name == "boot";
}

void write_fields(const Observation& seen, bool is_short, Members& members) noexcept {
  if (is_short) {
    for (const std::string_view name : short_fields()) {
      write_field(*find_field(name), seen, members);
    }
    return;
  }
  for (const Field& field : fields()) {
    if (!is_identity(field)) write_field(field, seen, members);
  }
}

}  // namespace

std::string_view write_json_line(const LoggedRequest& request, const Observation* seen,
                                 const HostIdentity& host, Detail detail, char* buffer,
                                 std::size_t size) noexcept {
  const bool is_short = seen != nullptr && detail == Detail::kTrouble && is_healthy(*seen);
  CharWriter out(buffer, size);
  Members members(out);
  members.text("event", "access", kReportWordSize);
  members.number("v", 1);
  if (is_short) members.text("detail", "short", kReportWordSize);
  write_identity(host, members);
  write_request(request, members);
  if (seen != nullptr) write_fields(*seen, is_short, members);
  members.end();
  return out.view();
}

}  // namespace connfate

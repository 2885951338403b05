// SPDX-License-Identifier: Apache-2.0
#include "witness/lines/spelling.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "connfate/char_writer.hpp"
#include "connfate/json_text.hpp"

namespace connfate::witness {
namespace {

using Json = nlohmann::ordered_json;

std::string quoted(const std::string& text) {
  std::string out(2 + kJsonGrowth * text.size(), '\0');
  CharWriter writer(out.data(), out.size());
  write_json_text(text, writer);
  out.resize(writer.size());
  return out;
}

/// Texts as the modules spell them; figures and booleans as the library does.
std::string json_value(const Json& value) {
  if (value.is_string()) return quoted(value.get<std::string>());
  if (!value.is_array()) return value.dump();
  std::string list;
  for (const auto& item : value) list.append(list.empty() ? "" : ",").append(json_value(item));
  return '[' + list + ']';
}

bool needs_quotes(std::string_view text) noexcept {
  return text.empty() || text.find_first_of(" =\"\\") != text.npos;
}

/// A JSON string is a valid quoted logfmt value, so one escaper serves both.
std::string logfmt_value(const Json& value) {
  const std::string spelled = json_value(value);
  if (!value.is_string()) return spelled;
  const std::string_view bare(spelled.data() + 1, spelled.size() - 2);
  return needs_quotes(bare) ? spelled : std::string(bare);
}

std::string joined(const Json& list) {
  std::string all;
  for (const auto& item : list) {
    if (!all.empty()) all += "; ";
    all += item.get<std::string>();
  }
  return all;
}

}  // namespace

std::string time_text(std::chrono::sys_time<std::chrono::microseconds> time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     (time - seconds).count());
}

double seconds_of(std::chrono::sys_time<std::chrono::microseconds> time) noexcept {
  return static_cast<double>(time.time_since_epoch().count()) / 1e6;
}

std::string node_of(const HostIdentity* host) {
  return host != nullptr ? std::string(host->node()) : std::string();
}

std::string boot_of(const HostIdentity* host) {
  if (host == nullptr || !host->boot()) return {};
  std::array<char, 8> digits;
  CharWriter out(digits.data(), digits.size());
  out.hex8(*host->boot());
  return std::string(out.view());
}

std::string json_text(const Json& object) {
  std::string out;
  for (const auto& [key, value] : object.items()) {
    out += fmt::format("{}\"{}\":{}", out.empty() ? "" : ",", key, json_value(value));
  }
  return '{' + out + '}';
}

std::string logfmt_text(const Json& object) {
  std::string out;
  for (const auto& [key, value] : object.items()) {
    if (!out.empty()) out += ' ';
    out += key;
    out += '=';
    out += logfmt_value(value.is_array() ? Json(joined(value)) : value);
  }
  return out;
}

}  // namespace connfate::witness

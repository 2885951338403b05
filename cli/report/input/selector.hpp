// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Selector: a name that --where and --by understand, and its value for a request. One
// table has the names that are not fields of core. Used by the filter, the aggregate and the
// options' help.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/report/input/request.hpp"

namespace connfate::cli::report {

/// A name beyond the fields of docs/fields.md, with its meaning for --help.
struct SelectorName {
  std::string_view name;
  std::string_view meaning;
};

std::span<const SelectorName> selector_names() noexcept;

class Selector {
 public:
  /// nullopt when there is no such name.
  static std::optional<Selector> find(std::string_view name) noexcept;

  /// Empty when the request does not say. May be written into `scratch`.
  std::string_view value(const Request& request, std::string& scratch) const;
  std::string_view name() const noexcept { return name_; }

 private:
  using Get = std::string_view (*)(const Request&, std::string& scratch);
  struct Row;
  static std::span<const Row> rows() noexcept;

  std::string_view name_;
  Get get_ = nullptr;  ///< nullptr: the field of core
  log::FieldId field_ = log::FieldId::kFate;

  friend std::span<const SelectorName> selector_names() noexcept;
};

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#include "cli/log/record.hpp"

#include "cli/log/number.hpp"

namespace connfate::cli::log {

std::string_view Record::field(FieldId id) const noexcept {
  if (bundle) return bundle->get(connfate::field(id).name);
  return fields[static_cast<std::size_t>(id)];
}

std::optional<std::uint64_t> Record::number(FieldId id) const noexcept {
  return parse_number(field(id));
}

}  // namespace connfate::cli::log

// SPDX-License-Identifier: Apache-2.0
#include "connfate/field.hpp"

#include <algorithm>

#include "field_table.hpp"

namespace connfate {

std::span<const Field> fields() noexcept {
  return table::kFields;
}

const Field& field(FieldId id) noexcept {
  return table::kFields[static_cast<std::size_t>(id)];
}

const Field* find_field(std::string_view name) noexcept {
  const auto* found = std::ranges::find(table::kFields, name, &Field::name);
  return found != table::kFields.end() ? found : nullptr;
}

}  // namespace connfate

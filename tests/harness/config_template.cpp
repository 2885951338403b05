// SPDX-License-Identifier: Apache-2.0
#include "harness/config_template.hpp"

#include <stdexcept>

namespace connfate::harness {

std::string fill_in(std::string_view text, const Placeholders& values) {
  std::string result;
  while (true) {
    const auto begin = text.find('@');
    result += text.substr(0, begin);
    if (begin == std::string_view::npos) return result;
    const auto end = text.find('@', begin + 1);
    const std::string_view name = text.substr(begin + 1, end - begin - 1);
    const auto value = values.find(name);
    if (end == std::string_view::npos || value == values.end()) {
      throw std::logic_error("no value for the placeholder " + std::string(name));
    }
    result += value->second;
    text.remove_prefix(end + 1);
  }
}

}  // namespace connfate::harness

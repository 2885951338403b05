// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides JsonLineParser: a line that is one JSON object, of an access log or of connfate-witness.
// Keys are known by name (the samples in conf/, the names of nginx's variables, the fields of
// core); others are skipped. Used by the line parser. Surprising: nginx's escape=json lets bytes
// pass that are not UTF-8. They are read as '?'.

#include <memory>
#include <string>

#include "cli/log/record.hpp"

namespace connfate::cli::log {

class JsonLineParser {
 public:
  JsonLineParser();
  ~JsonLineParser();

  /// Sets kind to kUnparsable when the line is no JSON object.
  void parse(std::string_view line, Record& record);

 private:
  struct Simdjson;
  bool read_members(Record& record);

  std::unique_ptr<Simdjson> simdjson_;
  std::string padded_;
  std::size_t size_ = 0;
};

}  // namespace connfate::cli::log

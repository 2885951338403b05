// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the truth table: what connfate said of each story, in each way it was played. Test
// processes append rows to a file; the last one makes the page docs/truth.md of them.
// Failure: std::runtime_error when a file cannot be written or is no such file.

#include <filesystem>
#include <string>
#include <vector>

#include "lab/story.hpp"

namespace connfate::lab {

/// One play of one story.
struct Row {
  std::string story;
  std::string server;    ///< nginx, event, worker, prefork
  std::string protocol;  ///< http1, tls, http2, http2 tls
  std::string path;      ///< "0 ms", "40 ms", "40 ms IPv6", "40 ms noise"
  std::string log_verdict;
  std::string final_verdict;
  std::string confidence;
  std::string mark;
};

void append_row(const std::filesystem::path& file, const Row& row);

/// Of every file, in the order of the stories; of the same play, the last one counts.
std::vector<Row> read_rows(const std::vector<std::filesystem::path>& files);

/// The page. Stories without a row are left out.
std::string to_markdown(const std::vector<Story>& stories, const std::vector<Row>& rows);

}  // namespace connfate::lab

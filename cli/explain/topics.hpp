// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the topics of `connfate explain`: every fate, field, rule, party, phase, close and
// reason, each errno, and the servers' own log messages. The sentences come from the tables of core
// and witness and from the pages of docs/; only what has no home there is written here.
// Used by the command, and by the test that walks every name.

#include <string>
#include <string_view>
#include <vector>

#include "cli/explain/explanation.hpp"

namespace connfate::cli {

/// Everything that goes by this name: `rst` is a close, `unknown` a fate and a party. Without
/// regard to case, and to a leading "$connfate_" or "%{...}^CF". Of "by=path" the value is meant.
/// Empty when nothing does.
std::vector<Explanation> find_topics(std::string_view word);

/// Every name that find_topics() answers, ascending; without messages.
std::vector<std::string> topic_names();

// Each of one kind; they append what they know of `word`.
void add_fate_topics(std::string_view word, std::vector<Explanation>& found);
void add_field_topics(std::string_view word, std::vector<Explanation>& found);
void add_rule_topics(std::string_view word, std::vector<Explanation>& found);
void add_token_topics(std::string_view word, std::vector<Explanation>& found);
void add_errno_topics(std::string_view word, std::vector<Explanation>& found);
void add_status_topics(std::string_view word, std::vector<Explanation>& found);

/// Errnos that topic_names() lists: those that end connections.
std::vector<std::string> errno_names();
/// Parties, phases, closes and reasons.
std::vector<std::string> token_names();
std::vector<std::string> status_names();

/// Every name, by its kind: what `connfate explain words` says.
Explanation list_of_topics();

}  // namespace connfate::cli

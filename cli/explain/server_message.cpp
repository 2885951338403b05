// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/server_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "cli/explain/fate_topic.hpp"
#include "cli/explain/topics.hpp"
#include "connfate/field.hpp"

namespace connfate::cli {
namespace {

struct Match {
  const ServerMessage* message = nullptr;
  const char* kind = "";
  std::size_t weight = 0;  ///< characters of the marks that were found
};

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

bool contains(std::string_view text, std::string_view part) {
  const auto is_same = [](char a, char b) { return lower(a) == lower(b); };
  return part.empty() ||
         std::search(text.begin(), text.end(), part.begin(), part.end(), is_same) != text.end();
}

std::size_t weight_of(const ServerMessage& message, std::string_view line) {
  std::size_t weight = 0;
  for (const std::string_view mark : message.marks) {
    if (!contains(line, mark)) return 0;
    weight += mark.size();
  }
  return weight;
}

/// A part of a message, or a line that holds only the first mark.
bool may_be(const ServerMessage& message, std::string_view line) {
  constexpr std::size_t kShortest = 7;  // "AH01075"
  return line.size() >= kShortest &&
         (contains(message.text, line) || contains(line, message.marks[0]));
}

template <typename Visit>
void visit_all(Visit visit) {
  for (const ServerMessage& m : nginx_messages()) visit(m, "a message of nginx");
  for (const ServerMessage& m : httpd_messages()) visit(m, "a message of Apache httpd");
}

std::vector<Match> best_matches(std::string_view line) {
  Match best;
  std::vector<Match> possible;
  visit_all([&](const ServerMessage& message, const char* kind) {
    const std::size_t weight = weight_of(message, line);
    if (weight > best.weight) best = {&message, kind, weight};
    if (may_be(message, line)) possible.push_back({&message, kind, 0});
  });
  return best.message != nullptr ? std::vector{best} : possible;
}

std::vector<std::string_view> words_of(std::string_view list) {
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    words.push_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return words;
}

std::vector<std::string> fates_of(const ServerMessage& message) {
  std::vector<std::string> texts;
  for (const std::string_view token : words_of(message.fates)) {
    if (const auto fate = parse_fate(token)) {
      texts.push_back(fmt::format("{}: {}", token, read_fate_page(*fate).meaning));
    }
  }
  return texts;
}

std::vector<std::string> fields_of(const ServerMessage& message) {
  std::vector<std::string> texts;
  for (const std::string_view name : words_of(message.fields)) {
    if (const Field* field = find_field(name)) {
      texts.push_back(fmt::format("{}: {}", name, field->meaning));
    }
  }
  return texts;
}

Explanation explain(const Match& match) {
  Explanation topic{std::string(match.message->text), match.kind, {}};
  topic.add("It says", match.message->says);
  topic.add("It does not say", match.message->does_not_say);
  topic.add("Look at the fate of the same request", fates_of(*match.message));
  topic.add("and at its fields", fields_of(*match.message));
  return topic;
}

/// The number behind an opening bracket: "(104: ..." of nginx, "(104)..." of httpd.
std::string_view errno_in(std::string_view line) {
  for (std::size_t i = line.find('('); i != line.npos; i = line.find('(', i + 1)) {
    const std::string_view rest = line.substr(i + 1);
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    const bool closed = digits < rest.size() && (rest[digits] == ':' || rest[digits] == ')');
    if (digits > 0 && closed) return rest.substr(0, digits);
  }
  return {};
}

}  // namespace

std::vector<Explanation> find_messages(std::string_view line) {
  std::vector<Explanation> found;
  for (const Match& match : best_matches(line)) found.push_back(explain(match));
  if (const std::string_view number = errno_in(line); !number.empty()) {
    add_errno_topics(number, found);
  }
  return found;
}

}  // namespace connfate::cli

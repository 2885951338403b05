// SPDX-License-Identifier: Apache-2.0
#include "lab/device_words.hpp"

#include <sstream>

#include "lab/word_table.hpp"

namespace connfate::lab {
namespace {

using SetNumber = void (*)(Forgery&, int);
const WordTable<SetNumber> kNumbers{
    {"ttl", [](Forgery& f, int n) { f.ttl = static_cast<std::uint8_t>(n); }},
    {"offset", [](Forgery& f, int n) { f.sequence_offset = n; }},
    {"count", [](Forgery& f, int n) { f.count = n; }},
    {"step", [](Forgery& f, int n) { f.sequence_step = n; }},
    {"window", [](Forgery& f, int n) { f.window_value = static_cast<std::uint16_t>(n); }},
    {"delay", [](Forgery& f, int n) { f.delay = std::chrono::milliseconds(n); }},
};

using SetWord = void (*)(Forgery&);
const WordTable<SetWord> kWords{
    {"form=bare", [](Forgery& f) { f.kind = ForgedKind::kRst; }},
    {"form=ack", [](Forgery& f) { f.kind = ForgedKind::kRstAck; }},
    {"copies=trigger",
     [](Forgery& f) {
       f.ip_id = Number::kOfTrigger;
       f.window = Number::kOfTrigger;
     }},
};

}  // namespace

Host host_of(const std::string& word) {
  return look_up<Host>({{"client", Host::kClient}, {"server", Host::kServer}}, word);
}

Direction way_to(const std::string& word) {
  return look_up<Direction>({{"client", Direction::kToClient}, {"server", Direction::kToServer}},
                            word);
}

Box box_of(const std::string& word) {
  return look_up<Box>({{"A", Box::kA}, {"B", Box::kB}}, word);
}

What what_of(const std::string& word) {
  return look_up<What>({{"SYN", What::kSyn},
                        {"FIN", What::kFin},
                        {"RST", What::kRst},
                        {"data", What::kData},
                        {"acknowledgement", What::kPureAck}},
                       word);
}

std::pair<Direction, What> moment_of(const std::string& word) {
  return look_up<std::pair<Direction, What>>({{"response", {Direction::kToClient, What::kData}},
                                              {"request", {Direction::kToServer, What::kData}},
                                              {"FIN", {Direction::kToClient, What::kFin}},
                                              {"probe", {Direction::kToClient, What::kKeepalive}}},
                                             word);
}

Forgery rst_of(const std::string& options) {
  Forgery rst;
  std::istringstream words(options);
  for (std::string word; words >> word;) {
    const auto equals = word.find('=');
    const auto number = kNumbers.find(word.substr(0, equals));
    if (number != kNumbers.end() && equals != word.npos) {
      number->second(rst, number_in<int>(word.substr(equals + 1)));
    } else {
      look_up(kWords, word)(rst);
    }
  }
  return rst;
}

}  // namespace connfate::lab

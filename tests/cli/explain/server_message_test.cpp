// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/server_message.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>

#include "cli/explain/fate_topic.hpp"
#include "connfate/field.hpp"
#include "harness/temporary_directory.hpp"

namespace connfate::cli {
namespace {

namespace fs = std::filesystem;

std::vector<ServerMessage> all_messages() {
  std::vector<ServerMessage> all(nginx_messages().begin(), nginx_messages().end());
  all.insert(all.end(), httpd_messages().begin(), httpd_messages().end());
  return all;
}

std::string name_of(std::string_view line) {
  const auto found = find_messages(line);
  return found.empty() ? "" : found.front().name;
}

/// The programs of httpd, one behind the other.
std::string httpd_programs() {
  std::string all;
  for (const char* directory : {"/usr/lib/apache2/modules", "/usr/lib64/httpd/modules"}) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(directory, ignored)) {
      if (entry.path().extension() == ".so") all += harness::read_file(entry.path());
    }
  }
  return all + harness::read_file("/usr/sbin/apache2");
}

/// "... while reading x": what stands in the program is "reading x" alone.
void expect_marks(const std::string& program, std::span<const ServerMessage> messages) {
  for (const ServerMessage& message : messages) {
    for (const std::string_view mark : message.marks) {
      EXPECT_NE(program.find(mark), program.npos) << mark << ", of: " << message.text;
    }
  }
}

TEST(ServerMessageTest, EveryMarkOfNginxStandsInItsProgram) {
  const std::string program = harness::read_file("/usr/sbin/nginx");
  if (program.empty()) GTEST_SKIP() << "no /usr/sbin/nginx";
  expect_marks(program, nginx_messages());
}

TEST(ServerMessageTest, EveryMarkOfHttpdStandsInItsPrograms) {
  const std::string programs = httpd_programs();
  if (programs.empty()) GTEST_SKIP() << "no Apache httpd";
  expect_marks(programs, httpd_messages());
}

TEST(ServerMessageTest, FatesAndFieldsExist) {
  for (const ServerMessage& message : all_messages()) {
    std::istringstream fates{std::string(message.fates)}, names{std::string(message.fields)};
    ASSERT_FALSE(message.fates.empty() || message.fields.empty()) << message.text;
    for (std::string word; fates >> word;) EXPECT_TRUE(parse_fate(word)) << word;
    for (std::string word; names >> word;) EXPECT_NE(find_field(word), nullptr) << word;
  }
}

TEST(ServerMessageTest, EveryMessageIsFoundByItsOwnText) {
  std::set<std::string_view> texts;
  for (const ServerMessage& message : all_messages()) {
    EXPECT_EQ(name_of(message.text), message.text);
    EXPECT_TRUE(texts.insert(message.text).second) << "twice: " << message.text;
  }
  EXPECT_GE(texts.size(), 40U);
}

TEST(ServerMessageTest, AWholeLineOfTheErrorLogIsFound) {
  EXPECT_EQ(
      name_of("2026/11/24 06:37:11 [info] 7#7: *3 writev() failed (104: Connection reset by "
              "peer) while sending to client, client: 203.0.113.7, server: , request: \"GET / "
              "HTTP/1.1\", host: \"x\""),
      "writev() failed (...) while sending to client");
  EXPECT_EQ(name_of("[proxy_fcgi:error] [pid 7] (70007)The timeout specified has expired: [client "
                    "203.0.113.7:5] AH01075: Error dispatching request to : (polling)"),
            "AH01075: Error dispatching request to ...: (polling)");
}

TEST(ServerMessageTest, TheSameCallOnTheOtherLegIsAnotherMessage) {
  const std::string upstream = name_of(
      "recv() failed (104: Connection reset by peer) while reading response header from upstream");
  const std::string client =
      name_of("recv() failed (104: Connection reset by peer) while reading client request line");
  EXPECT_NE(upstream, client);
  EXPECT_NE(upstream.find("upstream"), upstream.npos);
  EXPECT_EQ(client.find("upstream"), client.npos);
}

TEST(ServerMessageTest, TheErrnoInALineIsExplainedAsWell) {
  const auto found = find_messages("writev() failed (32: Broken pipe) while sending to client");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1].name, "EPIPE");
  EXPECT_EQ(find_messages("(70014)End of file found: AH01097: x").back().name, "70014");
}

TEST(ServerMessageTest, APartOfAMessageGivesAllThatItMayBe) {
  EXPECT_GE(find_messages("client timed out").size(), 3U);
  EXPECT_TRUE(find_messages("failed").empty());  // too short to mean anything
  EXPECT_TRUE(find_messages("").empty());
}

}  // namespace
}  // namespace connfate::cli

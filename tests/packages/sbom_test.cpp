// SPDX-License-Identifier: Apache-2.0
// The bill of materials that the build has written: what SPDX 2.3 asks for is there, and what must
// be inside is named.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>

namespace connfate {
namespace {

using nlohmann::json;

json sbom() {
  std::ifstream file(CONNFATE_SBOM);
  return json::parse(file);
}

/// Relation to connfate by the name of the package.
std::map<std::string, std::string> relations(const json& document) {
  std::map<std::string, std::string> names;
  for (const auto& package : document["packages"]) names[package["SPDXID"]] = package["name"];
  std::map<std::string, std::string> result;
  for (const auto& relation : document["relationships"]) {
    result[names.at(relation["relatedSpdxElement"])] = relation["relationshipType"];
  }
  return result;
}

TEST(Sbom, IsAnSpdxDocument) {
  const json document = sbom();
  EXPECT_EQ(document["spdxVersion"], "SPDX-2.3");
  EXPECT_EQ(document["dataLicense"], "CC0-1.0");
  EXPECT_EQ(document["SPDXID"], "SPDXRef-DOCUMENT");
  EXPECT_TRUE(std::regex_match(document["creationInfo"]["created"].get<std::string>(),
                               std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")));
  const std::regex id("SPDXRef-[A-Za-z0-9.-]+");
  for (const auto& package : document["packages"]) {
    EXPECT_TRUE(std::regex_match(package["SPDXID"].get<std::string>(), id)) << package;
    EXPECT_FALSE(package["name"].get<std::string>().empty()) << package;
    EXPECT_FALSE(package["versionInfo"].get<std::string>().empty()) << package;
    EXPECT_TRUE(package.contains("downloadLocation")) << package;
  }
}

/// How the package is in the products; nothing when it is in none.
std::string relation_of(const std::string& package) {
  const auto all = relations(sbom());
  const auto found = all.find(package);
  return found != all.end() ? found->second : "";
}

TEST(Sbom, NamesWhatIsInsideAndWhatIsLoaded) {
  const std::string inside_programs = CONNFATE_HAS_PROGRAMS ? "STATIC_LINK" : "";
  EXPECT_EQ(relation_of("connfate"), "DESCRIBES");
  EXPECT_EQ(relation_of("libcli11-dev"), inside_programs);
  EXPECT_EQ(relation_of("nlohmann-json3-dev"), inside_programs);
  EXPECT_EQ(relation_of("libboost-dev"), CONNFATE_HAS_WITNESS ? "STATIC_LINK" : "");
  EXPECT_EQ(relation_of("libc6"), "DYNAMIC_LINK");
  EXPECT_EQ(relation_of("libmnl0"), CONNFATE_HAS_WITNESS ? "DYNAMIC_LINK" : "");
}

TEST(Sbom, HasTheVersionThatWasBuilt) {
  EXPECT_EQ(sbom()["packages"][0]["name"], "connfate");
  EXPECT_EQ(sbom()["packages"][0]["versionInfo"], CONNFATE_VERSION);
}

}  // namespace
}  // namespace connfate

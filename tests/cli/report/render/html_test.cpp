// SPDX-License-Identifier: Apache-2.0
// The HTML page as text. page_test.cpp opens it in a browser.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <numeric>
#include <regex>
#include <set>

#include "cli/report/render/html_charts.hpp"
#include "cli/report/render/html_text.hpp"
#include "cli/report/render/page_parts.hpp"
#include "cli/report/render/render.hpp"
#include "cli/report/small_report.hpp"

namespace connfate::cli::report {
namespace {

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// The page without its scripts and its style: what the browser takes for elements and text.
std::string body_of(const std::string& page) {
  std::string body = page.substr(page.find("<body>"));
  const auto scripts = body.find("<script type=\"application/json\"");
  return body.substr(0, scripts) + "</body>";
}

std::uint64_t sum_of(const nlohmann::json& values) {
  const auto numbers = values.get<std::vector<std::uint64_t>>();
  return std::accumulate(numbers.begin(), numbers.end(), std::uint64_t{0});
}

TEST(HtmlTest, texts_are_escaped) {
  EXPECT_EQ(html("a<b>&\"'\x1b"), "a&lt;b&gt;&amp;&quot;&#39;\\x1b");
  EXPECT_EQ(json_in_html(R"({"a":"</script>&"})"), R"({"a":"\u003c/script\u003e\u0026"})");
  EXPECT_EQ(nlohmann::json::parse(json_in_html(R"({"a":"</script>&"})"))["a"], "</script>&");
}

TEST(HtmlTest, nothing_of_a_client_becomes_markup) {
  const std::string page = to_html(small_report(), {.made = "<now>", .inputs = {"a\"><b>.log"}});
  EXPECT_EQ(count(page, "<script"), count(page, "</script>"));
  EXPECT_EQ(count(page, "<script"), 3U) << "data, library, our own";
  EXPECT_EQ(page.find("<script>hacked"), page.npos);
  EXPECT_EQ(page.find("<img"), page.npos);
  EXPECT_EQ(page.find('\x1b'), page.npos);
  EXPECT_NE(page.find("&lt;/script&gt;&lt;script&gt;hacked=1"), page.npos) << body_of(page);
  EXPECT_NE(page.find("<code>a&quot;&gt;&lt;b&gt;.log</code>"), page.npos);
}

TEST(HtmlTest, what_is_built_in_cannot_end_its_own_element) {
  for (const std::string_view script : {chart_library(), page_script()}) {
    EXPECT_EQ(script.find("</script"), script.npos);
    EXPECT_EQ(script.find("<!--"), script.npos);
    EXPECT_EQ(script.find("sourceMappingURL"), script.npos);
  }
  EXPECT_EQ(page_style().find("</style"), std::string_view::npos);
  EXPECT_EQ(chart_library_licence().find("-->"), std::string_view::npos);
  EXPECT_NE(chart_library_licence().find("Permission is hereby granted"), std::string_view::npos);
}

TEST(HtmlTest, the_page_names_nothing_to_load) {
  const std::string page = to_html(small_report(), {});
  const std::string body = body_of(page);
  EXPECT_FALSE(std::regex_search(body, std::regex(R"((src|href|url|action)\s*[=(])")));
  EXPECT_EQ(page_style().find("url("), std::string_view::npos);
  EXPECT_EQ(page_style().find("@import"), std::string_view::npos);
  EXPECT_NE(page.find("default-src 'none'"), page.npos);
}

TEST(HtmlTest, every_element_is_closed) {
  const std::string body = body_of(to_html(small_report(), {}));
  std::vector<std::string> open;
  const std::regex tag("<(/?)([a-z0-9]+)[^>]*>");
  for (std::sregex_iterator at(body.begin(), body.end(), tag), end; at != end; ++at) {
    const std::string name = (*at)[2];
    if ((*at)[1].length() == 0) {
      open.push_back(name);
      continue;
    }
    // main ends behind the scripts' data, which is cut off here
    ASSERT_FALSE(open.empty());
    ASSERT_EQ(open.back(), name) << body.substr(static_cast<std::size_t>(at->position()), 200);
    open.pop_back();
  }
  EXPECT_TRUE(open.empty());
}

TEST(HtmlTest, every_chart_has_figures_and_a_table_beside_it) {
  const std::string body = body_of(to_html(small_report(), {}));
  const auto charts = nlohmann::json::parse(charts_json(small_report()));
  const std::regex canvas("data-chart=\"([^\"]+)\" role=\"img\" aria-label=\"[^\"]+\"");
  std::set<std::string> shown;
  for (std::sregex_iterator at(body.begin(), body.end(), canvas), end; at != end; ++at) {
    const std::string name = (*at)[1];
    shown.insert(name);
    ASSERT_TRUE(charts.contains(name)) << name;
    for (const auto& series : charts[name]["series"]) {
      EXPECT_EQ(series["values"].size(), charts[name]["labels"].size()) << name;
    }
    const auto section = body.find("</section>", static_cast<std::size_t>(at->position()));
    EXPECT_NE(body.substr(0, section).find("<table>", static_cast<std::size_t>(at->position())),
              body.npos)
        << name;
  }
  EXPECT_EQ(shown,
            (std::set<std::string>{"timeline", "requests", "worst-network", "worst-host",
                                   "worst-pattern", "by", "durations", "silences", "sizes"}));
}

TEST(HtmlTest, the_charts_hold_the_figures_of_the_report) {
  const Summary summary = small_report();
  const auto charts = nlohmann::json::parse(charts_json(summary));
  std::uint64_t trouble = 0;
  for (const auto& series : charts["timeline"]["series"]) {
    const std::string name = series["name"];
    EXPECT_NE(name, "pending");
    trouble += sum_of(series["values"]);
  }
  EXPECT_EQ(trouble, summary.fates.trouble());
  EXPECT_EQ(sum_of(charts["requests"]["series"][0]["values"]), summary.fates.total());
  const auto cliff = charts["durations"]["marked"][0].get<std::size_t>();
  EXPECT_EQ(charts["durations"]["labels"][cliff], "350-351 s");
}

TEST(HtmlTest, a_time_without_requests_is_a_gap_not_a_jump) {
  Counted counted;
  counted.take(line_of({.time = "24/Nov/2026:08:00:00"}));
  counted.take(line_of({.time = "24/Nov/2026:08:00:03"}));
  const auto charts = nlohmann::json::parse(charts_json(counted.report()));
  EXPECT_EQ(charts["requests"]["series"][0]["values"], (std::vector<int>{1, 0, 0, 1}));
  EXPECT_EQ(charts["requests"]["labels"][1], "08:00:01");
}

TEST(HtmlTest, a_report_of_nothing_is_a_page_too) {
  const std::string page = to_html(Counted().report(), {});
  EXPECT_NE(page.find("No request with a fate was counted."), page.npos);
  EXPECT_EQ(body_of(page).find("<canvas"), std::string::npos);
}

}  // namespace
}  // namespace connfate::cli::report

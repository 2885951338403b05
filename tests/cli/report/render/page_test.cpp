// SPDX-License-Identifier: Apache-2.0
// The HTML page in a real browser (Debian package chromium, headless): the charts are drawn, they
// hold the figures of the log, no script of a client runs, and nothing is asked of anybody.
// Pictures of the page, light and dark and on paper, are kept in the build directory.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/report/planted_log.hpp"
#include "cli/report/render/render.hpp"
#include "cli/report/small_report.hpp"
#include "harness/process.hpp"
#include "harness/temporary_directory.hpp"

namespace connfate::cli::report {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBrowser = "/usr/bin/chromium";

/// The usual telephone, in CSS pixels. In a frame, since no window of the browser is that narrow.
constexpr int kPhone = 390;
constexpr int kPhoneHeight = 844;
constexpr std::string_view kFrame = R"(<body style="margin: 0; background: #888">
<iframe src="report.html" style="border: 0; display: block; margin: auto; width: 390px;
  height: HEIGHTpx"></iframe>
<script>
addEventListener("message", (message) => {
  const probe = document.createElement("pre");
  probe.id = "probe";
  probe.textContent = message.data;
  document.body.append(probe);
});
</script></body>)";

/// What sticks out of the screen or of its card, and cannot be reached by moving its own box.
constexpr std::string_view kMeasure = R"(<script>
const seen = {width: innerWidth, page: document.documentElement.scrollWidth,
              height: document.documentElement.scrollHeight, tables: 0, out: []};
for (const box of document.querySelectorAll("table, figure, p, li, code, h2, .badge, .tiles div")) {
  if (box.tagName === "TABLE") seen.tables++;
  const edge = box.getBoundingClientRect().right;
  const card = (box.closest("section") || document.body).getBoundingClientRect().right;
  if (!box.closest(".scroll") && edge > Math.min(card, innerWidth) + 1) {
    seen.out.push(box.tagName + " " + edge + " " + box.textContent.slice(0, 60));
  }
}
parent.postMessage(JSON.stringify(seen), "*");
</script></body>)";

/// Looks at the page from inside, and writes what it saw to the end of it.
constexpr std::string_view kProbe = R"(<script>
const seen = {hacked: typeof hacked !== "undefined", charts: {},
              loaded: performance.getEntriesByType("resource").length,
              ground: getComputedStyle(document.body).backgroundColor};
for (const chart of Object.values(Chart.instances)) {
  const canvas = chart.canvas;
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let painted = 0;
  for (let i = 3; i < pixels.length; i += 4) painted += pixels[i] > 0 ? 1 : 0;
  seen.charts[canvas.dataset.chart] = {
    painted, labels: chart.data.labels, colour: chart.data.datasets[0].backgroundColor[0],
    sums: Object.fromEntries(chart.data.datasets.map(
      (set) => [set.label, set.data.reduce((sum, value) => sum + (value || 0), 0)]))};
}
const probe = document.createElement("pre");
probe.id = "probe";
probe.textContent = JSON.stringify(seen);
document.body.append(probe);
</script></body>)";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

class PageTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(kBrowser)) GTEST_SKIP() << kBrowser << " is not installed";
    fs::create_directories(CONNFATE_PICTURES);
  }

  harness::Outcome browse(std::vector<std::string> options, const fs::path& page) const {
    std::vector<std::string> command{kBrowser,
                                     "--headless",
                                     "--no-sandbox",
                                     "--disable-gpu",
                                     "--disable-quic",
                                     "--no-first-run",
                                     "--disable-background-networking",
                                     "--disable-component-update",
                                     "--disable-sync",
                                     "--disable-dev-shm-usage",
                                     "--hide-scrollbars",
                                     "--host-resolver-rules=MAP * ~NOTFOUND",
                                     "--user-data-dir=" + (directory_.path() / "profile").string()};
    command.insert(command.end(), options.begin(), options.end());
    command.push_back("file://" + page.string());
    return harness::run({std::move(command)}, std::chrono::seconds(100));
  }

  nlohmann::json probe(const std::string& page, std::vector<std::string> options = {}) const {
    const fs::path file = directory_.path() / "probed.html";
    harness::write_file(file, replaced(page, "</body>", kProbe));
    return what_it_saw(file, std::move(options));
  }

  /// The page as a telephone shows it, in a file of its own.
  fs::path on_a_phone(const std::string& page, int height) const {
    harness::write_file(directory_.path() / "report.html", page);
    const fs::path frame = directory_.path() / "phone.html";
    harness::write_file(frame, replaced(std::string(kFrame), "HEIGHT", std::to_string(height)));
    return frame;
  }

  nlohmann::json what_it_saw(const fs::path& file, std::vector<std::string> options = {}) const {
    options.emplace_back("--dump-dom");
    const std::string dom = browse(options, file).output;
    constexpr std::string_view kStart = "<pre id=\"probe\">";
    const auto start = dom.find(kStart);
    if (start == dom.npos) throw std::runtime_error("a script of the page failed: " + dom);
    const std::string text =
        dom.substr(start + kStart.size(), dom.find("</pre>", start) - start - kStart.size());
    return nlohmann::json::parse(
        replaced(replaced(replaced(text, "&lt;", "<"), "&gt;", ">"), "&amp;", "&"));
  }

  /// A picture of the page for people, kept behind the test.
  void keep_picture(const fs::path& page, const std::string& name,
                    std::vector<std::string> options = {},
                    const std::string& size = "1200,3400") const {
    const fs::path file = fs::path(CONNFATE_PICTURES) / name;
    fs::remove(file);
    options.insert(options.end(), {"--window-size=" + size, "--screenshot=" + file.string()});
    const std::string said = browse(options, page).output;
    ASSERT_TRUE(fs::exists(file)) << said;
    EXPECT_GT(fs::file_size(file), 20'000U) << "an empty page is smaller";
  }

  harness::TemporaryDirectory directory_{"page"};
};

constexpr const char* kDark = "--blink-settings=preferredColorScheme=0";
constexpr const char* kLight = "--blink-settings=preferredColorScheme=1";

TEST_F(PageTest, the_charts_are_drawn_and_hold_the_figures_of_the_log) {
  const fs::path log = directory_.path() / "access.log";
  const fs::path page = fs::path(CONNFATE_PICTURES) / "report.html";
  write_planted_log(log);
  const auto made = harness::run({CONNFATE_PROGRAM, "report", "--html", page, log});
  ASSERT_EQ(made.exit_code, 0) << made.output;
  const auto seen = probe(harness::read_file(page));
  EXPECT_EQ(seen["loaded"], 0) << "the page asked for something";
  const auto& charts = seen["charts"];
  for (const char* name : {"timeline", "requests", "worst-network", "worst-host", "worst-pattern",
                           "durations", "sizes"}) {
    ASSERT_TRUE(charts.contains(name)) << seen.dump(1);
    EXPECT_GT(charts[name]["painted"], 1000) << name;
  }
  EXPECT_EQ(charts["requests"]["sums"]["requests"], kPlantedRequests);
  for (const char* fate : {"rst_received", "ack_stalled"}) {
    EXPECT_GE(charts["timeline"]["sums"][fate], 100) << seen.dump(1);
  }
  EXPECT_FALSE(charts["timeline"]["sums"].contains("client_abort")) << "who left is no trouble";
  keep_picture(page, "report-light.png", {kLight});
  keep_picture(page, "report-dark.png", {kDark});
}

TEST_F(PageTest, a_phone_shows_every_table) {
  const fs::path log = directory_.path() / "access.log";
  const fs::path made = directory_.path() / "made.html";
  write_planted_log(log);
  const auto outcome = harness::run({CONNFATE_PROGRAM, "report", "--html", made, log});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.output;
  const std::string page = harness::read_file(made);
  int height = 0;
  for (const std::string& html : {to_html(small_report(), {}), page}) {
    const auto seen = what_it_saw(on_a_phone(replaced(html, "</body>", kMeasure), kPhoneHeight));
    ASSERT_EQ(seen["width"], kPhone) << seen.dump(1);
    EXPECT_LE(seen["page"], kPhone) << "the whole page moves sideways: " << seen.dump(1);
    EXPECT_GE(seen["tables"], 5) << seen.dump(1);
    EXPECT_TRUE(seen["out"].empty()) << seen.dump(1);
    height = seen["height"];
  }
  const fs::path whole = on_a_phone(page, height);
  const std::string size = "500," + std::to_string(height);
  keep_picture(whole, "report-phone.png", {kLight}, size);
  keep_picture(whole, "report-phone-dark.png", {kDark}, size);
}

TEST_F(PageTest, no_script_of_a_client_runs) {
  const auto seen = probe(to_html(small_report(), {}));
  EXPECT_EQ(seen["hacked"], false);
  EXPECT_EQ(seen["charts"].size(), 9U) << seen.dump(1);
  const std::vector<std::string> labels = seen["charts"]["worst-pattern"]["labels"];
  EXPECT_EQ(std::ranges::count(labels, kHostilePath), 1) << seen.dump(1);
}

TEST_F(PageTest, it_follows_light_and_dark) {
  const std::string page = to_html(small_report(), {});
  const auto light = probe(page, {kLight});
  const auto dark = probe(page, {kDark});
  EXPECT_EQ(light["ground"], "rgb(246, 247, 249)");
  EXPECT_EQ(dark["ground"], "rgb(17, 21, 28)");
  EXPECT_NE(light["charts"]["timeline"]["colour"], dark["charts"]["timeline"]["colour"]);
}

TEST_F(PageTest, it_prints) {
  const fs::path page = directory_.path() / "small.html";
  const fs::path paper = fs::path(CONNFATE_PICTURES) / "summary.pdf";
  harness::write_file(page, to_html(small_report(), {.made = "now", .inputs = {"access.log"}}));
  fs::remove(paper);
  const std::string said =
      browse({"--no-pdf-header-footer", "--print-to-pdf=" + paper.string()}, page).output;
  ASSERT_TRUE(fs::exists(paper)) << said;
  EXPECT_EQ(harness::read_file(paper).substr(0, 5), "%PDF-");
}

}  // namespace
}  // namespace connfate::cli::report

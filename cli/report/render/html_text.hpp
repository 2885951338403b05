// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides texts of a log made safe for a page: for HTML, and for JSON inside of a <script>. Used
// by the HTML renderer for every text that it did not write itself.

#include <string>
#include <string_view>

namespace connfate::cli::report {

/// Printable ASCII, with &, <, >, " and ' escaped: for elements and for quoted attributes.
std::string html(std::string_view text);

/// JSON whose strings cannot end the <script> that it stands in.
std::string json_in_html(std::string_view json);

}  // namespace connfate::cli::report

// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what standard output is: how wide and high, and whether it takes colours. Used by every
// subcommand. COLUMNS and NO_COLOR are heard, as by ls(1) and git(1); what is no terminal is taken
// for a page of 100 columns.

#include <cstddef>

namespace connfate::cli::terminal {

bool is_one();  ///< standard output is a terminal

/// Of a line of text; between 40 and 120, because longer lines of prose are hard to read.
std::size_t text_columns();

/// Of the screen, whatever it is.
std::size_t columns();
std::size_t rows();

bool takes_colours();

}  // namespace connfate::cli::terminal

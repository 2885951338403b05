# SPDX-License-Identifier: Apache-2.0
# Reads valgrind's reports (XML), prints those that are ours, and fails when there is one.
#
#   awk -v rule=stack|access -f judge.awk REPORT...
#
# stack: a file of ours stands anywhere in the report. For memcheck.
# access: one of the two accesses that race was made by us. Frames of libc, of valgrind and of APR do not count: what
# they touch belongs to their caller. httpd's functions do, so that a race between httpd's own threads below a filter
# of ours is not ours. An access by std::atomic makes no data race, whatever helgrind, which does not know it, says of
# it; the other access may. For helgrind; its other reports (locks) are judged by the whole stack.

function text_of(line) {
  gsub(/^ *<[^>]*>|<\/[^>]*>$/, "", line)
  return line
}

function is_library(object) {
  return object ~ /\/(libc|ld-linux|libstdc\+\+|libapr|libaprutil)[-.][^\/]*$|vgpreload_|apr_atomics\.so/
}

function is_of_ours(object) { return object ~ /connfate[^\/]*\.so$/ }

/<error>/ { text = kind = ""; stacks = by_us = in_stack = 0; inside = 1 }
inside { text = text $0 "\n" }
inside && /<kind>/ { kind = text_of($0) }
inside && /<stack>/ { ++stacks; accessed = 0 }
inside && /<obj>/ {
  object = text_of($0)
  if (is_of_ours(object)) in_stack = 1
  if (!accessed && !is_library(object)) {
    accessed = 1
    is_access = stacks <= 2 && is_of_ours(object)  # a third stack tells where the memory came from
  }
}
inside && /<file>/ && text_of($0) ~ /^atomic(_base\.h)?$/ { is_access = 0 }
inside && /<\/frame>/ { by_us += is_access; is_access = 0 }
/<\/error>/ {
  inside = 0
  ++all
  below += in_stack
  is_ours = rule == "access" && kind == "Race" ? by_us : in_stack
  if (is_ours) {
    ++ours
    printf "%s", text
  }
}
END {
  printf "%d reports, %d with a file of ours in the stack, %d ours\n", all, below, ours > "/dev/stderr"
  exit ours > 0
}

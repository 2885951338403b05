// SPDX-License-Identifier: Apache-2.0
// apr's atomics in words that helgrind understands; preloaded into httpd by tests/sanitize/run.
// MPM event hands pools, connections and counts from thread to thread through them, without a lock.
// helgrind sees no order in that, and takes every connection whose memory was another's before for
// a race. Here each operation does the same and says so: what came before a change of the word
// comes before what follows whoever finds it. Surprising: a compare-and-swap that fails says it
// too, so that a race can hide behind one.

#include <valgrind/helgrind.h>

#include <cstdint>

namespace {

template <typename Word, typename Operation>
auto in_order(volatile Word* word, Operation operation) noexcept {
  ANNOTATE_HAPPENS_BEFORE(word);
  const auto result = operation();
  ANNOTATE_HAPPENS_AFTER(word);
  return result;
}

}  // namespace

// NOLINTBEGIN(readability-identifier-naming): apr's names, apr_atomic.h
extern "C" {

std::uint32_t apr_atomic_read32(volatile std::uint32_t* mem) {
  const std::uint32_t value = __atomic_load_n(mem, __ATOMIC_SEQ_CST);
  ANNOTATE_HAPPENS_AFTER(mem);
  return value;
}

void apr_atomic_set32(volatile std::uint32_t* mem, std::uint32_t value) {
  ANNOTATE_HAPPENS_BEFORE(mem);
  __atomic_store_n(mem, value, __ATOMIC_SEQ_CST);
}

std::uint32_t apr_atomic_add32(volatile std::uint32_t* mem, std::uint32_t value) {
  return in_order(mem, [&] { return __atomic_fetch_add(mem, value, __ATOMIC_SEQ_CST); });
}

void apr_atomic_sub32(volatile std::uint32_t* mem, std::uint32_t value) {
  in_order(mem, [&] { return __atomic_fetch_sub(mem, value, __ATOMIC_SEQ_CST); });
}

std::uint32_t apr_atomic_inc32(volatile std::uint32_t* mem) {
  return apr_atomic_add32(mem, 1);
}

/// Zero when the word has become zero.
int apr_atomic_dec32(volatile std::uint32_t* mem) {
  return in_order(mem, [&] { return __atomic_sub_fetch(mem, 1, __ATOMIC_SEQ_CST) != 0 ? 1 : 0; });
}

std::uint32_t apr_atomic_cas32(volatile std::uint32_t* mem, std::uint32_t with,
                               std::uint32_t expected) {
  return in_order(mem, [&] {
    __atomic_compare_exchange_n(mem, &expected, with, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return expected;
  });
}

std::uint32_t apr_atomic_xchg32(volatile std::uint32_t* mem, std::uint32_t value) {
  return in_order(mem, [&] { return __atomic_exchange_n(mem, value, __ATOMIC_SEQ_CST); });
}

void* apr_atomic_casptr(void* volatile* mem, void* with, const void* expected) {
  return in_order(mem, [&] {
    auto* found = const_cast<void*>(expected);
    __atomic_compare_exchange_n(mem, &found, with, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return found;
  });
}

void* apr_atomic_xchgptr(void* volatile* mem, void* with) {
  return in_order(mem, [&] { return __atomic_exchange_n(mem, with, __ATOMIC_SEQ_CST); });
}

}  // extern "C"
// NOLINTEND(readability-identifier-naming)

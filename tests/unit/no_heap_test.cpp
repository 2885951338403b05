// SPDX-License-Identifier: Apache-2.0
// A verdict allocates nothing. The linker routes malloc and operator new through the counters here
// (--wrap in CMakeLists.txt), also for the calls inside core.
#include <gtest/gtest.h>

#include <array>
#include <cstddef>

#include "connfate/bundle.hpp"
#include "unit/fake_kernel.hpp"
#include "unit/one_report.hpp"
#include "unit/sample_report.hpp"

namespace {
std::size_t allocations = 0;
}

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names
extern "C" {
void* __real_malloc(std::size_t size);
void* __real_calloc(std::size_t count, std::size_t size);
void* __real_realloc(void* old, std::size_t size);
void* __real__Znwm(std::size_t size);

void* __wrap_malloc(std::size_t size) {
  return ++allocations, __real_malloc(size);
}
void* __wrap_calloc(std::size_t count, std::size_t size) {
  return ++allocations, __real_calloc(count, size);
}
void* __wrap_realloc(void* old, std::size_t size) {
  return ++allocations, __real_realloc(old, size);
}
void* __wrap__Znwm(std::size_t size) {
  return ++allocations, __real__Znwm(size);
}
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

namespace connfate {
namespace {

TEST(NoHeapTest, TheCountersCount) {
  const std::size_t before = allocations;
  int* volatile used = new int;  // volatile: or the optimizer leaves both out
  delete used;
  EXPECT_GT(allocations, before);
}

TEST(NoHeapTest, AVerdictAllocatesNothing) {
  fixture::FakeKernel kernel;
  kernel->cookie = 7;
  kernel->multicast_ttl = 52;
  Connection connection;
  std::array<char, kBundleSize> buffer{};
  const std::size_t before = allocations;
  connection.set_baseline(7, kernel.calls());
  connection.read_identity(7, true, true, kernel.calls());
  const Observation observation = observe(7, ServerView{}, connection, kernel.calls());
  const auto text = write_bundle(observation, Detail::kFull, buffer.data(), buffer.size());
  const bool found = find_bundle(text).has_value();
  EXPECT_EQ(allocations, before);
  EXPECT_TRUE(found);
}

TEST(NoHeapTest, AReportAllocatesNothing) {
  const Report report = fixture::full_report();
  std::array<std::byte, kReportSize> buffer{};
  std::array<char, kAddressSize> text{};
  CharWriter out(text.data(), text.size());
  const std::size_t before = allocations;
  const bool decoded = fixture::decode_report(encode_report(report, buffer)).has_value();
  write_address(report.flow.remote, out);
  EXPECT_EQ(allocations, before);
  EXPECT_TRUE(decoded);
}

}  // namespace
}  // namespace connfate

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Measures by running each task several times and keeping the fastest run.

#include "bench/machine.h"

#include "bench/peak.h"

#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CLOCK_ADDITIONS 2000000U
#define CLOCK_REPEATS 5U
#define PEAK_ROUNDS 20000U
#define PEAK_REPEATS 9U

void
machine_pin(const int cpu)
{
  cpu_set_t set;
  const long last = sysconf(_SC_NPROCESSORS_ONLN) - 1;
  CPU_ZERO(&set);
  CPU_SET((size_t)(cpu < 0 ? last : cpu), &set);
  if (sched_setaffinity(0, sizeof(set), &set)) {
    perror("no processor of its own");
  }
}

const char*
machine_name(char name[128])
{
  char line[256];
  (void)snprintf(name, 128, "unknown processor");
  FILE* const file = fopen("/proc/cpuinfo", "r");
  while (file && fgets(line, sizeof(line), file)) {
    const char* const colon = strchr(line, ':');
    if (colon && !strncmp(line, "model name", 10)) {
      (void)snprintf(name, 128, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
      break;
    }
  }
  if (file) {
    (void)fclose(file);
  }
  return name;
}

double
machine_seconds(void)
{
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC_RAW, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double
machine_clock(void)
{
  double fastest = 0.0;
  for (uint32_t k = 0; k < CLOCK_REPEATS; ++k) {
    const double start = machine_seconds();
    uint64_t sum = 0;
    for (uint32_t i = 0; i < CLOCK_ADDITIONS; ++i) {
      sum += 1;
      __asm__ volatile("" : "+r"(sum)); // Each has to wait for the one before
    }
    fastest = fmax(fastest, CLOCK_ADDITIONS / (machine_seconds() - start));
  }
  return fastest;
}

double
machine_multiply_adds(const uint32_t isa)
{
  double fastest = 0.0;
  for (uint32_t k = 0; k < PEAK_REPEATS; ++k) {
    const double start = machine_seconds();
    const double count = peak_kernel(isa)->multiply_add(PEAK_ROUNDS);
    fastest = fmax(fastest, count / (machine_seconds() - start));
  }
  return fastest;
}

double
machine_load_bandwidth(const uint32_t isa)
{
  double fastest = 0.0;
  for (uint32_t k = 0; k < PEAK_REPEATS; ++k) {
    const double start = machine_seconds();
    const double bytes = peak_kernel(isa)->load(PEAK_ROUNDS / 100);
    fastest = fmax(fastest, bytes / (machine_seconds() - start));
  }
  return fastest;
}

static int
compare_doubles(const void* const a, const void* const b)
{
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return x < y ? -1 : x > y;
}

double
machine_quantile(double* const values, const size_t n, const double share)
{
  qsort(values, n, sizeof(double), compare_doubles);
  return values[(size_t)(share * (double)(n - 1) + 0.5)];
}

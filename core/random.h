// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The source of all randomness in training and in synthesised recordings: one seeded generator,
/// with the same numbers on every machine. Offline.
///
/// SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA
/// 2014.

#ifndef GRUS_CORE_RANDOM_H
#define GRUS_CORE_RANDOM_H

#include <stdint.h>

typedef struct {
  uint64_t state;
} Random;

static inline uint64_t
random_bits(Random* const random)
{
  random->state += 0x9E3779B97F4A7C15U;
  uint64_t bits = random->state;
  bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9U;
  bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBU;
  return bits ^ (bits >> 31U);
}

/// Return a generator for one part of a whole, independent of how many numbers other parts drew
static inline Random
random_for(const uint64_t seed, const uint64_t part)
{
  Random random = {seed * 0xD1342543DE82EF95U + part};
  random.state = random_bits(&random);
  return random;
}

/// Return a number from `low` up to but not including `high`
static inline double
random_between(Random* const random, const double low, const double high)
{
  return low + (high - low) * (double)(random_bits(random) >> 11U) * 0x1p-53;
}

/// Return one of 0 to `n` - 1
static inline uint32_t
random_below(Random* const random, const uint32_t n)
{
  return (uint32_t)(random_bits(random) % n);
}

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Do the convolver's inner loops sum the same with every instruction set?

#include "tests/fixtures.h"

#include "core/model/convolver_kernel.h"
#include "core/random.h"
#include "tests/checks.h"

#include <math.h>
#include <string.h>

#define N_FRAMES 64U
#define N_BANDS 30U

static float head[CONVOLVER_HEAD];
static float sound[CONVOLVER_HEAD + N_FRAMES];
static float x[2 * N_BANDS * CONVOLVER_BAND];
static float h[2 * N_BANDS * CONVOLVER_BAND];

static void
fill(float* const values, const size_t n, const uint64_t seed)
{
  Random random = random_for(seed, 5);
  for (size_t i = 0; i < n; ++i) {
    values[i] = (float)random_between(&random, -1.0, 1.0);
  }
}

static int
set_up(void** const state)
{
  (void)state;
  fill(head, sizeof(head) / sizeof(float), 1);
  fill(sound, sizeof(sound) / sizeof(float), 2);
  fill(x, sizeof(x) / sizeof(float), 3);
  fill(h, sizeof(h) / sizeof(float), 4);
  return 0;
}

static void
the_head_is_summed_by_every_instruction_set(void** const state)
{
  (void)state;
  for (uint32_t isa = 0; isa < convolver_kernel_count(); ++isa) {
    float y[N_FRAMES];
    convolver_kernel(isa).run_head(head, sound, y, N_FRAMES);
    for (uint32_t i = 0; i < N_FRAMES; ++i) {
      double sum = 0.0;
      for (uint32_t k = 0; k < CONVOLVER_HEAD; ++k) {
        sum += (double)head[k] * (double)sound[i + k];
      }
      check_near(y[i], sum, 1e-5);
    }
  }
}

/// So that the blocks of a host change no bit
static void
a_frame_has_the_same_bits_whatever_is_summed_with_it(void** const state)
{
  (void)state;
  for (uint32_t isa = 0; isa < convolver_kernel_count(); ++isa) {
    const ConvolverKernel kernel = convolver_kernel(isa);
    float whole[N_FRAMES];
    kernel.run_head(head, sound, whole, N_FRAMES);
    for (uint32_t n = 1; n < N_FRAMES; ++n) {
      float split[N_FRAMES];
      kernel.run_head(head, sound, split, n);
      kernel.run_head(head, sound + n, split + n, N_FRAMES - n);
      assert_memory_equal(split, whole, sizeof(whole));
    }
  }
}

static void
bands_are_multiplied_and_added_by_every_instruction_set(void** const state)
{
  (void)state;
  for (uint32_t isa = 0; isa < convolver_kernel_count(); ++isa) {
    float sum[2 * CONVOLVER_BAND];
    fill(sum, sizeof(sum) / sizeof(float), 6);
    double right[2 * CONVOLVER_BAND];
    for (uint32_t i = 0; i < CONVOLVER_BAND; ++i) {
      right[i] = (double)sum[i];
      right[CONVOLVER_BAND + i] = (double)sum[CONVOLVER_BAND + i];
      for (uint32_t p = 0; p < N_BANDS; ++p) {
        const float* const a = x + (size_t)p * 2 * CONVOLVER_BAND + i;
        const float* const b = h + (size_t)p * 2 * CONVOLVER_BAND + i;
        const double a_re = (double)a[0];
        const double a_im = (double)a[CONVOLVER_BAND];
        right[i] += a_re * (double)b[0] - a_im * (double)b[CONVOLVER_BAND];
        right[CONVOLVER_BAND + i] += a_re * (double)b[CONVOLVER_BAND] + a_im * (double)b[0];
      }
    }
    convolver_kernel(isa).add_products(x, h, N_BANDS, sum);
    for (uint32_t i = 0; i < 2 * CONVOLVER_BAND; ++i) {
      check_near(sum[i], right[i], 1e-5);
    }
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_head_is_summed_by_every_instruction_set),
      cmocka_unit_test(a_frame_has_the_same_bits_whatever_is_summed_with_it),
      cmocka_unit_test(bands_are_multiplied_and_added_by_every_instruction_set),
  };
  return cmocka_run_group_tests(tests, set_up, NULL);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Is the target the input itself, be it softer, inverted or later by whole frames? No gear does
// that through cables and converters; a bypass in software does, and a file that is exported twice.
// Main thread, before the training.

#include "train/capture/checks.h"

#include "core/decibel.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#define MOST_LEFT 1e-6  ///< Power of what differs, of the target's: -60 dB
#define LEAST_LEFT 1e-3 ///< Of the same in the first second, above which the rest is not looked at
#define SHOWN 0.005     ///< Least difference in level that is printed [dB]
#define NEAR 2          ///< Frames that the delay may be wrong by

/// Sums over two sounds x and y
typedef struct {
  double n;
  double x;
  double y;
  double xx;
  double xy;
  double yy;
} Sums;

static void
add_frames(const CheckPair p, const int64_t delay, const int64_t begin, const int64_t end,
           Sums* const s)
{
  for (int64_t i = begin; i < end; ++i) {
    const double x = (double)p.input->samples[i];
    const double y = (double)p.target->samples[i + delay];
    s->n += 1.0;
    s->x += x;
    s->y += y;
    s->xx += x * x;
    s->xy += x * y;
    s->yy += y * y;
  }
}

/// Return the share of y's power that y = gain * x + level leaves; 1 without sound
static double
share_left(const Sums* const s, double* const gain)
{
  const double xx = s->xx - s->x * s->x / s->n;
  const double xy = s->xy - s->x * s->y / s->n;
  const double yy = s->yy - s->y * s->y / s->n;
  const bool has_sound = xx > 0.0 && yy > 0.0;
  *gain = has_sound ? xy / xx : 0.0;
  return has_sound ? fmax(0.0, 1.0 - xy * xy / (xx * yy)) : 1.0;
}

/// Return true if the target is the input `delay` frames later, and by which gain
static bool
is_copy(const CheckPair p, const int64_t delay, double* const gain)
{
  const int64_t begin = delay < 0 ? -delay : 0;
  const int64_t left = (int64_t)p.target->n_frames - delay;
  const int64_t end = left < (int64_t)p.input->n_frames ? left : (int64_t)p.input->n_frames;
  const int64_t first = begin + (int64_t)p.input->sample_rate;
  Sums sums = {0};
  if (end <= first) {
    return false;
  }
  add_frames(p, delay, begin, first, &sums);
  if (sums.xx > 0.0 && share_left(&sums, gain) > LEAST_LEFT) {
    return false;
  }
  add_frames(p, delay, first, end, &sums);
  return share_left(&sums, gain) < MOST_LEFT;
}

static bool
has_two_different(const Wav* const wav)
{
  return wav->channels.n == 2 && wav->channels.differ;
}

/// Say how to read other channels, if that helps
static void
write_remedy(const CheckPair p, char* const remedy, const size_t size)
{
  const unsigned in = p.input->channels.read;
  const unsigned out = p.target->channels.read;
  if (has_two_different(p.target) && has_two_different(p.input) && in == out) {
    (void)snprintf(remedy, size,
                   "Channel %u of both was read. If the dry sound is on channel 1 and the gear's "
                   "on channel 2: --input-channel=1 --target-channel=2.",
                   in);
  } else if (has_two_different(p.target)) {
    (void)snprintf(remedy, size, "If the gear's sound is on channel %u: --target-channel=%u.",
                   3 - out, 3 - out);
  } else if (has_two_different(p.input)) {
    (void)snprintf(remedy, size, "If the dry sound is on channel %u: --input-channel=%u.", 3 - in,
                   3 - in);
  } else {
    (void)snprintf(remedy, size,
                   "The target is the input itself. Was the gear bypassed, or the same file "
                   "exported twice?");
  }
}

void
check_same(const CheckPair p, const double delay, Findings* const findings)
{
  char remedy[sizeof(findings->items[0].remedy)];
  const int64_t about = (int64_t)floor(delay);
  double gain = 0.0;
  bool is_same = false;
  int64_t found = about - NEAR;
  for (int64_t d = about - NEAR; d <= about + NEAR && !is_same; ++d) {
    is_same = is_copy(p, d, &gain);
    found = d;
  }
  if (is_same) {
    const double level = decibel_of_gain(fabs(gain));
    write_remedy(p, remedy, sizeof(remedy));
    finding_add(findings, "Difference", VERDICT_STOP, remedy,
                "none: the target is the input, %+.2f dB%s, %lld frames late",
                fabs(level) < SHOWN ? 0.0 : level, gain < 0.0 ? ", inverted" : "",
                (long long)found);
  }
}

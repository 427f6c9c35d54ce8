// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Is anything there, is it loud enough, and does it clip? Main thread, before the training.

#include "core/decibel.h"
#include "train/capture/checks.h"

#include "train/audio/esr.h"

#include <math.h>
#include <stdio.h>

#define SOFT (-30.0) ///< Peak that is worth a note [dBFS]
#define SOFT_TARGET (-45.0)
#define FAINT (-58.0)    ///< Peak that may be hiss, if another channel is louder [dBFS]
#define NOTHING (-100.0) ///< Peak of silence [dBFS]
#define LOUD 0.1         ///< Peak of a target that is worth a note [dBFS]
#define TOO_LOUD 12.0    ///< Peak that players don't reach: Grus' limit of the output [dBFS]
#define LOW (-12.0)      ///< Peak below which louder is better [dBFS]
#define COARSE 40.0      ///< RMS above the noise of rounded samples that is worth a note [dB]
#define TOO_COARSE 20.0

#define LEAST_RUN 3U       ///< Samples at the same highest value that make a flat top
#define LEAST_TOPS 10U     ///< Below full scale, where fewer may be chance
#define LEAST_STEPS 1024.0 ///< Of rounding, below which a low note's tops are flat anyway
#define FULL_SCALE 0.999F  ///< From here on, up to FULL_SCALE_END
#define FULL_SCALE_END 1.0001F
#define MANY_CLIPPED 1e-4 ///< Of all samples

typedef struct {
  double peak;
  double swing; ///< Half of what lies between the lowest and the highest sample
  double power; ///< Mean
} WavLevel;

static WavLevel
level_of(const Wav* const wav, const uint64_t begin, const uint64_t end)
{
  WavLevel level = {0.0, 0.0, 0.0};
  double low = HUGE_VAL;
  double high = -HUGE_VAL;
  for (uint64_t i = begin; i < end; ++i) {
    const double x = (double)wav->samples[i];
    level.peak = fabs(x) > level.peak ? fabs(x) : level.peak;
    level.power += x * x;
    low = x < low ? x : low;
    high = x > high ? x : high;
  }
  level.swing = end > begin ? 0.5 * (high - low) : 0.0;
  level.power = end > begin ? level.power / (double)(end - begin) : 0.0;
  return level;
}

/// What one side's level is judged by
typedef struct {
  const char* name;
  const char* side; ///< As in --input-channel
  double soft;
  double loud;
  double too_loud;
  const char* remedy; ///< If it is soft
  const char* force;  ///< What --force can't do if it is silent; empty: it trains
} LevelRule;

/// Return how far a recording lies above the noise of its rounding: a step is 2^(1 - bits), and its
/// noise has a power of step^2 / 12 [dB]
static double
find_resolution(const Wav* const wav, const WavLevel level)
{
  const double step = pow(2.0, 1.0 - wav->n_bits);
  return wav->n_bits ? decibel_of_power(12.0 * level.power / (step * step)) : HUGE_VAL;
}

/// Return false for a recording that is silent, with DC or without, which this reports
static bool
has_sound(const WavLevel level, const LevelRule rule, Findings* const findings)
{
  if (decibel_of_gain(level.swing) > NOTHING) {
    return true;
  }
  char remedy[192];
  (void)snprintf(
      remedy, sizeof(remedy),
      "It has no sound. Was the right track recorded? --%s-channel chooses another channel.%s",
      rule.side, rule.force);
  finding_add(findings, rule.name, VERDICT_STOP, remedy, "silent");
  return false;
}

/// Judge a level that is neither too loud nor coarse; return false for a wrong channel
static bool
judge_softness(const Wav* const wav, const double peak, const double rms, const LevelRule rule,
               Findings* const findings)
{
  const bool is_other = wav->channels.loudest != wav->channels.read;
  const bool is_wrong = is_other && peak < FAINT;
  char other[128];
  (void)snprintf(other, sizeof(other),
                 "Channel %u is louder; if that is the %s, use --%s-channel=%u.",
                 wav->channels.loudest, rule.side, rule.side, wav->channels.loudest);
  finding_add(findings, rule.name,
              is_wrong           ? VERDICT_STOP
              : peak < rule.soft ? VERDICT_NOTE
                                 : VERDICT_OK,
              is_other ? other : rule.remedy, "peak %.1f dBFS, RMS %.1f dBFS", peak, rms);
  return !is_wrong;
}

/// Report a level that is low for so few bits
static void
judge_resolution(const Wav* const wav, const WavLevel level, const LevelRule rule,
                 Findings* const findings)
{
  const double peak = decibel_of_gain(level.peak);
  const double resolution = find_resolution(wav, level);
  const bool is_bad = resolution < TOO_COARSE;
  char remedy[192];
  (void)snprintf(remedy, sizeof(remedy), "%s export it with 24 bits or as float.%s",
                 peak < LOW ? "Too soft for a file of so few bits: record again with peaks of -12 "
                              "to -3 dBFS, or"
                            : "A file of so few bits has audible noise of rounding:",
                 is_bad ? " --force trains anyway: it learns that noise." : "");
  finding_add(findings, rule.name, is_bad ? VERDICT_STOP : VERDICT_NOTE, remedy,
              "peak %.1f dBFS, RMS %.1f dBFS, %.0f dB above %u-bit noise", peak,
              decibel_of_power(level.power), resolution, wav->n_bits);
}

/// Return false if the rest of the examination would make no sense
static bool
judge_level(const Wav* const wav, const LevelRule rule, Findings* const findings)
{
  const WavLevel level = level_of(wav, 0, wav->n_frames);
  const double peak = decibel_of_gain(level.peak);
  const double rms = decibel_of_power(level.power);
  const double resolution = find_resolution(wav, level);
  if (!has_sound(level, rule, findings)) {
    return false;
  }
  if (peak > rule.loud) {
    const bool is_bad = peak > rule.too_loud;
    finding_add(findings, rule.name, is_bad ? VERDICT_STOP : VERDICT_NOTE,
                is_bad ? "Players clip at +12 dBFS. Export it softer: it is learned as well. "
                         "--force trains anyway: what is louder will be clipped."
                       : "The model will play as loud: turn it down where it plays, or export "
                         "this file softer, which is learned as well.",
                "peak %+.1f dBFS, RMS %.1f dBFS", peak, rms);
    return true;
  }
  if (resolution < COARSE && wav->channels.loudest == wav->channels.read) {
    judge_resolution(wav, level, rule, findings);
    return true;
  }
  return judge_softness(wav, peak, rms, rule, findings);
}

bool
check_levels(const CheckPair p, Findings* const findings)
{
  const bool has_input =
      judge_level(p.input,
                  (LevelRule){"Input level", "input", SOFT, HUGE_VAL, HUGE_VAL,
                              "Play or record with peaks of -12 to -1 dBFS: the model learns "
                              "nothing louder than this.",
                              ""},
                  findings);
  const bool has_target =
      judge_level(p.target,
                  (LevelRule){"Target level", "target", SOFT_TARGET, LOUD, TOO_LOUD,
                              "Fine if it was made softer after the recording: only noise "
                              "matters. Else turn up the interface's gain, and record again.",
                              " --force can't learn from silence."},
                  findings);
  return has_input && has_target;
}

/// Flat tops on one or both sides of a recording
typedef struct {
  uint64_t n_tops;
  uint64_t n_samples;
  uint64_t first; ///< Frame
} FlatTops;

/// Count runs at the value `top`
static void
count_tops(const Wav* const wav, const float top, FlatTops* const tops)
{
  uint64_t run = 0;
  for (uint64_t i = 0; i <= wav->n_frames; ++i) {
    if (i < wav->n_frames && wav->samples[i] == top) {
      ++run;
      continue;
    }
    if (run >= LEAST_RUN) {
      tops->first = tops->n_tops && tops->first < i - run ? tops->first : i - run;
      tops->n_samples += run;
      ++tops->n_tops;
    }
    run = 0;
  }
}

static bool
is_full_scale(const float top)
{
  return fabsf(top) >= FULL_SCALE && fabsf(top) <= FULL_SCALE_END;
}

/// Find flat tops at the highest and the lowest value
static FlatTops
find_tops(const Wav* const wav, float* const top)
{
  FlatTops tops = {0, 0, 0};
  float high = 0.0F;
  float low = 0.0F;
  for (uint64_t i = 0; i < wav->n_frames; ++i) {
    high = wav->samples[i] > high ? wav->samples[i] : high;
    low = wav->samples[i] < low ? wav->samples[i] : low;
  }
  if (high > 0.0F) {
    count_tops(wav, high, &tops);
  }
  if (low < 0.0F) {
    count_tops(wav, low, &tops);
  }
  *top = is_full_scale(low) || -low > high ? low : high;
  return tops;
}

/// Return true if rounding alone may have made tops flat
static bool
is_rounded(const Wav* const wav, const float top)
{
  return wav->n_bits && fabs((double)top) * exp2(wav->n_bits - 1.0) < LEAST_STEPS;
}

static void
judge_clipping(const Wav* const wav, const bool is_target, Findings* const findings)
{
  float top = 0.0F;
  const FlatTops tops = find_tops(wav, &top);
  const char* const name = is_target ? "Target clips" : "Input clips";
  const bool is_full = is_full_scale(top);
  if (!tops.n_tops || (!is_full && (tops.n_tops < LEAST_TOPS || is_rounded(wav, top)))) {
    finding_add(findings, name, VERDICT_OK, "", "no");
    return;
  }
  const bool is_bad =
      is_target && is_full && (double)tops.n_samples > MANY_CLIPPED * (double)wav->n_frames;
  const char* const remedy =
      !is_target ? "This is fine if exactly this file was played through the gear. If it was "
                   "recorded along with the target, record at a lower level."
      : is_full
          ? "The converter was overdriven: turn down the interface's gain and record again, or "
            "the model learns the converter's clipping."
          : "If the gear itself doesn't clip like this, something after it was overdriven.";
  finding_add(findings, name, is_bad ? VERDICT_STOP : VERDICT_NOTE, remedy,
              "%llu flat tops at %.1f dBFS, the first at %.2f s", (unsigned long long)tops.n_tops,
              decibel_of_gain(fabs((double)top)), (double)tops.first / wav->sample_rate);
}

void
check_clipping(const CheckPair p, Findings* const findings)
{
  judge_clipping(p.input, false, findings);
  judge_clipping(p.target, true, findings);
}

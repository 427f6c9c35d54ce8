// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What a page is drawn with, each part against what must come out; and whether what it shows of a
// take is what the model plays.

#include "core/circle.h"
#include "core/decibel.h"
#include "tests/fixtures.h"

#include "core/format/model_file.h"
#include "core/reference.h"
#include "train/capture/test_signal_layout.h"
#include "train/report/chart.h"
#include "train/report/harmonics.h"
#include "train/report/heat_map.h"
#include "train/report/html.h"
#include "train/report/page.h"
#include "train/report/playback.h"
#include "train/report/player.h"
#include "train/report/spectrogram.h"
#include "train/report/survey.h"

#include <png.h>
#include <sndfile.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE 48000.0

/// Return the bytes of the first data: address in a text; the caller frees them
static uint8_t*
bytes_in(const char* const text, size_t* const size)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const char* c = strstr(text, "base64,");
  uint8_t* const bytes = (uint8_t*)malloc(strlen(text));
  uint32_t bits = 0;
  uint32_t n_bits = 0;
  assert_true(c && bytes);
  *size = 0;
  for (c += 7; *c != '"' && *c != '='; ++c) {
    const char* const digit = strchr(digits, *c);
    assert_non_null(digit);
    bits = bits << 6U | (uint32_t)(digit - digits);
    n_bits += 6;
    if (n_bits >= 8) {
      n_bits -= 8;
      bytes[(*size)++] = (uint8_t)(bits >> n_bits);
    }
  }
  return bytes;
}

static void
texts_and_bytes_survive_the_page(void** const state)
{
  (void)state;
  // RFC 4648, section 10
  static const char* const vectors[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"}};
  for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); ++i) {
    char* text = NULL;
    size_t size = 0;
    char expected[64];
    FILE* const out = open_memstream(&text, &size);
    html_data(out, "a/b", vectors[i][0], strlen(vectors[i][0]));
    assert_int_equal(fclose(out), 0);
    (void)snprintf(expected, sizeof(expected), "data:a/b;base64,%s", vectors[i][1]);
    assert_string_equal(text, expected);
    free(text);
  }
  char* text = NULL;
  size_t size = 0;
  FILE* const out = open_memstream(&text, &size);
  html_text(out, "<b> & \"ü\"");
  assert_int_equal(fclose(out), 0);
  assert_string_equal(text, "&lt;b&gt; &amp; &quot;ü&quot;");
  free(text);
}

static void
minus_signs_stand_before_numbers_only(void** const state)
{
  (void)state;
  char* text = NULL;
  size_t size = 0;
  FILE* const out = open_memstream(&text, &size);
  html_text_with_numbers(out, "-1 dB (-2), 3-4, A-weighted - <-5> -x");
  assert_int_equal(fclose(out), 0);
  assert_string_equal(text, "−1 dB (−2), 3-4, A-weighted - &lt;-5&gt; -x");
  free(text);
}

/// A straight line from corner to corner, and one that is broken by what is no number
static void
lines_lie_where_their_numbers_are(void** const state)
{
  (void)state;
  const double y[] = {0.0, 5.0, 10.0};
  const double broken[] = {0.0, (double)NAN, 10.0};
  const double hz[] = {10.0, 100.0, 1000.0};
  char* text = NULL;
  size_t size = 0;
  FILE* const out = open_memstream(&text, &size);
  chart_write(out, &(const Chart){.caption = "c",
                                  .x = {"x", 10.0, 1000.0, true},
                                  .y = {"y", 0.0, 10.0, false},
                                  .lines = {{"a", hz, y, 3, 0}, {"b", hz, broken, 3, 1}},
                                  .n_lines = 2,
                                  .height = 0.5});
  assert_int_equal(fclose(out), 0);
  assert_non_null(strstr(text, "class=\"s0\" d=\"M0.0 350.0L350.0 175.0L700.0 0.0\""));
  assert_non_null(strstr(text, "class=\"s1\" d=\"M0.0 350.0M700.0 0.0\""));
  assert_non_null(strstr(text, "style=\"left:100.00%\">1k</span>"));
  assert_non_null(strstr(text, "style=\"left:50.00%\">100</span>"));
  assert_non_null(strstr(text, "style=\"bottom:20.00%\">2</span>"));
  free(text);
}

static void
numbers_are_brighter_the_larger_they_are(void** const state)
{
  (void)state;
  const float values[] = {-1.0F, 0.0F, 0.25F, 0.5F, 0.75F, 1.0F, 2.0F, 1.0F};
  char* text = NULL;
  size_t size = 0;
  FILE* const out = open_memstream(&text, &size);
  assert_int_equal(heat_map_write(out, &(const HeatMap){"m", NULL, NULL, "d", values, 2, 4, 10}),
                   STATUS_OK);
  assert_int_equal(fclose(out), 0);
  uint8_t* const png = bytes_in(text, &size);
  png_image image = {.version = PNG_IMAGE_VERSION};
  uint8_t rgb[3 * 8];
  int grey[8];
  assert_true(png_image_begin_read_from_memory(&image, png, size));
  assert_int_equal(image.width, 4);
  assert_int_equal(image.height, 2);
  image.format = PNG_FORMAT_RGB;
  assert_true(png_image_finish_read(&image, NULL, rgb, 0, NULL));
  for (uint32_t i = 0; i < 8; ++i) {
    grey[i] = rgb[3 * i] + rgb[3 * i + 1] + rgb[3 * i + 2];
  }
  assert_int_equal(grey[0], grey[1]); // Below is as far as it goes
  assert_int_equal(grey[6], grey[5]);
  for (uint32_t i = 1; i < 5; ++i) {
    assert_true(grey[i + 1] > grey[i] + 50);
  }
  free(png);
  free(text);
}

/// What libsndfile reads from
typedef struct {
  const uint8_t* bytes;
  sf_count_t size;
  sf_count_t at;
} Reader;

static sf_count_t
reader_size(void* const data)
{
  return ((const Reader*)data)->size;
}

static sf_count_t
reader_tell(void* const data)
{
  return ((const Reader*)data)->at;
}

static sf_count_t
reader_seek(const sf_count_t offset, const int whence, void* const data)
{
  Reader* const r = (Reader*)data;
  r->at = offset + (whence == SEEK_SET ? 0 : whence == SEEK_CUR ? r->at : r->size);
  return r->at;
}

static sf_count_t
reader_read(void* const to, const sf_count_t n, void* const data)
{
  Reader* const r = (Reader*)data;
  const sf_count_t n_read = n < r->size - r->at ? n : r->size - r->at;
  memcpy(to, r->bytes + r->at, (size_t)n_read);
  r->at += n_read;
  return n_read;
}

static void
sounds_are_heard_as_they_were(void** const state)
{
  (void)state;
  enum { N = 5000 };
  static float in[N];
  static float heard[N];
  fixture_sine(in, N, 1000.0, 1.5, RATE); // Clips where it must, and does not turn over
  char* text = NULL;
  size_t size = 0;
  FILE* const out = open_memstream(&text, &size);
  assert_int_equal(player_write(out, &(const PlayerSound){"in", in, N, RATE, 0.8}), STATUS_OK);
  assert_int_equal(fclose(out), 0);
  uint8_t* const flac = bytes_in(text, &size);
  Reader reader = {flac, (sf_count_t)size, 0};
  SF_VIRTUAL_IO io = {reader_size, reader_seek, reader_read, NULL, reader_tell};
  SF_INFO info = {0};
  SNDFILE* const file = sf_open_virtual(&io, SFM_READ, &info, &reader);
  assert_non_null(file);
  assert_int_equal(info.samplerate, 48000);
  assert_int_equal(sf_readf_float(file, heard, N), N);
  for (uint32_t i = 0; i < N; ++i) {
    const float expected = fmaxf(fminf(0.8F * in[i], 1.0F), -1.0F);
    assert_true(fabsf(heard[i] - expected) < 1.0F / 16384.0F);
  }
  (void)sf_close(file);
  free(flac);
  free(text);
}

/// Fill the samples of a segment with a sine
static void
fill_segment(float* const samples, const SignalSegment* const segment, const float peak)
{
  const uint32_t n = (uint32_t)(segment->end - segment->begin);
  fixture_sine(samples + segment->begin, n, 220.0, (double)peak, RATE);
}

/// Write what is recognised as the test signal: its clicks, loud sweeps, and softer playing
static float*
make_signal(SignalLayout* const layout)
{
  signal_layout((uint32_t)RATE, SIGNAL_MIN_SECONDS, 0, layout);
  float* const x = (float*)calloc((size_t)layout->n_frames, sizeof(float));
  for (uint32_t i = 0; i < layout->n_segments; ++i) {
    const SignalKind kind = layout->segments[i].kind;
    const bool is_sweep = kind == SIGNAL_SWEEP || kind == SIGNAL_NOISE;
    if (is_sweep || kind == SIGNAL_PHRASE || kind == SIGNAL_VALIDATION) {
      fill_segment(x, &layout->segments[i], is_sweep ? 0.9F : 0.3F);
    }
  }
  for (uint32_t k = 0; k < SIGNAL_N_GROUPS * SIGNAL_N_CLICKS; ++k) {
    const uint64_t peak = signal_click_frame(layout, k / SIGNAL_N_CLICKS, k % SIGNAL_N_CLICKS);
    for (uint64_t t = peak - 20; t <= peak + 20; ++t) {
      x[t] = (float)(signal_click_size(k % SIGNAL_N_CLICKS) *
                     signal_click_shape((uint32_t)RATE, (double)t - (double)peak));
    }
  }
  return x;
}

static bool
is_playing_at(const SignalLayout* const layout, const uint64_t frame)
{
  uint32_t i = 0;
  while (frame >= layout->segments[i].end) {
    ++i;
  }
  return layout->segments[i].kind == SIGNAL_PHRASE || layout->segments[i].kind == SIGNAL_VALIDATION;
}

/// The sweeps are louder, and a model that has learned nothing is as wrong in the rests
static void
what_is_shown_of_the_test_signal_is_its_playing(void** const state)
{
  (void)state;
  SignalLayout layout;
  float* const x = make_signal(&layout);
  const Wav wav = {.samples = x, .n_frames = layout.n_frames, .sample_rate = RATE};
  const Take take = {.name = "t.wav", .input = &wav, .target = &wav};
  ModelFile file = fixture_model_file(CELL_GRU_RESET_BEFORE, 1, 3);
  Playback playback;
  Survey s;
  assert_int_equal(playback_open(&file, &take, (ClipLayout){0, 0}, &playback), STATUS_OK);
  assert_int_equal(survey_make(&playback, &s), STATUS_OK);
  assert_true(is_playing_at(&layout, survey_find_loudest(&s)));
  assert_true(is_playing_at(&layout, survey_find_soft(&s)));
  assert_true(is_playing_at(&layout, survey_find_worst(&s)));
  survey_clear(&s);
  playback_close(&playback);
  model_file_clear(&file);
  free(x);
}

static void
a_tone_is_bright_where_it_lies(void** const state)
{
  (void)state;
  enum { N = 48000 };
  float* const in = (float*)calloc(N, sizeof(float));
  fixture_sine(in + N / 2, N / 2, 1000.0, 0.5, RATE); // In the second half only
  Spectrogram s;
  assert_int_equal(spectrogram_make(in, N, RATE, &s), STATUS_OK);
  spectrogram_scale(&s, spectrogram_peak(&s));
  const double up = log(1000.0 / SPECTROGRAM_LOW) / log(SPECTROGRAM_HIGH / SPECTROGRAM_LOW);
  const uint32_t row = SPECTROGRAM_ROWS - 1 - (uint32_t)(up * SPECTROGRAM_ROWS);
  const float* const there = s.power + (size_t)row * SPECTROGRAM_COLUMNS;
  assert_true(there[SPECTROGRAM_COLUMNS * 3 / 4] > 0.95F);
  assert_true(there[SPECTROGRAM_COLUMNS / 4] < 0.0F); // Silence before it
  for (uint32_t i = 0; i < SPECTROGRAM_ROWS; ++i) {
    const uint32_t off = i > row ? i - row : row - i;
    const float here = s.power[(size_t)i * SPECTROGRAM_COLUMNS + SPECTROGRAM_COLUMNS * 3 / 4];
    assert_true(off < 6 || here < 0.5F); // 40 dB down, a quarter of an octave away
  }
  spectrogram_clear(&s);
  free(in);
}

/// A model, and a take of exactly what it plays, to which a test adds faults
typedef struct {
  ModelFile file;
  float* input;
  float* target;
  double* expected;  ///< By the equations, without the offset
  StageChoice stage; ///< What trials said of a linear stage
  Wav wavs[2];
  Take take;
} Fixture;

#define N_FRAMES (fixture_is_slow() ? 20480U : 327680U)

/// Play by the equations, from the model's rest on, without its offset
static void
play_expected(Fixture* const f)
{
  const Params* const params = &f->file.params;
  double h[8] = {0.0};
  double past[PARAMS_MAX_TAPS] = {0.0};
  double* const rest = (double*)calloc(48000, sizeof(double));
  float* const silence = (float*)calloc(48000, sizeof(float));
  assert_int_equal(reference_run(params, NULL, h, silence, rest, 48000), STATUS_OK);
  assert_int_equal(reference_run(params, NULL, h, f->input, f->expected, N_FRAMES), STATUS_OK);
  reference_stage(params, past, rest + 48000 - 2000, 2000);
  reference_stage(params, past, f->expected, N_FRAMES);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    f->expected[i] -= rest[47999];
    f->target[i] = (float)f->expected[i];
  }
  free(rest);
  free(silence);
}

static int
set_up_with(void** const state, const ModelFile file)
{
  Fixture* const f = (Fixture*)calloc(1, sizeof(Fixture));
  f->file = file;
  f->input = (float*)calloc(N_FRAMES, sizeof(float));
  f->target = (float*)calloc(N_FRAMES, sizeof(float));
  f->expected = (double*)calloc(N_FRAMES, sizeof(double));
  fixture_guitar(f->input, N_FRAMES, 1);
  play_expected(f);
  f->wavs[0] = (Wav){.samples = f->input, .n_frames = N_FRAMES, .sample_rate = RATE};
  f->wavs[1] = (Wav){.samples = f->target, .n_frames = N_FRAMES, .sample_rate = RATE};
  f->take = (Take){.name = "t.wav", .input = &f->wavs[0], .target = &f->wavs[1]};
  *state = f;
  return 0;
}

static int
set_up(void** const state)
{
  return set_up_with(state, fixture_model_file(CELL_GRU_RESET_BEFORE, fixture_size(8), 3));
}

#define N_TAPS 320U

static int
set_up_staged(void** const state)
{
  return set_up_with(state, fixture_staged_file(fixture_size(8), N_TAPS, 3));
}

static int
tear_down(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  model_file_clear(&f->file);
  free(f->input);
  free(f->target);
  free(f->expected);
  free(f);
  return 0;
}

static void
an_excerpt_is_what_the_model_plays_there(void** const state)
{
  const Fixture* const f = (Fixture*)*state;
  const uint32_t middles[] = {0, N_FRAMES / 2, N_FRAMES - 10};
  Playback playback;
  assert_int_equal(playback_open(&f->file, &f->take, (ClipLayout){0, 0}, &playback), STATUS_OK);
  for (uint32_t i = 0; i < 3; ++i) {
    Excerpt e;
    assert_int_equal(playback_cut_excerpt(&playback, middles[i], 1200, &e), STATUS_OK);
    assert_int_equal(e.n_frames, 1200);
    assert_true(e.begin + 1200 <= N_FRAMES && e.begin <= middles[i] &&
                middles[i] <= e.begin + 1200);
    for (uint32_t t = 0; t < 1200; ++t) {
      assert_true(fabs((double)e.output[t] - f->expected[e.begin + t]) < 2e-6);
      assert_true(e.difference[t] == e.target[t] - e.output[t]);
    }
    excerpt_clear(&e);
  }
  playback_close(&playback);
}

/// One block of the target is the other way round; in another it is silent where the model plays
static void
the_worst_moment_is_found(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  const uint32_t at = N_FRAMES / 2 / SURVEY_BLOCK * SURVEY_BLOCK;
  for (uint32_t i = 0; i < SURVEY_BLOCK; ++i) {
    f->target[at + i] *= -1.0F;
    f->target[at + 2 * SURVEY_BLOCK + i] = 0.0F;
  }
  Playback playback;
  Survey s;
  assert_int_equal(playback_open(&f->file, &f->take, (ClipLayout){0, 0}, &playback), STATUS_OK);
  assert_int_equal(survey_make(&playback, &s), STATUS_OK);
  assert_int_equal(s.n_blocks, N_FRAMES / SURVEY_BLOCK);
  assert_int_equal(survey_find_worst(&s), at + SURVEY_BLOCK / 2);
  uint32_t loudest = 0;
  for (uint32_t i = 0; i < s.n_blocks; ++i) {
    loudest = s.blocks[i].target > s.blocks[loudest].target ? i : loudest;
    assert_true(s.blocks[i].begin == at || s.blocks[i].error < 1e-11 ||
                s.blocks[i].begin == at + 2 * SURVEY_BLOCK);
  }
  assert_int_equal(survey_find_loudest(&s), loudest * SURVEY_BLOCK + SURVEY_BLOCK / 2);
  // The levels that were played came out as they should, and the error is spread as the target that
  // is missing
  for (uint32_t i = 0; i < SURVEY_LEVELS; ++i) {
    assert_true(s.levels[i].n_frames < 2000 ||
                fabs(s.levels[i].target - s.levels[i].output) < 0.05);
  }
  survey_clear(&s);
  playback_close(&playback);
}

/// Each clip begins as after silence: what is played without that is not what was learned
static void
each_clip_in_a_row_starts_from_rest(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  const uint32_t clip = 2 * SURVEY_BLOCK + 100;
  double* const rest = (double*)calloc(48000, sizeof(double));
  float* const silence = (float*)calloc(48000, sizeof(float));
  double settled[8] = {0.0};
  assert_int_equal(reference_run(&f->file.params, NULL, settled, silence, rest, 48000), STATUS_OK);
  for (uint32_t begin = 0; begin + clip <= N_FRAMES; begin += clip) {
    double h[8];
    memcpy(h, settled, sizeof(h));
    assert_int_equal(reference_run(&f->file.params, NULL, h, f->input + begin, f->expected, clip),
                     STATUS_OK);
    for (uint32_t i = 0; i < clip; ++i) {
      f->target[begin + i] = (float)(f->expected[i] - rest[47999]);
    }
    memset(f->target + begin, 0, 50 * sizeof(float)); // Before the warm-up is over
  }
  Playback playback;
  Survey s;
  assert_int_equal(playback_open(&f->file, &f->take, (ClipLayout){clip, 60}, &playback), STATUS_OK);
  assert_int_equal(survey_make(&playback, &s), STATUS_OK);
  assert_int_equal(s.n_blocks, N_FRAMES / clip * 2);
  for (uint32_t i = 0; i < s.n_blocks; ++i) {
    assert_true(s.blocks[i].error < 1e-11);
  }
  survey_clear(&s);
  playback_close(&playback);
  free(rest);
  free(silence);
}

static void
harmonics_are_those_of_the_equations(void** const state)
{
  const Fixture* const f = (Fixture*)*state;
  enum { N = 16384 };
  static float in[N];
  static double out[N];
  Model* model = NULL;
  Harmonics* const harmonics = (Harmonics*)calloc(1, sizeof(Harmonics));
  assert_int_equal(model_new(&f->file, (ModelUse){RATE, 1, 1}, &model), STATUS_OK);
  assert_int_equal(harmonics_measure(model, RATE, harmonics), STATUS_OK);
  assert_true(fabs(harmonics->frequency - 220.0) < 2.0);
  const ToneResponse* const tone = &harmonics->tones[3];
  fixture_sine(in, N, harmonics->frequency, decibel_to_gain(tone->level_db), RATE);
  double h[8] = {0.0};
  assert_int_equal(reference_run(&f->file.params, NULL, h, in, out, N), STATUS_OK);
  assert_int_equal(reference_run(&f->file.params, NULL, h, in, out, N), STATUS_OK);
  double first = 0.0;
  for (uint32_t m = 0; m < HARMONICS_N; ++m) {
    double sums[2] = {0.0, 0.0};
    for (uint32_t t = 0; t < N; ++t) {
      const double angle = TAU * (m + 1) * harmonics->frequency / RATE * t;
      sums[0] += out[t] * cos(angle);
      sums[1] += out[t] * sin(angle);
    }
    const double db = decibel_of_power(sums[0] * sums[0] + sums[1] * sums[1]);
    first = m ? first : db;
    assert_true(fabs(fmax(db - first, -120.0) - fmax(tone->harmonics[m], -120.0)) < 0.1);
  }
  // Once around: the end meets the beginning
  const uint32_t n = tone->n_period;
  assert_true(fabs(tone->input[n - 1] - tone->input[0]) < 0.02 && n > 200 && n < 230);
  model_free(model);
  free(harmonics);
}

/// Return all of a file, to be freed
static char*
read_text(const char* const path)
{
  FILE* const file = fopen(path, "rb");
  assert_non_null(file);
  assert_int_equal(fseek(file, 0, SEEK_END), 0);
  const size_t size = (size_t)ftell(file);
  char* const text = (char*)calloc(size + 1, 1);
  rewind(file);
  assert_int_equal(fread(text, 1, size, file), size);
  (void)fclose(file);
  return text;
}

/// Write the page of a run and return its text, to be freed
static char*
write_page(Fixture* const f, const ReportTake* const take, const ScoreList* const scores,
           const char* const part, const char* const name)
{
  LearningPoint points[] = {{0.5, -6.0, -6.0}, {1.0, -9.0, -9.0}};
  const LearningCurve curve = {points, 2, 2};
  char path[4096];
  Message message = {""};
  const ReportInput input = {.model = &f->file,
                             .stage = &f->stage,
                             .scores = scores,
                             .curves = &curve,
                             .takes = take,
                             .n_takes = 1,
                             .take = &f->take,
                             .part = part};
  fixture_path(name, path);
  assert_int_equal(page_write(&input, path, &message), STATUS_OK);
  return read_text(path);
}

static void
check_shown(const char* const text, const char* const* const shown, const size_t n)
{
  for (size_t i = 0; i < n; ++i) {
    if (!strstr(text, shown[i])) {
      fail_msg("the page does not show %s", shown[i]);
    }
  }
}

/// Everything that is handed in must be found on the page, in the form a reader sees it
static void
a_page_shows_what_it_was_given(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  static const char* const shown[] = {"<h1>Plexi &amp; cab</h1>",
                                      "JTM &lt;45&gt;",
                                      "gain 0.5 at 44100 Hz",
                                      "0.012500 (−19.0\u00a0dB)",
                                      "from the test recording: t",
                                      "play.wav → amp.wav",
                                      "−12.5 frames",
                                      "Moved &amp; kept."};
  ScoreList scores = {.n = 0};
  Findings findings = {.n = 0};
  (void)snprintf(f->file.name, sizeof(f->file.name), "Plexi & cab");
  (void)snprintf(f->file.gear, sizeof(f->file.gear), "JTM <45>");
  score_list_add(&scores, "gain 0.5 at 44100 Hz", &(const ScoreResult){0.0125, 0.02, 0.03, 0.04});
  finding_add(&findings, "Latency", VERDICT_FIXED, "Moved & kept.", "%.1f frames", -12.5);
  const ReportTake take = {"play.wav", "amp.wav", &findings};
  char* const text = write_page(f, &take, &scores, "the test recording", "page.html");
  check_shown(text, shown, sizeof(shown) / sizeof(shown[0]));
  free(text);
}

/// What was learned from a capture must not look as if it were recorded from the gear
static void
a_page_names_the_capture_that_was_learned_from(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  static const char* const shown[] = {"learned from a NAM capture (A1 WaveNet): Plexi &amp; cab",
                                      "ESR against the capture: 0.00050",
                                      "Hard to tell from the capture",
                                      "<h2>The capture</h2>",
                                      "<td>plexi.nam</td>",
                                      "ESR 0.01250, as the capture says",
                                      ">capture</span>",
                                      "The capture, the model and the difference"};
  const ScoreList scores = {.n = 0};
  const Findings findings = {.n = 0};
  f->file.teacher = (ModelFileTeacher){"0123456789abcdef", "plexi.nam", "NAM capture (A1 WaveNet)",
                                       "Plexi & cab", 0.0125};
  f->file.record.esr = 0.0005;
  const ReportTake take = {"the signal", "plexi.nam", &findings};
  char* const text = write_page(f, &take, &scores, "the capture", "taught.html");
  check_shown(text, shown, sizeof(shown) / sizeof(shown[0]));
  assert_null(strstr(text, "recording"));
  assert_null(strstr(text, "examination"));
  free(text);
}

/// Let the linear stage be a low-pass of one pole, 3 dB down at a frequency [Hz]; return the pole
static double
plant_pole(Params* const params, const double hz)
{
  const double c = 2.0 - cos(TAU * hz / RATE); // |1 - p|^2 / |1 - p e^-jw|^2 = 1/2
  const double pole = c - sqrt(c * c - 1.0);
  for (uint32_t k = 0; k < params->shape.n_taps; ++k) {
    params_values(params, PARAMS_TAPS)[k] = (float)(0.3 * pow(pole, k));
  }
  return pole;
}

/// Return where a line of a chart lies over `x` [0 left to 1 right]: 0 at the bottom, 1 on top
static double
find_drawn(const char* const text, const char* const caption, const char* const line,
           const double x)
{
  float width = 0.0F;
  float height = 0.0F;
  float at[2];
  float before[2] = {0.0F, 0.0F};
  int n = 0;
  char name[32];
  const char* const label = strstr(text, caption);
  (void)snprintf(name, sizeof(name), "class=\"%s\" d=\"", line);
  assert_non_null(label);
  const char* box = label;
  while (strncmp(box, "viewBox=\"0 0 ", 13) != 0) {
    --box;
  }
  assert_int_equal(sscanf(box, "viewBox=\"0 0 %f %f", &width, &height), 2);
  const char* c = strstr(label, name) + strlen(name);
  while (sscanf(c, "%*1[ML]%f %f%n", &at[0], &at[1], &n) == 2) {
    if (at[0] >= (float)x * width) {
      const float part =
          at[0] > before[0] ? ((float)x * width - before[0]) / (at[0] - before[0]) : 1.0F;
      return 1.0 - (double)((before[1] + part * (at[1] - before[1])) / height);
    }
    memcpy(before, at, sizeof(before));
    c += n;
  }
  fail_msg("%s: the line %s ends before %g", caption, line, x);
  return 0.0;
}

/// Return the level that is drawn for a frequency [Hz, dB]
static double
find_drawn_level(const char* const text, const char* const line, const double hz)
{
  return 60.0 * find_drawn(text, "Frequency responses", line, log(hz / 20.0) / log(1000.0)) - 60.0;
}

/// Return how strong the network's answer to a very soft sine is, by the equations
static double
measure_network(const Params* const params, const double hz)
{
  enum { N = 48000 };
  double h[8] = {0.0};
  double re = 0.0;
  double im = 0.0;
  float* const in = (float*)calloc(N, sizeof(float));
  double* const out = (double*)calloc(N, sizeof(double));
  fixture_sine(in, N, hz, 1e-5, RATE);
  assert_int_equal(reference_run(params, NULL, h, in, out, N), STATUS_OK);
  assert_int_equal(reference_run(params, NULL, h, in, out, N), STATUS_OK);
  for (uint32_t t = 0; t < N; ++t) {
    re += out[t] * cos(TAU * hz / RATE * t);
    im += out[t] * sin(TAU * hz / RATE * t);
  }
  free(in);
  free(out);
  return decibel_of_power(re * re + im * im);
}

static char*
write_staged_page(Fixture* const f, const char* const name)
{
  const ScoreList scores = {.n = 0};
  const Findings findings = {.n = 0};
  const ReportTake take = {"play.wav", "amp.wav", &findings};
  return write_page(f, &take, &scores, "the recording", name);
}

static void
a_linear_stage_is_drawn_as_it_is(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  const double pole = plant_pole(&f->file.params, 1000.0);
  char* const text = write_staged_page(f, "pole.html");
  assert_true(fabs(find_drawn_level(text, "s3", 1000.0) + 3.01) < 0.05);
  for (double hz = 25.0; hz < 20000.0; hz *= 2.0) {
    const double power =
        (1.0 - pole) * (1.0 - pole) / (1.0 + pole * pole - 2.0 * pole * cos(TAU * hz / RATE));
    assert_true(fabs(find_drawn_level(text, "s3", hz) - decibel_of_power(power)) < 0.05);
  }
  for (uint32_t frames = 0; frames < 40; ++frames) {
    const double drawn = find_drawn(text, "Impulse response", "s3", frames / 960.0);
    assert_true(fabs(2.1 * drawn - 1.05 - pow(pole, frames)) < 0.01);
  }
  const double left = 60.0 * find_drawn(text, "How it dies away", "s3", 20.0 / N_TAPS) - 60.0;
  assert_true(fabs(left - decibel_of_power(pow(pole, 40.0))) < 0.1);
  free(text);
}

/// Where the sound is soft, the model is linear: network and stage add their levels
static void
the_model_is_drawn_behind_its_linear_stage(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  (void)plant_pole(&f->file.params, 2000.0);
  char* const text = write_staged_page(f, "linear.html");
  const double drawn = find_drawn_level(text, "s1", 3000.0) - find_drawn_level(text, "s1", 300.0) -
                       find_drawn_level(text, "s3", 3000.0) + find_drawn_level(text, "s3", 300.0);
  const double expected =
      measure_network(&f->file.params, 3000.0) - measure_network(&f->file.params, 300.0);
  assert_true(fabs(drawn - expected) < 0.2 && fabs(expected) > 1.0);
  free(text);
}

static void
a_page_says_what_a_linear_stage_gave(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  static const char* const given[] = {"320 taps, 6.7 ms, an amplifier's tone or load",
                                      "it always plays", "Its length was given"};
  static const char* const tried[] = {
      "320 taps, 6.7 ms, a loudspeaker", "Players can switch it off",
      "an ESR of 0.02000 (−17.0\u00a0dB) with one and 0.10000 (−10.0\u00a0dB) without."};
  char* text = write_staged_page(f, "given.html");
  check_shown(text, given, sizeof(given) / sizeof(given[0]));
  assert_null(strstr(text, "without."));
  free(text);
  f->file.stage_is_cabinet = true;
  f->stage = (StageChoice){true, 0.1, 0.02, true};
  text = write_staged_page(f, "tried.html");
  check_shown(text, tried, sizeof(tried) / sizeof(tried[0]));
  assert_null(strstr(text, "was given"));
  assert_null(strstr(text, "No linear stage"));
  free(text);
}

static void
without_a_linear_stage_there_is_a_line_on_its_trials_only(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  char* text = write_staged_page(f, "untried.html");
  assert_null(strstr(text, "inear stage"));
  free(text);
  f->stage = (StageChoice){true, 0.1, 0.09, false};
  text = write_staged_page(f, "bare.html");
  const char* const line = strstr(text, "No linear stage behind the network: short trials reached "
                                        "an ESR of 0.09000 (−10.5\u00a0dB) with one and 0.10000");
  assert_non_null(line);
  assert_null(strstr(line + 10, "inear stage"));
  free(text);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(texts_and_bytes_survive_the_page),
      cmocka_unit_test(minus_signs_stand_before_numbers_only),
      cmocka_unit_test(lines_lie_where_their_numbers_are),
      cmocka_unit_test(numbers_are_brighter_the_larger_they_are),
      cmocka_unit_test(sounds_are_heard_as_they_were),
      cmocka_unit_test(what_is_shown_of_the_test_signal_is_its_playing),
      cmocka_unit_test(a_tone_is_bright_where_it_lies),
      cmocka_unit_test_setup_teardown(an_excerpt_is_what_the_model_plays_there, set_up, tear_down),
      {"an_excerpt_has_the_linear_stage_too", an_excerpt_is_what_the_model_plays_there,
       set_up_staged, tear_down, NULL},
      cmocka_unit_test_setup_teardown(the_worst_moment_is_found, set_up, tear_down),
      cmocka_unit_test_setup_teardown(each_clip_in_a_row_starts_from_rest, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_page_shows_what_it_was_given, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_page_names_the_capture_that_was_learned_from, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(harmonics_are_those_of_the_equations, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_linear_stage_is_drawn_as_it_is, set_up_staged, tear_down),
      cmocka_unit_test_setup_teardown(the_model_is_drawn_behind_its_linear_stage, set_up_staged,
                                      tear_down),
      cmocka_unit_test_setup_teardown(a_page_says_what_a_linear_stage_gave, set_up_staged,
                                      tear_down),
      cmocka_unit_test_setup_teardown(without_a_linear_stage_there_is_a_line_on_its_trials_only,
                                      set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Do impulse responses sound the same at every rate, and do bad files get a clear message?

#include "tests/fixtures.h"

#include "core/circle.h"
#include "core/decibel.h"
#include "core/engine/impulse_file.h"
#include "core/engine/load.h"
#include "core/file.h"
#include "tests/checks.h"

#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FLOAT_WAV (SF_FORMAT_WAV | SF_FORMAT_FLOAT)

/// Contents of a file
typedef struct {
  const float* samples; ///< (n_frames, n_channels)
  uint32_t n_frames;
  int n_channels;
  int sample_rate; ///< [Hz]
  int format;      ///< libsndfile's
} Recording;

/// Return a path that the next call overwrites
static const char*
path_of(const char* const name)
{
  static char path[4096];
  fixture_path(name, path);
  return path;
}

static const char*
write_file(const char* const name, const Recording r)
{
  const char* const path = path_of(name);
  SF_INFO info = {.samplerate = r.sample_rate, .channels = r.n_channels, .format = r.format};
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  assert_non_null(file);
  assert_int_equal(sf_writef_float(file, r.samples, r.n_frames), r.n_frames);
  assert_int_equal(sf_close(file), 0);
  return path;
}

static float*
new_samples(const size_t n)
{
  float* const samples = (float*)calloc(n, sizeof(float));
  assert_non_null(samples);
  return samples;
}

/// A response that starts with a jump and decays: a one-pole low-pass
static float*
new_decay(const uint32_t n, const double pole)
{
  float* const samples = new_samples(n);
  for (uint32_t i = 0; i < n; ++i) {
    samples[i] = (float)((1.0 - pole) * pow(pole, i));
  }
  return samples;
}

/// Read a file that must give no warning
static Impulse
read_impulse(const char* const path, const double sample_rate)
{
  Impulse impulse = {.n_channels = 0};
  Message message = {"untouched"};
  const Status status = impulse_read(path, sample_rate, &impulse, &message);
  if (status || message.text[0]) {
    fail_msg("%d: %s", (int)status, message.text);
  }
  check_equal(impulse.sample_rate, sample_rate);
  return impulse;
}

/// Level at a frequency [dB]
static double
response_db(const float* const samples, const uint32_t n_frames, const double cycles_per_frame)
{
  double real = 0.0;
  double imaginary = 0.0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    real += (double)samples[i] * cos(2.0 * PI * cycles_per_frame * i);
    imaginary -= (double)samples[i] * sin(2.0 * PI * cycles_per_frame * i);
  }
  return decibel_of_power(real * real + imaginary * imaginary);
}

static void
taps_at_the_files_own_rate_stay_as_they_are(void** const state)
{
  (void)state;
  float samples[2 * 300];
  for (uint32_t i = 0; i < 300; ++i) {
    samples[2 * i] = sinf((float)i + 1.0F);
    samples[2 * i + 1] = cosf((float)i);
  }
  const Recording r = {samples, 300, 2, 48000, FLOAT_WAV};
  Impulse impulse = read_impulse(write_file("own.wav", r), 48000.0);
  assert_int_equal(impulse.n_channels, 2);
  assert_int_equal(impulse.n_frames, 300);
  for (uint32_t i = 0; i < 300; ++i) {
    check_equal(impulse.samples[0][i], samples[2 * i]);
    check_equal(impulse.samples[1][i], samples[2 * i + 1]);
  }
  impulse_clear(&impulse);
}

static void
every_common_format_is_read(void** const state)
{
  (void)state;
  static const int formats[] = {
      SF_FORMAT_WAV | SF_FORMAT_PCM_16,   SF_FORMAT_WAV | SF_FORMAT_PCM_24,
      SF_FORMAT_WAV | SF_FORMAT_PCM_32,   SF_FORMAT_WAV | SF_FORMAT_DOUBLE,
      SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, SF_FORMAT_AIFF | SF_FORMAT_PCM_24,
      SF_FORMAT_FLAC | SF_FORMAT_PCM_24};
  float* const samples = new_decay(200, 0.97);
  for (size_t k = 0; k < sizeof(formats) / sizeof(formats[0]); ++k) {
    const Recording r = {samples, 200, 1, 44100, formats[k]};
    Impulse impulse = read_impulse(write_file("format", r), 44100.0);
    assert_int_equal(impulse.n_channels, 1);
    assert_int_equal(impulse.n_frames, 200);
    assert_null(impulse.samples[1]);
    check_at_most(fixture_difference(impulse.samples[0], samples, 200), 1.0 / 32768.0);
    impulse_clear(&impulse);
  }
  free(samples);
}

/// Compare levels from 20 Hz to 18 kHz with those at the file's rate
static void
check_response(const float* const samples, const uint32_t n_frames, const int from, const double to)
{
  const Recording r = {samples, n_frames, 1, from, FLOAT_WAV};
  Impulse impulse = read_impulse(write_file("response.wav", r), to);
  for (double hz = 20.0; hz <= 18000.0; hz = hz < 1000.0 ? hz * 2.0 : hz + 500.0) {
    const double expected = response_db(samples, n_frames, hz / from);
    const double db = response_db(impulse.samples[0], impulse.n_frames, hz / to);
    if (!(fabs(db - expected) <= 0.05)) {
      fail_msg("%d to %g Hz, at %g Hz: %.2f dB instead of %.2f", from, to, hz, db, expected);
    }
  }
  impulse_clear(&impulse);
}

static void
the_frequency_response_is_the_same_at_every_rate(void** const state)
{
  (void)state;
  static const float click[1] = {0.7F};
  static const double rates[] = {44100.0, 48000.0, 88200.0, 96000.0, 192000.0};
  float* const decay = new_decay(600, 0.5); // -3 dB at 5 kHz, or at 11 kHz
  for (size_t k = 0; k < sizeof(rates) / sizeof(rates[0]); ++k) {
    check_response(decay, 600, 44100, rates[k]);
    check_response(decay, 600, 96000, rates[k]);
    check_response(click, 1, 44100, rates[k]);
    check_response(click, 1, 96000, rates[k]);
  }
  free(decay);
}

/// Return the centre of a response's energy [s]
static double
moment_of(const float* const samples, const uint32_t n_frames, const double sample_rate)
{
  double moment = 0.0;
  double power = 0.0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double p = (double)samples[i] * (double)samples[i];
    moment += p * i;
    power += p;
  }
  return moment / power / sample_rate;
}

static void
a_response_keeps_its_place(void** const state)
{
  (void)state;
  static const double rates[] = {44100.0, 48000.0, 96000.0, 192000.0};
  float* const samples = new_samples(400);
  for (uint32_t i = 0; i < 400; ++i) {
    samples[i] = (float)exp(-0.01 * pow((double)i - 120.0, 2.0));
  }
  const double was = moment_of(samples, 400, 48000.0);
  for (size_t k = 0; k < sizeof(rates) / sizeof(rates[0]); ++k) {
    const Recording r = {samples, 400, 1, 48000, FLOAT_WAV};
    Impulse impulse = read_impulse(write_file("place.wav", r), rates[k]);
    const double last = fabs((double)impulse.samples[0][impulse.n_frames - 1]);
    check_at_least(last, 0.99e-5 * 48000.0 / rates[k]); // No silence follows
    const double is = moment_of(impulse.samples[0], impulse.n_frames, rates[k]);
    check_at_most(fabs(is - was), 1.0 / rates[k]);
    impulse_clear(&impulse);
  }
  free(samples);
}

static void
a_response_that_starts_with_a_jump_is_hardly_late(void** const state)
{
  (void)state;
  static const int rates[] = {44100, 96000};
  static const float click[1] = {1.0F};
  for (size_t k = 0; k < 2; ++k) {
    const Recording r = {click, 1, 1, rates[k], FLOAT_WAV};
    Impulse impulse = read_impulse(write_file("jump.wav", r), 48000.0);
    const double late = moment_of(impulse.samples[0], impulse.n_frames, 48000.0);
    check_at_least(late, 0.0);
    check_at_most(late, 33.0 / 44100.0);
    impulse_clear(&impulse);
  }
}

static void
both_channels_are_resampled_together(void** const state)
{
  (void)state;
  float* const samples = new_samples(2 * 500);
  for (uint32_t i = 0; i < 500; ++i) {
    samples[2 * i] = (float)exp(-0.01 * pow((double)i - 120.0, 2.0));
    samples[2 * i + 1] = -0.25F * samples[2 * i];
  }
  const Recording r = {samples, 500, 2, 44100, FLOAT_WAV};
  Impulse impulse = read_impulse(write_file("both.wav", r), 48000.0);
  assert_int_equal(impulse.n_channels, 2);
  for (uint32_t i = 0; i < impulse.n_frames; ++i) {
    check_near(impulse.samples[1][i], -0.25F * impulse.samples[0][i], 1e-6F);
  }
  impulse_clear(&impulse);
  free(samples);
}

static void
silence_at_the_end_is_cut(void** const state)
{
  (void)state;
  float* const samples = new_samples(2 * 5000);
  samples[2 * 10] = 0.5F;
  samples[2 * 300 + 1] = 0.51e-5F; // A little above -100 dB of the peak
  samples[2 * 900] = 0.49e-5F;
  const Recording r = {samples, 5000, 2, 48000, FLOAT_WAV};
  Impulse impulse = read_impulse(write_file("end.wav", r), 48000.0);
  assert_int_equal(impulse.n_frames, 301);
  impulse_clear(&impulse);
  impulse = read_impulse(write_file("end.wav", r), 96000.0);
  check_at_most(impulse.n_frames, 2 * (301 + 2 * 32));
  impulse_clear(&impulse);
  free(samples);
}

static void
a_long_response_is_faded_out_with_a_warning(void** const state)
{
  (void)state;
  const uint32_t n_frames = 3 * 8000;
  float* const samples = new_samples(n_frames);
  for (uint32_t i = 0; i < n_frames; ++i) {
    samples[i] = 0.5F;
  }
  const Recording r = {samples, n_frames, 1, 8000, FLOAT_WAV};
  const char* const path = write_file("long.wav", r);
  Impulse impulse = {.n_channels = 0};
  Message message = {""};
  assert_int_equal(impulse_read(path, 8000.0, &impulse, &message), STATUS_OK);
  assert_non_null(strstr(message.text, "long.wav: lasts 3.0 s, of which the first 1 s is played"));
  assert_int_equal(impulse.n_frames, 8000);
  check_equal(impulse.samples[0][7900], 0.5F);
  check_below(impulse.samples[0][7999], 0.001F);
  check_below(fixture_largest_step(impulse.samples[0], 8000), 0.02);
  impulse_clear(&impulse);
  assert_int_equal(impulse_read(path, 44100.0, &impulse, NULL), STATUS_OK);
  check_at_most(fabs(impulse.n_frames / 44100.0 - 1.0), 2.0 * 32.0 / 8000.0);
  impulse_clear(&impulse);
  memset(samples + 4000, 0, (n_frames - 4000) * sizeof(float));
  impulse = read_impulse(write_file("long.wav", r), 8000.0); // Only its silence is long
  assert_int_equal(impulse.n_frames, 4000);
  impulse_clear(&impulse);
  free(samples);
}

/// The bytes of a file, exactly as many as are allocated; the caller frees
static char*
bytes_of(const char* const path, size_t* const size)
{
  FILE* const file = fopen(path, "rb");
  struct stat status;
  assert_non_null(file);
  assert_int_equal(fstat(fileno(file), &status), 0);
  *size = (size_t)status.st_size;
  char* const bytes = (char*)malloc(*size);
  assert_non_null(bytes);
  assert_int_equal(fread(bytes, 1, *size, file), *size);
  (void)fclose(file);
  return bytes;
}

static void
a_copy_in_memory_is_read_as_the_file(void** const state)
{
  (void)state;
  static const int formats[] = {FLOAT_WAV, SF_FORMAT_FLAC | SF_FORMAT_PCM_16};
  float* const samples = new_decay(500, 0.9);
  for (size_t k = 0; k < 2; ++k) {
    const Recording r = {samples, 500, 1, 44100, formats[k]};
    const char* const path = write_file("copy", r);
    size_t size = 0;
    char* const bytes = bytes_of(path, &size);
    Impulse from_file = read_impulse(path, 48000.0);
    Impulse from_copy = {.n_channels = 0};
    const ImpulseBytes copy = {bytes, size, "the session's copy"};
    assert_int_equal(impulse_parse(copy, 48000.0, &from_copy, NULL), STATUS_OK);
    assert_int_equal(from_file.n_frames, from_copy.n_frames);
    assert_memory_equal(from_file.samples[0], from_copy.samples[0],
                        from_copy.n_frames * sizeof(float));
    impulse_clear(&from_file);
    impulse_clear(&from_copy);
    free(bytes);
  }
  free(samples);
}

static void
an_unfinished_header_is_read_to_the_end_with_a_warning(void** const state)
{
  (void)state;
  float* const samples = new_decay(500, 0.9);
  const Recording r = {samples, 500, 1, 48000, SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  size_t size = 0;
  char* const bytes = bytes_of(write_file("crashed.wav", r), &size);
  const size_t sound = size - 500 * sizeof(float);
  memset(bytes + 4, 0, 4);
  memset(bytes + sound - 4, 0, 4);
  Impulse impulse = {.n_channels = 0};
  Message message = {""};
  const ImpulseBytes crashed = {bytes, size, "crashed.wav"};
  assert_int_equal(impulse_parse(crashed, 48000.0, &impulse, &message), STATUS_OK);
  assert_string_equal(message.text,
                      "crashed.wav: its header was never finished, as when a recorder "
                      "crashes; it is read to its end");
  check_below(fixture_difference(impulse.samples[0], samples, impulse.n_frames), 1e-9);
  check_above(impulse.n_frames, 100);
  impulse_clear(&impulse);
  free(bytes);
  free(samples);
}

/// Check that a file is refused with its name and `text`, and leaves the impulse unchanged
static void
check_refused(const char* const path, const Status expected, const char* const text)
{
  Impulse impulse = {.n_frames = 77};
  Message message = {""};
  const Status status = impulse_read(path, 48000.0, &impulse, &message);
  if (status != expected || !strstr(message.text, text) || !strstr(message.text, path)) {
    fail_msg("%d instead of %d: \"%s\" instead of \"%s\"", (int)status, (int)expected, message.text,
             text);
  }
  assert_int_equal(impulse.n_frames, 77);
  assert_null(impulse.samples[0]);
  assert_int_equal(impulse_read(path, 48000.0, &impulse, NULL), expected);
}

static const char*
write_text(const char* const name, const char* const text)
{
  const char* const path = path_of(name);
  FILE* const file = fopen(path, "wb");
  assert_non_null(file);
  check_at_least(fputs(text, file), 0);
  (void)fclose(file);
  return path;
}

static void
a_file_that_cannot_be_read_is_refused(void** const state)
{
  (void)state;
  check_refused("/nowhere/cab.wav", STATUS_MISSING, "no such file");
  check_refused("/tmp", STATUS_CANNOT_READ, "is a folder; expected a sound file");
  const char* const pipe = path_of("pipe.wav");
  assert_int_equal(mkfifo(pipe, 0600), 0);
  check_refused(pipe, STATUS_CANNOT_READ, "is a named pipe (FIFO); expected a sound file");
  check_refused(write_text("empty.wav", ""), STATUS_BAD_FILE,
                "is empty (0 bytes); expected a sound file");
  check_refused(write_text("text.wav", "not a sound, only words about one\n"), STATUS_BAD_FILE,
                "is a text file; expected a sound file");
  check_refused(write_text("cut.wav", "RIFF____WAVE"), STATUS_BAD_FILE,
                "is a damaged WAV file; export it again as WAV or FLAC");
  const char* const large = write_text("large.wav", "RIFF");
  assert_int_equal(truncate(large, (64L << 20) + 1), 0);
  check_refused(large, STATUS_BAD_FILE, "is too large");
}

static void
check_sound_refused(const Recording r, const Status expected, const char* const text)
{
  check_refused(write_file("sound.wav", r), expected, text);
}

static void
a_bad_impulse_is_refused(void** const state)
{
  (void)state;
  float* const silence = new_samples(80001);
  float bad[6] = {0.0F, 0.5F, 0.2F, 0.0F, 0.0F, 0.0F};
  check_sound_refused((Recording){silence, 0, 1, 48000, FLOAT_WAV}, STATUS_BAD_FILE, "no sound");
  check_sound_refused((Recording){silence, 100, 2, 48000, FLOAT_WAV}, STATUS_BAD_FILE,
                      "is silent from beginning to end");
  check_sound_refused((Recording){bad, 2, 3, 48000, FLOAT_WAV}, STATUS_UNSUPPORTED,
                      "has 3 channels; an impulse response has 1 or 2");
  check_sound_refused((Recording){bad, 6, 1, 3999, FLOAT_WAV}, STATUS_UNSUPPORTED, "3999 Hz");
  check_sound_refused((Recording){bad, 6, 1, 768001, FLOAT_WAV}, STATUS_UNSUPPORTED, "768001 Hz");
  silence[0] = 1.0F;
  check_sound_refused((Recording){silence, 80001, 1, 8000, FLOAT_WAV}, STATUS_UNSUPPORTED,
                      "lasts more than 10 s; an impulse response lasts up to 1 s");
  static const float values[] = {NAN, INFINITY, -INFINITY, 101.0F};
  for (size_t k = 0; k < sizeof(values) / sizeof(values[0]); ++k) {
    bad[4] = values[k];
    check_sound_refused((Recording){bad, 3, 2, 44100, FLOAT_WAV}, STATUS_BAD_FILE, "frame 2 is");
  }
  free(silence);
}

static void
a_response_after_the_part_that_is_played_is_refused(void** const state)
{
  (void)state;
  float* const samples = new_samples(16000);
  samples[8100] = 1.0F;
  check_sound_refused((Recording){samples, 16000, 1, 8000, FLOAT_WAV}, STATUS_BAD_FILE,
                      "is silent in its first 1 s, and no more is played");
  samples[7000] = 1e-4F; // 80 dB below what is cut off
  check_sound_refused((Recording){samples, 16000, 1, 8000, FLOAT_WAV}, STATUS_BAD_FILE,
                      "is silent in its first 1 s, and no more is played");
  samples[7000] = 0.1F;
  Impulse impulse = {.n_channels = 0};
  const char* const path = write_file("late.wav", (Recording){samples, 16000, 1, 8000, FLOAT_WAV});
  assert_int_equal(impulse_read(path, 48000.0, &impulse, NULL), STATUS_OK);
  impulse_clear(&impulse);
  free(samples);
}

/// Load a stereo cabinet with one tap a channel; return the status and write error or warning
static Status
load_taps(const float left, const float right, const uint32_t n_channels, Message* const message)
{
  const float taps[] = {left, right};
  const char* const path = write_file("taps.wav", (Recording){taps, 1, 2, 48000, FLOAT_WAV});
  Content content = {NULL, 0};
  Convolver* convolver = NULL;
  LoadRemarks remarks = {.warning = {""}};
  message->text[0] = '\0';
  assert_int_equal(file_read_whole(path, FILE_SOUND, 1000, &content, NULL), STATUS_OK);
  const Status status =
      load_cabinet((LoadSource){.content = &content, .name = "taps.wav"},
                   (CabinetUse){48000.0, n_channels}, &convolver, &remarks, message);
  content_clear(&content);
  convolver_free(convolver);
  if (!status) {
    *message = remarks.warning;
  }
  return status;
}

static void
a_silent_channel_is_refused_or_reported(void** const state)
{
  (void)state;
  Message message = {""};
  assert_int_equal(load_taps(0.0F, 0.5F, 1, &message), STATUS_BAD_FILE);
  assert_string_equal(message.text, "taps.wav: its left channel, which is played, is silent; "
                                    "export the right one as a mono file");
  assert_int_equal(load_taps(0.5F, 0.0F, 1, &message), STATUS_OK);
  assert_string_equal(message.text, "");
  assert_int_equal(load_taps(0.0F, 0.5F, 2, &message), STATUS_OK);
  assert_string_equal(message.text, "taps.wav: its left channel is silent");
  assert_int_equal(load_taps(0.5F, 1e-5F, 2, &message), STATUS_OK);
  assert_string_equal(message.text, "taps.wav: its right channel is silent");
  assert_int_equal(load_taps(0.5F, 0.1F, 2, &message), STATUS_OK);
  assert_string_equal(message.text, "");
}

static void
a_rate_that_no_host_has_is_refused(void** const state)
{
  (void)state;
  static const double rates[] = {0.0, -48000.0, 999.0, 1000001.0, (double)NAN, (double)INFINITY};
  static const float click[1] = {1.0F};
  Impulse impulse = {.n_channels = 0};
  Message message = {""};
  const char* const path = write_file("rate.wav", (Recording){click, 1, 1, 48000, FLOAT_WAV});
  for (size_t k = 0; k < sizeof(rates) / sizeof(rates[0]); ++k) {
    assert_int_equal(impulse_read(path, rates[k], &impulse, &message), STATUS_BAD_ARGUMENT);
    assert_non_null(strstr(message.text, "1000 to 1000000 Hz would be right"));
  }
  const char* const fast = write_file("rate.wav", (Recording){click, 1, 1, 768000, FLOAT_WAV});
  assert_int_equal(impulse_read(fast, 1000.0, &impulse, &message), STATUS_UNSUPPORTED);
  assert_non_null(strstr(message.text, "can't be resampled to 1000 Hz"));
  assert_null(impulse.samples[0]);
}

/// Check that these bytes are read, or refused with a reason
static void
check_bytes(const char* const bytes, const size_t size)
{
  char* const copy = (char*)malloc(size + 1); // A read beyond the end shows under Valgrind
  Impulse impulse = {.n_channels = 0};
  Message message = {""};
  assert_non_null(copy);
  memcpy(copy + 1, bytes, size);
  const Status status =
      impulse_parse((ImpulseBytes){copy + 1, size, "damaged"}, 48000.0, &impulse, &message);
  assert_true(status ? !!strstr(message.text, "damaged") : impulse.n_frames > 0);
  impulse_clear(&impulse);
  free(copy);
}

static void
a_damaged_file_is_read_or_refused(void** const state)
{
  (void)state;
  static const int formats[] = {SF_FORMAT_WAV | SF_FORMAT_PCM_16,
                                SF_FORMAT_FLAC | SF_FORMAT_PCM_16};
  float* const samples = new_decay(60, 0.9);
  for (size_t k = 0; k < 2; ++k) {
    const Recording r = {samples, 60, 1, 48000, formats[k]};
    size_t size = 0;
    char* const bytes = bytes_of(write_file("damaged", r), &size);
    for (size_t n = 0; n < size; n += fixture_is_slow() ? 7 : 1) {
      check_bytes(bytes, n);
      const char was = bytes[n];
      bytes[n] = (char)~was;
      check_bytes(bytes, size);
      bytes[n] = was;
    }
    free(bytes);
  }
  free(samples);
}

static void
clearing_twice_is_legal(void** const state)
{
  (void)state;
  static const float click[1] = {1.0F};
  Impulse impulse = {.n_channels = 0};
  impulse_clear(&impulse);
  impulse = read_impulse(write_file("clear.wav", (Recording){click, 1, 1, 48000, FLOAT_WAV}), 48e3);
  impulse_clear(&impulse);
  assert_null(impulse.samples[0]);
  impulse_clear(&impulse);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(taps_at_the_files_own_rate_stay_as_they_are),
      cmocka_unit_test(every_common_format_is_read),
      cmocka_unit_test(the_frequency_response_is_the_same_at_every_rate),
      cmocka_unit_test(a_response_keeps_its_place),
      cmocka_unit_test(a_response_that_starts_with_a_jump_is_hardly_late),
      cmocka_unit_test(both_channels_are_resampled_together),
      cmocka_unit_test(silence_at_the_end_is_cut),
      cmocka_unit_test(a_long_response_is_faded_out_with_a_warning),
      cmocka_unit_test(a_copy_in_memory_is_read_as_the_file),
      cmocka_unit_test(an_unfinished_header_is_read_to_the_end_with_a_warning),
      cmocka_unit_test(a_file_that_cannot_be_read_is_refused),
      cmocka_unit_test(a_bad_impulse_is_refused),
      cmocka_unit_test(a_response_after_the_part_that_is_played_is_refused),
      cmocka_unit_test(a_silent_channel_is_refused_or_reported),
      cmocka_unit_test(a_rate_that_no_host_has_is_refused),
      cmocka_unit_test(a_damaged_file_is_read_or_refused),
      cmocka_unit_test(clearing_twice_is_legal),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

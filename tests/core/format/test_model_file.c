// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Are model files read back as written, and damaged ones refused with the field's name?

#include "tests/fixtures.h"

#include "core/format/model_file_io.h"
#include "core/reference.h"
#include "tests/checks.h"

#include <jansson.h>

#include <float.h>
#include <glob.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// Return a model file's text; clears the file, the caller frees the text
static char*
text_of(ModelFile* const file)
{
  char path[4096];
  fixture_path("text.json", path);
  assert_int_equal(model_file_write(file, path, NULL), STATUS_OK);
  model_file_clear(file);
  char* const text = (char*)calloc(1, 1U << 20U);
  FILE* const stream = fopen(path, "r");
  assert_true(text && stream);
  check_above(fread(text, 1, (1U << 20U) - 1, stream), 0);
  assert_int_equal(fclose(stream), 0);
  return text;
}

/// Return the text of a small model's file; the caller frees
static char*
model_text(const CellType cell, const uint32_t hidden_size)
{
  ModelFile file = fixture_model_file(cell, hidden_size, 1);
  return text_of(&file);
}

/// Give a model a set for another rate
static void
add_set(ModelFile* const file, const double sample_rate, const uint64_t seed)
{
  file->others[file->n_others++] =
      (ModelSet){sample_rate,
                 fixture_params(file->params.shape, seed),
                 {0.01 * (double)seed, 0.02, 0.03, 0.5, 3.0, 400.0, (double)seed}};
}

/// A model for 48000 Hz with sets for 44100 and 88200 Hz; the caller clears
static ModelFile
model_with_sets(const CellType cell, const uint32_t hidden_size)
{
  ModelFile file = fixture_model_file(cell, hidden_size, 1);
  add_set(&file, 44100.0, 2);
  add_set(&file, 88200.0, 3);
  return file;
}

static Status
parse_text(const char* const text, Message* const message)
{
  ModelFile file = {0};
  const Status status = model_file_parse(text, strlen(text), "plexi.json", &file, message);
  model_file_clear(&file);
  return status;
}

/// Replace the first `from` after `after` with `to` in `text`, which is freed; the caller frees
static char*
replace_in(char* const text, const char* const after, const char* const from, const char* const to)
{
  char* const place = strstr(strstr(text, after), from);
  assert_non_null(place);
  char* const result = (char*)calloc(1, strlen(text) + strlen(to) + 1);
  (void)sprintf(result, "%.*s%s%s", (int)(place - text), text, to, place + strlen(from));
  free(text);
  return result;
}

/// The same in the text of a new model
static char*
edit_model(const CellType cell, const char* const after, const char* const from,
           const char* const to)
{
  return replace_in(model_text(cell, 3), after, from, to);
}

/// Check that a damaged file is refused with its name and `fault`; frees `text`
static void
check_text_refused(char* const text, const char* const fault)
{
  Message message = {""};
  const Status status = parse_text(text, &message);
  if (!status || strncmp(message.text, "plexi.json: ", 12) != 0 || !strstr(message.text, fault)) {
    fail_msg("status %d, \"%s\" should hold \"%s\"", (int)status, message.text, fault);
  }
  free(text);
}

static void
check_refused(const CellType cell, const char* const after, const char* const from,
              const char* const to, const char* const fault)
{
  check_text_refused(edit_model(cell, after, from, to), fault);
}

/// The same with a model that has sets for other rates
static void
check_set_refused(const char* const after, const char* const from, const char* const to,
                  const char* const fault)
{
  ModelFile file = model_with_sets(CELL_GRU_RESET_AFTER, 3);
  check_text_refused(replace_in(text_of(&file), after, from, to), fault);
}

static void
a_round_trip_is_exact(void** const state)
{
  (void)state;
  const CellType cells[3] = {CELL_GRU_RESET_BEFORE, CELL_GRU_RESET_AFTER, CELL_LSTM};
  char path[4096];
  fixture_path("round trip ü.json", path);
  for (uint32_t k = 0; k < 12; ++k) {
    const ParamsShape shape = {cells[k % 3], 1 + 5 * k, 1 + k % 4, k % 3 == 0, 0};
    ModelFile out = {.params = fixture_params(shape, k),
                     .sample_rate = 44100.0 + k,
                     .input_gain_db = -3.0 * k,
                     .output_gain_db = 0.125 * k,
                     .name = "A \"quoted\" näme",
                     .author = "Ann\\Bob",
                     .gear = "Amp",
                     .license = "CC0",
                     .delay = 12.25 * k,
                     .drift = -4e-5 * k,
                     .held_out = 0.0625 * k,
                     .clip_warmup = k ? 2400.0 + k : 0.0,
                     .source_hash = "0123456789abcdef",
                     .record = {0.00123, 0.0045, 0.0067, 0.089, 12.5, 1000.0, 7.0}};
    for (uint32_t i = 0; i + 1 < shape.n_inputs; ++i) {
      (void)snprintf(out.knobs[i], sizeof(out.knobs[i]), "Knob %u", i);
    }
    ModelFile in = {0};
    Message message = {""};
    assert_int_equal(model_file_write(&out, path, &message), STATUS_OK);
    assert_int_equal(model_file_read(path, &in, &message), STATUS_OK);
    assert_true(params_shapes_are_equal(in.params.shape, shape));
    assert_memory_equal(in.params.values, out.params.values, params_count(shape) * sizeof(float));
    check_equal(in.sample_rate, out.sample_rate);
    assert_false(in.sample_rate_is_assumed);
    check_equal(in.input_gain_db, out.input_gain_db);
    check_equal(in.output_gain_db, out.output_gain_db);
    assert_string_equal(in.name, out.name);
    assert_string_equal(in.author, out.author);
    assert_string_equal(in.gear, out.gear);
    assert_string_equal(in.license, out.license);
    check_equal(in.delay, out.delay);
    check_near(in.drift, out.drift, 1e-12);
    check_equal(in.held_out, out.held_out);
    check_equal(in.clip_warmup, out.clip_warmup);
    assert_string_equal(in.source_hash, out.source_hash);
    assert_memory_equal(in.knobs, out.knobs, sizeof(in.knobs));
    assert_memory_equal(&in.record, &out.record, sizeof(in.record));
    assert_string_equal(in.warning.text, "");
    model_file_clear(&in);
    model_file_clear(&out);
  }
  (void)unlink(path);
}

/// Return whether a level reads as it was given
static void
check_level(const ModelFileLevel level, const bool is_given, const double value)
{
  assert_int_equal(level.is_given, is_given);
  if (is_given) {
    check_equal(level.value, value);
  }
}

static void
levels_survive_the_round_trip_each_given_or_not(void** const state)
{
  (void)state;
  for (uint32_t k = 0; k < 8; ++k) {
    ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 3, 1);
    file.loudness.middle = (ModelFileLevel){k & 1U, -18.25};
    file.input_dbu = (ModelFileLevel){k & 2U, 0.0};
    file.output_dbu = (ModelFileLevel){k & 4U, 13.375};
    char* const text = text_of(&file);
    assert_int_equal(model_file_parse(text, strlen(text), "a", &file, NULL), STATUS_OK);
    check_level(file.loudness.middle, k & 1U, -18.25);
    check_level(file.input_dbu, k & 2U, 0.0);
    check_level(file.output_dbu, k & 4U, 13.375);
    model_file_clear(&file);
    free(text);
  }
}

/// Return a model that learned from a capture, with a set for another rate
static ModelFile
taught_model(void)
{
  ModelFile file = fixture_model_file(CELL_GRU_RESET_BEFORE, 3, 1);
  const ParamsShape shape = file.params.shape;
  file.teacher =
      (ModelFileTeacher){"0123456789abcdef", "plexi 1.nam", "NAM capture (A2)", "Plexi", 0.0125};
  file.record = (ModelRecord){.esr = 0.001, .esr_pre_emphasis = 0.002, .esr_worst = 0.5};
  file.others[0] = (ModelSet){96000.0, fixture_params(shape, 2), {.esr_a_weighted = 0.25}};
  file.n_others = 1;
  return file;
}

/// It measured rests
static void
the_worst_segments_of_an_older_file_are_not_read(void** const state)
{
  ModelFile file = {0};
  (void)state;
  char* const text = edit_model(CELL_GRU_RESET_AFTER, "\"record\"", "\"esr_worst_sound\":0.0",
                                "\"esr_worst\":0.5");
  assert_int_equal(model_file_parse(text, strlen(text), "a", &file, NULL), STATUS_OK);
  check_equal(file.record.esr_worst, 0.0);
  model_file_clear(&file);
  free(text);
}

static void
a_capture_that_was_learned_from_survives_the_round_trip(void** const state)
{
  (void)state;
  ModelFile file = taught_model();
  assert_true(model_file_has_teacher(&file));
  char* const text = text_of(&file);
  assert_int_equal(model_file_parse(text, strlen(text), "a", &file, NULL), STATUS_OK);
  assert_string_equal(file.teacher.hash, "0123456789abcdef");
  assert_string_equal(file.teacher.file, "plexi 1.nam");
  assert_string_equal(file.teacher.kind, "NAM capture (A2)");
  assert_string_equal(file.teacher.name, "Plexi");
  check_equal(file.teacher.gear_esr, 0.0125);
  check_equal(file.record.esr, 0.001);
  check_equal(file.record.esr_pre_emphasis, 0.002);
  check_equal(file.record.esr_worst, 0.5);
  check_equal(file.others[0].record.esr_a_weighted, 0.25);
  model_file_clear(&file);
  free(text);
}

/// Readers that know no captures must not take the distance from one for that from the gear
static void
ratios_against_a_capture_have_names_of_their_own(void** const state)
{
  (void)state;
  ModelFile file = taught_model();
  char* text = text_of(&file);
  assert_null(strstr(text, "\"esr"));
  assert_non_null(strstr(text, "\"teacher_esr\":"));
  free(text);
  file = taught_model();
  file.teacher.hash[0] = '\0';
  text = text_of(&file);
  assert_null(strstr(text, "teacher"));
  assert_non_null(strstr(text, "\"esr\":"));
  free(text);
}

static void
the_loudness_of_knobs_survives_the_round_trip(void** const state)
{
  (void)state;
  for (uint32_t n_knobs = 1; n_knobs <= PARAMS_MAX_KNOBS; ++n_knobs) {
    const ParamsShape shape = {CELL_GRU_RESET_AFTER, 3, 1 + n_knobs, false, 0};
    ModelFile file = {.params = fixture_params(shape, 1), .sample_rate = 48000.0};
    file.loudness = (ModelFileLoudness){{true, -18.25}, {true, {{-30.5, -12.0}, {-18.0, -19.0}}}};
    char* const text = text_of(&file);
    assert_int_equal(model_file_parse(text, strlen(text), "a", &file, NULL), STATUS_OK);
    assert_true(file.loudness.knobs.is_given);
    check_equal(file.loudness.knobs.ends[0][0], -30.5);
    check_equal(file.loudness.knobs.ends[0][1], -12.0);
    check_equal(file.loudness.knobs.ends[1][1], n_knobs > 1 ? -19.0 : 0.0);
    model_file_clear(&file);
    free(text);
  }
}

static void
a_level_of_null_or_of_another_player_is_not_given(void** const state)
{
  (void)state;
  char* text = edit_model(CELL_GRU_RESET_AFTER, "\"grus\"", "\"version\":1",
                          "\"version\":1,\"loudness\":null,\"input_level_dbu\":null");
  text = replace_in(text, "\"metadata\"", "{", "{\"loudness\":-18.0,\"output_level_dbu\":4.0,");
  ModelFile file = {0};
  assert_int_equal(model_file_parse(text, strlen(text), "a", &file, NULL), STATUS_OK);
  assert_false(file.loudness.middle.is_given || file.input_dbu.is_given ||
               file.output_dbu.is_given);
  model_file_clear(&file);
  free(text);
}

static void
a_level_that_is_not_finite_is_not_written(void** const state)
{
  (void)state;
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 3, 1);
  file.loudness.middle = (ModelFileLevel){true, (double)NAN};
  file.input_dbu = (ModelFileLevel){true, (double)INFINITY};
  file.output_dbu = (ModelFileLevel){true, 4.0};
  file.record = (ModelRecord){.esr = (double)INFINITY, .esr_worst = (double)NAN, .seed = 3.0};
  char* const text = text_of(&file);
  assert_int_equal(model_file_parse(text, strlen(text), "a", &file, NULL), STATUS_OK);
  check_equal(file.record.esr, 0.0);
  check_equal(file.record.esr_worst, 0.0);
  check_equal(file.record.seed, 3.0);
  assert_false(file.loudness.middle.is_given || file.input_dbu.is_given);
  check_level(file.output_dbu, true, 4.0);
  model_file_clear(&file);
  free(text);
}

static void
sets_for_other_rates_survive_the_round_trip(void** const state)
{
  (void)state;
  const CellType cells[3] = {CELL_GRU_RESET_BEFORE, CELL_GRU_RESET_AFTER, CELL_LSTM};
  char path[4096];
  fixture_path("sets.json", path);
  for (uint32_t k = 0; k < 3; ++k) {
    ModelFile out = model_with_sets(cells[k], 5);
    ModelFile in = {0};
    Message message = {""};
    const size_t size = params_count(out.params.shape) * sizeof(float);
    add_set(&out, 12345.5, 4);
    assert_int_equal(model_file_write(&out, path, &message), STATUS_OK);
    assert_int_equal(model_file_read(path, &in, &message), STATUS_OK);
    assert_memory_equal(in.params.values, out.params.values, size);
    assert_int_equal(in.n_others, 3);
    for (uint32_t i = 0; i < 3; ++i) {
      check_equal(in.others[i].sample_rate, out.others[i].sample_rate);
      assert_true(params_shapes_are_equal(in.others[i].params.shape, out.params.shape));
      assert_memory_equal(in.others[i].params.values, out.others[i].params.values, size);
      assert_memory_equal(&in.others[i].record, &out.others[i].record, sizeof(ModelRecord));
    }
    assert_string_equal(in.warning.text, "");
    model_file_clear(&in);
    model_file_clear(&out);
  }
}

/// Check which rate's set is chosen, and that its weights come with it
static void
check_choice(const ModelFile* const file, const double sample_rate, const double expected)
{
  const ModelSet set = model_file_set_for(file, sample_rate);
  const float* values = file->params.values;
  for (uint32_t i = 0; i < file->n_others; ++i) {
    values = file->others[i].sample_rate == expected ? file->others[i].params.values : values;
  }
  if (set.sample_rate != expected || set.params.values != values) {
    fail_msg("at %g Hz the set for %g Hz was chosen, not %g", sample_rate, set.sample_rate,
             expected);
  }
}

static void
the_set_that_fits_a_rate_is_chosen(void** const state)
{
  (void)state;
  ModelFile file = fixture_model_file(CELL_GRU_RESET_BEFORE, 3, 1);
  check_choice(&file, 44100.0, 48000.0); // The only set
  add_set(&file, 44100.0, 2);
  check_choice(&file, 48000.0, 48000.0);
  check_choice(&file, 44100.0, 44100.0);
  check_choice(&file, 88200.0, 44100.0);
  check_choice(&file, 176400.0, 44100.0);
  check_choice(&file, 132300.0, 44100.0);
  check_choice(&file, 96000.0, 48000.0);
  check_choice(&file, 192000.0, 48000.0);
  check_choice(&file, 22050.0, 48000.0); // Only multiples fit, no divisors
  check_choice(&file, 32000.0, 48000.0);
  check_choice(&file, 66150.0, 48000.0);
  check_choice(&file, 0.0, 48000.0);
  check_choice(&file, (double)NAN, 48000.0);
  add_set(&file, 88200.0, 3);
  check_choice(&file, 88200.0, 88200.0);
  check_choice(&file, 176400.0, 88200.0); // The smaller multiple
  check_choice(&file, 132300.0, 44100.0);
  model_file_clear(&file);
}

static void
every_float_survives_the_round_trip(void** const state)
{
  (void)state;
  char path[4096];
  const float odd[] = {0.0F,     -0.0F,        1e-45F, 1.17549435e-38F, 3.40282347e+38F,
                       1e-10F,   0.1F,         1.0F,   16777217.0F,     -2.71828183F,
                       33333.3F, 0.333333333F, -1.0F};
  ModelFile out = fixture_model_file(CELL_GRU_RESET_BEFORE, 3, 2);
  ModelFile in = {0};
  fixture_path("floats.json", path);
  for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); ++i) {
    out.params.values[i] = odd[i];
  }
  assert_int_equal(model_file_write(&out, path, NULL), STATUS_OK);
  assert_int_equal(model_file_read(path, &in, NULL), STATUS_OK);
  assert_memory_equal(in.params.values, out.params.values,
                      params_count(out.params.shape) * sizeof(float));
  model_file_clear(&in);
  model_file_clear(&out);
}

static void
gates_are_in_the_order_of_keras(void** const state)
{
  (void)state;
  // One unit: kernel z, r, n; recurrent z, r, n; biases; head
  const char* const text = "{\"in_shape\":[null,null,1],\"samplerate\":48000,\"layers\":["
                           "{\"type\":\"gru\",\"activation\":\"\",\"shape\":[null,null,1],"
                           "\"weights\":[[[0.1,0.2,0.3]],[[0.4,0.5,0.6]],"
                           "[[0.7,0.8,0.9],[1.0,1.1,1.2]]]},"
                           "{\"type\":\"dense\",\"activation\":\"\",\"shape\":[null,null,1],"
                           "\"weights\":[[[1.3]],[1.4]]}]}";
  const float expected[] = {0.2F, 0.1F, 0.3F, 0.5F, 0.4F, 0.6F, 0.8F,
                            0.7F, 0.9F, 1.1F, 1.0F, 1.2F, 1.3F, 1.4F};
  ModelFile file = {0};
  assert_int_equal(model_file_parse(text, strlen(text), "one", &file, NULL), STATUS_OK);
  assert_int_equal(params_count(file.params.shape), 14);
  assert_memory_equal(file.params.values, expected, sizeof(expected));
  model_file_clear(&file);
}

static void
every_damaged_field_is_refused_by_name(void** const state)
{
  (void)state;
  const CellType before = CELL_GRU_RESET_BEFORE;
  const CellType after = CELL_GRU_RESET_AFTER;
  check_refused(before, "", "\"layers\"", "\"lawyers\"", "has 0 layers");
  check_refused(before, "", "\"in_shape\"", "\"shape\"", "is not a model file");
  check_refused(before, "\"in_shape\"", "1]", "9]", "has 8 knobs; Grus plays models with 4");
  check_refused(before, "\"in_shape\"", "1]", "\"x\"]", "in_shape");
  check_refused(before, "\"in_shape\"", "1]", "-1]", "in_shape");
  check_refused(before, "\"samplerate\"", "48000", "-48000", "samplerate");
  check_refused(before, "\"samplerate\"", "48000", "[]", "samplerate");
  check_refused(before, "\"samplerate\"", "48000", "48", "should be 8000 to 768000");
  check_refused(before, "", "\"type\":\"gru\"", "\"type\":\"conv1d\"", "conv1d");
  check_refused(CELL_LSTM, "", "\"type\":\"lstm\"", "\"type\":\"gru\"", "numbers, shape says");
  check_refused(before, "", "\"type\":\"gru\"", "\"type\":7", "layer 0");
  check_refused(before, "", "\"type\":\"dense\"", "\"type\":\"conv1d\"", "conv1d");
  check_refused(before, "\"dense\"", "\"activation\":\"\"", "\"activation\":\"relu\"", "relu");
  check_refused(before, "", "\"reset_after\":false", "\"reset_after\":true", "reset_after");
  check_refused(after, "", "\"reset_after\":true", "\"reset_after\":false", "reset_after");
  check_refused(after, "", "\"reset_after\":true", "\"reset_after\":0", "reset_after");
  check_refused(after, "\"gru\"", "null,null,3", "null,null,4", "shape says");
  check_refused(after, "\"gru\"", "null,null,3", "null,null,100000", "hidden size");
  check_refused(after, "\"gru\"", "null,null,3", "null,null,1e3", "hidden size");
  check_refused(after, "\"dense\"", "null,null,1", "null,null,2", "one output");
  check_refused(after, "\"layers\"", "\"weights\":[[[", "\"weights\":[[[\"x\",",
                "row of 10 numbers, shape says 9");
  check_refused(after, "\"layers\"", "\"weights\":[[[", "\"weights\":[[[[1],",
                "row of 10 numbers, shape says 9");
  check_refused(after, "\"dense\"", "\"weights\":[[[", "\"weights\":[[[1,",
                "row of 2 numbers, shape says 1");
  check_refused(after, "", "\"grus\"", "\"grus\":[],\"x\"", "\"grus\" should be an object");
  check_refused(after, "\"grus\"", "\"version\":1", "\"version\":2", "version 2");
  check_refused(after, "\"grus\"", "\"version\":1", "\"version\":\"1\"", "version");
  check_refused(after, "\"grus\"", "reset-after", "reset-before", "cell");
  check_refused(after, "\"grus\"", "\"knobs\":[]", "\"knobs\":[\"a\"]", "knobs");
  check_refused(after, "\"grus\"", "\"knobs\":[]", "\"knobs\":5", "knobs");
  check_refused(after, "\"grus\"", "\"record\":{", "\"record\":4,\"x\":{", "record");
  check_refused(after, "\"record\"", "\"esr\":0.0", "\"esr\":\"good\"", "esr");
  check_refused(after, "\"record\"", "\"esr\":0.0", "\"teacher_esr\":\"good\"", "teacher_esr");
  check_refused(after, "\"grus\"", "\"version\":1", "\"version\":1,\"teacher\":[1]",
                "\"teacher\" should be an object");
  check_refused(after, "\"grus\"", "\"version\":1",
                "\"version\":1,\"teacher\":{\"gear_esr\":\"good\"}", "gear_esr");
  check_refused(after, "\"grus\"", "\"version\":1", "\"version\":1,\"drift\":\"fast\"", "drift");
  check_refused(after, "\"grus\"", "\"version\":1", "\"version\":1,\"held_out\":0.1",
                "\"held_out\" should be an object");
  check_refused(after, "\"grus\"", "\"version\":1", "\"version\":1,\"held_out\":{\"share\":0.95}",
                "a share from 0 to 0.9");
  check_refused(after, "\"grus\"", "\"version\":1",
                "\"version\":1,\"held_out\":{\"clip_warmup\":-1}", "a warm-up in frames");
  check_refused(after, "\"record\"", "\"esr_a_weighted\":0.0", "\"esr_a_weighted\":[]",
                "esr_a_weighted");
  check_refused(after, "\"record\"", "\"esr_worst_sound\":0.0", "\"esr_worst_sound\":{}",
                "esr_worst_sound");
  check_refused(after, "\"grus\"", "\"version\":1", "\"version\":1,\"loudness\":\"loud\"",
                "\"loudness\" should be a number");
  check_refused(after, "\"grus\"", "\"version\":1", "\"version\":1,\"knob_loudness\":[[1,2]]",
                "\"knob_loudness\" should hold two numbers for each of the 0 knobs");
  check_refused(after, "\"grus\"", "\"version\":1", "\"version\":1,\"input_level_dbu\":[12]",
                "\"input_level_dbu\" should be a number");
  check_refused(after, "\"grus\"", "\"version\":1", "\"version\":1,\"output_level_dbu\":true",
                "\"output_level_dbu\" should be a number");
  check_refused(after, "", "\"samplerate\"", "\"in_skip\":2,\"samplerate\"", "in_skip");
  check_refused(after, "", "\"samplerate\"", "\"in_gain\":\"x\",\"samplerate\"", "in_gain");
  check_refused(after, "", "\"samplerate\"", "\"out_gain\":[],\"samplerate\"", "out_gain");
}

static void
every_damaged_set_is_refused_by_number(void** const state)
{
  (void)state;
  const char* const second = "\"samplerate\":88200";
  check_set_refused("", "\"sets\":[", "\"sets\":{},\"x\":[", "\"sets\" should be an array");
  check_set_refused("", "\"sets\":[", "\"sets\":7,\"x\":[", "\"sets\" should be an array");
  check_set_refused("", "\"sets\":[", "\"sets\":[{},{},", "at most 3");
  check_set_refused("", "\"sets\":[", "\"sets\":[{},", "set 1: \"samplerate\"");
  check_set_refused("", "\"sets\":[", "\"sets\":[null,", "set 1: should be an object");
  check_set_refused("", "\"samplerate\":44100", "\"samplerate\":-1", "set 1: \"samplerate\"");
  check_set_refused("", second, "\"samplerate\":[]", "set 2: \"samplerate\"");
  check_set_refused("", second, "\"samplerate\":\"fast\"", "set 2: \"samplerate\"");
  check_set_refused("", second, "\"rate\":88200", "set 2: \"samplerate\"");
  check_set_refused("", second, "\"samplerate\":44100", "set 2: is for 44100 Hz");
  check_set_refused("", second, "\"samplerate\":48000", "set 2: is for 48000 Hz");
  check_set_refused("\"sets\"", "\"layers\":", "\"lawyers\":", "set 1: has 0 layers");
  check_set_refused(second, "\"type\":\"gru\"", "\"type\":\"conv1d\"",
                    "set 2: has the layers conv1d");
  check_set_refused(second, "\"type\":\"dense\"", "\"type\":7", "set 2: layer 1");
  check_set_refused(second, "\"activation\":\"\"", "\"activation\":\"relu\"", "set 2: layer 0");
  check_set_refused(second, "\"reset_after\":true", "\"reset_after\":false", "set 2: layer 0");
  check_set_refused(second, "null,null,3", "null,null,4", "set 2: layer 0: input weights");
  check_set_refused(second, "null,null,3", "null,null,0", "set 2: layer 0: \"shape\"");
  check_set_refused(second, "null,null,1", "null,null,2", "set 2: layer 1: \"shape\"");
  check_set_refused(second, "\"record\":{", "\"record\":4,\"x\":{", "set 2: \"record\"");
  check_set_refused(second, "\"esr\":", "\"esr\":\"good\",\"x\":", "set 2: \"esr\"");
}

static void
sets_of_another_shape_are_refused(void** const state)
{
  (void)state;
  // One unit in the set, two in the main layers
  const char* const layers = "[{\"type\":\"gru\",\"shape\":[1],\"weights\":[[[1,2,3]],[[4,5,6]],"
                             "[[7,8,9],[1,2,3]]]},{\"type\":\"dense\",\"shape\":[1],"
                             "\"weights\":[[[1]],[1]]}]";
  char set[512];
  (void)snprintf(set, sizeof(set), "\"version\":1,\"sets\":[{\"samplerate\":44100,\"layers\":%s}]",
                 layers);
  check_refused(CELL_GRU_RESET_AFTER, "\"grus\"", "\"version\":1", set, "set 1: has a reset-");
  check_refused(CELL_GRU_RESET_BEFORE, "\"grus\"", "\"version\":1", set, "set 1: has a reset-");
}

static void
missing_and_unknown_members_of_a_set_change_nothing(void** const state)
{
  (void)state;
  ModelFile out = model_with_sets(CELL_GRU_RESET_AFTER, 3);
  const size_t size = params_count(out.params.shape) * sizeof(float);
  char* text = text_of(&out);
  text = replace_in(text, "\"sets\"", "\"record\":", "\"colour\":[1],\"other\":");
  text = replace_in(text, "\"sets\"", "\"input_batch\":", "\"in\":");
  text = replace_in(text, "\"sets\"", "\"output_batch\":", "\"out\":");
  ModelFile in = {0};
  out = model_with_sets(CELL_GRU_RESET_AFTER, 3);
  assert_int_equal(model_file_parse(text, strlen(text), "a", &in, NULL), STATUS_OK);
  assert_int_equal(in.n_others, 2);
  assert_memory_equal(in.others[0].params.values, out.others[0].params.values, size);
  assert_memory_equal(in.others[1].params.values, out.others[1].params.values, size);
  check_equal(in.others[0].record.esr, 0.0);
  check_above(in.others[1].record.esr, 0.0);
  model_file_clear(&in);
  model_file_clear(&out);
  free(text);
}

static void
a_set_that_fails_its_own_test_is_reported(void** const state)
{
  (void)state;
  ModelFile file = model_with_sets(CELL_GRU_RESET_AFTER, 3);
  char* const text = replace_in(text_of(&file), "\"samplerate\":88200", "[0.0,", "[0.9,");
  assert_int_equal(model_file_parse(text, strlen(text), "plexi.json", &file, NULL), STATUS_OK);
  assert_non_null(strstr(file.warning.text, "set 2: plays its own test signal"));
  model_file_clear(&file);
  free(text);
}

/// Read a file whose test signal ends `by` higher than it was written; the caller clears
static ModelFile
read_with_damaged_end(ModelFile* const written, const double by)
{
  char* text = text_of(written);
  json_t* const root = json_loads(text, 0, NULL);
  json_t* const out = json_object_get(root, "output_batch");
  json_t* const end = json_array_get(out, json_array_size(out) - 1);
  free(text);
  assert_int_equal(json_real_set(end, json_real_value(end) + by), 0);
  text = json_dumps(root, 0);
  ModelFile file = {0};
  assert_int_equal(model_file_parse(text, strlen(text), "plexi.json", &file, NULL), STATUS_OK);
  json_decref(root);
  free(text);
  return file;
}

/// What is damaged may be heard late
static void
a_test_signal_that_goes_wrong_in_its_last_frame_is_reported(void** const state)
{
  (void)state;
  ModelFile written = model_with_sets(CELL_GRU_RESET_AFTER, 3);
  ModelFile file = read_with_damaged_end(&written, 1.1e-3);
  assert_non_null(strstr(file.warning.text, "plays its own test signal with an error of 0.0011"));
  model_file_clear(&file);
}

/// Weights so large that sums in single precision end as infinity minus infinity
static void
a_test_signal_that_is_no_number_in_single_precision_proves_nothing(void** const state)
{
  (void)state;
  ModelFile written = model_with_sets(CELL_GRU_RESET_AFTER, 8);
  for (uint32_t k = 16; k < 24; ++k) { // Candidates
    params_values(&written.params, PARAMS_W_I)[k] = 3e38F;
    params_values(&written.params, PARAMS_B_I)[k] = 3e38F;
    for (uint32_t j = 0; j < 8; ++j) {
      params_values(&written.params, PARAMS_W_H)[k * 8 + j] = -3e38F;
    }
  }
  ModelFile file = read_with_damaged_end(&written, 0.5);
  assert_non_null(strstr(file.warning.text, "plays its own test signal with an error of 0.5"));
  model_file_clear(&file);
}

/// A model with a linear stage, and a set for 44100 Hz whose stage is shorter; the caller clears
static ModelFile
model_with_stage(const uint32_t hidden_size, const uint32_t n_taps)
{
  ModelFile file = fixture_staged_file(hidden_size, n_taps, 1);
  ParamsShape shape = file.params.shape;
  shape.n_taps -= n_taps > 1 ? 1 : 0;
  file.others[file.n_others++] = (ModelSet){44100.0, fixture_params(shape, 2), {.esr = 0.5}};
  return file;
}

static void
a_linear_stage_survives_the_round_trip(void** const state)
{
  (void)state;
  static const uint32_t lengths[] = {1, 2, 255, PARAMS_MAX_TAPS};
  for (uint32_t k = 0; k < 4; ++k) {
    ModelFile out = model_with_stage(3, lengths[k]);
    ModelFile in = {0};
    char path[4096];
    fixture_path("stage.json", path);
    out.stage_is_cabinet = k % 2 == 0;
    assert_int_equal(model_file_write(&out, path, NULL), STATUS_OK);
    assert_int_equal(model_file_read(path, &in, NULL), STATUS_OK);
    assert_true(params_shapes_are_equal(in.params.shape, out.params.shape));
    assert_memory_equal(in.params.values, out.params.values,
                        params_count(out.params.shape) * sizeof(float));
    assert_true(params_shapes_are_equal(in.others[0].params.shape, out.others[0].params.shape));
    assert_memory_equal(in.others[0].params.values, out.others[0].params.values,
                        params_count(out.others[0].params.shape) * sizeof(float));
    assert_int_equal(in.stage_is_cabinet, out.stage_is_cabinet);
    assert_int_equal(in.format, MODEL_FORMAT_GRUS);
    assert_int_equal(in.n_tested, 2);
    assert_string_equal(in.warning.text, "");
    model_file_clear(&in);
    model_file_clear(&out);
  }
}

/// AIDA-X, RTNeural, its other players and older Grus all look for these, and refuse a file without
static void
a_model_with_a_stage_has_no_layers_where_other_players_look(void** const state)
{
  (void)state;
  ModelFile file = model_with_stage(3, 5);
  char* const text = text_of(&file);
  json_t* const root = json_loads(text, 0, NULL);
  assert_non_null(json_object_get(root, "in_shape"));
  assert_null(json_object_get(root, "layers"));
  assert_null(json_object_get(root, "weights"));
  assert_null(json_object_get(root, "model_data"));
  assert_int_equal(json_array_size(json_object_get(json_object_get(root, "grus"), "layers")), 2);
  json_decref(root);
  free(text);
}

static void
the_test_signal_went_through_the_stage(void** const state)
{
  (void)state;
  ModelFile file = model_with_stage(3, 5);
  double rest[PARAMS_MAX_STATE] = {0};
  double y[8];
  float x[8];
  char* const text = text_of(&file);
  json_t* const root = json_loads(text, 0, NULL);
  file = model_with_stage(3, 5);
  for (uint32_t t = 0; t < 8; ++t) {
    x[t] = (float)json_number_value(json_array_get(json_object_get(root, "input_batch"), t));
  }
  assert_int_equal(reference_run(&file.params, NULL, rest, x, y, 8), STATUS_OK);
  for (uint32_t t = 0; t < 8; ++t) {
    double sum = 0.0;
    for (uint32_t k = 0; k < 5 && k <= t; ++k) {
      sum += (double)params_values(&file.params, PARAMS_TAPS)[k] * y[t - k];
    }
    check_near(json_number_value(json_array_get(json_object_get(root, "output_batch"), t)), sum,
               1e-8);
  }
  model_file_clear(&file);
  json_decref(root);
  free(text);
}

static void
a_stage_that_plays_its_test_signal_wrong_is_reported(void** const state)
{
  (void)state;
  static const char* const after[] = {"\"stage\":{\"taps\":[", "\"sets\""};
  static const char* const warnings[] = {"plexi.json: plays its own test signal",
                                         "plexi.json: set 1: plays its own test signal"};
  for (uint32_t i = 0; i < 2; ++i) {
    ModelFile file = model_with_stage(3, 5);
    char* text = replace_in(text_of(&file), after[i], "\"taps\":[", "\"taps\":[0.1,");
    assert_int_equal(model_file_parse(text, strlen(text), "plexi.json", &file, NULL), STATUS_OK);
    assert_non_null(strstr(file.warning.text, warnings[i]));
    model_file_clear(&file);
    free(text);
  }
}

/// Check that a damaged file of a model with a stage is refused
static void
check_stage_refused(const char* const after, const char* const from, const char* const to,
                    const char* const fault)
{
  ModelFile file = model_with_stage(2, 3);
  check_text_refused(replace_in(text_of(&file), after, from, to), fault);
}

/// Return a member "taps" of `n` numbers; the caller frees
static char*
taps_text(const uint32_t n, const char* const number)
{
  char* const text = (char*)calloc(1, 32 + (size_t)n * (strlen(number) + 1));
  char* end = text + sprintf(text, "\"taps\":[");
  for (uint32_t k = 0; k < n; ++k) {
    end += sprintf(end, "%s%s", k ? "," : "", number);
  }
  (void)sprintf(end, "],\"x\":[");
  return text;
}

static void
every_damaged_stage_is_refused_by_name(void** const state)
{
  (void)state;
  const char* const taps = "\"taps\":[";
  char* const many = taps_text(PARAMS_MAX_TAPS + 1, "0.5");
  char* const silent = taps_text(PARAMS_MAX_TAPS, "0.0");
  check_stage_refused("", taps, "\"tips\":[",
                      "\"taps\" of \"stage\" should be an array of 1 to 2048");
  check_stage_refused("", taps, "\"taps\":[],\"x\":[", "\"taps\" of \"stage\" should be");
  check_stage_refused("", taps, "\"taps\":0.5,\"x\":[", "\"taps\" of \"stage\" should be");
  check_stage_refused("", taps, many, "\"taps\" of \"stage\" should be");
  check_stage_refused("", taps, silent, "\"taps\" are all zero");
  check_stage_refused("", taps, "\"taps\":[null,", "\"taps\" hold something that is not a number");
  check_stage_refused("", taps, "\"taps\":[[1],", "\"taps\" hold something that is not a number");
  check_stage_refused("", taps, "\"taps\":[1e39,", "\"taps\" hold a number too large");
  check_stage_refused("", "\"stage\":", "\"stage\":[1],\"x\":", "\"stage\" should be an object");
  check_stage_refused("", "\"stage\":", "\"x\":", "\"layers\" without a \"stage\"");
  check_stage_refused("", "\"stage\":", "\"stage\":null,\"x\":", "\"layers\" without a \"stage\"");
  check_stage_refused("", "\"layers\":", "\"x\":", "a \"stage\" without \"layers\"");
  check_stage_refused("", "{", "{\"layers\":[],", "\"layers\" both in \"grus\" and outside");
  check_stage_refused("", "\"cabinet\":", "\"cabinet\":1,\"x\":", "\"cabinet\" should be true");
  check_stage_refused("\"sets\"", taps, many, "set 1: \"taps\" of \"stage\" should be");
  check_stage_refused("\"sets\"", taps, silent, "set 1: \"taps\" are all zero");
  check_stage_refused("\"sets\"", taps, "\"taps\":[1e39,", "set 1: \"taps\" hold a number");
  check_stage_refused("\"sets\"", "\"stage\":", "\"x\":", "set 1: has no \"stage\"; expected one");
  check_set_refused("\"sets\"", "\"layers\":", "\"stage\":{\"taps\":[1]},\"layers\":",
                    "set 1: has a \"stage\"; expected none");
  check_refused(CELL_GRU_RESET_AFTER, "\"grus\"", "\"version\":1",
                "\"version\":1,\"stage\":{\"taps\":[1]}", "a \"stage\" without \"layers\"");
  free(many);
  free(silent);
}

/// Give each number of the weights a bad value, one after another; frees `text`
static void
check_weights(char* const text, const char* const bad)
{
  char* const weights = strstr(text, "\"weights\"");
  char* const end = strstr(weights, "\"input_batch\"");
  char* const copy = (char*)calloc(1, strlen(text) + 64);
  for (const char* c = weights; c < end; ++c) {
    const bool begins = strchr("-0123456789", *c) && strchr("[,", c[-1]);
    if (begins && !strstr(c - 20, "null,null")) {
      const char* const after = c + strcspn(c, ",]");
      Message message = {""};
      (void)sprintf(copy, "%.*s%s%s", (int)(c - text), text, bad, after);
      assert_int_not_equal(parse_text(copy, &message), STATUS_OK);
      assert_non_null(strstr(message.text, "plexi.json: "));
    }
  }
  free(copy);
  free(text);
}

static void
every_weight_that_is_not_finite_is_refused(void** const state)
{
  (void)state;
  const char* const bad[] = {"1e39", "-1e999", "NaN", "null", "\"0.5\"", "[0.5]", "{}"};
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    check_weights(model_text(CELL_GRU_RESET_AFTER, 2), bad[i]);
    ModelFile file = model_with_sets(CELL_GRU_RESET_AFTER, 1);
    check_weights(text_of(&file), bad[i]); // Only the first set, which comes first
    file = fixture_staged_file(1, 4, 1);
    check_weights(text_of(&file), bad[i]);
  }
}

/// Cut at every byte before the first test signal, and at some beyond; frees `text`
static void
check_cuts(char* const text)
{
  // The self-test's numbers are all alike: a few cuts among them are enough
  const size_t dense = (size_t)(strstr(text, "\"input_batch\"") - text) + 100;
  const size_t length = strlen(text) - 2; // Without the last brace and newline
  const size_t step = fixture_is_slow() ? 23 : 1;
  for (size_t n = 0; n <= length; n += n < dense || n + 20 > length ? step : 997) {
    ModelFile file = {0};
    Message message = {""};
    char* const part = (char*)malloc(n + 1); // Exactly as long, so that Valgrind sees a read beyond
    memcpy(part, text, n);
    const Status status = model_file_parse(part, n, "plexi.json", &file, &message);
    assert_int_equal(status, STATUS_BAD_FILE);
    assert_non_null(
        strstr(message.text, n ? "plexi.json: ends early, in line " : "plexi.json: is empty"));
    free(part);
  }
  free(text);
}

static void
a_file_cut_at_any_byte_is_refused(void** const state)
{
  (void)state;
  ModelFile file = model_with_sets(CELL_GRU_RESET_BEFORE, 2);
  check_cuts(model_text(CELL_GRU_RESET_BEFORE, 2));
  check_cuts(text_of(&file));
  file = model_with_stage(2, 4);
  check_cuts(text_of(&file));
}

static void
a_file_that_is_wrong_names_the_place_in_plain_words(void** const state)
{
  (void)state;
  static const char* const cases[][2] = {
      {"{\"layers\": nul}", "; expected a model in JSON"},
      {"{\"layers\" 1}", "; expected a model in JSON"},
      {"{\"layers\": \"\xE9 \"}", "; expected a model in JSON"},
      {"{\"layers\": [1,]}\n", ": there is a comma before this bracket; remove it"},
      {"{\"layers\": 1,\n }\n", ": there is a comma before this bracket; remove it"},
      {"{} {", ": there is more behind its last bracket; remove it"},
      {"{}\x1A", ": there is more behind its last bracket; remove it"},
      {"[0.5, NaN]",
       ": there is NaN in place of a number; what wrote it had failed, so make it again"},
      {"[Infinity]",
       ": there is Infinity in place of a number; what wrote it had failed, so make it again"},
      {"[-Infinity]",
       ": a number is missing behind this minus, or isn't finite; make the file again"},
      {"[\"\\u0000\"]", ": there is a character \\u0000 in a text; remove it"},
  };
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    const size_t n = strlen(cases[i][1]);
    Message message = {""};
    assert_int_equal(parse_text(cases[i][0], &message), STATUS_BAD_FILE);
    assert_memory_equal(message.text, "plexi.json: line ", 17);
    assert_true(strlen(message.text) > n);
    assert_string_equal(message.text + strlen(message.text) - n, cases[i][1]);
  }
}

/// Keras names those that the layers have anyway
static void
the_usual_activations_may_be_named(void** const state)
{
  (void)state;
  static const CellType cells[] = {CELL_GRU_RESET_BEFORE, CELL_GRU_RESET_AFTER, CELL_LSTM};
  for (size_t i = 0; i < 3; ++i) {
    const char* const type = cells[i] == CELL_LSTM ? "\"lstm\"" : "\"gru\"";
    ModelFile file = {0};
    char* text = model_text(cells[i], 2);
    text = replace_in(text, type, "\"activation\":\"\"", "\"activation\":\"tanh\"");
    text = replace_in(text, "\"dense\"", "\"activation\":\"\"", "\"activation\":\"linear\"");
    assert_int_equal(model_file_parse(text, strlen(text), "a", &file, NULL), STATUS_OK);
    model_file_clear(&file);
    free(text);
  }
}

static void
a_byte_order_mark_is_skipped(void** const state)
{
  (void)state;
  ModelFile file = {0};
  char* const text = model_text(CELL_GRU_RESET_AFTER, 2);
  char* const marked = (char*)malloc(strlen(text) + 4);
  (void)sprintf(marked, "\xEF\xBB\xBF%s", text);
  assert_int_equal(model_file_parse(marked, strlen(marked), "a", &file, NULL), STATUS_OK);
  model_file_clear(&file);
  free(marked);
  free(text);
}

/// Forty characters of three bytes each do not fit beside a first of two
static void
a_long_name_is_cut_between_characters_and_can_be_written(void** const state)
{
  (void)state;
  char path[4096];
  ModelFile file = {0};
  char name[256] = "é";
  for (int i = 0; i < 50; ++i) {
    (void)strcat(name, "管");
  }
  char* const text =
      replace_in(model_text(CELL_GRU_RESET_AFTER, 2), "\"metadata\"", "Fixture", name);
  assert_int_equal(model_file_parse(text, strlen(text), "a", &file, NULL), STATUS_OK);
  assert_int_equal(strlen(file.name), 2 + 3 * ((MODEL_FILE_TEXT_SIZE - 3) / 3));
  assert_memory_equal(file.name, name, strlen(file.name));
  fixture_path("long.json", path);
  assert_int_equal(model_file_write(&file, path, NULL), STATUS_OK);
  model_file_clear(&file);
  free(text);
}

static void
nonsense_is_refused(void** const state)
{
  (void)state;
  static const char* const texts[] = {"",
                                      " ",
                                      "null",
                                      "[]",
                                      "{}",
                                      "7",
                                      "\"x\"",
                                      "{\"layers\":1}",
                                      "{\"layers\":[],\"in_shape\":[]}",
                                      "{\"layers\":{},\"in_shape\":{}}",
                                      "{\"layers\":[null,null],\"in_shape\":[1]}",
                                      "\xff\xfe{\"layers\":1}",
                                      "RIFF\x01WAVE"};
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); ++i) {
    Message message = {""};
    assert_int_not_equal(parse_text(texts[i], &message), STATUS_OK);
    assert_non_null(strstr(message.text, "plexi.json: "));
  }
}

static void
a_set_list_is_called_a_set_list(void** const state)
{
  (void)state;
  Message message = {""};
  assert_int_equal(parse_text("{\"entries\": [{\"model\": \"plexi.json\"}]}", &message),
                   STATUS_BAD_FILE);
  assert_string_equal(message.text, "plexi.json: is a set list of grus-live; expected a model");
}

static void
deep_nesting_is_refused(void** const state)
{
  (void)state;
  const size_t depth = 1000000;
  char* const text = (char*)malloc(depth + 1);
  Message message = {""};
  memset(text, '[', depth);
  text[depth] = '\0';
  assert_int_equal(parse_text(text, &message), STATUS_BAD_FILE);
  free(text);
}

static void
a_huge_file_is_refused(void** const state)
{
  (void)state;
  char path[4096];
  ModelFile file = {0};
  Message message = {""};
  fixture_path("huge.json", path);
  fixture_write_text(path, "{");
  assert_int_equal(truncate(path, (off_t)MODEL_FILE_MAX_SIZE + 1), 0);
  assert_int_equal(model_file_read(path, &file, &message), STATUS_BAD_FILE);
  assert_non_null(strstr(message.text, "too large"));
  (void)unlink(path);
}

static void
a_huge_text_is_refused(void** const state)
{
  (void)state;
  const size_t size = (size_t)MODEL_FILE_MAX_SIZE + 1;
  char* const text = (char*)malloc(size);
  ModelFile file = {0};
  Message message = {""};
  assert_non_null(text);
  memset(text, ' ', size);
  text[0] = '{';
  assert_int_equal(model_file_parse(text, size, "plexi.json", &file, &message), STATUS_BAD_FILE);
  assert_non_null(strstr(message.text, "plexi.json: is too large; expected at most 32 MiB"));
  free(text);
}

static void
a_missing_file_and_a_folder_have_their_own_messages(void** const state)
{
  (void)state;
  ModelFile file = {0};
  Message message = {""};
  assert_int_equal(model_file_read("/nowhere/plexi.json", &file, &message), STATUS_MISSING);
  assert_string_equal(message.text, "/nowhere/plexi.json: no such file");
  assert_int_equal(model_file_read("/tmp", &file, &message), STATUS_CANNOT_READ);
  assert_string_equal(message.text, "/tmp: is a folder; expected a model (JSON)");
}

static void
a_file_that_fails_its_own_test_is_reported(void** const state)
{
  (void)state;
  char* const text = edit_model(CELL_GRU_RESET_AFTER, "\"input_batch\"", "[0.0,", "[0.9,");
  ModelFile file = {0};
  assert_int_equal(model_file_parse(text, strlen(text), "plexi.json", &file, NULL), STATUS_OK);
  assert_non_null(strstr(file.warning.text, "test signal"));
  model_file_clear(&file);
  free(text);
}

/// Edit a model; it must be read, with one set tested or none, and warn of `warning`, "" of nothing
static void
check_warned(const char* const after, const char* const from, const char* const to,
             const uint32_t n_tested, const char* const warning)
{
  char* const text = edit_model(CELL_GRU_RESET_AFTER, after, from, to);
  ModelFile file = {0};
  assert_int_equal(model_file_parse(text, strlen(text), "plexi.json", &file, NULL), STATUS_OK);
  if (file.n_tested != n_tested || !strstr(file.warning.text, warning) ||
      (!warning[0] && file.warning.text[0])) {
    fail_msg("%s to %s: %u tests, \"%s\"", from, to, file.n_tested, file.warning.text);
  }
  model_file_clear(&file);
  free(text);
}

static void
a_test_signal_that_is_none_is_ignored_with_a_warning(void** const state)
{
  (void)state;
  const char* const in = "\"input_batch\"";
  const char* const out = "\"output_batch\"";
  check_warned("", "\"samplerate\"", "\"samplerate\"", 1, "");
  check_warned(in, "[0.0,", "[", 0, "plexi.json: its test signal is ignored: \"input_batch\"");
  check_warned(in, "[0.0,", "[[0.0],", 0, "is ignored");
  check_warned(in, "[0.0,", "[1e39,", 0, "is ignored");
  check_warned(out, "[", "[null,", 0, "is ignored");
  check_warned("", "\"output_batch\"", "\"x\"", 0, "is ignored");
  check_warned("", "\"input_batch\"", "\"input_batch\":[],\"x\"", 0, "is ignored");
}

static void
a_key_that_stands_twice_counts_the_last_time(void** const state)
{
  (void)state;
  const CellType cell = CELL_GRU_RESET_AFTER;
  char* const text = edit_model(cell, "", "\"samplerate\"", "\"samplerate\":96000,\"samplerate\"");
  ModelFile file = {0};
  assert_int_equal(model_file_parse(text, strlen(text), "plexi.json", &file, NULL), STATUS_OK);
  check_equal(file.sample_rate, 48000.0);
  model_file_clear(&file);
  free(text);
  check_warned("", "\"samplerate\"", "\"samplerate\":96000,\"samplerate\"", 1,
               "samplerate\"'; the last one counts");
}

static void
a_fault_behind_a_key_that_stands_twice_is_what_is_reported(void** const state)
{
  (void)state;
  Message message = {""};
  assert_int_equal(parse_text("{\"in_shape\": 1, \"in_shape\": 2,\n\"layers\": [1,]}", &message),
                   STATUS_BAD_FILE);
  assert_memory_equal(message.text, "plexi.json: line 2, column ", 27);
}

/// As older files have it
static void
knobs_may_have_no_names(void** const state)
{
  (void)state;
  const CellType cell = CELL_GRU_RESET_AFTER;
  char* const text = edit_model(cell, "\"grus\"", "\"knobs\"", "\"handles\"");
  ModelFile file = {0};
  assert_int_equal(model_file_parse(text, strlen(text), "plexi.json", &file, NULL), STATUS_OK);
  assert_string_equal(file.knobs[0], "");
  model_file_clear(&file);
  free(text);
}

static void
a_skip_connection_can_be_true(void** const state)
{
  (void)state;
  check_warned("", "\"samplerate\"", "\"in_skip\":false,\"samplerate\"", 1, "");
  check_warned("", "\"samplerate\"", "\"in_skip\":true,\"samplerate\"", 1, "test signal");
}

/// The file doesn't say where the knobs stood
static void
a_model_with_knobs_is_tested_at_either_end_of_habit(void** const state)
{
  (void)state;
  const ParamsShape shape = {CELL_GRU_RESET_AFTER, 3, 2, false, 0};
  const double knobs[] = {0.0, 0.5, 0.8};
  for (size_t k = 0; k < 3; ++k) {
    const float x[2] = {0.5F, -0.25F};
    double y[2] = {0.0, 0.0};
    double h[PARAMS_MAX_STATE] = {0};
    char batch[160];
    ModelFile out = {.params = fixture_params(shape, 5), .sample_rate = 48000.0};
    ModelFile in = {0};
    assert_int_equal(reference_run(&out.params, &knobs[k], h, x, y, 2), STATUS_OK);
    (void)snprintf(batch, sizeof(batch),
                   "\"input_batch\":[0.5,-0.25],\"output_batch\":[%.9f,%.9f],\"samplerate\"", y[0],
                   y[1]);
    char* text = replace_in(text_of(&out), "", "\"input_batch\"", "\"in\"");
    text = replace_in(text, "", "\"output_batch\"", "\"out\"");
    text = replace_in(text, "", "\"samplerate\"", batch);
    assert_int_equal(model_file_parse(text, strlen(text), "a", &in, NULL), STATUS_OK);
    assert_int_equal(in.n_tested, 1);
    assert_int_equal(strstr(in.warning.text, "with its knobs at 0 or in the middle") != NULL,
                     k == 2);
    model_file_clear(&in);
    model_file_clear(&out);
    free(text);
  }
}

static void
a_given_rate_counts_only_where_the_file_gives_none(void** const state)
{
  (void)state;
  ModelFile file = {.sample_rate = 48000.0, .sample_rate_is_assumed = true};
  model_file_give_rate(&file, 0.0);
  assert_true(file.sample_rate_is_assumed);
  model_file_give_rate(&file, 96000.0);
  check_equal(file.sample_rate, 96000.0);
  assert_false(file.sample_rate_is_assumed);
  assert_true(file.sample_rate_is_given);
  file = (ModelFile){.sample_rate = 48000.0};
  model_file_give_rate(&file, 96000.0);
  check_equal(file.sample_rate, 48000.0);
  assert_false(file.sample_rate_is_given);
}

static void
a_rate_may_be_missing_or_in_the_metadata(void** const state)
{
  (void)state;
  char* text = edit_model(CELL_GRU_RESET_AFTER, "", "\"samplerate\": 48000,", "");
  ModelFile file = {0};
  assert_int_equal(model_file_parse(text, strlen(text), "a", &file, NULL), STATUS_OK);
  check_equal(file.sample_rate, 48000.0);
  assert_false(file.sample_rate_is_assumed);
  model_file_clear(&file);
  char* const place = strstr(text, "\"samplerate\":\"48000\"");
  memcpy(place, "\"somethings\":\"48000\"", 20);
  assert_int_equal(model_file_parse(text, strlen(text), "a", &file, NULL), STATUS_OK);
  check_equal(file.sample_rate, 48000.0);
  assert_true(file.sample_rate_is_assumed);
  model_file_clear(&file);
  free(text);
}

static void
a_model_that_is_not_finite_is_not_written(void** const state)
{
  (void)state;
  char path[4096];
  Message message = {""};
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 4, 3);
  fixture_path("nan.json", path);
  file.params.values[5] = NAN;
  assert_int_equal(model_file_write(&file, path, &message), STATUS_BAD_ARGUMENT);
  assert_int_not_equal(access(path, F_OK), 0);
  model_file_clear(&file);
}

/// Check that a model isn't written once `spoil` has damaged its second set
static void
check_not_written(void (*const spoil)(ModelSet* set), const char* const fault)
{
  char path[4096];
  Message message = {""};
  ModelFile file = model_with_sets(CELL_GRU_RESET_AFTER, 3);
  fixture_path("spoilt.json", path);
  spoil(&file.others[1]);
  assert_int_equal(model_file_write(&file, path, &message), STATUS_BAD_ARGUMENT);
  assert_non_null(strstr(message.text, fault));
  assert_int_not_equal(access(path, F_OK), 0);
  model_file_clear(&file);
}

static void
spoil_weight(ModelSet* const set)
{
  set->params.values[7] = INFINITY;
}

static void
spoil_shape(ModelSet* const set)
{
  set->params.shape.skip = true;
}

static void
spoil_rate(ModelSet* const set)
{
  set->sample_rate = 44100.0;
}

static void
sets_that_could_not_be_read_are_not_written(void** const state)
{
  (void)state;
  check_not_written(spoil_weight, "not finite");
  check_not_written(spoil_shape, "one shape");
  check_not_written(spoil_rate, "a rate each");
}

static void
a_stage_that_could_not_be_read_is_not_written(void** const state)
{
  (void)state;
  ModelFile file = model_with_stage(2, 3);
  Message message = {""};
  memset(params_values(&file.others[0].params, PARAMS_TAPS), 0, 2 * sizeof(float));
  assert_int_equal(model_file_write(&file, "silent.json", &message), STATUS_BAD_ARGUMENT);
  assert_non_null(strstr(message.text, "a linear stage that is all zero"));
  params_clear(&file.others[0].params);
  file.others[0].params = fixture_params((ParamsShape){CELL_GRU_RESET_AFTER, 2, 1, false, 0}, 1);
  assert_int_equal(model_file_write(&file, "mixed.json", &message), STATUS_BAD_ARGUMENT);
  assert_non_null(strstr(message.text, "one shape"));
  assert_int_equal(model_file_write_guitarml(&file, "half.json", &message), STATUS_UNSUPPORTED);
  assert_non_null(strstr(message.text, "has a linear stage"));
  model_file_clear(&file);
}

static void
a_failed_write_leaves_only_the_old_file(void** const state)
{
  (void)state;
  Message message = {""};
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 4, 3);
  assert_int_equal(model_file_write(&file, "/nowhere/model.json", &message), STATUS_CANNOT_WRITE);
  assert_non_null(strstr(message.text, "/nowhere/model.json"));
  char folder[PATH_MAX]; // A file can't be renamed to a folder
  fixture_path("folder", folder);
  char inside[PATH_MAX];
  fixture_path("folder/kept", inside);
  (void)mkdir(folder, 0777);
  (void)mkdir(inside, 0777);
  assert_int_equal(model_file_write(&file, folder, &message), STATUS_CANNOT_WRITE);
  glob_t found;
  char pattern[PATH_MAX];
  fixture_path("folder.*", pattern);
  assert_int_equal(glob(pattern, 0, NULL, &found), GLOB_NOMATCH);
  globfree(&found);
  model_file_clear(&file);
}

static void
the_locale_changes_nothing(void** const state)
{
  (void)state;
  char* const plain = model_text(CELL_GRU_RESET_BEFORE, 3);
  if (!setlocale(LC_ALL, "de_DE.UTF-8")) {
    (void)printf("# no locale de_DE.UTF-8 here: nothing shown\n");
    free(plain);
    return;
  }
  char number[16];
  (void)snprintf(number, sizeof(number), "%.1f", 0.5);
  assert_string_equal(number, "0,5"); // The locale has a decimal comma
  char* const text = model_text(CELL_GRU_RESET_BEFORE, 3);
  ModelFile file = {0};
  ModelFile same = fixture_model_file(CELL_GRU_RESET_BEFORE, 3, 1);
  assert_string_equal(text, plain);
  assert_int_equal(model_file_parse(text, strlen(text), "a", &file, NULL), STATUS_OK);
  assert_memory_equal(file.params.values, same.params.values,
                      params_count(same.params.shape) * sizeof(float));
  (void)setlocale(LC_ALL, "C");
  model_file_clear(&same);
  model_file_clear(&file);
  free(text);
  free(plain);
}

/// Refuse a model whose recurrent layer has these biases, or none for NULL
static void
check_biases_refused(const CellType cell, json_t* const biases, const char* const fault)
{
  char* const text = model_text(cell, 3);
  json_t* const root = json_loads(text, 0, NULL);
  json_t* const layer = json_array_get(json_object_get(root, "layers"), 0);
  json_t* const weights = json_object_get(layer, "weights");
  free(text);
  assert_int_equal(biases ? json_array_set_new(weights, 2, biases) : json_array_remove(weights, 2),
                   0);
  check_text_refused(json_dumps(root, 0), fault);
  json_decref(root);
}

static void
missing_biases_are_called_missing(void** const state)
{
  (void)state;
  check_biases_refused(CELL_GRU_RESET_AFTER, json_null(), "biases, which are not an array");
  check_biases_refused(CELL_GRU_RESET_BEFORE, json_null(), "biases, which are not an array");
  check_biases_refused(CELL_GRU_RESET_AFTER, NULL, "biases, which are missing");
  check_biases_refused(CELL_LSTM, json_null(), "biases have a row of 0 numbers, shape says 12");
  check_biases_refused(CELL_LSTM, NULL, "3 arrays of weights, not 2");
}

static void
a_model_too_loud_for_its_own_test_can_be_read_again(void** const state)
{
  (void)state;
  char path[4096];
  fixture_path("loud.json", path);
  for (int sign = -1; sign <= 1; sign += 2) { // One of them takes the sum beyond the largest float
    ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 1, 1);
    ModelFile read = {0};
    params_values(&file.params, PARAMS_W_O)[0] = FLT_MAX;
    params_values(&file.params, PARAMS_B_O)[0] = (float)sign * FLT_MAX;
    assert_int_equal(model_file_write(&file, path, NULL), STATUS_OK);
    assert_int_equal(model_file_read(path, &read, NULL), STATUS_OK);
    assert_memory_equal(read.params.values, file.params.values,
                        params_count(file.params.shape) * sizeof(float));
    model_file_clear(&file);
    model_file_clear(&read);
  }
}

/// Write and read a model with this gain; return what came back
static double
gain_after_round_trip(const double input_gain_db)
{
  char path[4096];
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 1, 1);
  ModelFile read = {0};
  fixture_path("gain.json", path);
  file.input_gain_db = input_gain_db;
  assert_int_equal(model_file_write(&file, path, NULL), STATUS_OK);
  assert_int_equal(model_file_read(path, &read, NULL), STATUS_OK);
  const double gain = read.input_gain_db;
  model_file_clear(&file);
  model_file_clear(&read);
  return gain;
}

static void
gains_beyond_integers_keep_their_value(void** const state)
{
  (void)state;
  static const double gains[] = {1e19, -1e19, 1e308, 1e15, -3.0, 0.5};
  const size_t n = sizeof(gains) / sizeof(gains[0]);
  for (size_t i = 0; i < n; i += fixture_is_slow() ? 3 : 1) {
    check_equal(gain_after_round_trip(gains[i]), gains[i]);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gains_beyond_integers_keep_their_value),
      cmocka_unit_test(missing_biases_are_called_missing),
      cmocka_unit_test(a_model_too_loud_for_its_own_test_can_be_read_again),
      cmocka_unit_test(a_round_trip_is_exact),
      cmocka_unit_test(levels_survive_the_round_trip_each_given_or_not),
      cmocka_unit_test(the_worst_segments_of_an_older_file_are_not_read),
      cmocka_unit_test(a_capture_that_was_learned_from_survives_the_round_trip),
      cmocka_unit_test(ratios_against_a_capture_have_names_of_their_own),
      cmocka_unit_test(the_loudness_of_knobs_survives_the_round_trip),
      cmocka_unit_test(a_level_of_null_or_of_another_player_is_not_given),
      cmocka_unit_test(a_level_that_is_not_finite_is_not_written),
      cmocka_unit_test(sets_for_other_rates_survive_the_round_trip),
      cmocka_unit_test(the_set_that_fits_a_rate_is_chosen),
      cmocka_unit_test(every_float_survives_the_round_trip),
      cmocka_unit_test(gates_are_in_the_order_of_keras),
      cmocka_unit_test(every_damaged_field_is_refused_by_name),
      cmocka_unit_test(every_damaged_set_is_refused_by_number),
      cmocka_unit_test(sets_of_another_shape_are_refused),
      cmocka_unit_test(missing_and_unknown_members_of_a_set_change_nothing),
      cmocka_unit_test(a_test_signal_that_goes_wrong_in_its_last_frame_is_reported),
      cmocka_unit_test(a_set_that_fails_its_own_test_is_reported),
      cmocka_unit_test(a_test_signal_that_is_no_number_in_single_precision_proves_nothing),
      cmocka_unit_test(a_linear_stage_survives_the_round_trip),
      cmocka_unit_test(a_model_with_a_stage_has_no_layers_where_other_players_look),
      cmocka_unit_test(the_test_signal_went_through_the_stage),
      cmocka_unit_test(a_stage_that_plays_its_test_signal_wrong_is_reported),
      cmocka_unit_test(every_damaged_stage_is_refused_by_name),
      cmocka_unit_test(every_weight_that_is_not_finite_is_refused),
      cmocka_unit_test(a_file_cut_at_any_byte_is_refused),
      cmocka_unit_test(a_file_that_is_wrong_names_the_place_in_plain_words),
      cmocka_unit_test(the_usual_activations_may_be_named),
      cmocka_unit_test(a_byte_order_mark_is_skipped),
      cmocka_unit_test(a_long_name_is_cut_between_characters_and_can_be_written),
      cmocka_unit_test(nonsense_is_refused),
      cmocka_unit_test(a_set_list_is_called_a_set_list),
      cmocka_unit_test(deep_nesting_is_refused),
      cmocka_unit_test(a_huge_file_is_refused),
      cmocka_unit_test(a_huge_text_is_refused),
      cmocka_unit_test(a_missing_file_and_a_folder_have_their_own_messages),
      cmocka_unit_test(a_file_that_fails_its_own_test_is_reported),
      cmocka_unit_test(a_rate_may_be_missing_or_in_the_metadata),
      cmocka_unit_test(a_test_signal_that_is_none_is_ignored_with_a_warning),
      cmocka_unit_test(a_key_that_stands_twice_counts_the_last_time),
      cmocka_unit_test(a_fault_behind_a_key_that_stands_twice_is_what_is_reported),
      cmocka_unit_test(knobs_may_have_no_names),
      cmocka_unit_test(a_skip_connection_can_be_true),
      cmocka_unit_test(a_model_with_knobs_is_tested_at_either_end_of_habit),
      cmocka_unit_test(a_given_rate_counts_only_where_the_file_gives_none),
      cmocka_unit_test(a_model_that_is_not_finite_is_not_written),
      cmocka_unit_test(sets_that_could_not_be_read_are_not_written),
      cmocka_unit_test(a_stage_that_could_not_be_read_is_not_written),
      cmocka_unit_test(a_failed_write_leaves_only_the_old_file),
      cmocka_unit_test(the_locale_changes_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

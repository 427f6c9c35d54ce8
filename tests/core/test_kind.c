// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Is what was chosen by mistake called by its name, with what would be right?

#include "tests/fixtures.h"

#include "core/kind.h"

#include <stdlib.h>
#include <string.h>

/// First bytes of a file; zeros are part of some
#define START(bytes)                                                                               \
  {                                                                                                \
    "x", (bytes), sizeof(bytes) - 1                                                                \
  }

typedef struct {
  KindStart start;
  const char* expected; ///< After the name
} Case;

#define WAV_HEADER "RIFF\x24\x00\x00\x00WAVE"

static void
check_cases(const FileKind kind, const Case* const cases, const size_t n)
{
  for (size_t i = 0; i < n; ++i) {
    Message message = {""};
    assert_int_not_equal(kind_fail(kind, cases[i].start, &message), STATUS_OK);
    assert_memory_equal(message.text, "x: ", 3);
    assert_string_equal(message.text + 3, cases[i].expected);
  }
}

static void
what_is_no_model_is_called_by_its_name(void** const state)
{
  (void)state;
  static const Case cases[] = {
      {START(""), "is empty (0 bytes); expected a model (JSON)"},
      {START("PK\x03\x04\x14\x00"), "is a ZIP archive; unpack it first"},
      {START("PK\x03\x04\x00\x00\x08\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
             "\x00\x00\x00\x00\x10\x00\x12\x00"
             "archive/data.pkl"),
       "is a PyTorch checkpoint; export it as a model first"},
      {START("\x1F\x8B\x08\x00"), "is packed with gzip; unpack it first"},
      {START("<!DOCTYPE html>\n<html>"), "is a web page; download the file itself"},
      {START("\n  <HTML><body>Not Found"), "is a web page; download the file itself"},
      {START("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n"),
       "is a Git LFS pointer; run \"git lfs pull\" first"},
      {START("\xFF\xFE{\x00\n\x00"), "is a text file in UTF-16; save it as UTF-8"},
      {START("{\x00\n\x00"), "is a text file in UTF-16; save it as UTF-8"},
      {START("\x00{\x00\n"), "is a text file in UTF-16; save it as UTF-8"},
      {START("grus-c2\x00\x01"), "is a checkpoint of grus-train; expected a model (JSON)"},
      {START("\x89PNG\r\n\x1A\n"), "is a picture (PNG); expected a model (JSON)"},
      {START("Dear diary,\n"), "is a text file; expected a model (JSON)"},
      {START("\x00\x00\x00\x00"), "is full of zeros; copy or download it again"},
      {START("\x01\x02\x03\x80"), "is of an unknown kind; expected a model (JSON)"},
      {START(WAV_HEADER), "is a sound file (WAV); expected a model (JSON)"},
      {START("fLaC\x00\x00"), "is a sound file (FLAC); expected a model (JSON)"},
      {START("\x00\x00\x00\x20"
             "ftypM4A "),
       "is a sound file (MPEG-4/AAC); expected a model (JSON)"},
  };
  check_cases(FILE_MODEL, cases, sizeof(cases) / sizeof(cases[0]));
}

static void
what_is_no_sound_is_called_by_its_name(void** const state)
{
  (void)state;
  static const Case cases[] = {
      {START(""), "is empty (0 bytes); expected a sound file"},
      {START("{\"layers\": ["), "is a JSON file, such as a model; expected a sound file"},
      {START("\xEF\xBB\xBF {\"layers\": ["),
       "is a JSON file, such as a model; expected a sound file"},
      {START("Dear diary,\n"), "is a text file; expected a sound file"},
      {START("PK\x03\x04\x14\x00"), "is a ZIP archive; unpack it first"},
      {START("\x00\x00\x00\x20"
             "ftypM4A "),
       "is in MPEG-4/AAC, which Grus can't read; export it as WAV or FLAC"},
      {START("\xFF\xF1\x50\x80"), "is in AAC, which Grus can't read; export it as WAV or FLAC"},
      {START("\x30\x26\xB2\x75\x8E\x66\xCF\x11"),
       "is in WMA, which Grus can't read; export it as WAV or FLAC"},
      {START("wvpk\x00\x01"), "is in WavPack, which Grus can't read; export it as WAV or FLAC"},
      {START(WAV_HEADER "fmt \x1E\x00\x00\x00\x55\x00\x01\x00"),
       "is in MP3 inside a WAV file, which Grus can't read; export it as WAV or FLAC"},
      {START(WAV_HEADER "fmt \x10\x00\x00\x00\x01\x00\x01\x00"),
       "is a damaged WAV file; export it again as WAV or FLAC"},
      {START("\x01\x02\x03\x80"), "is not a sound file that Grus reads; export it as WAV or FLAC"},
  };
  check_cases(FILE_SOUND, cases, sizeof(cases) / sizeof(cases[0]));
}

static void
only_json_passes_for_a_model(void** const state)
{
  (void)state;
  static const KindStart good[] = {START("{}"), START(" \r\n\t["), START("\xEF\xBB\xBF{")};
  static const KindStart bad[] = {START(""), START("  "), START("7"), START(WAV_HEADER),
                                  START("{\x00\"\x00")};
  for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); ++i) {
    assert_int_equal(kind_check(FILE_MODEL, good[i], NULL), STATUS_OK);
    assert_int_equal(kind_check(FILE_SETLIST, good[i], NULL), STATUS_OK);
  }
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    assert_int_not_equal(kind_check(FILE_MODEL, bad[i], NULL), STATUS_OK);
    assert_int_equal(kind_check(FILE_SOUND, bad[i], NULL), STATUS_OK); // Its decoder knows
    assert_int_equal(kind_check(FILE_PLAIN, bad[i], NULL), STATUS_OK);
  }
}

/// Any beginning must be named, with nothing read outside it
static void
every_cut_of_a_beginning_is_named(void** const state)
{
  (void)state;
  static const char bytes[] = WAV_HEADER "fmt \x1E\x00\x00\x00\x55\x00";
  for (size_t size = 0; size < sizeof(bytes); ++size) {
    char* const copy = (char*)malloc(size + 1);
    Message message = {""};
    memcpy(copy, bytes, size);
    char* const exact = (char*)realloc(copy, size ? size : 1);
    const KindStart start = {"x", exact, size};
    assert_int_not_equal(kind_fail(FILE_MODEL, start, &message), STATUS_OK);
    assert_int_not_equal(kind_fail(FILE_SOUND, start, &message), STATUS_OK);
    assert_memory_equal(message.text, "x: is ", 6);
    free(exact);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_no_model_is_called_by_its_name),
      cmocka_unit_test(what_is_no_sound_is_called_by_its_name),
      cmocka_unit_test(only_json_passes_for_a_model),
      cmocka_unit_test(every_cut_of_a_beginning_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

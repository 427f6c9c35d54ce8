// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "tests/fuzz/fuzz.h"

#include "core/format/formats.h"
#include "tests/fixtures.h"

#include <jansson.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void
fuzz_give(const FuzzSeeds* const seeds, const char* const name, const void* const bytes,
          const size_t size)
{
  seeds->take(name, bytes, size, seeds->context);
}

void
fuzz_give_text(const FuzzSeeds* const seeds, const char* const name, const char* const text)
{
  fuzz_give(seeds, name, text, strlen(text));
}

uint8_t
fuzz_take(FuzzBytes* const bytes)
{
  if (!bytes->size) {
    return 0;
  }
  --bytes->size;
  return *bytes->bytes++;
}

uint32_t
fuzz_take_below(FuzzBytes* const bytes, const uint32_t n)
{
  const uint32_t low = fuzz_take(bytes);
  return (n > 256 ? low + 256U * fuzz_take(bytes) : low) % n;
}

float
fuzz_take_float(FuzzBytes* const bytes)
{
  static const float odd[] = {0.0F,     -0.0F,     1.0F,    -1.0F, 0.5F,      1e30F,
                              -1e30F,   1e-40F,    -1e-40F, NAN,   3e38F,     1e-9F,
                              INFINITY, -INFINITY, -90.0F,  12.0F, 16777216.F};
  const uint32_t which = fuzz_take(bytes);
  const size_t n_odd = sizeof(odd) / sizeof(odd[0]);
  uint32_t bits = 0;
  float value = 0.0F;
  if (which < n_odd) {
    return odd[which];
  }
  if (which < 200) {
    return ((float)which - 100.0F) * (fuzz_take(bytes) % 2 ? 0.01F : 1.0F);
  }
  for (int i = 0; i < 4; ++i) {
    bits = bits << 8U | fuzz_take(bytes);
  }
  memcpy(&value, &bits, sizeof(value));
  return value;
}

FuzzBytes
fuzz_take_piece(FuzzBytes* const bytes, const size_t size)
{
  const FuzzBytes piece = {bytes->bytes, size < bytes->size ? size : bytes->size};
  bytes->bytes += piece.size;
  bytes->size -= piece.size;
  return piece;
}

const char*
fuzz_file(const void* const bytes, const size_t size)
{
  static int fd = -1;
  static char path[32];
  if (fd < 0) {
    fd = memfd_create("fuzz", MFD_CLOEXEC);
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
  }
  fuzz_check(fd >= 0 && !ftruncate(fd, 0) && pwrite(fd, bytes, size, 0) == (ssize_t)size);
  return path;
}

void
fuzz_write_model(const char* const path, const uint64_t seed)
{
  char* text = NULL;
  ModelFile file = fixture_model_file(CELL_GRU_RESET_BEFORE, 1, seed);
  file.loudness = (ModelFileLoudness){.middle = {true, -20.0}};
  fuzz_check(!model_json_encode(&file, &text, NULL));
  json_t* const root = json_loads(text, 0, NULL);
  fuzz_check(!json_object_del(root, "input_batch") && !json_object_del(root, "output_batch"));
  fuzz_check(!json_dump_file(root, path, JSON_REAL_PRECISION(9)));
  json_decref(root);
  free(text);
  model_file_clear(&file);
}

static char folder[64];

static void
remove_folder(void)
{
  char command[128];
  (void)snprintf(command, sizeof(command), "rm -rf %s", folder);
  (void)!system(command); // NOLINT: a name of our own
}

const char*
fuzz_folder(void)
{
  if (!folder[0]) {
    (void)snprintf(folder, sizeof(folder), "%s/grus-fuzz-XXXXXX",
                   access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
    fuzz_check(mkdtemp(folder) != NULL);
    (void)atexit(remove_folder);
  }
  return folder;
}

void
fuzz_silence(void)
{
  FILE* const nowhere = fopen("/dev/null", "we");
  fuzz_check(nowhere != NULL);
  stdout = nowhere; // The fuzzer keeps its own
  stderr = nowhere;
}

void
fuzz_fail(const char* const file, const int line, const char* const what)
{
  char text[STATUS_MESSAGE_SIZE];
  const int n = snprintf(text, sizeof(text), "%s:%d: expected %s\n", file, line, what);
  (void)!write(STDERR_FILENO, text, n < (int)sizeof(text) ? (size_t)n : sizeof(text) - 1);
  abort();
}

/// Return the size of the character that a text begins with; 0 if it is no UTF-8, or can't be shown
static size_t
shown_size(const unsigned char* const text)
{
  const unsigned char first = text[0];
  const size_t size = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (first < 0x20 || first == 0x7F || first > 0xF4) {
    return 0;
  }
  for (size_t i = 1; i < size; ++i) {
    if ((text[i] & 0xC0U) != 0x80U) {
      return 0;
    }
  }
  const bool is_wrong = (first == 0xE0 && text[1] < 0xA0) || (first == 0xED && text[1] > 0x9F) ||
                        (first == 0xF0 && text[1] < 0x90) || (first == 0xF4 && text[1] > 0x8F) ||
                        (first == 0xC2 && text[1] < 0xA0);
  return is_wrong ? 0 : size;
}

void
fuzz_check_text(const char* const text)
{
  const unsigned char* at = (const unsigned char*)text;
  while (*at) {
    const size_t size = shown_size(at);
    if (!size) {
      fuzz_fail(text, (int)(at - (const unsigned char*)text), "a text that can be shown");
    }
    at += size;
  }
}

void
fuzz_check_controls(const EngineControls* const controls)
{
  for (int i = 0; i < N_CONTROLS; ++i) {
    const ControlRange range = controls_range((Control)i);
    const float value = controls_get(controls, (Control)i);
    fuzz_check(value >= range.low && value <= range.high);
  }
}

void
fuzz_check_message(const Message* const message)
{
  fuzz_check(message->text[0] && memchr(message->text, '\0', sizeof(message->text)));
  fuzz_check_text(message->text);
}

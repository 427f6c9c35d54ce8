// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the fuzz targets share. A target is one file: it says what happens to one input, and which
/// inputs fuzzing starts from. libFuzzer and AFL++ link with it, or tests/fuzz/replay.c, which runs
/// the first inputs and some altered ones wherever tests run.

#ifndef GRUS_TESTS_FUZZ_FUZZ_H
#define GRUS_TESTS_FUZZ_FUZZ_H

#include "core/engine/controls.h"
#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Each target defines these

/// Try one input: whatever it is, nothing may crash, and what was promised holds. Return 0.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

/// Who gets the first inputs
typedef struct {
  void (*take)(const char* name, const void* bytes, size_t size, void* context);
  void* context;
} FuzzSeeds;

/// Give the inputs that fuzzing starts from
void fuzz_make_seeds(const FuzzSeeds* seeds);

// Some define this

/// Alter an input of `size` bytes, to at most `most`; return its new size
size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t most, unsigned seed)
    __attribute__((weak));

/// The fuzzer's own way to alter bytes; NULL if it offers none, as AFL++
size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t most) __attribute__((weak));

// Seeds

void fuzz_give(const FuzzSeeds* seeds, const char* name, const void* bytes, size_t size);
void fuzz_give_text(const FuzzSeeds* seeds, const char* name, const char* text);

// Inputs

/// The rest of an input that is read from its beginning
typedef struct {
  const uint8_t* bytes;
  size_t size;
} FuzzBytes;

/// Take a byte; 0 at the end
uint8_t fuzz_take(FuzzBytes* bytes);

/// Take a number from 0 to `n` - 1, at most 65535
uint32_t fuzz_take_below(FuzzBytes* bytes, uint32_t n);

/// Take a number as hosts and files may have it: ordinary, huge, tiny, infinite or none
float fuzz_take_float(FuzzBytes* bytes);

/// Take up to `size` bytes
FuzzBytes fuzz_take_piece(FuzzBytes* bytes, size_t size);

/// Return the path of a file in memory with these bytes; the next call replaces it
const char* fuzz_file(const void* bytes, size_t size);

/// Write a small model that is read and built as fast as can be: it gives its loudness and has no
/// test signal
void fuzz_write_model(const char* path, uint64_t seed);

/// Return an empty folder that is removed at the end, in memory if possible
const char* fuzz_folder(void);

/// Let nothing that is printed be seen, except for what fuzz_check() reports
void fuzz_silence(void);

// Checks

/// Stop with a message unless a condition holds
#define fuzz_check(condition)                                                                      \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      fuzz_fail(__FILE__, __LINE__, #condition);                                                   \
    }                                                                                              \
  } while (0)

void fuzz_fail(const char* file, int line, const char* what) __attribute__((noreturn));

/// Check that each control is in its range
void fuzz_check_controls(const EngineControls* controls);

/// Check that a text can be shown: UTF-8 without control characters
void fuzz_check_text(const char* text);

/// The same of a message, which is not empty
void fuzz_check_message(const Message* message);

#endif

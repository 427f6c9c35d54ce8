// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Which smaller models does a NAM container hold beside the largest, which is the one that Grus
// learns from? Writes each into a file of its own, and prints the names of these files.

#include "cli/exit_status.h"
#include "cli/message.h"

#include <jansson.h>

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define PROGRAM "split_container"

/// Give a model the rate of its container, unless it says its own
static void
inherit_rate(const json_t* const container, json_t* const model)
{
  json_t* const rate = json_object_get(container, "sample_rate");
  if (rate && !json_object_get(model, "sample_rate")) {
    (void)json_object_set(model, "sample_rate", rate);
  }
}

/// Write the models of a container; false after a message
static bool
write_smaller(const json_t* const container, const char* const prefix)
{
  const json_t* const all = json_object_get(json_object_get(container, "config"), "submodels");
  const size_t n = json_array_size(all);
  for (size_t k = 0; k + 1 < n; ++k) {
    char path[PATH_MAX];
    json_t* const model = json_object_get(json_array_get(all, k), "model");
    const int length = snprintf(path, sizeof(path), "%s-%zu.nam", prefix, k + 1);
    inherit_rate(container, model);
    if (length < 0 || length >= (int)sizeof(path) || json_dump_file(model, path, 0)) {
      return cli_complain(PROGRAM, "%s: can't be written", path);
    }
    (void)puts(path);
  }
  return true;
}

int
main(const int argc, char** const argv)
{
  json_error_t error;
  if (argc != 3) {
    (void)fputs("Usage: split_container CAPTURE.nam PREFIX\n"
                "Write the smaller models of a NAM container to PREFIX-1.nam and so on.\n",
                stderr);
    return CLI_EXIT_BAD_INPUT;
  }
  json_t* const container = json_load_file(argv[1], 0, &error);
  if (!container) {
    (void)cli_complain(PROGRAM, "%s: %s", argv[1], error.text);
    return CLI_EXIT_BAD_INPUT;
  }
  const bool is_written = write_smaller(container, argv[2]);
  json_decref(container);
  return is_written ? CLI_EXIT_DONE : CLI_EXIT_FAILED;
}

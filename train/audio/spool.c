// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A mapped file costs no memory of the program's own: the kernel caches what is in use and drops
// the rest. It gets no advice, because a clip is read from start to end, and what the kernel reads
// around a missing page, usually 128 KiB, is a whole clip.

#include "train/audio/spool.h"

#include "core/file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define DEFAULT_FOLDER "/var/tmp"

/// Report the system's error and what to do
static Status
fail_to_write(const Spool* const spool, Message* const message)
{
  return status_fail(message, STATUS_CANNOT_WRITE,
                     "%s: %s after %.1f MB of a decoded recording; free some room there, or "
                     "set TMPDIR to a folder with more",
                     spool->folder, strerror(errno),
                     1e-6 * (double)spool->n_samples * sizeof(float));
}

Status
spool_open(Spool* const spool, Message* const message)
{
  char path[PATH_MAX];
  const char* const asked = getenv("TMPDIR");
  const char* const folder = asked && *asked ? asked : DEFAULT_FOLDER;
  (void)snprintf(path, sizeof(path), "%s/grus-XXXXXX", folder);
  const int file = mkstemp(path);
  if (file < 0) {
    return status_fail(message, STATUS_CANNOT_WRITE,
                       "%s: %s; recordings are decoded there, so set TMPDIR to a folder you "
                       "can write to",
                       folder, strerror(errno));
  }
  (void)unlink(path);
  *spool = (Spool){file, folder, 0};
  return STATUS_OK;
}

Status
spool_add(Spool* const spool, const float* const samples, const uint32_t n_samples,
          Message* const message)
{
  if (!file_write_all(spool->file, samples, (size_t)n_samples * sizeof(float))) {
    return fail_to_write(spool, message);
  }
  spool->n_samples += n_samples;
  return STATUS_OK;
}

Status
spool_map(const Spool* const spool, const float** const samples, Message* const message)
{
  const size_t size = (size_t)spool->n_samples * sizeof(float);
  void* const mapped = size ? mmap(NULL, size, PROT_READ, MAP_SHARED, spool->file, 0) : NULL;
  if (mapped == MAP_FAILED) {
    return fail_to_write(spool, message);
  }
  *samples = (const float*)mapped;
  return STATUS_OK;
}

void
spool_close(Spool* const spool)
{
  (void)close(spool->file);
  *spool = (Spool){.file = -1};
}

void
spool_unmap(const float* const samples, const uint64_t n_samples)
{
  if (samples) {
    (void)munmap((void*)samples, (size_t)n_samples * sizeof(float));
  }
}

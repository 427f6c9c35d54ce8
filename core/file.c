// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Written under a temporary name, synced and renamed, so that a reader sees the old file or the new
// one and never half of either.

#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// Make a rename last through a power cut; a file system that can't is not an error
static void
sync_folder_of(const char* const path)
{
  char* const copy = strdup(path);
  const int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  if (fd >= 0) {
    (void)fsync(fd);
    (void)close(fd);
  }
  free(copy);
}

/// Write all and sync; the descriptor is closed in any case
static bool
write_all(const int fd, const char* const data, const size_t size)
{
  size_t done = 0;
  while (done < size) {
    const ssize_t n = write(fd, data + done, size - done);
    if (n < 0 && errno != EINTR) {
      break;
    }
    done += n > 0 ? (size_t)n : 0;
  }
  const bool is_synced = done == size && !fsync(fd);
  return !close(fd) && is_synced;
}

/// Give the file the permissions that a new file gets
static void
apply_umask(const int fd)
{
  const mode_t mask = umask(0);
  (void)umask(mask);
  (void)fchmod(fd, 0666 & ~mask);
}

Status
file_replace(const char* const path, const void* const data, const size_t size,
             Message* const message)
{
  char temporary[4096];
  if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >= (int)sizeof(temporary)) {
    return status_fail(message, STATUS_CANNOT_WRITE, "%.200s…: the path is too long", path);
  }
  const int fd = mkostemp(temporary, O_CLOEXEC);
  if (fd < 0) {
    return status_fail(message, STATUS_CANNOT_WRITE, "%.200s: %s", path, strerror(errno));
  }
  apply_umask(fd);
  if (!write_all(fd, (const char*)data, size) || rename(temporary, path)) {
    (void)status_fail(message, STATUS_CANNOT_WRITE, "%.200s: %s", path, strerror(errno));
    (void)unlink(temporary);
    return STATUS_CANNOT_WRITE;
  }
  sync_folder_of(path);
  return STATUS_OK;
}

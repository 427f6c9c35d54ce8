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

static bool
write_all(const int fd, const char* const data, const size_t size)
{
  size_t done = 0;
  while (done < size) {
    const ssize_t n = write(fd, data + done, size - done);
    if (n < 0 && errno != EINTR) {
      return false;
    }
    done += n > 0 ? (size_t)n : 0;
  }
  return true;
}

/// Give the file the permissions that a new file gets
static void
apply_umask(const int fd)
{
  const mode_t mask = umask(0);
  (void)umask(mask);
  (void)fchmod(fd, 0666 & ~mask);
}

/// Say what the system said
static Status
fail(const FileDraft* const draft, Message* const message)
{
  return status_fail(message, STATUS_CANNOT_WRITE, "%.200s: %s", draft->path, strerror(errno));
}

/// Return true where no other file can be put in its place: for a device or a pipe, and for links such as
/// /dev/stdout, which may lead to a plain file at the moment
static bool
is_written_directly(const char* const path)
{
  struct stat info;
  char link[16] = "";
  const bool is_link = readlink(path, link, sizeof(link) - 1) > 0;
  return (is_link && !strncmp(link, "/proc/", 6)) || !strncmp(path, "/proc/", 6) ||
         !strncmp(path, "/dev/fd/", 8) ||
         (!stat(path, &info) && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode));
}

Status
file_begin(const char* const path, FileDraft* const draft, Message* const message)
{
  draft->path = path;
  draft->fd = -1;
  draft->temporary[0] = '\0';
  if (is_written_directly(path)) {
    draft->fd = open(path, O_WRONLY | O_CLOEXEC);
    return draft->fd < 0 ? fail(draft, message) : STATUS_OK;
  }
  const size_t size = sizeof(draft->temporary);
  if (snprintf(draft->temporary, size, "%s.XXXXXX", path) >= (int)size) {
    return status_fail(message, STATUS_CANNOT_WRITE, "%.200s…: the path is too long", path);
  }
  draft->fd = mkostemp(draft->temporary, O_CLOEXEC);
  if (draft->fd < 0) {
    return fail(draft, message);
  }
  apply_umask(draft->fd);
  return STATUS_OK;
}

Status
file_keep(FileDraft* const draft, Message* const message)
{
  const bool is_synced = !draft->temporary[0] || !fsync(draft->fd);
  const bool is_closed = !close(draft->fd);
  draft->fd = -1;
  if (!draft->temporary[0]) {
    return is_closed ? STATUS_OK : fail(draft, message);
  }
  if (!is_synced || !is_closed || rename(draft->temporary, draft->path)) {
    const Status status = fail(draft, message);
    (void)unlink(draft->temporary);
    return status;
  }
  sync_folder_of(draft->path);
  return STATUS_OK;
}

void
file_discard(FileDraft* const draft)
{
  (void)close(draft->fd);
  if (draft->temporary[0]) {
    (void)unlink(draft->temporary);
  }
  draft->fd = -1;
}

Status
file_replace(const char* const path, const void* const data, const size_t size,
             Message* const message)
{
  FileDraft draft;
  Status status = file_begin(path, &draft, message);
  if (status) {
    return status;
  }
  if (!write_all(draft.fd, (const char*)data, size)) {
    status = fail(&draft, message);
    file_discard(&draft);
    return status;
  }
  return file_keep(&draft, message);
}

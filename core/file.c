// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Files are written under a temporary name, synced and renamed, so that a reader sees either the
// old or the new file, never a partial one. They are read into a buffer that grows, because a pipe
// doesn't know its size.

#include "core/file.h"

#include "core/clock.h"
#include "core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_SIZE 65536U ///< First size of the buffer for a pipe [bytes]

/// Make sure that a rename survives a power cut; a file system that can't do that is not an error
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

bool
file_write_all(const int fd, const void* const data, const size_t size)
{
  size_t done = 0;
  while (done < size) {
    const ssize_t n = write(fd, (const char*)data + done, size - done);
    if (n < 0 && errno != EINTR) {
      return false;
    }
    done += n > 0 ? (size_t)n : 0;
  }
  return true;
}

/// Report the system's error
static Status
fail_writing(const FileDraft* const draft, Message* const message)
{
  return status_fail(message, STATUS_CANNOT_WRITE, "%.200s: %s", draft->path, strerror(errno));
}

/// Return true if no other file can take this one's place: for a device or a pipe, and for links
/// such as /dev/stdout, which may lead to a plain file at the moment
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

/// Open a new file beside the one to replace, with the permissions that the umask gives to new
/// files; false, with errno, on failure
static bool
open_temporary(FileDraft* const draft)
{
  do {
    const size_t size = sizeof(draft->temporary);
    const unsigned long long suffix = (unsigned long long)(1e9 * clock_seconds());
    if (snprintf(draft->temporary, size, "%s.%llx", draft->path, suffix) >= (int)size) {
      errno = ENAMETOOLONG;
      return false;
    }
    draft->fd = open(draft->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (draft->fd < 0 && errno == EEXIST);
  return draft->fd >= 0;
}

Status
file_begin(const char* const path, FileDraft* const draft, Message* const message)
{
  draft->path = path;
  draft->fd = -1;
  draft->temporary[0] = '\0';
  if (is_written_directly(path)) {
    draft->fd = open(path, O_WRONLY | O_CLOEXEC);
    return draft->fd < 0 ? fail_writing(draft, message) : STATUS_OK;
  }
  if (!open_temporary(draft)) {
    return errno == ENAMETOOLONG
               ? status_fail(message, STATUS_CANNOT_WRITE, "%.200s…: the path is too long", path)
               : fail_writing(draft, message);
  }
  return STATUS_OK;
}

Status
file_check_apart(const char* const output, const char* const input, Message* const message)
{
  struct stat a;
  struct stat b;
  if (input && !stat(output, &a) && !stat(input, &b) && S_ISREG(a.st_mode) &&
      a.st_dev == b.st_dev && a.st_ino == b.st_ino) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%.300s: is an input file; expected another name", output);
  }
  return STATUS_OK;
}

Status
file_keep(FileDraft* const draft, Message* const message)
{
  const bool is_synced = !draft->temporary[0] || !fsync(draft->fd);
  const bool is_closed = !close(draft->fd);
  draft->fd = -1;
  if (!draft->temporary[0]) {
    return is_closed ? STATUS_OK : fail_writing(draft, message);
  }
  if (!is_synced || !is_closed || rename(draft->temporary, draft->path)) {
    const Status status = fail_writing(draft, message);
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
  if (!file_write_all(draft.fd, data, size)) {
    status = fail_writing(&draft, message);
    file_discard(&draft);
    return status;
  }
  return file_keep(&draft, message);
}

/// A file that is being read
typedef struct {
  const char* path;
  int fd;
  size_t max_size;
  size_t capacity;
  Message* message;
} Reading;

static Status
fail_reading(const Reading* const r)
{
  return status_fail(r->message, STATUS_CANNOT_READ, "%.200s: %s", r->path, strerror(errno));
}

static Status
fail_too_large(const Reading* const r)
{
  return status_fail(r->message, STATUS_BAD_FILE, "%.200s: is too large; expected at most %.4g MiB",
                     r->path, (double)r->max_size / 1048576.0);
}

/// Enlarge the buffer, to at most one byte more than allowed: that byte shows that a file is too
/// large
static Status
grow_buffer(Reading* const r, Content* const content)
{
  const size_t doubled = content->bytes ? 2 * r->capacity : r->capacity;
  const size_t capacity = doubled < r->max_size + 1 ? doubled : r->max_size + 1;
  char* const bytes = (char*)realloc(content->bytes, capacity);
  if (!bytes) {
    return status_fail(r->message, STATUS_NO_MEMORY, "%.200s: out of memory", r->path);
  }
  content->bytes = bytes;
  r->capacity = capacity;
  return STATUS_OK;
}

static Status
read_bytes(Reading* const r, Content* const content)
{
  Status status = grow_buffer(r, content);
  while (!status) {
    const ssize_t n = read(r->fd, content->bytes + content->size, r->capacity - content->size);
    if (!n) {
      break;
    }
    if (n < 0 && errno != EINTR) {
      return fail_reading(r);
    }
    content->size += n > 0 ? (size_t)n : 0;
    if (content->size > r->max_size) {
      return fail_too_large(r);
    }
    status = content->size < r->capacity ? STATUS_OK : grow_buffer(r, content);
  }
  return status;
}

/// Check what kind of file is open, before reading it
static Status
check_kind(Reading* const r, const FileKind kind)
{
  struct stat info;
  if (fstat(r->fd, &info)) {
    return fail_reading(r);
  }
  if (!S_ISREG(info.st_mode)) {
    return kind == FILE_ANY
               ? STATUS_OK
               : status_fail(r->message, STATUS_CANNOT_READ, "%.200s: is not a file", r->path);
  }
  r->capacity = (size_t)info.st_size + 1;
  return (uintmax_t)info.st_size > r->max_size ? fail_too_large(r) : STATUS_OK;
}

Status
file_read_whole(const char* const path, const FileKind kind, const size_t max_size,
                Content* const content, Message* const message)
{
  Reading r = {path, -1, max_size, FIRST_SIZE, message};
  Content read = {NULL, 0};
  r.fd = open(path, O_RDONLY | O_CLOEXEC | (kind == FILE_PLAIN ? O_NONBLOCK : 0));
  if (r.fd < 0) {
    return fail_reading(&r);
  }
  Status status = check_kind(&r, kind);
  if (!status) {
    status = read_bytes(&r, &read);
  }
  (void)close(r.fd);
  if (status) {
    content_clear(&read);
    return status;
  }
  *content = read;
  return STATUS_OK;
}

void
file_stem(const char* const path, char* const stem, const size_t size)
{
  const char* const slash = strrchr(path, '/');
  const char* const name = slash ? slash + 1 : path;
  const char* const dot = strrchr(name, '.');
  const size_t length = dot && dot != name ? (size_t)(dot - name) : strlen(name);
  const size_t n = length < size ? length : text_fitting(name, size);
  memcpy(stem, name, n);
  stem[n] = '\0';
  text_repair(stem);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Files are written without a name (O_TMPFILE), or under a temporary one where a file system can't
// do that, synced, and put in the place of the old file in one step, so that a reader sees either
// the old or the new file, never a partial one. They are read into a buffer that grows, because a
// pipe doesn't know its size.

#include "core/file.h"

#include "core/clock.h"
#include "core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_SIZE 65536U ///< First size of the buffer for a pipe [bytes]
#define MAX_LINKS 40      ///< That lead to one file, as in the kernel
#define FD_PATH_SIZE 32U

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

/// Write the first folder of a path that is not there, which may be a link to nothing; false if all
/// are
static bool
find_missing_folder(const char* const path, char folder[FILE_MAX_PATH])
{
  struct stat info;
  for (const char* slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
    const size_t n = (size_t)(slash - path);
    if (n >= FILE_MAX_PATH) {
      return false;
    }
    memcpy(folder, path, n);
    folder[n] = '\0';
    if (n && stat(folder, &info) && errno == ENOENT) {
      return true;
    }
  }
  return false;
}

Status
file_fail_writing(const char* const path, Message* const message)
{
  const int error = errno;
  char missing[FILE_MAX_PATH];
  if (error == ENOENT && find_missing_folder(path, missing)) {
    char shown[256];
    text_shorten_path(shown, sizeof(shown), missing);
    return status_fail(message, STATUS_CANNOT_WRITE,
                       "%s: there is no folder %s; make it first, or choose another", path, shown);
  }
  return status_fail(message, STATUS_CANNOT_WRITE, "%s: %s", path, strerror(error));
}

/// Report the system's error
static Status
fail_writing(const FileDraft* const draft, Message* const message)
{
  return file_fail_writing(draft->path, message);
}

bool
file_is_written_directly(const char* const path)
{
  struct stat info;
  char link[16] = "";
  const bool is_link = readlink(path, link, sizeof(link) - 1) > 0;
  return (is_link && !strncmp(link, "/proc/", 6)) || !strncmp(path, "/proc/", 6) ||
         !strncmp(path, "/dev/fd/", 8) ||
         (!stat(path, &info) && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode));
}

/// Replace a symbolic link by what it leads to, which need not exist; 1: done, 0: it isn't a link,
/// -1, with errno: failed
static int
follow_link(char path[FILE_MAX_PATH])
{
  char link[FILE_MAX_PATH];
  const ssize_t n = readlink(path, link, sizeof(link));
  if (n < 0) {
    return 0;
  }
  const char* const slash = strrchr(path, '/');
  const size_t folder = slash && link[0] != '/' ? (size_t)(slash - path) + 1 : 0;
  if (folder + (size_t)n >= FILE_MAX_PATH) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(path + folder, link, (size_t)n);
  path[folder + (size_t)n] = '\0';
  return 1;
}

/// Find the file that will be replaced; false, with errno, on failure
static bool
find_target(FileDraft* const draft)
{
  int followed = 1;
  if (strlen(draft->path) >= FILE_MAX_PATH) {
    errno = ENAMETOOLONG;
    return false;
  }
  (void)strcpy(draft->target, draft->path);
  for (int i = 0; i <= MAX_LINKS && followed > 0; ++i) {
    followed = follow_link(draft->target);
  }
  if (followed > 0) {
    errno = ELOOP;
  }
  return !followed;
}

/// Write the name that an open file has in /proc
static const char*
describe_fd(const int fd, char path[FD_PATH_SIZE])
{
  (void)snprintf(path, FD_PATH_SIZE, "/proc/self/fd/%d", fd);
  return path;
}

/// Open a file without a name in the folder of the target
static int
open_unnamed(const FileDraft* const draft)
{
  char fd_path[FD_PATH_SIZE];
  char* const copy = strdup(draft->target);
  const int fd = copy ? open(dirname(copy), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666) : -1;
  free(copy);
  if (fd >= 0 && access(describe_fd(fd, fd_path), F_OK)) { // Without /proc it can't get a name
    (void)close(fd);
    return -1;
  }
  return fd;
}

/// Choose a name beside the target that no other file is likely to have. It doesn't contain the
/// target's, which may be as long as a name can be.
static bool
choose_temporary(FileDraft* const draft)
{
  const size_t size = sizeof(draft->temporary);
  const char* const slash = strrchr(draft->target, '/');
  const int folder = slash ? (int)(slash - draft->target) + 1 : 0;
  const unsigned long long number = (unsigned long long)(1e9 * clock_seconds());
  if (snprintf(draft->temporary, size, "%.*s.grus-%llx", folder, draft->target, number) >=
      (int)size) {
    errno = ENAMETOOLONG;
    return false;
  }
  return true;
}

/// Open a new file beside the one to replace; false, with errno, on failure
static bool
open_named(FileDraft* const draft)
{
  do {
    if (!choose_temporary(draft)) {
      return false;
    }
    draft->fd = open(draft->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (draft->fd < 0 && errno == EEXIST);
  return draft->fd >= 0;
}

/// Open a new file, with the permissions that the umask gives to new files
static bool
open_draft(FileDraft* const draft)
{
  draft->fd = open_unnamed(draft);
  return draft->fd >= 0 || open_named(draft);
}

/// Give the draft the owner, group and permissions of the file it will replace
static void
keep_permissions(const FileDraft* const draft)
{
  struct stat old;
  struct stat now;
  if (stat(draft->target, &old) || fstat(draft->fd, &now)) {
    return;
  }
  const bool has_group = old.st_gid == now.st_gid || !fchown(draft->fd, (uid_t)-1, old.st_gid);
  if (old.st_uid != now.st_uid && fchown(draft->fd, old.st_uid, (gid_t)-1)) {
    // Only root can give files away
  }
  (void)fchmod(draft->fd, old.st_mode & (has_group ? 0777 : 0707));
}

/// Open the draft of a plain file; false, with errno, on failure
static bool
begin_replacing(FileDraft* const draft)
{
  if (!find_target(draft) || (!access(draft->target, F_OK) && access(draft->target, W_OK)) ||
      !open_draft(draft)) {
    return false;
  }
  keep_permissions(draft);
  return true;
}

Status
file_begin(const char* const path, FileDraft* const draft, Message* const message)
{
  draft->path = path;
  draft->fd = -1;
  draft->target[0] = '\0';
  draft->temporary[0] = '\0';
  if (file_is_written_directly(path)) {
    draft->fd = open(path, O_WRONLY | O_CLOEXEC);
    return draft->fd < 0 ? fail_writing(draft, message) : STATUS_OK;
  }
  if (begin_replacing(draft)) {
    return STATUS_OK;
  }
  return errno == ENAMETOOLONG
             ? status_fail(message, STATUS_CANNOT_WRITE, "%s: the path is too long", path)
             : fail_writing(draft, message);
}

bool
file_is_same(const char* const path, const char* const other)
{
  struct stat a;
  struct stat b;
  return !stat(path, &a) && !stat(other, &b) && S_ISREG(a.st_mode) && a.st_dev == b.st_dev &&
         a.st_ino == b.st_ino;
}

Status
file_check_apart(const char* const output, const char* const input, Message* const message)
{
  return input && file_is_same(output, input)
             ? status_fail(message, STATUS_BAD_ARGUMENT,
                           "%s: is an input file; expected another name", output)
             : STATUS_OK;
}

/// Give a file without a name one: that of the target if there is no such file, else a temporary
/// one; false, with errno, on failure
static bool
name_draft(FileDraft* const draft)
{
  char fd_path[FD_PATH_SIZE];
  const char* name = draft->target;
  (void)describe_fd(draft->fd, fd_path);
  while (linkat(AT_FDCWD, fd_path, AT_FDCWD, name, AT_SYMLINK_FOLLOW)) {
    if (errno != EEXIST || !choose_temporary(draft)) {
      draft->temporary[0] = '\0';
      return false;
    }
    name = draft->temporary;
  }
  return true;
}

/// Put the complete draft in the file's place; false, with errno, on failure
static bool
move_into_place(FileDraft* const draft)
{
  sigset_t all;
  sigset_t before;
  (void)sigfillset(&all); // A signal that ends the program would leave the temporary name
  (void)pthread_sigmask(SIG_SETMASK, &all, &before);
  const bool is_named = draft->temporary[0] || name_draft(draft);
  const bool is_moved =
      is_named && (!draft->temporary[0] || !rename(draft->temporary, draft->target));
  (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
  return is_moved;
}

/// Remove the temporary name, if there is one
static void
remove_temporary(const FileDraft* const draft)
{
  if (draft->temporary[0]) {
    (void)unlink(draft->temporary);
  }
}

/// Close the draft; errno stays
static void
close_draft(FileDraft* const draft)
{
  const int error = errno;
  (void)close(draft->fd);
  draft->fd = -1;
  errno = error;
}

/// Close a device or a pipe, which may only now say that it can't hold what was written
static Status
keep_direct(FileDraft* const draft, Message* const message)
{
  const int fd = draft->fd;
  draft->fd = -1;
  return close(fd) ? fail_writing(draft, message) : STATUS_OK;
}

Status
file_keep(FileDraft* const draft, Message* const message)
{
  if (!draft->target[0]) {
    return keep_direct(draft, message);
  }
  const bool is_moved = !fsync(draft->fd) && move_into_place(draft);
  close_draft(draft); // What fsync() put on disk stays there, whatever close() says
  if (!is_moved) {
    const Status status = fail_writing(draft, message);
    remove_temporary(draft);
    return status;
  }
  sync_folder_of(draft->target);
  return STATUS_OK;
}

void
file_discard(FileDraft* const draft)
{
  (void)close(draft->fd);
  remove_temporary(draft);
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
  FileKind kind;
  int fd;
  size_t max_size;
  size_t capacity;
  Message* message;
} Reading;

/// Say that a file is missing, and what may have been meant
static Status
fail_missing(const Reading* const r)
{
  static const char* const endings[] = {".json", ".nam", ".aidax", ".wav", ".flac"};
  char other[FILE_MAX_PATH];
  for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); ++i) {
    const int n = snprintf(other, sizeof(other), "%s%s", r->path, endings[i]);
    if (n > 0 && (size_t)n < sizeof(other) && !access(other, F_OK)) {
      const char* const slash = strrchr(other, '/');
      return status_fail(r->message, STATUS_MISSING, "%s: no such file; did you mean %s?", r->path,
                         slash ? slash + 1 : other);
    }
  }
  return status_fail(r->message, STATUS_MISSING,
                     strncmp(r->path, "~/", 2)
                         ? "%s: no such file"
                         : "%s: no such file; only a shell knows ~, so write the folder's name",
                     r->path);
}

static Status
fail_reading(const Reading* const r)
{
  const bool is_missing = errno == ENOENT || errno == ENOTDIR;
  return is_missing
             ? fail_missing(r)
             : status_fail(r->message, STATUS_CANNOT_READ, "%s: %s", r->path, strerror(errno));
}

/// Open without waiting for the writer of a pipe, unless a pipe may be read
static Status
open_file(Reading* const r)
{
  const int wait = r->kind == FILE_MODEL_OR_PIPE ? 0 : O_NONBLOCK;
  r->fd = open(r->path, O_RDONLY | O_CLOEXEC | wait);
  return r->fd < 0 ? fail_reading(r) : STATUS_OK;
}

/// Say that a folder or a device can't be read
static Status
fail_special(const Reading* const r, const mode_t mode)
{
  const char* const what = S_ISDIR(mode)    ? "a folder"
                           : S_ISFIFO(mode) ? "a named pipe (FIFO)"
                           : S_ISSOCK(mode) ? "a socket"
                                            : "a device";
  return status_fail(r->message, STATUS_CANNOT_READ, "%s: is %s; expected %s", r->path, what,
                     kind_expected(r->kind));
}

/// Say that a pipe brought nothing that a library could read; its bytes are gone
static Status
fail_pipe(const Reading* const r)
{
  return status_fail(r->message, STATUS_BAD_FILE,
                     "%s: brings no sound that can be read from a pipe; expected a WAV file",
                     r->path);
}

/// Say what is wrong with a file's content; it may also be too large
static Status
explain_start(const Reading* const r, const bool is_too_large)
{
  char bytes[KIND_START_SIZE];
  const ssize_t n = pread(r->fd, bytes, sizeof(bytes), 0);
  if (n < 0) {
    return fail_reading(r);
  }
  const KindStart start = {r->path, bytes, (size_t)n};
  if (!is_too_large) {
    return kind_fail(r->kind, start, r->message);
  }
  const Status status = kind_check(r->kind, start, r->message);
  return status ? status
                : status_fail(r->message, STATUS_BAD_FILE,
                              "%s: is too large; expected at most %.4g MiB", r->path,
                              (double)r->max_size / 1048576.0);
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
    return status_fail(r->message, STATUS_NO_MEMORY, "%s: out of memory", r->path);
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
      return explain_start(r, true);
    }
    status = content->size < r->capacity ? STATUS_OK : grow_buffer(r, content);
  }
  return status;
}

/// Check what is open, before reading it
static Status
check_open(Reading* const r)
{
  struct stat info;
  if (fstat(r->fd, &info)) {
    return fail_reading(r);
  }
  if (!S_ISREG(info.st_mode)) {
    return r->kind == FILE_MODEL_OR_PIPE && !S_ISDIR(info.st_mode) ? STATUS_OK
                                                                   : fail_special(r, info.st_mode);
  }
  r->capacity = (size_t)info.st_size + 1;
  return (uintmax_t)info.st_size > r->max_size ? explain_start(r, true) : STATUS_OK;
}

Status
file_read_whole(const char* const path, const FileKind kind, const size_t max_size,
                Content* const content, Message* const message)
{
  Reading r = {path, kind, -1, max_size, FIRST_SIZE, message};
  Content read = {NULL, 0};
  Status status = open_file(&r);
  if (status) {
    return status;
  }
  if (!(status = check_open(&r)) && !(status = read_bytes(&r, &read))) {
    status = kind_check(kind, (KindStart){path, read.bytes, read.size}, message);
  }
  (void)close(r.fd);
  if (status) {
    content_clear(&read);
    return status;
  }
  *content = read;
  return STATUS_OK;
}

Status
file_explain(const char* const path, const FileKind kind, Message* const message)
{
  Reading r = {path, kind, -1, SIZE_MAX, 0, message};
  Status status = open_file(&r);
  if (status) {
    return status;
  }
  struct stat info;
  if (kind == FILE_SOUND && !fstat(r.fd, &info) && S_ISFIFO(info.st_mode)) {
    status = fail_pipe(&r);
  } else if (!(status = check_open(&r))) {
    status = explain_start(&r, false);
  }
  (void)close(r.fd);
  return status;
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

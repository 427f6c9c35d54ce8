// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The file: CheckpointHeader, the traits, the parts one after another, and a hash of everything
// before it.

#include "train/learn/checkpoint.h"

#include "core/file.h"
#include "core/hash.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char magic[8] = "grus-c4";

#define MAX_SIZE ((size_t)1 << 30U) ///< Larger than that of any run [bytes]

#define VERSION_PLACE 6 ///< Of a digit; the rest of the magic is the same in all versions

typedef struct {
  char magic[8];
  uint64_t n_traits;
  uint64_t size; ///< Of all parts
} CheckpointHeader;

static size_t
parts_size(const Checkpoint* const c)
{
  size_t size = 0;
  for (uint32_t i = 0; i < c->n_parts; ++i) {
    size += c->parts[i].size;
  }
  return size;
}

static size_t
file_size(const Checkpoint* const c)
{
  return sizeof(CheckpointHeader) + c->n_traits * sizeof(CheckpointTrait) + parts_size(c) +
         sizeof(uint64_t);
}

static CheckpointHeader
header_of(const Checkpoint* const c)
{
  CheckpointHeader header = {.n_traits = c->n_traits, .size = parts_size(c)};
  memcpy(header.magic, magic, sizeof(magic));
  return header;
}

/// Fill `bytes` (file_size())
static void
encode_parts(const Checkpoint* const c, char* const bytes)
{
  const CheckpointHeader header = header_of(c);
  char* next = bytes;
  memcpy(next, &header, sizeof(header));
  next += sizeof(header);
  memcpy(next, c->traits, c->n_traits * sizeof(CheckpointTrait));
  next += c->n_traits * sizeof(CheckpointTrait);
  for (uint32_t i = 0; i < c->n_parts; ++i) {
    if (c->parts[i].size) { // A part may be empty, without data
      memcpy(next, c->parts[i].data, c->parts[i].size);
    }
    next += c->parts[i].size;
  }
  const uint64_t hash = hash_add(0, bytes, (size_t)(next - bytes));
  memcpy(next, &hash, sizeof(hash));
}

bool
checkpoint_is_there(const char* const path)
{
  char start[sizeof(magic)] = "";
  const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  const ssize_t n = fd < 0 ? 0 : read(fd, start, sizeof(start));
  if (fd >= 0) {
    (void)close(fd);
  }
  return n == (ssize_t)sizeof(start) && !memcmp(start, magic, VERSION_PLACE) &&
         isdigit((unsigned char)start[VERSION_PLACE]) && !start[VERSION_PLACE + 1];
}

bool
checkpoint_has_trait(const char* const path, const CheckpointTrait* const trait)
{
  CheckpointHeader header = {.n_traits = 0};
  CheckpointTrait theirs;
  bool is_found = false;
  const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    return false;
  }
  const bool is_ours = read(fd, &header, sizeof(header)) == (ssize_t)sizeof(header) &&
                       !memcmp(header.magic, magic, sizeof(magic));
  for (uint64_t i = 0; is_ours && !is_found && i < header.n_traits &&
                       read(fd, &theirs, sizeof(theirs)) == (ssize_t)sizeof(theirs);
       ++i) {
    is_found = !memcmp(&theirs, trait, sizeof(theirs));
  }
  (void)close(fd);
  return is_found;
}

void
checkpoint_remove(const char* const path)
{
  if (checkpoint_is_there(path)) {
    (void)unlink(path);
  }
}

Status
checkpoint_write(const Checkpoint* const checkpoint, const char* const path, Message* const message)
{
  if (!access(path, F_OK) && !checkpoint_is_there(path)) {
    return status_fail(message, STATUS_CANNOT_WRITE,
                       "%s: exists, but is not a checkpoint; expected another name", path);
  }
  char* const bytes = (char*)malloc(file_size(checkpoint));
  if (!bytes) {
    return status_fail(message, STATUS_NO_MEMORY, "%s: out of memory", path);
  }
  encode_parts(checkpoint, bytes);
  const Status status = file_replace(path, bytes, file_size(checkpoint), message);
  free(bytes);
  return status;
}

static Status
fail_damaged(const char* const path, Message* const message)
{
  return status_fail(
      message, STATUS_BAD_FILE,
      "%s: is damaged, or not a checkpoint of this version; start again with --overwrite", path);
}

/// Say what is different about the run that wrote a checkpoint; NULL: something that has no name
static Status
fail_for_run(const char* const path, const CheckpointTrait* const theirs,
             const CheckpointTrait* const ours, Message* const message)
{
  char what[4 * CHECKPOINT_TEXT_SIZE] = "";
  if (theirs && theirs->value[0] == '[') {
    (void)snprintf(what, sizeof(what), ", with other %s", ours->name);
  } else if (theirs) {
    (void)snprintf(what, sizeof(what), ", with %s%s, not %s", ours->name, theirs->value,
                   ours->value);
  }
  return status_fail(message, STATUS_BAD_ARGUMENT,
                     "%s: was made by a different run%s; resume with the same recordings and "
                     "options, or start again with --overwrite",
                     path, what);
}

/// Compare what the runs are identified by; `bytes` are the traits of the other one
static Status
check_traits(const Checkpoint* const c, const char* bytes, const char* const path,
             Message* const message)
{
  for (uint32_t i = 0; i < c->n_traits; ++i, bytes += sizeof(CheckpointTrait)) {
    CheckpointTrait theirs;
    memcpy(&theirs, bytes, sizeof(theirs));
    if (theirs.value[CHECKPOINT_TEXT_SIZE - 1]) {
      return fail_damaged(path, message); // Its end is missing
    }
    if (memcmp(&theirs, &c->traits[i], sizeof(theirs)) != 0) {
      return fail_for_run(path, &theirs, &c->traits[i], message);
    }
  }
  return STATUS_OK;
}

static Status
check_bytes(const Checkpoint* const c, const char* const bytes, const size_t size,
            const char* const path, Message* const message)
{
  const CheckpointHeader wanted = header_of(c);
  CheckpointHeader header = {.size = 0};
  uint64_t hash = 0;
  const bool has_ends = size >= file_size(c) - parts_size(c);
  if (has_ends) {
    memcpy(&header, bytes, sizeof(header));
    memcpy(&hash, bytes + size - sizeof(hash), sizeof(hash));
  }
  if (!has_ends || memcmp(header.magic, magic, sizeof(magic)) != 0 ||
      hash_add(0, bytes, size - sizeof(hash)) != hash || header.n_traits != wanted.n_traits) {
    return fail_damaged(path, message);
  }
  const Status status = check_traits(c, bytes + sizeof(header), path, message);
  return status || (header.size == wanted.size && size == file_size(c))
             ? status
             : fail_for_run(path, NULL, NULL, message);
}

static void
decode_parts(const Checkpoint* const c, const char* const bytes)
{
  const char* next = bytes + sizeof(CheckpointHeader) + c->n_traits * sizeof(CheckpointTrait);
  for (uint32_t i = 0; i < c->n_parts; ++i) {
    if (c->parts[i].size) {
      memcpy(c->parts[i].data, next, c->parts[i].size);
    }
    next += c->parts[i].size;
  }
}

Status
checkpoint_read(const Checkpoint* const checkpoint, const char* const path, Message* const message)
{
  Content content = {NULL, 0};
  Status status = file_read_whole(path, FILE_CHECKPOINT, MAX_SIZE, &content, message);
  if (status) {
    return status == STATUS_BAD_FILE ? fail_damaged(path, message) : status;
  }
  status = check_bytes(checkpoint, content.bytes, content.size, path, message);
  if (!status) {
    decode_parts(checkpoint, content.bytes);
  }
  content_clear(&content);
  return status;
}

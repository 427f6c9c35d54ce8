// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Knows the first bytes of what players have beside models and recordings: archives, web pages in
// place of downloads, formats of phones. The lists of file(1) and of
// https://en.wikipedia.org/wiki/List_of_file_signatures have many more.

#include "core/kind.h"

#include "core/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define UNPACK "unpack it first"

typedef enum {
  FAMILY_OTHER,       ///< Neither sound nor JSON
  FAMILY_SOUND,       ///< Sound that Grus reads, if it is not damaged
  FAMILY_ALIEN_SOUND, ///< Sound that it doesn't read
} Family;

/// Bytes that tell what a file is
typedef struct {
  size_t at;         ///< Where in the file
  const char* bytes; ///< Without zeros
  Family family;
  const char* what;   ///< Of sound the format
  const char* advice; ///< NULL: choose what was expected
} Signature;

static const Signature signatures[] = {
    {0, "PK\x03\x04", FAMILY_OTHER, "a ZIP archive", UNPACK},
    {0, "\x1F\x8B", FAMILY_OTHER, "packed with gzip", UNPACK},
    {0, "BZh", FAMILY_OTHER, "packed with bzip2", UNPACK},
    {0,
     "\xFD"
     "7zXZ",
     FAMILY_OTHER, "packed with xz", UNPACK},
    {0, "\x28\xB5\x2F\xFD", FAMILY_OTHER, "packed with zstd", UNPACK},
    {0, "7z\xBC\xAF\x27\x1C", FAMILY_OTHER, "a 7z archive", UNPACK},
    {0, "Rar!", FAMILY_OTHER, "a RAR archive", UNPACK},
    {0, "version https://git-lfs", FAMILY_OTHER, "a Git LFS pointer", "run \"git lfs pull\" first"},
    {0, "grus-c", FAMILY_OTHER, "a checkpoint of grus-train", NULL},
    {0, "\x89HDF", FAMILY_OTHER, "an HDF5 file", "export it as a model first"},
    {0, "\x89PNG", FAMILY_OTHER, "a picture (PNG)", NULL},
    {0, "\xFF\xD8\xFF", FAMILY_OTHER, "a picture (JPEG)", NULL},
    {0, "%PDF", FAMILY_OTHER, "a PDF document", NULL},
    {0, "\xFF\xFE", FAMILY_OTHER, "a text file in UTF-16", "save it as UTF-8"},
    {0, "\xFE\xFF", FAMILY_OTHER, "a text file in UTF-16", "save it as UTF-8"},
    {8, "WAVE", FAMILY_SOUND, "WAV", NULL},
    {0, "riff\x2E\x91\xCF\x11", FAMILY_SOUND, "Wave64", NULL},
    {8, "AIF", FAMILY_SOUND, "AIFF", NULL},
    {0, "fLaC", FAMILY_SOUND, "FLAC", NULL},
    {0, "OggS", FAMILY_SOUND, "Ogg", NULL},
    {0, ".snd", FAMILY_SOUND, "AU", NULL},
    {0, "caff", FAMILY_SOUND, "CAF", NULL},
    {0, "ID3", FAMILY_SOUND, "MP3", NULL},
    {0, "\xFF\xFB", FAMILY_SOUND, "MP3", NULL},
    {0, "\xFF\xFA", FAMILY_SOUND, "MP3", NULL},
    {0, "\xFF\xF3", FAMILY_SOUND, "MP3", NULL},
    {4, "ftyp", FAMILY_ALIEN_SOUND, "MPEG-4/AAC", NULL},
    {0, "\xFF\xF1", FAMILY_ALIEN_SOUND, "AAC", NULL},
    {0, "\xFF\xF9", FAMILY_ALIEN_SOUND, "AAC", NULL},
    {0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11", FAMILY_ALIEN_SOUND, "WMA", NULL},
    {0, "wvpk", FAMILY_ALIEN_SOUND, "WavPack", NULL},
    {0, "MAC ", FAMILY_ALIEN_SOUND, "Monkey's Audio", NULL},
    {0, "\x1A\x45\xDF\xA3", FAMILY_ALIEN_SOUND, "Matroska/WebM", NULL},
    {0, "#!AMR", FAMILY_ALIEN_SOUND, "AMR", NULL},
    {0, "DSD ", FAMILY_ALIEN_SOUND, "DSD", NULL},
};

/// Files that no signature tells
static const Signature pytorch = {0, "", FAMILY_OTHER, "a PyTorch checkpoint",
                                  "export it as a model first"};
static const Signature mp3_in_wav = {0, "", FAMILY_ALIEN_SOUND, "MP3 inside a WAV file", NULL};
static const Signature utf_16 = {0, "", FAMILY_OTHER, "a text file in UTF-16", "save it as UTF-8"};
static const Signature web_page = {0, "", FAMILY_OTHER, "a web page", "download the file itself"};
static const Signature json = {0, "", FAMILY_OTHER, "a JSON file, such as a model", NULL};
static const Signature text = {0, "", FAMILY_OTHER, "a text file", NULL};
static const Signature zeros = {0, "", FAMILY_OTHER, "full of zeros", "copy or download it again"};

const char*
kind_expected(const FileKind kind)
{
  switch (kind) {
  case FILE_PLAIN:
    break;
  case FILE_MODEL:
  case FILE_MODEL_OR_PIPE:
    return "a model (JSON)";
  case FILE_SETLIST:
    return "a set list or a model (JSON)";
  case FILE_SOUND:
    return "a sound file";
  case FILE_CHECKPOINT:
    return "a checkpoint";
  }
  return "a file";
}

/// Return where a text begins, after blanks and a byte order mark
static KindStart
skip_blanks(const KindStart start)
{
  size_t n = text_mark_size(start.bytes, start.size);
  while (n < start.size && start.bytes[n] && strchr(" \t\r\n", start.bytes[n])) {
    ++n;
  }
  return (KindStart){start.name, start.bytes + n, start.size - n};
}

static bool
has_bytes(const KindStart start, const size_t at, const char* const bytes)
{
  const size_t n = strlen(bytes);
  return at + n <= start.size && !memcmp(start.bytes + at, bytes, n);
}

/// Return true for UTF-16 without a mark, which has a zero beside each plain character
static bool
is_utf_16(const KindStart start)
{
  bool is_found = start.size >= 4;
  const bool is_first = is_found && !start.bytes[0];
  for (size_t i = 0; i < 4 && is_found; ++i) {
    is_found = !start.bytes[i] == ((i % 2 == 0) == is_first);
  }
  return is_found;
}

static bool
is_json(const KindStart start)
{
  const KindStart rest = skip_blanks(start);
  return rest.size && (*rest.bytes == '{' || *rest.bytes == '[');
}

static bool
is_web_page(const KindStart start)
{
  static const char* const tags[] = {"<!doctype html", "<html", "<head", "<?xml", "<!--"};
  const KindStart rest = skip_blanks(start);
  bool is_found = false;
  for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); ++i) {
    const size_t n = strlen(tags[i]);
    is_found = is_found || (n <= rest.size && !strncasecmp(rest.bytes, tags[i], n));
  }
  return is_found;
}

/// Return true if there is nothing that no text has; bytes beyond ASCII may be of any encoding
static bool
is_text(const KindStart start)
{
  for (size_t i = 0; i < start.size; ++i) {
    const unsigned char byte = (unsigned char)start.bytes[i];
    if (byte == 0x7FU || (byte < 0x20U && !isspace(byte))) {
      return false;
    }
  }
  return true;
}

static bool
is_zero(const KindStart start)
{
  size_t n = 0;
  while (n < start.size && !start.bytes[n]) {
    ++n;
  }
  return n == start.size;
}

/// Return true if the first file of a ZIP archive is the one that PyTorch writes first
static bool
is_pytorch(const KindStart start)
{
  size_t i = 30;
  while (i < 200 && i < start.size && !has_bytes(start, i, "/data.pkl")) {
    ++i;
  }
  return has_bytes(start, 0, "PK") && has_bytes(start, i, "/data.pkl");
}

/// Return true if a WAV file's format is 0x0055, MPEG layer 3
static bool
is_mp3_in_wav(const KindStart start)
{
  for (size_t i = 12; has_bytes(start, 8, "WAVE") && i + 10 <= start.size; ++i) {
    if (has_bytes(start, i, "fmt ")) {
      return start.bytes[i + 8] == 0x55 && !start.bytes[i + 9];
    }
  }
  return false;
}

/// Return what a file that is not empty is, or NULL if that is unknown
static const Signature*
recognise(const KindStart start)
{
  if (is_mp3_in_wav(start) || is_pytorch(start)) {
    return is_pytorch(start) ? &pytorch : &mp3_in_wav;
  }
  for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); ++i) {
    if (has_bytes(start, signatures[i].at, signatures[i].bytes)) {
      return &signatures[i];
    }
  }
  return is_zero(start)       ? &zeros
         : is_utf_16(start)   ? &utf_16
         : is_json(start)     ? &json
         : is_web_page(start) ? &web_page
         : is_text(start)     ? &text
                              : NULL;
}

/// Say of a sound file why it can't be decoded
static Status
fail_sound(const KindStart start, const Signature* const is, Message* const message)
{
  if (!is) {
    return status_fail(message, STATUS_BAD_FILE,
                       "%s: is not a sound file that Grus reads; export it as WAV or FLAC",
                       start.name);
  }
  return is->family == FAMILY_ALIEN_SOUND
             ? status_fail(message, STATUS_UNSUPPORTED,
                           "%s: is in %s, which Grus can't read; export it as WAV or FLAC",
                           start.name, is->what)
             : status_fail(message, STATUS_BAD_FILE,
                           "%s: is a damaged %s file; export it again as WAV or FLAC", start.name,
                           is->what);
}

Status
kind_fail(const FileKind kind, const KindStart start, Message* const message)
{
  const KindStart first = {start.name, start.bytes,
                           start.size < KIND_START_SIZE ? start.size : KIND_START_SIZE};
  const Signature* const is = start.size ? recognise(first) : NULL;
  const char* const expected = kind_expected(kind);
  if (!start.size) {
    return status_fail(message, STATUS_BAD_FILE, "%s: is empty (0 bytes); expected %s", start.name,
                       expected);
  }
  if (kind == FILE_SOUND && (!is || is->family != FAMILY_OTHER)) {
    return fail_sound(start, is, message);
  }
  if (!is) {
    return status_fail(message, STATUS_BAD_FILE, "%s: is of an unknown kind; expected %s",
                       start.name, expected);
  }
  if (is->family != FAMILY_OTHER) {
    return status_fail(message, STATUS_BAD_FILE, "%s: is a sound file (%s); expected %s",
                       start.name, is->what, expected);
  }
  return is->advice ? status_fail(message, STATUS_BAD_FILE, "%s: is %s; %s", start.name, is->what,
                                  is->advice)
                    : status_fail(message, STATUS_BAD_FILE, "%s: is %s; expected %s", start.name,
                                  is->what, expected);
}

Status
kind_check(const FileKind kind, const KindStart start, Message* const message)
{
  const bool has_json = kind == FILE_MODEL || kind == FILE_MODEL_OR_PIPE || kind == FILE_SETLIST;
  return !has_json || (is_json(start) && !is_utf_16(start)) ? STATUS_OK
                                                            : kind_fail(kind, start, message);
}

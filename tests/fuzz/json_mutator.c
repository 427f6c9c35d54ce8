// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Alters JSON so that most of what comes out is still JSON: bytes altered at random rarely get past
// the parser. Values become others, are taken out, repeated or exchanged; members get names that
// the readers know; texts get what is hard to print.

#include "tests/fuzz/json_mutator.h"

#include "core/random.h"
#include "tests/fuzz/fuzz.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define MAX_ITEMS 2048U
#define MAX_DEPTH 64U
#define MAX_VALUE 8192U ///< Of a new value [bytes]

/// A value, and the key before it in an object
typedef struct {
  size_t key; ///< Where it begins, at its quote; without one, where the value does
  size_t begin;
  size_t end;
} Item;

typedef struct {
  const char* text;
  size_t size;
  size_t at;
  uint32_t depth;
  uint32_t n;
  Item items[MAX_ITEMS];
} Outline;

/// The text that is altered, in place
typedef struct {
  char* text;
  size_t size;
  size_t most;
  Random random;
} Draft;

static uint32_t
choose_below(Draft* const d, const uint32_t n)
{
  return random_below(&d->random, n);
}

// Where everything is

static void
skip_space(Outline* const o)
{
  while (o->at < o->size && isspace((unsigned char)o->text[o->at])) {
    ++o->at;
  }
}

static char
next_character(Outline* const o)
{
  skip_space(o);
  return o->at < o->size ? o->text[o->at] : '\0';
}

static bool
skip_string(Outline* const o)
{
  ++o->at;
  while (o->at < o->size && o->text[o->at] != '"') {
    o->at += o->text[o->at] == '\\' ? 2 : 1;
  }
  ++o->at;
  return o->at <= o->size;
}

static bool outline_value(Outline* o, size_t key);

/// Go through a list or an object
static bool
outline_container(Outline* const o, const bool is_object)
{
  const char end = is_object ? '}' : ']';
  ++o->at;
  if (++o->depth > MAX_DEPTH) {
    return false;
  }
  while (next_character(o) && next_character(o) != end) {
    const size_t key = o->at;
    if (is_object && (next_character(o) != '"' || !skip_string(o) || next_character(o) != ':')) {
      return false;
    }
    o->at += is_object;
    if (!outline_value(o, is_object ? key : SIZE_MAX)) {
      return false;
    }
    if (next_character(o) == ',') {
      ++o->at;
    }
  }
  --o->depth;
  return next_character(o) == end && ++o->at <= o->size;
}

/// Go through a value, and note it; false if it is none
static bool
outline_value(Outline* const o, const size_t key)
{
  const char first = next_character(o);
  const size_t begin = o->at;
  const uint32_t number = o->n < MAX_ITEMS ? o->n++ : MAX_ITEMS - 1;
  bool is_good = first != '\0';
  if (first == '{' || first == '[') {
    is_good = outline_container(o, first == '{');
  } else if (first == '"') {
    is_good = skip_string(o);
  } else {
    while (o->at < o->size && !strchr(",]}: \t\r\n", o->text[o->at])) {
      ++o->at;
    }
    is_good = o->at > begin;
  }
  o->items[number] = (Item){key == SIZE_MAX ? begin : key, begin, o->at};
  return is_good;
}

static bool
find_items(const Draft* const d, Outline* const o)
{
  o->text = d->text;
  o->size = d->size;
  o->at = 0;
  o->depth = 0;
  o->n = 0;
  return outline_value(o, SIZE_MAX);
}

// What becomes of it

/// Put a text in place of a part, if there is room
static void
replace_part(Draft* const d, const size_t begin, const size_t end, const char* const with)
{
  const size_t size = strlen(with);
  if (d->size - (end - begin) + size <= d->most) {
    memmove(d->text + begin + size, d->text + end, d->size - end);
    memcpy(d->text + begin, with, size);
    d->size = d->size - (end - begin) + size;
  }
}

/// Copy a part of the text to where it can be inserted from
static const char*
copy_part(const Draft* const d, const size_t begin, const size_t end)
{
  static char copy[MAX_VALUE];
  const size_t size = end - begin < MAX_VALUE ? end - begin : MAX_VALUE - 1;
  memcpy(copy, d->text + begin, size);
  copy[size] = '\0';
  return copy;
}

static const char*
choose_word(Draft* const d)
{
  uint32_t n = 0;
  while (fuzz_json_words[n]) {
    ++n;
  }
  return fuzz_json_words[choose_below(d, n)];
}

/// Write a number: whole, of any size, or near a limit
static void
write_number(Draft* const d, char text[64])
{
  static const double odd[] = {
      0,           -1,          1,      2,           0.5,         1e-300,
      1e300,       -1e300,      3.5e38, 1e19,        44100,       48e3,
      96000,       8000,        768000, 7999,        768001,      1e-45,
      255,         256,         257,    2048,        2049,        16384,
      65536,       64,          65,     4294967295., 4294967296., 9007199254740993.,
      2147483648., -2147483649.};
  const uint32_t way = choose_below(d, 4);
  const double number = way == 0   ? odd[choose_below(d, sizeof(odd) / sizeof(odd[0]))]
                        : way == 1 ? (double)choose_below(d, 20)
                        : way == 2 ? random_between(&d->random, -2.0, 2.0)
                                   : random_between(&d->random, -3e5, 3e5);
  (void)snprintf(text, 64, choose_below(d, 4) ? "%.9g" : "%.1f", number);
}

/// Write a text with what is hard to print or just too long
static void
write_string(Draft* const d, char text[1024])
{
  static const char* const odd[] = {"\\u0000", "\\u001b[2J", "\\n",  "é",    "歪", "\\ud83c\\udfb8",
                                    "/",       "%s",         "\\\"", "\\\\", "",   "\\u0085"};
  const char* const part = odd[choose_below(d, sizeof(odd) / sizeof(odd[0]))];
  const uint32_t n_before = choose_below(d, 3) ? choose_below(d, 4) : 115 + choose_below(d, 20);
  const uint32_t n_parts = choose_below(d, 3) ? 1 : choose_below(d, 40);
  size_t n =
      (size_t)snprintf(text, 1024, "\"%.*s", (int)n_before,
                       "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                       "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
  for (uint32_t i = 0; i < n_parts; ++i) {
    n += (size_t)snprintf(text + n, 1024 - n, "%s", part);
  }
  (void)snprintf(text + n, 1024 - n, "\"");
}

/// Write any value
static const char*
write_value(Draft* const d)
{
  static const char* const odd[] = {"null", "true", "false", "[]", "{}", "[[]]", "\"\"", "[null]"};
  static char text[1024];
  const uint32_t way = choose_below(d, 6);
  if (way < 2) {
    write_number(d, text);
  } else if (way == 2) {
    write_string(d, text);
  } else if (way == 3) {
    (void)snprintf(text, sizeof(text), "\"%s\"", choose_word(d));
  } else {
    return odd[choose_below(d, sizeof(odd) / sizeof(odd[0]))];
  }
  return text;
}

/// Take an item out, with one of the commas beside it
static void
remove_item(Draft* const d, const Item item)
{
  size_t end = item.end;
  size_t begin = item.key;
  while (end < d->size && isspace((unsigned char)d->text[end])) {
    ++end;
  }
  if (end < d->size && d->text[end] == ',') {
    ++end;
  } else {
    while (begin && isspace((unsigned char)d->text[begin - 1])) {
      --begin;
    }
    begin -= begin && d->text[begin - 1] == ',';
  }
  replace_part(d, begin, end, "");
}

/// Repeat an item some times
static void
repeat_item(Draft* const d, const Item item)
{
  const char* const copy = copy_part(d, item.key, item.end);
  for (uint32_t n = 1 + (choose_below(d, 4) ? 0 : choose_below(d, 16)); n; --n) {
    replace_part(d, item.key, item.key, ",");
    replace_part(d, item.key, item.key, copy);
  }
}

/// Give the member another name, or put a new one before it
static void
rename_item(Draft* const d, const Item item)
{
  char text[2048];
  const bool is_new = item.key == item.begin || choose_below(d, 2);
  (void)snprintf(text, sizeof(text), "\"%s\":%s%s", choose_word(d), is_new ? write_value(d) : "",
                 is_new ? "," : "");
  replace_part(d, item.key, is_new ? item.key : item.begin, text);
}

static void
alter_item(Draft* const d, const Outline* const o)
{
  const Item item = o->items[choose_below(d, o->n)];
  const Item other = o->items[choose_below(d, o->n)];
  switch (choose_below(d, 8)) {
  case 0:
  case 1:
  case 2:
    replace_part(d, item.begin, item.end, write_value(d));
    break;
  case 3:
    replace_part(d, item.begin, item.end, copy_part(d, other.begin, other.end));
    break;
  case 4:
    remove_item(d, item);
    break;
  case 5:
    repeat_item(d, item);
    break;
  case 6:
    rename_item(d, item);
    break;
  default:
    if (LLVMFuzzerMutate && item.end - item.begin < 64) {
      char text[64];
      memcpy(text, d->text + item.begin, item.end - item.begin);
      text[LLVMFuzzerMutate((uint8_t*)text, item.end - item.begin, 63)] = '\0';
      replace_part(d, item.begin, item.end, text);
    }
  }
}

/// Alter some items
static size_t
alter_json(char* const text, const size_t size, const size_t most, const unsigned seed)
{
  static Outline outline;
  Draft draft = {text, size, most, random_for(seed, 1)};
  for (uint32_t n = 1 + choose_below(&draft, 3); n && find_items(&draft, &outline); --n) {
    alter_item(&draft, &outline);
  }
  return draft.size;
}

size_t
LLVMFuzzerCustomMutator(uint8_t* const data, const size_t size, const size_t most,
                        const unsigned seed)
{
  const size_t begin = fuzz_json_begin;
  const bool alters_bytes = LLVMFuzzerMutate && (size <= begin || seed % 8 == 0);
  if (alters_bytes) {
    return LLVMFuzzerMutate(data, size, most);
  }
  if (begin && size > begin && LLVMFuzzerMutate && seed % 3 == 0) {
    (void)LLVMFuzzerMutate(data, begin, begin);
    return size;
  }
  return size <= begin ? size
                       : begin + alter_json((char*)data + begin, size - begin, most - begin, seed);
}

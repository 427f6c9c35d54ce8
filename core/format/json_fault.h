// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Why is a text not JSON? Any thread but the audio thread.

#ifndef GRUS_CORE_FORMAT_JSON_FAULT_H
#define GRUS_CORE_FORMAT_JSON_FAULT_H

#include "core/kind.h"
#include "core/status.h"

#include <jansson.h>

#include <stddef.h>

/// Parse JSON with jansson's flags; the caller frees it by json_decref(). NULL: `error` says why,
/// or nothing if memory ran out, which jansson takes for a mistake in the text.
json_t* json_fault_parse(const char* text, size_t size, size_t flags, json_error_t* error);

/// Say where all the bytes of a file are wrong, or that they end too early; `expected` is what they
/// should hold, such as "a model". Without a reason, memory ran out. Never STATUS_OK.
Status json_fault_report(KindStart file, const json_error_t* error, const char* expected,
                         Message* message);

#endif

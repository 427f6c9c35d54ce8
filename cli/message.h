// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Messages to the user on standard error, all in one form: "PROGRAM: FILE: what is wrong; what
/// would be right". Any one thread.

#ifndef GRUS_CLI_MESSAGE_H
#define GRUS_CLI_MESSAGE_H

#include <stdbool.h>

/// Print a message of `program` and return false, so that a caller can fail in one line
bool cli_complain(const char* program, const char* format, ...)
    __attribute__((format(printf, 2, 3)));

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How wide is the terminal that a program prints to? Any thread.

#ifndef GRUS_CLI_TERMINAL_H
#define GRUS_CLI_TERMINAL_H

/// Return the columns of standard output: those of COLUMNS, else of the window, else 80; 0 if it is
/// no terminal, which has no limit
unsigned cli_terminal_columns(void);

#endif

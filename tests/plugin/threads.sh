#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Runs a program of several threads that was built with ThreadSanitizer, which some kernels don't let start.
# Usage: threads.sh PROGRAM [ARGUMENT...]
out=$(setarch "$(uname -m)" -R "$@" 2>&1) # It needs a fixed address layout
status=$?
if echo "$out" | grep -q 'unexpected memory mapping\|failed to intercept'; then
  echo "1..0 # SKIP ThreadSanitizer does not start here"
  exit 0
fi
echo "$out" | sed '/^ok\|^not ok\|^1\.\./!s/^/# /'
exit $status

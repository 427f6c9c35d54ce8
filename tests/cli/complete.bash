# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Completes a command line as bash does: prints what the last word can become.
# Usage: bash complete.bash SCRIPT PROGRAM WORD..., the words cut at '=' and ':'
# shellcheck disable=SC1090
source "$1"
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
"$(complete -p "$(basename "$1")" | sed 's/.*-F \([^ ]*\).*/\1/')"
((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}"

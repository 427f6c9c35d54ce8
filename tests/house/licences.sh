#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Every source file says whose it is and under which licence.
cd "$1" || exit 1
bad=$(find .ci bench cli core guitar live man plugin presets tests train ttl check quickstart meson.build \
  meson_options.txt -type f ! -name '*.json' ! -name '*.md' ! -name '*.wav' ! -path '*/__pycache__/*' \
  2>/dev/null | sort | xargs grep -L 'SPDX-License-Identifier: ISC')
[ -z "$bad" ] || { echo "no SPDX line in:"; echo "$bad"; exit 1; }

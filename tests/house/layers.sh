#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Who includes whom. Core knows only itself, bottom up; plugin and live know core; the trainer knows of
# core only what the numbers mean and how they lie on disk, so that it is never judged by the kernels it
# feeds. grus-render plays, so it sees the engine. The guitar stands alone; presets and the test signal are
# played on it.
cd "$1" || exit 1
status=0

# included FILE... : the project headers they include
included() {
  sed -n 's/^#include "\([^"]*\)".*/\1/p' "$@" | sort -u
}

# allow WHAT PATTERN FILE... : WHAT may include only headers that match PATTERN
allow() {
  what=$1 pattern=$2
  shift 2
  for header in $(included "$@"); do
    if ! echo "$header" | grep -qxE "$pattern"; then
      echo "$what must not include $header"
      status=1
    fi
  done
}

base='core/(activation|file|lanes|ramp|random|realtime|status)\.h'
params='core/params\.h'
file='core/(model_file|model_json|reference)\.h'
decode='core/decode\.h'
cells='core/(cells|cell_layout)\.h'

allow core/status "core/status\.h" core/status.[ch]
allow core/file "core/(file|status)\.h" core/file.[ch]
allow core/realtime "core/realtime\.h" core/realtime.h
allow core/params "$base|$params" core/params.[ch]
allow core/model_file "$base|$params|$file" core/model_file.[ch] core/model_json.h core/model_encode.c core/encode_guitarml.c \
  core/reference.[ch]
allow core/decode "$base|$params|$file|$decode" core/decode*.[ch] core/model_decode.c
allow core/cells "$base|$params|$cells" core/cells.[ch] core/cell_kernel.c
allow core/halfband "$base|core/halfband\.h" core/halfband.[ch]
allow core/resampler "$base|core/resampler\.h" core/resampler.[ch]
allow core/recurrence "$base|$params|$cells|core/recurrence\.h" core/recurrence.[ch]
allow core/rate_plan "$base|core/(rate_plan|recurrence)\.h" core/rate_plan.[ch]
allow core/stability "$base|$params|$file|core/(recurrence|stability)\.h" core/stability.[ch]
rates='core/(halfband|loudness|rate_plan|recurrence|resampler|stability)\.h'
allow core/model "$base|$params|$file|$cells|$rates|core/model\.h" core/model.[ch]
allow core/content "$base|core/content\.h" core/content.[ch]
allow core/spectrum "$base|core/spectrum\.h" core/spectrum.[ch]
allow core/impulse "$base|core/impulse\.h" core/impulse.[ch]
allow core/convolver "$base|core/(convolver|impulse|spectrum)\.h" core/convolver.[ch]
allow core/change "$base" core/change.h
allow core/gate "$base|core/gate\.h" core/gate.[ch]
allow core/tone "$base|core/tone\.h" core/tone.[ch]
allow core/loudness "$base|core/loudness\.h" core/loudness.[ch]
allow core/cabinet "$base|core/(cabinet|change|convolver)\.h" core/cabinet.[ch]
allow core/voice "$base|core/(model|voice)\.h" core/voice.[ch]
allow core/engine "$base|core/(cabinet|change|convolver|delay_line|engine|gate|model|tone|voice)\.h" \
  core/engine.[ch]
allow core/load "$base|core/(content|convolver|impulse|load|loudness|model|model_file)\.h" core/load.[ch]

trainer=$(find train -name '*.[ch]' ! -name grus_render.c ! -name output.c ! -name 'model_c*.c' ! -path 'train/page/*' ! -name '*signal*' | sort)
# shellcheck disable=SC2086
allow train "$base|$params|core/model_file\.h|train/.*" $trainer
allow train/page "core/(file|model|model_file|params|realtime|reference|status)\.h|train/.*" train/page/*.[ch]
allow train/output "core/(load|model_file|params)\.h|train/.*" train/output.c
allow train/grus_render "core/(convolver|engine|impulse|model_file)\.h|train/.*" train/grus_render.c
allow train/model_check "core/(model|model_file|realtime|reference)\.h|train/.*" train/model_check.c
allow train/model_compare "core/(engine|model_file)\.h|train/.*" train/model_compare.c
allow train/model_convert "core/(load|model_file)\.h|train/.*" train/model_convert.c

for folder in plugin live; do
  files=$(find $folder -name '*.[ch]' 2>/dev/null)
  # shellcheck disable=SC2086
  [ -z "$files" ] || allow $folder "core/.*|$folder/.*" $files
done
strings='core/(random|status)\.h|guitar/.*'
allow guitar "$strings" guitar/*.[ch]
allow "the test signal" "$strings|train/.*" train/*signal*.[ch]
allow presets "$strings|presets/.*" presets/*.[ch]
exit $status

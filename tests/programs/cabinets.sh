#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# grus-render with a model that was captured with its cabinet: as captured, without it, and with another. Prints TAP.
# Usage: cabinets.sh GRUS_RENDER GRUS_MODEL RECORD
set -u
. "$(dirname "$0")/../tap.sh"
render=$(realpath "$1") program=$(realpath "$2") record=$(realpath "$3")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
export HOME="$folder"

# amplifier: a GuitarML model of one GRU unit
amplifier() {
  printf '{"model_data":{"model":"SimpleRNN","input_size":1,"skip":0,"output_size":1,'
  printf '"unit_type":"GRU","num_layers":1,"hidden_size":1,"bias_fl":true},"state_dict":{'
  printf '"rec.weight_ih_l0":[[0],[0],[1.5]],"rec.weight_hh_l0":[[0],[0],[0.5]],'
  printf '"rec.bias_ih_l0":[20,-20,0.1],"rec.bias_hh_l0":[0,0,0],"lin.weight":[[0.7]],"lin.bias":[0.1]}}\n'
}

# impulse SEED OUT: noise that fades away, at 48 kHz
impulse() {
  sox -n -R -r 48000 -c 1 -e float -b 32 "$2" synth 600s noise fade l 0 600s 600s vol 0.5 trim "$1s" 0.01
}

amplifier >amp.json && impulse 0 box.wav && impulse 90 other.wav && "$record" ts9 dry.wav wet.wav --seconds 2 --seed 2 >/dev/null &&
  "$program" convert --rate=48000 amp.json bare.json >log 2>&1 && "$program" convert bare.json rig.json --ir=box.wav >log 2>&1 &&
  "$program" convert bare.json load.json --ir=box.wav --no-cabinet >log 2>&1 || { cat log; exit 1; }

# plays TEXT OUT OPTION...: renders, and says TEXT
plays() {
  text=$1 out=$2
  shift 2
  refuses 0 "$text" "$render" --overwrite "$@" dry.wav "$out"
}

# same A B: both recordings are one, as closely as rounding allows
same() {
  sox -m -v 1 "$1" -v -1 "$2" -n stat 2>&1 |
    awk '/Maximum amplitude/ { most = $3 } /Minimum amplitude/ { least = -$3 } END { exit !(most != "" && most < 3e-5 && least < 3e-5) }'
}

as_captured() {
  plays 'rig.json: captured with its cabinet; played: as captured' rig.wav rig.json &&
    plays 'written' both.wav --cabinet=box.wav bare.json && same rig.wav both.wav || return 1
  plays 'written' bare.wav bare.json && ! grep -q 'cabinet' out && ! same rig.wav bare.wav
}

without() {
  plays 'rig.json: captured with its cabinet; played: without cabinet' off.wav --no-cabinet rig.json &&
    plays 'bare.json: not captured with a cabinet; --no-cabinet changes nothing' bare.wav --no-cabinet bare.json && same off.wav bare.wav
}

with_another() {
  plays 'rig.json: captured with its cabinet; played: own cabinet' own.wav --cabinet=other.wav rig.json &&
    plays 'written' right.wav --cabinet=other.wav bare.json && same own.wav right.wav && ! same own.wav rig.wav
}

leaves_a_load() {
  plays 'load.json: not captured with a cabinet' load.wav --no-cabinet load.json && same load.wav rig.wav &&
    plays 'written' load.wav --cabinet=other.wav load.json && ! same load.wav own.wav
}

refuses_both() {
  refuses 2 "--cabinet can't be combined with --no-cabinet" "$render" --cabinet=box.wav --no-cabinet rig.json dry.wav no.wav &&
    [ ! -e no.wav ]
}

echo 1..5
case_of a_rig_is_played_as_captured as_captured
case_of a_rig_is_played_without_its_cabinet without
case_of a_rig_is_played_with_another_cabinet with_another
case_of an_amplifier_s_load_always_plays leaves_a_load
case_of with_and_without_are_not_both_possible refuses_both
exit $failed

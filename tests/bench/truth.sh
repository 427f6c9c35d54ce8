#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Does bench/truth print what is true, for a circuit, a capture and a user's recordings? Prints TAP.
# Usage: truth.sh SOURCE_ROOT BUILD_ROOT
set -u
. "$(dirname "$0")/../tap.sh"
root=$(realpath "$1") build=$(realpath "$2")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1

truth() {
  "$root/bench/truth" --build="$build" --output=made --sizes=6 --time=1s --seconds=8 "$@"
}

# A container of two small WaveNets with random weights
python3 - >pair.nam <<'END'
import json, random
noise = random.Random(3)

def wavenet(channels):
    array = {"input_size": 1, "condition_size": 1, "channels": channels, "head_size": 1, "kernel_size": 3,
             "dilations": [1, 2], "activation": "Tanh", "gated": False, "head_bias": True}
    n = channels + 2 * (channels * channels * 3 + channels + channels + channels * channels + channels) + channels + 1
    return {"version": "0.5.4", "architecture": "WaveNet", "sample_rate": 48000,
            "config": {"layers": [array], "head": None, "head_scale": 0.5},
            "weights": [noise.uniform(-0.6, 0.6) for _ in range(n)] + [0.5]}

print(json.dumps({"version": "0.7.0", "architecture": "SlimmableContainer", "sample_rate": 48000, "weights": [],
                  "config": {"submodels": [{"max_value": 0.5, "model": wavenet(2)},
                                           {"max_value": 1.0, "model": wavenet(3)}]}}))
END
mkdir own
"$build/presets/record" clipper own/fuzz-input.wav own/fuzz-target.wav --seconds 8 >log || exit 1
"$build/presets/record" clipper own/fuzz-test-input.wav own/fuzz-test-target.wav --seconds 4 --seed 2 >log || exit 1
cp pair.nam own/fuzz-other.nam
"$build/presets/record" clipper own/half-input.wav own/half-target.wav --seconds 4 >log || exit 1
touch empty.nam
mkdir nothing

truth TS=ts9 pair.nam own nothing empty.nam missing.nam >table 2>err
echo $? >status

# Fields are checked against what other programs say of the same files, and against formulas
cat >fields.py <<'END'
import array, json, math, re, subprocess, sys
build = sys.argv[1]
with open("made/table.json", encoding="utf-8") as file:
    models = json.load(file)["models"]
rows = {(m["gear"], m["network"]): m for m in models}
PERIOD = 47981

def near(what, a, b, share):
    if not (a and b and abs(a / b - 1) < share):
        sys.exit(f"{what}: {a} is not {b}")

def samples(path):
    with open(path, "rb") as file:
        data = file.read()
    at = data.index(b"data")
    size = int.from_bytes(data[at + 4:at + 8], "little")
    return array.array("f", data[at + 8:at + 8 + size])

def render(model, source):
    subprocess.run([f"{build}/train/programs/render/grus-render", model, source, "x.wav", "--overwrite"], check=True,
                   stdout=subprocess.DEVNULL)
    return samples("x.wav")

def compare(a, b):
    done = subprocess.run([f"{build}/train/programs/model/grus-model", "compare", a, b, "--on", "made/pair/test-input.wav"],
                          check=True, capture_output=True, text=True)
    return [10 ** (float(re.search(name + r" [\d.]+ \((\S+) dB\)", done.stdout).group(1)) / 10)
            for name in ("ESR", "A-weighted")]

def errors():
    ts = rows["TS", "GRU 6"]
    y, target = render(ts["file"], "made/TS/test-input.wav"), samples("made/TS/test-target.wav")
    near("ESR of a circuit", ts["esr"], sum((a - b) ** 2 for a, b in zip(y, target)) / sum(b * b for b in target), 0.01)
    assert rows["pair", "NAM capture (A2)"]["is_target"] and rows["pair", "NAM capture (A2)"]["esr"] is None
    others = [m for m in models if m["gear"] == "pair" and not m["is_target"]]
    assert len(others) == 2
    for m in others:
        esr, weighted = compare("pair.nam", m["file"])
        near("ESR of " + m["file"], m["esr"], esr, 0.01)
        near("A-weighted ESR of " + m["file"], m["esr_a_weighted"], weighted, 0.01)

def costs():
    for m in models:
        near("share of a core", m["share_of_core"], m["ns"] * 48000e-9, 1e-6)
        assert 1 < m["ns"] < 1e5 and 0.2e9 < m["cycles"] / (1e-9 * m["ns"]) < 1e10, m
        assert m["latency_frames"] == 0
        c = 3 if m["is_target"] else 2 if "smaller" in m["file"] else 3  # Channels of a capture
        expected = 3 * 6 * 7 + 6 if m["played_by_grus"] else c + 2 * (3 * c * c + c + c * c) + c
        if m["multiply_adds"] != expected:
            sys.exit(f"{m['file']}: {m['multiply_adds']} multiply-adds; expected {expected}")
        assert m["training_seconds"] == (1 if m["played_by_grus"] else None)

def energy(y, k):
    turn = [math.tau * (k * i % PERIOD) / PERIOD for i in range(PERIOD)]
    return sum(map(lambda a, t: a * math.cos(t), y, turn)) ** 2 + sum(map(lambda a, t: a * math.sin(t), y, turn)) ** 2

def aliasing():
    note = round(5000 * PERIOD / 48000)
    x = array.array("f", (0.5012 * math.sin(math.tau * (note * i % PERIOD) / PERIOD) for i in range(2 * PERIOD)))
    head = b"WAVEfmt " + (16).to_bytes(4, "little") + bytes([3, 0, 1, 0]) + (48000).to_bytes(4, "little") + \
        (192000).to_bytes(4, "little") + bytes([4, 0, 32, 0]) + b"data" + (4 * len(x)).to_bytes(4, "little")
    with open("sine.wav", "wb") as file:
        file.write(b"RIFF" + (len(head) + 4 * len(x)).to_bytes(4, "little") + head + x.tobytes())
    ts = rows["TS", "GRU 6"]
    y = render(ts["file"], "sine.wav")[PERIOD:]
    folds = [abs((k * note + PERIOD // 2) % PERIOD - PERIOD // 2) for k in range(5, 24)]
    ratio = sum(energy(y, k) for k in folds if k <= 20000 * PERIOD / 48000) / sum(energy(y, k * note) for k in range(1, 5))
    db = 10 * math.log10(ratio)
    if abs(db - ts["aliasing_5000_hz_db"]) > 0.3:
        sys.exit(f"aliasing {ts['aliasing_5000_hz_db']} dB is not {db}")

{"errors": errors, "costs": costs, "aliasing": aliasing}[sys.argv[2]]()
END

prints_everything() {
  [ "$(grep -c '^| TS \|^| pair \|^| fuzz ' table)" = 6 ] && grep -q '^| TS | GRU 6 | 0\.[0-9]* | -' table &&
    grep -q '^| pair | NAM capture (A2) | the target | | |' table && grep -q '^| fuzz | NAM capture' table &&
    grep -q 'Published by others, not measured here' table && cmp table made/table.md && return
  cat table err
  return 1
}

goes_on_after_faults() {
  [ "$(cat status)" = 2 ] || { cat status err; return 1; }
  grep -q 'truth: nothing: has no recordings; expected NAME-input.wav and NAME-target.wav' err &&
    grep -q 'truth: own/half-test-input.wav: is missing; expected it beside half-input.wav' err &&
    grep -q 'truth: empty.nam: can.t be played' err &&
    grep -q 'truth: missing.nam: no such file, folder or circuit' err && return
  cat err
  return 1
}

draws_what_is_in_the_table() {
  python3 - <<'END'
from xml.etree import ElementTree
chart = ElementTree.parse("made/chart.svg")
name = "{http://www.w3.org/2000/svg}"
assert len(list(chart.iter(name + "circle"))) == 3
assert len([r for r in chart.iter(name + "rect") if r.get("class") == "mark"]) == 2
texts = [t.text for t in chart.iter(name + "text")]
assert {"TS", "pair", "fuzz"} <= set(texts), texts
END
}

keeps_models() {
  before=$(cat made/TS/6-1s.json)
  cat >players.list <<'END'
# A comment
NAM capture (A2) | a player | here | - | 12.5 | measured
END
  truth --measured=players.list TS=ts9 pair.nam >again 2>err || { cat err; return 1; }
  [ "$before" = "$(cat made/TS/6-1s.json)" ] && grep -q '^| pair | NAM capture (A2) | the target .* 12\.500† |' again &&
    grep -q '^| NAM capture (A2) | a player | here |' again || { cat again; return 1; }
  # Another recording makes another model
  truth --seconds=9 TS=ts9 >again 2>err && [ "$before" != "$(cat made/TS/6-1s.json)" ]
}

refuses_arguments() {
  refuses 2 'expected GEAR' truth && refuses 2 '--sizes=8,x: expected numbers' truth --sizes=8,x ts9 &&
    refuses 2 '--linear=2: unknown option or value' truth --linear=2 ts9 &&
    refuses 2 'no.wav: can' truth --input=no.wav ts9 &&
    refuses 2 'is missing; build with' "$root/bench/truth" --build=nothing ts9 &&
    mkdir -p made/mine && refuses 2 'is not from an earlier run' truth mine=ts9 && [ -d made/mine ]
}

fields_are_true() {
  python3 fields.py "$build" "$1"
}
errors_are_true() { fields_are_true errors; }
costs_are_true() { fields_are_true costs; }
aliasing_is_true() { fields_are_true aliasing; }

case_of every_gear_is_in_the_table prints_everything
case_of errors_are_what_other_programs_find errors_are_true
case_of costs_agree_with_formulas costs_are_true
case_of aliasing_is_that_of_a_rendered_sine aliasing_is_true
case_of a_fault_is_told_and_the_rest_is_done goes_on_after_faults
case_of the_chart_shows_every_model draws_what_is_in_the_table
case_of models_are_kept_until_the_recording_changes keeps_models
case_of wrong_arguments_are_refused refuses_arguments
echo "1..$number"
exit $failed

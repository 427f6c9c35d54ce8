#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
"""Is what --json prints valid, complete and the same as what is printed as text?

Usage: json_output.py GRUS_TRAIN GRUS_RENDER GRUS_MODEL RECORD MODEL.json, the model one with several sets of weights
"""
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback

TRAIN, RENDER, MODEL, RECORD, FACTORY = (os.path.realpath(path) for path in sys.argv[1:6])
PAGES = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", "..", "man"))
MEMBERS = set()  # Of all that was printed, each with the program
TRAINING = [TRAIN, "dry.wav", "amp.wav", "-o", "amp", "--overwrite", "--epochs=2", "--linear=0", "--threads=1"]


def run(*command, status=0, **environment):
    """Return what a command prints on standard output, and what on standard error."""
    done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, **environment})
    assert done.returncode == status, (command, done.returncode, done.stderr)
    return done.stdout.decode(), done.stderr.decode()


def refuse_constant(name):
    raise ValueError(f"{name} is no JSON")


def parse(text, program=MODEL):
    """Parse one document, strictly: every member has one name, and no number is NaN."""

    def unique(pairs):
        assert len(dict(pairs)) == len(pairs), pairs
        MEMBERS.update((os.path.basename(program), name) for name, _ in pairs)
        return dict(pairs)

    return json.loads(text, parse_constant=refuse_constant, object_pairs_hook=unique)


def document(*command, **options):
    return parse(run(*command, **options)[0], command[0])


def events(*command, **options):
    found = [parse(line, command[0]) for line in run(*command, **options)[0].splitlines()]
    MEMBERS.update((os.path.basename(command[0]), event["event"]) for event in found)
    return found


def only(found, event):
    (one,) = [item for item in found if item["event"] == event]
    return one


def printed(pattern, text):
    match = re.search(pattern, text)
    assert match, (pattern, text)
    return match.group(1)


def agrees(number, pattern, text):
    """Assert that a number is the one in a text, as exactly as it is printed there."""
    shown = printed(pattern, text)
    places = len(shown.partition(".")[2])
    assert f"{number:.{places}f}" == shown, (number, shown, pattern)


def agrees_score(score, text):
    for name, words in {"esr": "ESR", "esr_pre_emphasis": "pre-emphasised", "esr_a_weighted": "A-weighted",
                        "esr_worst": "worst 5 %"}.items():
        agrees(score[name], words + r" (\d+\.\d+) ", text)


def info_says_what_the_text_says():
    text = run(MODEL, "info", FACTORY)[0]
    (model,) = document(MODEL, "info", "--json", FACTORY)
    assert model["file"] == FACTORY and model["is_played"] is True
    for name in ("name", "author", "gear", "license", "format"):
        assert model[name] == printed(rf"  {name} +(.*)", text), name
    assert len(model["sets"]) == text.count("weights for") > 1
    for one, row in zip(model["sets"], text.split("weights for")[1:]):
        assert one["sample_rate"] == int(printed(r"(\d+) Hz", row))
        agrees(one["record"]["esr"], r"ESR (\d\.\d+) ", row)
        agrees(one["record"]["updates"], r"(\d+) updates", row)
        agrees(one["record"]["seconds"], r"(\d+) s,", row)
    agrees(model["network"]["hidden_size"], r"hidden size (\d+)", text)
    agrees(model["network"]["n_weights"], r"(\d+) weights,? ?", text)
    agrees(model["loudness_lufs"], r"(-\d+\.\d) LUFS", text)


def a_file_that_fails_has_its_error():
    output, message = run(MODEL, "info", "--json", "none.json", FACTORY, status=2)
    failed, model = parse(output)
    assert failed["file"] == "none.json" and message == f"grus-model: {failed['error']}\n"
    assert model["file"] == FACTORY
    (checked, failed) = document(MODEL, "check", "--json", FACTORY, "none.json", status=2)
    assert checked == {"file": FACTORY, "is_good": True, "is_tested": True} and "error" in failed
    assert "error" in document(MODEL, "compare", "--json", FACTORY, "none.json", "--on=dry.wav", status=2)


def a_name_that_is_not_utf8_is_replaced():
    odd = b"\xff\xe9.json"
    shutil.copy(FACTORY, odd)
    (model,) = document(MODEL, "info", "--json", odd)
    assert model["file"] == "\ufffd\ufffd.json"


def commands_name_what_they_wrote():
    os.mkdir("lv2")
    (made,) = document(MODEL, "convert", "--json", FACTORY, "copy.json", "--install=lv2")
    assert made["result"] == "converted" and made["output"] == "copy.json" and made["sample_rate"] == 48000
    name, bundle = run(MODEL, "list", "--folder=lv2")[0].rstrip("\n").split("\t")
    assert made["preset"] == {"name": name, "bundle": bundle, "replaced": False}
    assert document(MODEL, "list", "--json", "--folder=lv2") == [{"preset": name, "bundle": bundle}]
    (installed,) = document(MODEL, "install", "--json", "copy.json", "--folder=lv2")
    assert installed["preset"]["replaced"] is True
    assert document(MODEL, "uninstall", "--json", name, "--folder=lv2") == [{"preset": name, "bundle": bundle}]
    assert document(MODEL, "list", "--json", "--folder=lv2") == []
    assert document(MODEL, "gates", "--json", FACTORY, "short.wav")["page"] == "ts9-gates.html"
    assert os.path.exists("ts9-gates.html")


def a_row_of_conversions_is_one_array():
    results = document(MODEL, "convert", "--json", FACTORY, "copy.json", "none.json", "many/", status=1)
    assert [item.get("result", "error") for item in results] == ["converted", "converted", "error"]
    results = document(MODEL, "convert", "--json", FACTORY, "copy.json", "many/")
    assert [item["result"] for item in results] == ["skipped", "skipped"]


def a_capture_says_how_close_its_model_is():
    with open("box.nam", "w", encoding="utf-8") as capture:
        capture.write("""{"version": "0.5.4", "architecture": "Linear", "config": {"receptive_field": 2, "bias": true},
            "weights": [0.5, 0.2, 0], "sample_rate": 48000, "metadata": {"name": "Box", "input_level_dbu": 12.5,
            "loudness": -21.5, "training": {"validation_esr": 0.0125}}}""")
    (capture,) = document(MODEL, "info", "--json", "box.nam")
    assert capture["is_played"] is False and capture["gear_esr"] == 0.0125 and capture["input_level_dbu"] == 12.5
    path = os.path.dirname(TRAIN) + ":" + os.environ["PATH"]
    (made,) = document(MODEL, "convert", "--json", "box.nam", "box.json", "-t1s", "--no-report", PATH=path)
    (model,) = document(MODEL, "info", "--json", "box.json")
    assert made["result"] == "converted" and made["esr"] == model["sets"][0]["record"]["esr"]
    assert model["learned_from"]["file"] == "box.nam" and model["learned_from"]["hash"] == capture["hash"]
    (again,) = document(MODEL, "convert", "--json", "box.nam", "folder/", "-t1s", "--no-report", PATH=path)
    assert again["result"] == "converted" and again["output"] == "folder/box.json" and again["esr"] > 0


def training_reports_events():
    found = events(*TRAINING, "--json")
    names = [event["event"] for event in found]
    assert names[:2] == ["examination", "plan"] and names[-3:] == ["model", "report", "verdict"], names
    progress = [event for event in found if event["event"] == "progress"]
    assert progress and progress[-1]["epoch"] == 2 and 0 < progress[-1]["best_esr"] < 1
    text = run(*TRAINING, COLUMNS="1000")[0]
    plan = only(found, "plan")
    agrees(plan["n_clips"], r"(\d+) clips to learn", text)
    agrees(plan["n_parameters"], r"(\d+) parameters", text)
    trained = only(found, "trained")
    assert trained["epochs"] == 2
    agrees(trained["updates"], r"(\d+) updates", text)
    agrees_score(only(found, "score")["score"], text)
    assert only(found, "model")["file"] == "amp.json" and only(found, "report")["file"] == "amp.html"


def a_model_is_scored_alike_everywhere():
    command = [RENDER, "amp.json", "dry.wav", "out.wav", "--target=amp.wav"]
    text = run(*command)[0]
    result = document(*command, "--json")
    whole, held_out = text.split("output against target")[1].split("held-out part")
    agrees_score(result["score"], whole)
    agrees_score(result["held_out_score"], held_out)
    agrees(result["seconds"], r"(\d+\.\d) s of sound", text)
    assert result["output"] == "out.wav" and result["n_clipped"] == 0
    command = [MODEL, "compare", FACTORY, "amp.json", "--on=dry.wav"]
    compared = document(*command, "--json")
    agrees_score(compared["score"], run(*command)[0])
    assert compared["file"] == "amp.json" and compared["against"] == FACTORY
    (model,) = document(MODEL, "info", "--json", "amp.json")
    assert math.isclose(model["sets"][0]["record"]["esr"], result["held_out_score"]["esr"], rel_tol=1e-4)


def a_score_of_silence_has_no_number():
    result = document(RENDER, FACTORY, "short.wav", "out.wav", "--json", "--target=silence.wav", "--latency=0")
    assert result["score"] == {}, result


def an_examination_lists_what_the_text_lists():
    text = run(TRAIN, "--examine", "dry.wav", "amp.wav")[0]
    (event,) = events(TRAIN, "--examine", "--json", "dry.wav", "amp.wav")
    rows = re.findall(r"^  (\w+) +(\S.*?)  +(\S.*)$", text, re.MULTILINE)
    assert rows == [(item["verdict"], item["name"], item["value"]) for item in event["findings"]]
    assert event["is_usable"] is True
    agrees(event["latency_frames"], r"Latency +(-?\d+) frames", text)
    (event,) = events(TRAIN, "--examine", "--json", "dry.wav", "silence.wav", status=2)
    assert event["is_usable"] is False and "STOP" in [item["verdict"] for item in event["findings"]]


def numbers_are_alike_in_every_locale():
    assert document(MODEL, "info", "--json", FACTORY, LC_ALL="de_DE.UTF-8") == \
        document(MODEL, "info", "--json", FACTORY)


def every_member_is_on_the_man_page():
    assert MEMBERS > {("grus-train", "best_esr"), ("grus-render", "held_out_score"), ("grus-model", "loudness_lufs")}
    for program in {program for program, _ in MEMBERS}:
        with open(os.path.join(PAGES, program + ".1"), encoding="utf-8") as page:
            words = set(re.findall(r"\w+", page.read().partition(".It Fl -json")[2]))
        missing = {name for by, name in MEMBERS if by == program} - words
        assert not missing, (program, missing)


CASES = [
    info_says_what_the_text_says,
    a_file_that_fails_has_its_error,
    a_name_that_is_not_utf8_is_replaced,
    commands_name_what_they_wrote,
    a_row_of_conversions_is_one_array,
    a_capture_says_how_close_its_model_is,
    training_reports_events,
    a_model_is_scored_alike_everywhere,
    a_score_of_silence_has_no_number,
    an_examination_lists_what_the_text_lists,
    numbers_are_alike_in_every_locale,
    every_member_is_on_the_man_page,
]


def main():
    failed = False
    run(RECORD, "ts9", "dry.wav", "amp.wav", "--seconds=12", "--seed=3")
    run("sox", "dry.wav", "short.wav", "trim", "0", "1")
    run("sox", "dry.wav", "silence.wav", "vol", "0")
    print(f"1..{len(CASES)}")
    for number, case in enumerate(CASES, 1):
        try:
            case()
            print(f"ok {number} - {case.__name__}")
        except Exception:  # pylint: disable=broad-except
            failed = True
            print(f"not ok {number} - {case.__name__}")
            print("# " + traceback.format_exc().replace("\n", "\n# "))
    return int(failed)


with tempfile.TemporaryDirectory() as scratch:
    os.chdir(scratch)
    sys.exit(main())

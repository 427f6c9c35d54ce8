#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# The sound of grus-live on a JACK server without a sound card, through hundreds of changes and a night.
# Prints TAP. Usage: sound.sh GRUS_LIVE GRUS_RENDER JACK_PROBE LIVE_TRAP.so MODEL.json MODEL.json
set -u
. "$(dirname "$0")/../tap.sh"
program=$(realpath "$1") render=$(realpath "$2") probe=$(realpath "$3") trap_library=$(realpath "$4")
a=$(realpath "$5") b=$(realpath "$6")
folder=$(mktemp -d)
live=$program
. "$(dirname "$0")/rig.sh"
cd "$folder" || exit 1

# Three seconds of a decaying note, and of a tone of 220 Hz
write_sounds() {
  python3 - <<'END'
import array, math, wave
def write(name, sample):
    with wave.open(name, "wb") as file:
        file.setnchannels(1), file.setsampwidth(2), file.setframerate(48000)
        file.writeframes(array.array("h", (round(32767 * sample(i / 48000)) for i in range(144000))).tobytes())
write("note.wav", lambda t: 0.5 * math.exp(-2 * t) * (math.sin(691 * t) + 0.5 * math.sin(2073 * t)))
write("tone.wav", lambda t: 0.25 * math.sin(2 * math.pi * 220 * t))
END
}

# A set list of $1 entries, the two models in turn
write_list() {
  {
    printf '{"entries": ['
    for i in $(seq "$1"); do
      [ $((i % 2)) = 1 ] && model=$a || model=$b
      [ "$i" = 1 ] || printf ', '
      printf '{"name": "%s", "model": "%s"}' "$i" "$model"
    done
    echo ']}'
  } >list.json
}

# start_around COMMAND ARGUMENT...: start grus-live inside another command
start_around() {
  printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$1" "$program" >around.sh
  shift
  chmod +x around.sh
  live=$folder/around.sh
  start "$@"
}

# number_of WORD FILE: the number after WORD in the output of the probe
number_of() {
  sed -n "s/.*$1 \([-0-9.]*\).*/\1/p" "$2"
}

# is EXPRESSION...: true by the rules of awk
is() {
  awk "BEGIN { exit !($*) }" || { echo "not so: $*"; return 1; }
}

is_that_of_render() {
  "$render" "$a" note.wav expected.wav >/dev/null || return 1
  for size in 16 4096 64 1024 256; do
    jack_bufsize $size >/dev/null 2>&1
    start "$a" &&
      "$probe" grus note.wav 3.5 --freewheel --expected=expected.wav >found && stop || return 1
    cat found
    is "$(number_of peak found) > 0.05 && $(number_of error found) < 1e-5" || return 1
  done
  start --stereo "$a" &&
    "$probe" grus note.wav 3.5 --freewheel --stereo --expected=expected.wav >found && stop || return 1
  is "$(number_of peak found) > 0.05 && $(number_of error found) < 1e-5"
}

# The bound of the plugin: no step is larger than the largest in either model alone plus 10 %
changes_without_click() {
  jack_bufsize 256 >/dev/null 2>&1
  write_list 2
  start list.json && "$probe" grus tone.wav 3 --freewheel >alone_a && stop &&
    start list.json && say next && wait_for heard '"entry":1' &&
    "$probe" grus tone.wav 3 --freewheel >alone_b &&
    "$probe" grus tone.wav 75 --freewheel --every=14 >found && stop || return 1
  cat alone_a alone_b found
  a_step=$(number_of step alone_a) b_step=$(number_of step alone_b)
  is "$(number_of changes found) >= 1000 && $(number_of peak found) < 4" &&
    is "$(number_of step found) <= 1.1 * ($a_step > $b_step ? $a_step : $b_step)"
}

# The same bound; and no 10 ms are quieter than half of the quietest without reloads
reloads_without_gap() {
  jack_bufsize 256 >/dev/null 2>&1
  write_list 2
  start list.json && "$probe" grus tone.wav 3 --freewheel >alone || return 1
  "$probe" grus tone.wav 300 --freewheel >found &
  player=$!
  while kill -0 $player 2>/dev/null; do
    kill -HUP "$rig"
    sleep 0.1
  done
  wait $player && stop || return 1
  cat alone found
  grep -c '"selected"' events
  is "$(grep -c '"selected"' events) > 5 && $(number_of step found) <= 1.1 * $(number_of step alone)" &&
    is "$(number_of quietest found) > 0.5 * $(number_of quietest alone)"
}

# With the longest period, where the end takes longest. In real time a busy machine may lose the last block, but not
# three times
fades_out() {
  jack_bufsize 4096 >/dev/null 2>&1
  for _ in 1 2 3; do
    start "$a" || return 1
    "$probe" grus tone.wav 3 >found &
    player=$!
    sleep 2.5
    stop && wait $player || return 1
    cat found
    is "$(number_of quietest found) == 0 && $(number_of end found) < 0.1 * $(number_of peak found)" && return
  done
  return 1
}

# A learned control change is kept, also in the file
runs_control_changes() {
  jack_bufsize 256 >/dev/null 2>&1
  write_list 2
  start list.json || return 1
  "$probe" grus tone.wav 0.5 --press=176,24,127 && wait_for heard '"set","bass":12' || return 1
  "$probe" grus tone.wav 0.5 --press=176,64,127 && wait_for heard '"set","enabled":0' || return 1
  say 'learn gate'
  sleep 0.3
  "$probe" grus tone.wav 0.5 --press=176,99,127 && wait_for heard '"learned","cc":99,"control":"gate"' &&
    stop && start list.json || return 1
  "$probe" grus tone.wav 0.5 --press=176,99,0 && wait_for heard '"set","gate":-90' || return 1
  "$probe" grus tone.wav 0.5 --press=176,24,0 && wait_for heard '"set","bass":-12' && stop
}

survives_a_flood() {
  jack_bufsize 256 >/dev/null 2>&1
  write_list 2
  start list.json && "$probe" grus tone.wav 30 --freewheel --flood >found || return 1
  cat found
  say status
  wait_for heard '"xruns"' || return 1
  grep -q ' finite' found && ! heard '"guard_trips":[1-9]' && stop
}

# In real time. JACK's xruns include those of a server that a busy machine wakes late. As the client never waits
# (does_nothing_forbidden), the processor time of its blocks says whether it is in time. An emulated machine may slow a
# block, too, but not in each of three runs.
changes_without_xrun() {
  jack_bufsize 256 >/dev/null 2>&1
  write_list 2
  for _ in 1 2 3; do
    start_around "env LD_PRELOAD=$trap_library GRUS_TRAP_LOG=$folder/trapped" list.json &&
      "$probe" grus tone.wav 22 --every=4 >found && say status && wait_for heard '"xruns"' && stop || return 1
    cat found trapped
    grep '"xruns"' events
    is "$(grep -c '"selected"' events) > 1000" || return 1
    is "$(number_of worst trapped) < 1000000 * 256 / 48000" && return
  done
  return 1
}

# Resident memory [kB], when all reloads are done
resident() {
  sleep 1
  sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$rig/status"
}

# reload_and_play SECONDS: as fast as possible, with changes, reloads and loads
reload_and_play() {
  "$probe" grus note.wav "$1" --freewheel --every=20 >found &
  player=$!
  while kill -0 $player 2>/dev/null; do
    kill -HUP "$rig"
    sleep 0.3
    echo "load $b" >&3
    echo status >&3
    sleep 0.3
  done
  wait $player
}

has_more_reports_than() {
  [ "$(grep -c guard_trips events)" -gt "$1" ]
}

# Two small models, where everything else takes long
write_small_models() {
  python3 - <<'END'
import json, math
def row(n, seed): return [math.sin(seed + 1.7 * i) for i in range(n)]
for name, seed in ("small_a.json", 1), ("small_b.json", 2):
    state = {"rec.weight_ih_l0": [row(1, seed + i) for i in range(12)], "rec.weight_hh_l0": [row(4, seed + i) for i in range(12)],
             "rec.bias_ih_l0": row(12, seed), "rec.bias_hh_l0": row(12, seed), "lin.weight": [row(4, seed)], "lin.bias": row(1, seed)}
    data = {"model": "SimpleRNN", "input_size": 1, "skip": 1, "output_size": 1, "unit_type": "GRU", "num_layers": 1, "hidden_size": 4, "bias_fl": True}
    json.dump({"model_data": data, "state_dict": state}, open(name, "w"))
END
}

# An hour of sound, by small models, as memory is what it is about
survives_a_night() {
  jack_bufsize 1024 >/dev/null 2>&1
  write_small_models || return 1
  a=$folder/small_a.json b=$folder/small_b.json
  write_list 4
  start list.json || return 1
  reload_and_play 400 || return 1
  before=$(resident)
  reload_and_play 3600 || return 1
  after=$(resident)
  reported=$(grep -c guard_trips events)
  say status
  wait_for has_more_reports_than "$reported" || return 1
  echo "resident before $before kB, after $after kB"
  cat found
  grep guard_trips events | tail -n 1
  stop && is "$after < $before + 512" && grep -q ' finite' found && ! heard '"guard_trips":[1-9]'
}

loses_no_memory() {
  jack_bufsize 1024 >/dev/null 2>&1
  write_small_models || return 1
  a=$folder/small_a.json b=$folder/small_b.json
  write_list 2
  start_around "valgrind --quiet --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite,indirect" \
    list.json || return 1
  for _ in 1 2 3; do
    kill -HUP "$rig"
    say "load $b"
    say next
    say 'set gate -50'
    sleep 1
  done
  kill -HUP "$rig" # And stop while that is being loaded
  stop || { cat events; return 1; }
}

# under_trap ENVIRONMENT: play, change entries, run commands and reload under the trap
under_trap() {
  write_list 2
  start_around "env LD_PRELOAD=$trap_library GRUS_TRAP_LOG=$folder/trapped $1" list.json || return 1
  "$probe" grus tone.wav 20 --freewheel --every=10 >found &
  for line in 'set bass 3' 'bypass' 'bypass' 'learn gate' 'set knob_1 0.7' "load $b" 'prev' 'reload' 'status'; do
    say "$line"
    sleep 0.1
  done
  wait $!
  stop || return 1
  cat trapped
}

does_nothing_forbidden() {
  jack_bufsize 256 >/dev/null 2>&1
  under_trap "" && grep -q ' 0 forbidden calls ,.*trapped 0 system' trapped || return 1
  under_trap GRUS_TRAP_PLANT=allocation && grep -q '[1-9][0-9]* forbidden calls free' trapped || return 1
  under_trap GRUS_TRAP_PLANT=lock && grep -q '[1-9][0-9]* forbidden calls pthread_mutex_unlock' trapped || return 1
  under_trap GRUS_TRAP_PLANT=call && grep -qE ' 0 forbidden calls ,.*(trapped [1-9][0-9]* system calls 1,|untrapped)' trapped
}

# The rig handles signals from now on
is_listening() {
  mask=$(sed -n 's/^SigBlk:.*\(.....\)$/\1/p' "/proc/$rig/status") # 0x4000: SIGTERM
  [ $((0x0$mask & 0x4000)) != 0 ]
}

stops_while_loading() {
  write_list 128
  "$live" --json list.json >events </dev/null 2>&1 &
  rig=$!
  wait_for is_listening || return 1
  kill -TERM $rig
  wait $rig || return 1
  start list.json || return 1
  kill -HUP "$rig"
  sleep 0.05
  stop
}

notifies_systemd() {
  write_list 2
  cat >notified.py <<'END'
import os, signal, socket, subprocess, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("notify"), s.settimeout(10)
env = dict(os.environ, NOTIFY_SOCKET=os.path.abspath("notify"), WATCHDOG_USEC="300000")
env.pop("WATCHDOG_PID", None)
rig = subprocess.Popen(sys.argv[1:], env=env, stdin=subprocess.DEVNULL)
heard = []
while heard.count("WATCHDOG=1") < 5 or "READY=1" not in heard:
    heard += s.recv(4096).decode().split("\n")
rig.send_signal(signal.SIGTERM)
while "STOPPING=1" not in heard:
    heard += s.recv(4096).decode().split("\n")
print(heard)
sys.exit(rig.wait())
END
  python3 notified.py "$live" list.json
}

needs jack_bufsize python3 valgrind
[ -n "$why_not" ] || write_sounds

echo 1..12
case_of sound_is_that_of_grus_render is_that_of_render
case_of a_thousand_changes_make_no_click changes_without_click
case_of a_reload_is_neither_click_nor_gap reloads_without_gap
case_of it_stops_with_a_fade fades_out
case_of control_changes_are_run_and_learned runs_control_changes
case_of a_flood_of_midi_is_survived survives_a_flood
case_of a_thousand_changes_make_no_xrun changes_without_xrun
case_of an_hour_leaves_memory_as_it_was survives_a_night
case_of nothing_is_leaked_or_misread loses_no_memory
case_of the_audio_thread_does_nothing_forbidden does_nothing_forbidden
case_of it_stops_while_models_are_loading stops_while_loading
case_of systemd_is_notified notifies_systemd
exit $failed

#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# grus-live on a JACK server without a sound card: commands, signals, OSC, a server that stops and restarts. Prints
# TAP. Usage: live.sh GRUS_LIVE MODEL.json MODEL.json
set -u
. "$(dirname "$0")/../tap.sh"
live=$(realpath "$1") a=$(realpath "$2") b=$(realpath "$3")
folder=$(mktemp -d)
. "$(dirname "$0")/rig.sh"
cd "$folder" || exit 1

write_list() {
  cat >list.json <<END
{"entries": [{"name": "One", "model": "$a"}, {"name": "Two", "model": "$b", "controls": {"bass": 3}}]}
END
}

runs_lines() {
  write_list
  start list.json || return 1
  say next
  wait_for heard '"name":"Two"' || return 1
  say 'set gate -60'
  wait_for heard '"set","gate":-60' || return 1
  say 'set gain 3'
  wait_for heard '"set","input_level":3' || return 1
  say bypass
  wait_for heard '"set","enabled":0' || return 1
  say prev
  wait_for sh -c '[ "$(grep -c "\"name\":\"One\"" events)" = 2 ]' || return 1
  say list
  wait_for heard '"current","number":0,"name":"One"' || return 1
  say 'set gate loud'
  wait_for heard 'expected -90 to -20' || return 1
  say "load $a"
  wait_for heard '"entry":2' || return 1
  say "load /nowhere.json"
  wait_for heard '/nowhere.json: no such file' || return 1
  say 'get bass'
  wait_for heard '"control","control":"bass","value":0' || return 1
  say list
  wait_for heard '"current","number":2' || return 1 # What was loaded before plays on
  head -c 1000000 /dev/zero | tr '\0' x >&3
  say ''
  wait_for heard 'too long' || return 1
  say status
  wait_for heard '"xruns"' || return 1
  # Every line is one object
  python3 -c 'import json, sys; [json.loads(line) for line in sys.stdin]' <events || return 1
  stop
}

reloads() {
  echo '{"entries": [' >list.json
  timeout 10 "$live" list.json </dev/null >log2 2>&1
  [ $? = 2 ] && grep -q 'list.json: ends early, in line 2, without its last bracket' log2 || { cat log2; return 1; }
  write_list
  start list.json || return 1
  echo '{"entries": [' >list.json
  kill -HUP $rig
  wait_for heard 'list.json: ends early' || return 1
  kill -0 $rig || return 1
  cat >list.json <<END
{"entries": [{"name": "New", "model": "$b"}, {"name": "One", "model": "$a"}]}
END
  kill -HUP $rig
  wait_for heard '"entry":1,"name":"One"' || return 1 # The same sound continues, at its new place
  stop
}

listens_to_osc() {
  write_list
  start --osc=19283 list.json || return 1
  python3 - <<'END'
import os
import socket
import struct

def word(text):
    data = text.encode() + b"\0"
    return data + b"\0" * (-len(data) % 4)

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for packet in (
    b"garbage", b"", b"/grus", b"/grus/next", os.urandom(600), b"/grus/set\0\0\0,sf\0" + b"\xff" * 40,
    word("/grus/next") + word(","), word("/grus/treble") + word(",f") + struct.pack(">f", 2.5),
    word("/grus/set") + word(",sf") + word("bass") + struct.pack(">f", -4), word("/other") + word(","),
):
    s.sendto(packet, ("127.0.0.1", 19283))
s.sendto(word("/grus/middle") + word(",i") + struct.pack(">i", 5), ("127.0.0.2", 19283))
END
  wait_for heard '"name":"Two"' && wait_for heard '"treble":2.5' && wait_for heard '"bass":-4' &&
    wait_for heard 'not a message' && wait_for heard 'starts with /grus/' && ! heard '"middle"' && stop || return 1
  # A flood fills no log, and the next command is taken
  start --osc=19283 list.json || return 1
  timeout 60 python3 -c 'import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
end = time.monotonic() + 3
while time.monotonic() < end:
    for packet in b"garbage", b"/grus/nosuch\0\0\0\0,\0\0\0":
        s.sendto(packet, ("127.0.0.1", 19283))
time.sleep(1.5)
s.sendto(b"/grus/next\0\0,\0\0\0", ("127.0.0.1", 19283))'
  wait_for heard '"name":"Two"' && stop && grep -c '"text":"' events || return 1
  [ "$(grep -c 'not a message\|nosuch' events)" -lt 300 ] && heard 'OSC: left out messages like the last ones: [0-9]' || return 1
  start --osc=19283 --osc-host=0.0.0.0 list.json || return 1
  python3 -c 'import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"/grus/next\0\0,\0\0\0", ("127.0.0.2", 19283))
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"/grus/quit\0\0,\0\0\0", ("127.0.0.2", 19283))'
  wait_for heard '"name":"Two"' && wait_for heard 'only commands that play' && kill -0 "$rig" && stop
}

steps_through_a_folder() {
  mkdir -p step
  cp "$a" step/a.json
  cp "$b" step/b.json
  echo broken >step/c.json
  start --osc=19283 step/a.json || return 1
  say model_next
  wait_for heard '"entry":1,"name":"b"' || return 1
  python3 -c 'import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"/grus/model_next\0\0\0\0,\0\0\0", ("127.0.0.1", 19283))'
  wait_for heard '"entry":1,"name":"a"' && heard 'step/c.json: ' && stop
}

answers_by_osc() {
  write_list
  start --osc=19284 list.json || return 1
  timeout 60 python3 - <<'END' || return 1
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(20)
def ask(packet, answer):
    s.sendto(packet, ("127.0.0.1", 19284))
    got = s.recv(4096)
    assert got.startswith(answer), got
ask(b"/grus/next\0\0,f\0\0\x3f\x80\0\0", b"/grus/reply/selected\0\0\0\0,is\0\0\0\0\1Two\0")
ask(b"/grus/status\0\0\0\0,\0\0\0", b"/grus/reply/status\0\0,isiiifffiiffs\0\0\0\0\0\1Two\0\0\0\xbb\x80")
ask(b"/grus/get\0\0\0,s\0\0bass\0\0\0\0", b"/grus/reply/control\0,sf\0bass\0\0\0\0\x40\x40\0\0")
ask(b"/grus/entry\0,s\0\0nosuch\0\0", b"/grus/reply/error\0\0\0,s\0\0entry nosuch: expected")
END
  # The port is taken: the music plays on
  "$live" --json --name=second --osc=19284 list.json </dev/null >second 2>&1 &
  second=$!
  wait_for grep -q '"selected"' second && grep -q 'in use' second && grep -q 'without OSC' second || return 1
  kill -TERM $second && wait $second && stop
}

survives_the_server() {
  write_list
  start list.json || return 1
  wait_for sh -c 'jack_lsp -c | grep -A1 "^grus:out" | grep -q playback_1' || return 1
  jack_disconnect grus:out system:playback_2 || return 1
  sleep 0.3
  end_jackd
  wait_for heard 'server stopped' || return 1
  start_jackd 128 44100 || return 1
  wait_for sh -c '[ "$(grep -c playing events)" = 2 ]' || return 1
  wait_for sh -c 'jack_lsp -c | grep -A1 "^grus:out" | grep -q playback_1' || return 1
  # What was disconnected stays disconnected
  ! jack_lsp -c grus:out | grep -q playback_2 && grep -q '"rate":44100,"period":128' events || return 1
  kill -9 "$(cat jackd.pid)" # As when it crashes
  wait_for sh -c '[ "$(grep -c "server stopped" events)" = 2 ]' && start_jackd || return 1
  wait_for sh -c '[ "$(grep -c playing events)" = 3 ]' && wait_for is_connected grus:out system:playback_1 && stop
}

# is_connected PORT OTHER
is_connected() {
  jack_lsp -c "$1" | grep -q "^   $2\$"
}

connects() {
  write_list
  start list.json || return 1
  wait_for is_connected grus:in system:capture_1 && wait_for is_connected grus:out system:playback_1 &&
    wait_for is_connected grus:out system:playback_2 && ! is_connected grus:in system:capture_2 && stop || return 1
  start --stereo list.json || return 1
  wait_for is_connected grus:in_right system:capture_2 && wait_for is_connected grus:out_left system:playback_1 &&
    wait_for is_connected grus:out_right system:playback_2 && stop || return 1
  start --connect='playback_2' --connect-input='capture_2' list.json || return 1
  wait_for is_connected grus:in system:capture_2 && wait_for is_connected grus:out system:playback_2 &&
    ! is_connected grus:out system:playback_1 && stop || return 1
  # What appears later, and again
  start --connect-input='late:.*' --connect=nowhere list.json || return 1
  wait_for heard 'connect-input=late:.\* matches no port' && wait_for heard 'connect=nowhere matches no port' ||
    return 1
  for times in 1 2; do
    "$live" --json --name=late --no-connect list.json </dev/null >late 2>&1 &
    late=$!
    wait_for is_connected grus:in late:out && wait_for heard 'in ← late:out' || return 1
    kill -TERM $late && wait $late || return 1
    wait_for sh -c '[ "$(grep -c "connected to nothing" events)" -gt '$times' ]' || return 1
  done
  stop || return 1
  start --name=other --no-connect list.json || return 1
  sleep 0.3
  ! jack_lsp -c other | grep -q '^   ' && stop
}

waits_for_the_server() {
  end_jackd
  write_list
  # What is wrong is found without a server
  timeout 10 "$live" nosuch.json </dev/null >log2 2>&1
  [ $? = 2 ] && grep -q 'nosuch.json: no such file' log2 && ! grep -q waiting log2 || { cat log2; return 1; }
  echo '{"entries": [{"name": "A", "modle": "a.json"}]}' >wrong.json
  timeout 10 "$live" wrong.json </dev/null >log2 2>&1
  [ $? = 2 ] && grep -q 'entry "A": unknown key "modle"; did you mean "model"?' log2 || { cat log2; return 1; }
  mkfifo pipe.json
  timeout 10 "$live" pipe.json </dev/null >log2 2>&1
  [ $? = 2 ] && [ -s log2 ] || { cat log2; return 1; }
  "$live" --server=nosuch list.json </dev/null >log2 2>&1 &
  rig=$!
  wait_for grep -q 'no JACK server "nosuch" is running' log2 && wait_for grep -q waiting log2 || return 1
  kill -TERM $rig
  wait $rig || return 1
  timeout 10 "$live" --json --measure list.json </dev/null >events
  [ $? = 2 ] && heard 'no JACK server is running' && ! heard waiting || { cat events; return 1; }
  rm -f events
  "$live" --json list.json </dev/null >events 2>&1 &
  rig=$!
  wait_for heard 'waiting for a JACK server' || return 1
  start_jackd || return 1
  wait_for heard '"playing"' || return 1
  kill -INT $rig
  wait $rig
}

takes_buffer_sizes() {
  write_list
  start list.json || return 1
  for size in 16 4096 32 64 128 256 512 1024 2048; do
    jack_bufsize $size >/dev/null 2>&1 || return 1
    sleep 0.3
    say status
    wait_for heard "\"period\":$size" || return 1
  done
  stop
}

measures() {
  write_list
  "$live" --json --measure=1 list.json >events </dev/null && cat events && grep -q '"such_models":[1-9]' events &&
    "$live" --measure=1 list.json >events </dev/null && cat events &&
    grep -q '^load .* % of a period of [0-9.]* ms (worst block .* ms), .* xrun.*: this machine would carry about [1-9].* models like this$' events
}

refuses() {
  for arguments in 'nothing.json' '--connect=[' '--connect-midi=(' '--osc-allow=some' '--set=volume=3' '--osc=0' '--quality=8x' '--measure=never' '--nonsense'; do
    # shellcheck disable=SC2086
    timeout 10 "$live" $arguments </dev/null >log2 2>&1
    [ $? = 2 ] && [ -s log2 ] || { echo "$arguments:"; cat log2; return 1; }
  done
}

needs jack_disconnect jack_bufsize python3

echo 1..11
case_of lines_are_commands runs_lines
case_of a_set_list_is_read_again_and_a_broken_one_changes_nothing reloads
case_of osc_messages_are_commands_and_garbage_is_refused listens_to_osc
case_of commands_step_through_the_folder_of_the_model steps_through_a_folder
case_of osc_messages_are_answered answers_by_osc
case_of ports_are_connected_as_requested connects
case_of connections_survive_a_restart_of_the_server survives_the_server
case_of a_server_may_start_after_the_rig waits_for_the_server
case_of buffer_sizes_are_followed takes_buffer_sizes
case_of the_load_is_measured measures
case_of bad_arguments_are_refused refuses
exit $failed

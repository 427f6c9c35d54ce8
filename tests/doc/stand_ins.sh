#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Makes a folder in which the commands of the pages run: short recordings and captures by the names that the pages use,
# programs that take the pages' options but little time, and a JACK server without a sound card.
# Usage: stand_ins.sh SOURCE_ROOT RECORD GAIN_KNOB PROGRAM... FOLDER (the programs of Grus)
set -eu
root=$(realpath "$1") record=$(realpath "$2") gain_knob=$(realpath "$3")
shift 3
while [ $# -gt 1 ]; do
  programs="${programs:-} $(realpath "$1")"
  shift
done
cd "$1"
mkdir -p bin home/.config/grus build/quickstart captures

"$record" ts9 dry.wav amp.wav --seconds 8 --seed 11
for knob in 0 0.25 0.3 0.5 0.75 1; do
  "$gain_knob" dry.wav knob.wav $knob
  case $knob in
  0) cp knob.wav d0.wav ;;
  0.25) cp knob.wav d25.wav ;;
  0.3) cp knob.wav d3.wav ;;
  0.5) cp knob.wav d5.wav && cp knob.wav d50.wav ;;
  0.75) cp knob.wav d75.wav ;;
  1) cp knob.wav d10.wav && cp knob.wav d100.wav ;;
  esac
done
"$record" ts9 song.wav song-amp.wav --seconds 2 --seed 12
cp song.wav build/quickstart/song-dry.wav
cp song.wav riff.wav
sox -V1 -M dry.wav amp.wav take.wav # Both channels of one take

# capture GAIN: one that multiplies, which Grus renders and learns from
capture() {
  printf '{"version":"0.5.4","architecture":"Linear","config":{"receptive_field":2,"bias":true},"weights":[%s,0.2,0],' "$1"
  printf '"sample_rate":48000,"metadata":{"name":"Box of gain %s","license":"CC0-1.0"}}\n' "$1"
}
capture 0.5 >capture.nam
capture 0.4 >captures/one.nam
capture 0.3 >captures/two.nam
ln -s "$root/presets" presets
cp "$root/presets/models/clean.json" home/.config/grus
cp "$root/presets/models/ts9-drive.json" home/.config/grus/lead.json # It has the knob that the pages set
ln -s home/.config/grus/setlist.json setlist.json
cp "$root/presets/cabinets/1x12-open.wav" home/.config/grus/112.wav
cp "$root/presets/cabinets/4x12-closed.wav" home/.config/grus/412.wav

for program in $programs; do
  name=${program##*/}
  case $name in
  grus-train) short='case " $* " in *" --examine "*) ;; *) set -- "$@" --time=1s --threads=1 ;; esac' ;;
  grus-model) short='[ "$1" != convert ] || case $* in *.nam*) set -- "$@" --time=1s ;; esac' ;;
  *) short='' ;;
  esac
  printf '#!/bin/sh\n%s\nexec "%s" "$@"\n' "$short" "$program" >"bin/$name"
  chmod +x "bin/$name"
done

# With a loudspeaker of its own, and the same as two files
PATH=$PWD/bin:$PATH
export PATH
grus-train dry.wav amp.wav -o combo --cell reset-after --linear 64 --cabinet yes --no-report
grus-model convert combo.json box.json --to aida-x

# Plays for a second, longer if others send commands, and fails if it complains of more than pedals, which are not there
real=$(sed -n 's/^exec "\(.*\)" "$@"$/\1/p' bin/grus-live)
cat >bin/grus-live <<END
#!/bin/sh
case "\$* " in
*--measure*) exec "$real" "\$@" --measure=1 ;;
*--osc*) seconds=4 ;;
*) seconds=1 ;;
esac
errors=\$(mktemp)
{ sleep \$seconds; echo quit; } | "$real" "\$@" 2>"\$errors" || { cat "\$errors"; exit 1; }
! grep -v 'matches no port\|is connected to nothing\|move the pedal' "\$errors"
END
cat >bin/oscsend <<'END'
#!/bin/sh
for _ in $(seq 100); do
  ! grep -q ":$(printf %04X "$2") " /proc/net/udp || exec /usr/bin/env PATH="${PATH#*:}" oscsend "$@"
  sleep 0.1
done
echo "nothing listens on port $2"
exit 1
END
# Builds nothing, but knows the options
cat >bin/meson <<END
#!/bin/sh
for argument; do
  case \$argument in
  -Dprefix=* | -Dlibdir=* | -Dbuildtype=*) ;;
  -D*=*)
    name=\${argument#-D}
    grep -q "^option('\${name%%=*}'" "$root/meson_options.txt" || { echo "\$argument: no such option"; exit 1; }
    ;;
  esac
done
END
printf '#!/bin/sh\n' >bin/ninja
cat >bin/finish <<END
#!/bin/sh
kill \$(cat "$PWD/jackd.pid")
END
chmod +x bin/*

jackd -n "$JACK_DEFAULT_SERVER" -r --no-mlock -d dummy -r 48000 -p 256 >jackd.log 2>&1 &
echo $! >jackd.pid
for _ in $(seq 100); do
  ! jack_lsp >/dev/null 2>&1 || exit 0
  sleep 0.1
done
echo 'jackd does not start here' >&2
exit 1

#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Do bash, zsh and fish complete what --help lists, and files and presets where they belong?
# Usage: completions.sh FOLDER_OF_SCRIPTS PROGRAM...
tests=$(cd "$(dirname "$0")/.." && pwd)
scripts=$1
shift
programs=$*
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/bin" "$scratch/home" "$scratch/files/folder"
for program in $programs; do
  ln -s "$(realpath "$program")" "$scratch/bin/"
done
cd "$scratch/files" || exit 1
PATH=$scratch/bin:$PATH HOME=$scratch/home XDG_CONFIG_HOME=$scratch/home XDG_DATA_HOME=$scratch/home
export PATH HOME XDG_CONFIG_HOME XDG_DATA_HOME
# shellcheck source-path=SCRIPTDIR
. "$tests/tap.sh"
: >guitar.wav
: >loud.FLAC
: >'my amp.json'
: >plexi.nam
: >page.html
: >other.txt

# commands_of PROGRAM
commands_of() {
  "$1" --help | sed -n '/^Commands/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

# helped PROGRAM [COMMAND]: the options that --help lists, -x and --x
helped() {
  "$@" --help | sed -nE 's/^ {2,6}((-[A-Za-z], )?--[a-z-]+.*)/\1/p' | sed 's/\[*=[^ ]*//; s/  .*//; s/, /\n/g' | sort -u
}

# The words that LINE, of a program and words, can be completed to; `scripts` is where the scripts are
with_bash() {
  # Words are cut where bash does it
  # shellcheck disable=SC2046
  eval bash "$tests/cli/complete.bash" "$scripts/${1%% *}" \
    "$(printf '%s\n' "$1" | sed "s/\([=:]\)/ \1 /g; s/ \$/ ''/")"
}
with_zsh() {
  timeout 20 zsh -f "$tests/cli/complete.zsh" "$scripts" "$1"
}
with_fish() {
  fish -N -c "source $scripts/${1%% *}.fish; complete -C '$1'" | cut -f 1
}

# completes_options SHELL PROGRAM [COMMAND]: what it completes is what --help lists
completes_options() {
  shell=$1
  shift
  helped "$@" >../helped
  "with_$shell" "$* -" | sed 's/=$//' | grep -E '^(-[A-Za-z]|--.+)$' | sort -u >../completed
  [ -s ../helped ] && diff ../helped ../completed && return
  echo "$shell completes other options of $* than --help lists"
  return 1
}

# completes_all SHELL: of all programs and their commands
completes_all() {
  for path in $programs; do
    program=$(basename "$path")
    completes_options "$1" "$program" || return 1
    for command in $(commands_of "$program"); do
      completes_options "$1" "$program" "$command" || return 1
    done
  done
}

# completes SHELL LINE WORD...: these words, and no others
completes() {
  shell=$1 line=$2
  shift 2
  "with_$shell" "$line" | sed 's|/$||; s/\\//g; s/^--[a-z-]*=//; s/^0\.5=//' | sort -u >../completed
  if [ $# -gt 0 ]; then printf '%s\n' "$@"; fi | sort -u | diff - ../completed && return
  echo "$shell: $line"
  return 1
}

# completes_values SHELL
completes_values() {
  completes "$1" 'grus-train --quality=' draft good best &&
    completes "$1" 'grus-train --quality ' draft good best &&
    completes "$1" 'grus-train --cell=reset-b' reset-before &&
    completes "$1" 'grus-train --hidden-size=' auto &&
    completes "$1" 'grus-train --epochs=' &&
    completes "$1" 'grus-train --teacher=' 'my amp.json' plexi.nam folder &&
    completes "$1" 'grus-train --take=0.5=' guitar.wav loud.FLAC folder &&
    completes "$1" 'grus-train --install=' folder &&
    completes "$1" 'grus-train ' guitar.wav loud.FLAC folder &&
    completes "$1" 'grus-signal --rate=4' 44100 48000 &&
    completes "$1" 'grus-model ' $(commands_of grus-model) &&
    completes "$1" 'grus-model convert --to=' grus aida-x guitarml &&
    completes "$1" 'grus-model info plexi.nam ' 'my amp.json' plexi.nam folder &&
    completes "$1" 'grus-model gates --output=' page.html folder
}

# completes_presets SHELL
completes_presets() {
  completes "$1" 'grus-model uninstall ' 'My amp' Plexi
}

# A preset as the program lists it
make_list() {
  rm ../bin/grus-model
  cat >../bin/grus-model <<'END'
#!/bin/sh
printf 'My amp\t/home/me/.lv2/my-amp.lv2\nPlexi\t/home/me/.lv2/plexi.lv2\n'
END
  chmod +x ../bin/grus-model
}

# lacks SHELL FILE: the comparison fails for a script without --seed
lacks() {
  (
    mkdir -p ../cut
    sed 's/--seed=* //; /--seed/d; /-l seed/d' "$scripts/$2" >"../cut/$2"
    scripts=$scratch/cut
    ! completes_options "$1" grus-signal >/dev/null && diff ../helped ../completed | grep -q seed
  )
}

bash_options() { completes_all bash; }
bash_values() {
  completes_values bash && completes bash 'grus-render my\ ' 'my amp.json' &&
    completes bash 'grus-render plexi.nam ' guitar.wav loud.FLAC folder &&
    completes bash 'grus-render -h plexi.nam --quality 2x guitar.wav loud.FLAC '
}
bash_lack() { lacks bash grus-signal; }
zsh_options() { completes_all zsh; }
zsh_values() {
  completes_values zsh && completes zsh 'grus-render plexi.nam ' guitar.wav loud.FLAC folder
}
zsh_lack() { lacks zsh _grus-signal; }
fish_options() { completes_all fish; }
fish_values() { completes_values fish; }
fish_lack() { lacks fish grus-signal.fish; }
bash_presets() { completes_presets bash; }
zsh_presets() { completes_presets zsh; }
fish_presets() { completes_presets fish; }

echo 1..12
for shell in bash zsh fish; do
  command -v $shell >/dev/null || why_not="there is no $shell"
  case_of "${shell}_completes_the_options_of_help" ${shell}_options
  case_of "${shell}_completes_values_and_files" ${shell}_values
  case_of "a_script_for_${shell}_that_lacks_an_option_is_noticed" ${shell}_lack
  why_not=''
done
make_list
for shell in bash zsh fish; do
  command -v $shell >/dev/null || why_not="there is no $shell"
  case_of "${shell}_completes_the_names_of_presets" ${shell}_presets
  why_not=''
done
exit $failed

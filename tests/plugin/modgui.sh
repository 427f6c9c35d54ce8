#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# The face in MOD's interface: it names only what the bundle and the plugin have, and shows what the plugin tells.
# Prints TAP.
# Usage: modgui.sh LV2_PATH PAGE
set -u
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/../browser.sh"
bundle=$(realpath "$1")/grus.lv2 page=$(realpath "$2")
look=$(realpath "$(dirname "$0")/modgui_check.js")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
face=$bundle/modgui
icon=$face/icon-grus.html

# of_plugin PLUGIN: what the data say of it, each statement on a line of its own
of_plugin() {
  awk -v start="<urn:grus:$1>" '$0 == start { on = 1 } on; on && / \.$/ { exit }' "$bundle/grus.ttl"
}

# symbols PLUGIN PORT_CLASS: the symbols of its control ports of that class
symbols() {
  of_plugin "$1" | awk -v class="lv2:$2" '
    /lv2:index/ { is_one = is_control = 0 }
    $0 ~ class { is_one = 1 }
    /lv2:ControlPort/ { is_control = 1 }
    is_one && is_control && /lv2:symbol/ { gsub(/"/, ""); print $2 }' | sort
}

# has_all NAMES OF: every line of NAMES, of which there are some, is in OF
has_all() {
  [ -s "$1" ] && ! comm -23 "$1" "$2" | grep .
}

# Pictures of the style sheet come from /resources/; what nothing names is not shipped
uses_its_files() {
  { sed -n 's,.*<modgui/\([^>]*\)>.*,\1,p' "$bundle/modgui.ttl"
    grep -ho 'url([^)]*)' "$face"/*.css | sed 's,url(/resources/\(.*\){{{ns}}}),\1,'; } | sort >named
  ls "$face" | sort >there
  diff named there
}

names_ports() {
  grep -o 'mod-port-symbol="[a-z_0-9]*"' "$icon" | sed 's/.*"\(.*\)"/\1/' | sort -u >used
  sed -n 's/.*lv2:symbol "\([a-z_]*\)".*/\1/p' "$bundle/modgui.ttl" | sort >monitored
  for plugin in mono stereo; do
    symbols $plugin InputPort >inputs
    symbols $plugin OutputPort >outputs
    has_all used inputs && has_all monitored outputs || return 1
  done
}

# What the script reads as "values.PORT", names as "..._status", or has a function for
hears_what_it_shows() {
  { sed -n 's/^    \([a-z_]*\): function.*/\1/p' "$face/script-grus.js"
    grep -o 'values\.[a-z_]*' "$face/script-grus.js" | sed 's/.*\.//'
    grep -o '"[a-z]*_status"' "$face/script-grus.js" | tr -d '"'; } | sort -u >shown
  sed -n 's/.*lv2:symbol "\([a-z_]*\)".*/\1/p' "$bundle/modgui.ttl" | sort >monitored
  diff shown monitored
}

# The script names them without their beginning, and those of the knobs without their number
names_parameters() {
  { grep -oh 'urn:grus:[a-z-]*[a-z]' "$icon" "$face"/*.css
    grep -o '"\(model\|speaker\)[a-z-]*"' "$face/script-grus.js" | tr -d '"' | sed 's/^/urn:grus:/;s/-$/-1/'; } | sort -u >used
  for plugin in mono stereo; do
    of_plugin $plugin | grep -o '<urn:grus:[^#>]*>' | tr -d '<>' | sort -u >known
    has_all used known || return 1
  done
  cat used
  [ "$(wc -l <used)" -ge 10 ]
}

# "symbol value label" of each choice, as the face and as the plugin have it
offers_the_choices() {
  awk -F '"' '/mod-widget="custom-select"/ { for (i = 1; i < NF; ++i) if ($i ~ /mod-port-symbol=/) symbol = $(i + 1) }
    /mod-port-value=/ { for (i = 1; i < NF; ++i) if ($i ~ /mod-port-value=/) value = $(i + 1)
      label = $NF; gsub(/^>|<.*/, "", label); print symbol, value, label }' "$icon" | sort >offered
  of_plugin mono | awk '
    /lv2:symbol/ { gsub(/"/, ""); symbol = $2 }
    /rdf:value/ { match($0, /"[^"]*"/); label = substr($0, RSTART + 1, RLENGTH - 2); match($0, /rdf:value [0-9.-]*/)
      print symbol, substr($0, RSTART + 10, RLENGTH - 10), label }' | sort >all
  cut -d ' ' -f 1 offered | sort -u | while read -r symbol; do
    grep "^$symbol " all
  done >has
  [ -s offered ] && diff offered has
}

shows_what_is_told() {
  "$page" "$face" "$look" >page.html
  open_page page.html 1000
  finds 'all well'
}

# finds_broken SED_SCRIPT TEXT: with the style sheet so changed, the page finds the TEXT
finds_broken() {
  mkdir -p broken && cp "$face"/* broken/ && sed -i "$1" broken/stylesheet-grus.css || return 1
  "$page" "$PWD/broken" "$look" >page.html
  open_page page.html 1000
  grep -q "FOUND.*$2" found && ! grep -q 'all well' found
}

notices_what_is_wrong() {
  finds_broken 's/left: 564px/left: 464px/' 'lies over' && finds_broken 's/text-overflow: ellipsis/text-overflow: clip/' 'is cut off' &&
    finds_broken 's/knob-centre.svg/none.svg/' 'number of positions'
}

case_of it_uses_each_of_its_files uses_its_files
case_of its_controls_and_outputs_are_ports names_ports
case_of the_outputs_that_it_shows_are_monitored hears_what_it_shows
case_of its_parameters_are_the_plugins names_parameters
case_of it_offers_the_choices_of_the_ports offers_the_choices
[ -n "$browser" ] || why_not='no chromium'
case_of it_shows_what_the_plugin_tells shows_what_is_told
case_of a_wrong_layout_is_noticed notices_what_is_wrong
echo "1..$number"
exit $failed

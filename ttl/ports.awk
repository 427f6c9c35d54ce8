# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Writes the rows of core/engine/controls.def as the PORT entries that mono.ttl.in has, too.

/^(CONTROL|SETTING|METER|TRIGGER)\(/ { row = "" }
/^(CONTROL|SETTING|METER|TRIGGER)\(/, /\)$/ {
  row = row $0
  if (/\)$/) {
    print_port(row)
  }
}
END { exit is_bad }

# "A(ID, "text", 1.0)" → field[1] = ID ...; texts that stand side by side are one, as in C
function split_row(row, fields, n, text) {
  gsub(/"[ \t]+"/, "", row)
  sub(/^[A-Z]+\(/, "", row)
  for (n = 1; match(row, /^[ \t]*("[^"]*"|[^,"()]*)[,)]/); ++n) {
    text = substr(row, 1, RLENGTH - 1)
    row = substr(row, RLENGTH + 1)
    gsub(/^[ \t]*"?|"?[ \t]*$/, "", text)
    fields[n] = text
  }
  return row == "" ? n - 1 : 0
}

function print_port(row, f, n) {
  n = split_row(row, f)
  if (n != (row ~ /^CONTROL/ ? 12 : 11) || tolower(f[1]) != f[2]) {
    print "not a row of controls: " row >"/dev/stderr"
    is_bad = 1
    return
  }
  print "PORT"
  print "\t\ta lv2:" (row ~ /^METER/ ? "Output" : "Input") "Port ,"
  print "\t\t\tlv2:ControlPort ;"
  print "\t\tlv2:symbol \"" f[2] "\" ;"
  print "\t\tlv2:name \"" f[3] "\" ;"
  if (f[4] != "") {
    print "\t\tlv2:shortName \"" f[4] "\" ;"
  }
  print "\t\trdfs:comment \"" f[n] "\" ;"
  if (f[2] == "enabled" || f[2] == "latency") {
    print "\t\tlv2:designation lv2:" f[2] " ;"
  }
  print_properties(row ~ /^TRIGGER/ ? "TRIGGER" : f[5])
  print "\t\tlv2:default " f[8] " ;"
  print "\t\tlv2:minimum " f[6] " ;"
  print "\t\tlv2:maximum " f[7] " ;"
  print_unit(f[5])
  if (f[5] != "SWITCH") { # lv2:toggled says it all
    print_points(f[10], f[6] ~ /\./)
  }
  print "\t\tpg:group <@PLUGIN@#" f[9] ">"
}

function print_properties(kind) {
  if (kind == "SWITCH") {
    print "\t\tlv2:portProperty lv2:toggled ;"
  } else if (kind == "TRIGGER") {
    print "\t\tlv2:portProperty lv2:toggled ,\n\t\t\tpprop:trigger ;"
  } else if (kind == "CHOICE") {
    print "\t\tlv2:portProperty lv2:integer ,\n\t\t\tlv2:enumeration ;"
  } else if (kind == "COUNT") {
    print "\t\tlv2:portProperty lv2:integer ;"
  } else if (kind == "FRAMES") {
    print "\t\tlv2:portProperty lv2:integer ,\n\t\t\tlv2:reportsLatency ;"
  }
}

function print_own_unit(label, symbol, format) {
  print "\t\tunits:unit [\n\t\t\ta units:Unit ;"
  print "\t\t\trdfs:label \"" label "\" ;"
  print "\t\t\tunits:symbol \"" symbol "\" ;"
  print "\t\t\tunits:render \"" format " " symbol "\"\n\t\t] ;"
}

function print_unit(kind) {
  if (kind == "DB") {
    print "\t\tunits:unit units:db ;"
  } else if (kind == "FRAMES") {
    print "\t\tunits:unit units:frame ;"
  } else if (kind == "PERCENT") {
    print "\t\tunits:unit units:pc ;"
  } else if (kind == "DBFS") {
    print_own_unit("decibels of full scale", "dBFS", "%.1f")
  } else if (kind == "DBU") {
    print_own_unit("decibels above 0.775 volts", "dBu", "%.1f")
  } else if (kind == "COUNT") {
    print_own_unit("times", "times", "%.0f")
  }
}

# "0 is raw, 1 is matched" → the points "Raw" and "Matched"
function print_points(points, is_decimal, n, point, i, words, label) {
  n = split(points, point, ", ")
  for (i = 1; i <= n; ++i) {
    split(point[i], words, " is ")
    label = toupper(substr(words[2], 1, 1)) substr(words[2], 2)
    printf "%s[ rdfs:label \"%s\" ; rdf:value %s ]", \
      (i == 1 ? "\t\tlv2:scalePoint " : " ,\n\t\t\t"), label, words[1] (is_decimal ? ".0" : "")
  }
  if (n) {
    print " ;"
  }
}

# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Draws a knob in all its positions, side by side, as MOD's interface turns it: the n-th frame is the n-th position.
# The arc goes from the position of the origin, 0 at the left end to 1 at the right end, to that of the knob.
# Usage: awk -v colour=COLOUR -v origin=FRACTION -f knob.awk

BEGIN {
  frames = 97 # 96 steps: a quarter or half of a decibel each
  size = 56
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\""
  printf " width=\"%d\" height=\"%d\" fill=\"none\" stroke-linecap=\"round\">\n", frames * size, size
  print "<defs><g id=\"k\">" arc(0, 1, 24.5, 3, "#3a424a")
  print "<circle cx=\"28\" cy=\"28\" r=\"18\" fill=\"#14171a\" stroke=\"#444d56\"/></g></defs>"
  for (frame = 0; frame < frames; ++frame) {
    draw(frame, frame / (frames - 1))
  }
  print "</svg>"
}

function draw(frame, at) {
  printf "<g transform=\"translate(%d)\"><use xlink:href=\"#k\"/>", frame * size
  if (at != origin) {
    printf "%s", at < origin ? arc(at, origin, 24.5, 3, colour) : arc(origin, at, 24.5, 3, colour)
  }
  printf "<path d=\"M%sL%s\" stroke=\"#e8e6e1\" stroke-width=\"2.5\"/></g>\n", point(at, 7), point(at, 14.5)
}

# An arc of a radius between two positions of the knob
function arc(from, to, radius, width, paint) {
  return sprintf("<path d=\"M%sA%s %s 0 %d 1 %s\" stroke=\"%s\" stroke-width=\"%s\"/>", point(from, radius), \
                 radius, radius, to - from > 2 / 3, point(to, radius), paint, width)
}

# Where a position is, a radius from the centre; the knob turns by 270 degrees
function point(at, radius, angle) {
  angle = (135 + 270 * at) * 3.14159265 / 180
  return sprintf("%.2f %.2f", size / 2 + radius * cos(angle), size / 2 + radius * sin(angle))
}

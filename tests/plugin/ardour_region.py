# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
"""Puts a recording on the only track of an Ardour session, which only Ardour's editor could do.

Usage: ardour_region.py SESSION.ardour FILE.wav N_FRAMES (of 48 kHz); the file lies among the session's.
"""
import re
import sys

path, wav, n_frames = sys.argv[1], sys.argv[2], int(sys.argv[3])
length = n_frames * 5880  # In the session's units, 282240000 a second


def region(number, is_whole_file):
    return (
        f'<Region id="{number}" name="{wav}" type="audio" whole-file="{is_whole_file}" muted="0" opaque="1"'
        f' start="a0" length="a{length}@a0" sync-position="a0" ancestral-start="a0"'
        ' ancestral-length="a0@a0" stretch="1" shift="1" layering-index="0" envelope-active="0"'
        ' default-fade-in="0" default-fade-out="0" fade-in-active="0" fade-out-active="0"'
        ' scale-amplitude="1" first-edit="nothing" source-0="9001" master-source-0="9001" channels="1"/>'
    )


with open(path, encoding="utf-8") as file:
    text = file.read()
text = text.replace(
    "<Sources/>",
    f'<Sources><Source id="9001" name="{wav}" type="audio" flags="" natural-position="a0" gain="1"'
    ' channel="0" origin=""/></Sources>',
)
text = text.replace("<Regions/>", f"<Regions>{region(9002, 1)}</Regions>")
text = text.replace(
    "<Locations/>",
    f'<Locations><Location id="9004" name="session" start="a0" end="a{length}"'
    ' flags="IsSessionRange" locked="0" timestamp="1" cue="0"/></Locations>',
)
text, n_playlists = re.subn(
    r"(<Playlist [^>]*orig-track-id[^>]*?)/>", lambda m: f"{m[1]}>{region(9003, 0)}</Playlist>", text, count=1
)
text = re.sub(r'id-counter="\d+"', 'id-counter="9100"', text)
with open(path, "w", encoding="utf-8") as file:
    file.write(text)
sys.exit(0 if n_playlists == 1 else "the session has no playlist")

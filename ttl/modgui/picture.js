// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC
// The scene of the pictures that MOD's interface shows of the plugin.

tell({ type: "start", ports: [], parameters: [] });
change({
  "urn:grus:model": "/models/plexi.json",
  "urn:grus:model-name": "Plexi 1968",
  "urn:grus:model-maker": "Ada",
  "urn:grus:model-gear": "Super Lead 100 W, treble channel",
  "urn:grus:model-accuracy": "ESR 0.0021",
  "urn:grus:model-kind": "GRU 16, 48 kHz, 1024 taps",
  "urn:grus:model-knob-1": "Gain",
  "urn:grus:model-knob-2": "Bright",
  "urn:grus:speaker": "/cabinets/4x12-closed.wav",
  model_status: 1,
  cabinet_status: 1,
  cabinet_heard: 2,
  input_peak: -14.2,
  output_peak: -7.9,
  load: 3.4,
});
turn("input_level", 0.5, "0.00 dB");
turn("gate", 0.3, "-69.0 dBFS");
turn("knob_1", 0.7, "0.70");
turn("knob_2", 0.4, "0.40");
turn("bass", 0.58, "2.00 dB");
turn("middle", 0.46, "-1.00 dB");
turn("treble", 0.5, "0.00 dB");
turn("presence", 0.6, "2.50 dB");
turn("output_level", 0.625, "-3.00 dB");
choose("level_match", 1);
choose("quality", 0);
light("switch");
light("light");

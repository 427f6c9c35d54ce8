-- SPDX-FileCopyrightText: 2026 The Grus developers
-- SPDX-License-Identifier: ISC
-- Makes a session with one track, puts Grus on it, chooses a preset, turns ports, and saves.
-- Usage: ardour.lua FOLDER PRESET
local folder, preset_label = arg[1], arg[2]

local backend = AudioEngine:set_backend("None (Dummy)", "", "")
assert(not backend:isnil(), "no dummy backend")
backend:set_sample_rate(48000)
backend:set_buffer_size(256)
AudioEngine:start(false)
local session = assert(create_session(folder, "session", 48000), "no session")
session:new_audio_track(1, 2, nil, 1, "guitar", ARDOUR.PresentationInfo.max_order,
                        ARDOUR.TrackMode.Normal, true)
local plugin = ARDOUR.LuaAPI.new_plugin(session, "urn:grus:mono", ARDOUR.PluginType.LV2, "")
assert(not plugin:isnil(), "no plugin urn:grus:mono")
assert(session:route_by_name("guitar"):add_processor_by_index(plugin, 0, nil, true) == 0)

local inside = plugin:to_insert():plugin(0)
local preset = inside:preset_by_label(preset_label)
assert(preset and preset.valid, "no preset " .. preset_label)
assert(inside:load_preset(preset), "the preset does not load")

-- Ports that the host may turn, by their labels
local number = 0
for i = 0, inside:parameter_count() - 1 do
  if inside:parameter_is_control(i) and inside:parameter_is_input(i) then
    local label = inside:parameter_label(i)
    if label == "Input level" then ARDOUR.LuaAPI.set_processor_param(plugin, number, -3.0) end
    if label == "Output level" then ARDOUR.LuaAPI.set_processor_param(plugin, number, -1.0) end
    number = number + 1
  end
end
session:save_state("")
close_session()
print("saved")
quit()

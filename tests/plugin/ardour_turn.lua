-- SPDX-FileCopyrightText: 2026 The Grus developers
-- SPDX-License-Identifier: ISC
-- Plays one track through Grus, and chooses presets and turns all ports meanwhile.
-- Usage: ardour_turn.lua FOLDER
local backend = AudioEngine:set_backend("None (Dummy)", "", "")
assert(not backend:isnil(), "no dummy backend")
backend:set_sample_rate(48000)
backend:set_buffer_size(256)
AudioEngine:start(false)
local session = assert(create_session(arg[1], "session", 48000), "no session")
session:new_audio_track(1, 2, nil, 1, "guitar", ARDOUR.PresentationInfo.max_order,
                        ARDOUR.TrackMode.Normal, true)
local plugin = ARDOUR.LuaAPI.new_plugin(session, "urn:grus:mono", ARDOUR.PluginType.LV2, "")
assert(not plugin:isnil(), "no plugin urn:grus:mono")
assert(session:route_by_name("guitar"):add_processor_by_index(plugin, 0, nil, true) == 0)
local inside = plugin:to_insert():plugin(0)

-- Every port that the host may turn, from one end of its range to the other
local function turn_ports(round)
  local number = 0
  for i = 0, inside:parameter_count() - 1 do
    if inside:parameter_is_control(i) and inside:parameter_is_input(i) then
      local _, range = inside:get_parameter_descriptor(i, ARDOUR.ParameterDescriptor())
      local high = (round + number) % 2 == 1
      ARDOUR.LuaAPI.set_processor_param(plugin, number, high and range[2].upper or range[2].lower)
      number = number + 1
    end
  end
  return number
end

local n_ports = 0
for round = 1, 4 do
  for _, label in ipairs({"Clean (12AX7)", "Drive (TS-9 style)", "Crunch with knob (two 12AX7)", "Lead (2203 style)"}) do
    local preset = inside:preset_by_label(label)
    assert(preset and preset.valid and inside:load_preset(preset), label)
    ARDOUR.LuaAPI.usleep(150000)
    n_ports = turn_ports(round)
    ARDOUR.LuaAPI.usleep(150000)
  end
end
assert(n_ports > 10, "no ports")
session:save_state("")
close_session()
print("turned")
quit()

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A host of the plugin with as little as a host may have: URIDs, a worker whose queue may be full,
/// and buffers that end where they say

#ifndef GRUS_TESTS_FUZZ_PLUGIN_HOST_H
#define GRUS_TESTS_FUZZ_PLUGIN_HOST_H

#include "tests/fuzz/fuzz.h"

#include <lv2/core/lv2.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>

#include <stdbool.h>
#include <stdint.h>

#define PLUGIN_HOST_MAX_BLOCK 128U

/// Return the number of a URI
LV2_URID plugin_host_map(const char* uri);

/// Return the same as what a plugin is given
LV2_URID_Map* plugin_host_map_feature(void);

/// Number the URIs of the plugin in one order, whatever is done first
void plugin_host_map_all(void);

/// Return how many URIs have numbers, which are 1 and up
uint32_t plugin_host_n_uris(void);

/// Make an instance, 1 or 2 channels, with models in fuzz_folder(): "a.json" and "b.json", and
/// "c.wav"
void plugin_host_open(uint32_t n_channels, double sample_rate);

void plugin_host_close(void);

/// Set the plugin's control port `index`, counted over all of them
void plugin_host_set(uint32_t index, float value);

/// Play a block with these messages: a sequence, whatever it holds, or nothing. Check that the
/// output is finite, and that what the plugin says is a sequence that fits into `notify_size`.
void plugin_host_run(FuzzBytes messages, uint32_t n_frames, uint32_t notify_size);

/// Let the worker do what waits
void plugin_host_work(void);

/// Let the queue be full, or not
void plugin_host_fill_queue(bool is_full);

void plugin_host_activate(void);

const LV2_State_Interface* plugin_host_state(void);
LV2_Handle plugin_host_handle(void);

#endif

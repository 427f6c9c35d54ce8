// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The list of circuits, and how to run a whole recording through one. Offline.
///
/// A circuit runs in double precision at eight times the recording's rate. Input and output are
/// aligned, so the only delay is the circuit's own. The interface that records the output passes 20
/// Hz and above.

#ifndef GRUS_PRESETS_CIRCUITS_CIRCUITS_H
#define GRUS_PRESETS_CIRCUITS_CIRCUITS_H

#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct CircuitImpl Circuit;

/// What is known of a circuit without building it
typedef struct {
  const char* name;
  const char* description;
  const char* knob;   ///< Name of its knob, or NULL
  double input_volts; ///< Voltage of a sample of 1.0 [V]
  double output_gain; ///< Sample of an output of 1 V
} CircuitInfo;

#define CIRCUITS_COUNT 9U

/// Sets a knob as in the preset
#define CIRCUITS_PRESET (-1.0)

/// Return circuit 0 to CIRCUITS_COUNT - 1
const CircuitInfo* circuits_info(size_t index);

/// Return the index of a circuit, or CIRCUITS_COUNT if there is none of that name
size_t circuits_find(const char* name);

/// Build a circuit at rest for recordings at `sample_rate` [Hz]. `knob`, where there is one, goes
/// from 0 to 1 with an audio taper, or is CIRCUITS_PRESET.
NODISCARD Status circuit_new(size_t index, double knob, double sample_rate, Circuit** circuit);

/// Free a circuit; NULL is legal
void circuit_free(Circuit* circuit);

/// Put a recording, with silence before and after it, through a new circuit; in place is legal
void circuit_run(Circuit* circuit, const double* in, double* out, uint32_t n_frames);

/// Take one step at eight times the recording's rate, in volts in and out
double circuit_step(Circuit* circuit, double volts);

/// Return how many steps had no solution; anything but 0 is a mistake in the simulation
uint64_t circuit_failures(const Circuit* circuit);

#endif

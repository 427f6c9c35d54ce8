// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a microphone close to a guitar amplifier's loudspeaker hears, as an impulse response.
/// Offline.
///
/// The cone in its box is a second-order high-pass (Small, "Closed-Box Loudspeaker Systems", JAES
/// 1972). Above 1 kHz it breaks up into modes, each a peak or a dip, until the voice coil and the
/// cone's mass end the sound near 5 kHz. Neighbouring cones, the floor and, behind an open back,
/// the inverted rear of the cone arrive later and duller.

#ifndef GRUS_PRESETS_CIRCUITS_SPEAKER_H
#define GRUS_PRESETS_CIRCUITS_SPEAKER_H

#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

#define SPEAKER_RATE 48000.0 ///< Of a response [Hz]
#define SPEAKER_FRAMES 1024U ///< Of a response: 21 ms, after which it is 80 dB below its peak

/// Return the number of cabinets
size_t speaker_count(void);

/// Return the name of a cabinet, such as "4x12-closed"
const char* speaker_name(size_t cabinet);

/// Write the response of a cabinet (SPEAKER_FRAMES), as loud as the dry sound for noise that falls
/// as the sound of a distorted guitar does
void speaker_respond(size_t cabinet, float* samples);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The rule that steps a circuit with diodes or valves through time. Offline.
///
/// TR-BDF2: the trapezoidal rule over the first part of a step, then a backward difference over the
/// whole. It is of second order like the trapezoidal rule, but modes faster than a step decay
/// instead of ringing at half the rate, which a conducting diode would turn into aliased harmonics.
/// Bank et al., "Transient simulation of silicon devices and circuits", IEEE Trans. CAD 4(4), 1985;
/// Hosea and Shampine, "Analysis and implementation of TR-BDF2", Appl. Num. Math. 20, 1996.
///
/// With v1 and f1 at the start of a step T, and f = dv/dt:
///
///     v_m = v1 + STEPPING_WEIGHT T (f1 + f_m)                             at STEPPING_MIDDLE T
///     v   = v1 + STEPPING_LEAP (v_m - v1) + STEPPING_WEIGHT T f           at T

#ifndef GRUS_PRESETS_CIRCUITS_STEPPING_H
#define GRUS_PRESETS_CIRCUITS_STEPPING_H

#define STEPPING_MIDDLE 0.58578643762690495 ///< 2 - sqrt(2)
#define STEPPING_WEIGHT 0.29289321881345248 ///< 1 - sqrt(2) / 2
#define STEPPING_LEAP 1.20710678118654752   ///< (1 + sqrt(2)) / 2

#endif

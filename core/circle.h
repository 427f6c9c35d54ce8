// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Constants of the circle, in double precision.

#ifndef GRUS_CORE_CIRCLE_H
#define GRUS_CORE_CIRCLE_H

#define PI 3.14159265358979323846
#define TAU 6.28318530717958647693 ///< A whole turn [rad]

#endif

######################################
#
# libebur128-static
#
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# A device has no libebur128, so grus.so has it inside.
######################################

LIBEBUR128_STATIC_VERSION = 1.2.6
LIBEBUR128_STATIC_SITE = https://github.com/jiixyj/libebur128/archive/refs/tags
LIBEBUR128_STATIC_SOURCE = v$(LIBEBUR128_STATIC_VERSION).tar.gz
LIBEBUR128_STATIC_LICENSE = MIT
LIBEBUR128_STATIC_LICENSE_FILES = COPYING
LIBEBUR128_STATIC_INSTALL_STAGING = YES
LIBEBUR128_STATIC_INSTALL_TARGET = NO
LIBEBUR128_STATIC_CONF_OPTS = -DBUILD_SHARED_LIBS=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON

$(eval $(cmake-package))

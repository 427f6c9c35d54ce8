######################################
#
# kissfft-static
#
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# A device has no libkissfft, so grus.so has it inside.
######################################

KISSFFT_STATIC_VERSION = 131.1.0
KISSFFT_STATIC_SITE = https://github.com/mborgerding/kissfft/archive/refs/tags
KISSFFT_STATIC_SOURCE = $(KISSFFT_STATIC_VERSION).tar.gz
KISSFFT_STATIC_LICENSE = BSD-3-Clause
KISSFFT_STATIC_LICENSE_FILES = COPYING
KISSFFT_STATIC_INSTALL_STAGING = YES
KISSFFT_STATIC_INSTALL_TARGET = NO
KISSFFT_STATIC_CONF_OPTS = \
	-DCMAKE_POSITION_INDEPENDENT_CODE=ON \
	-DKISSFFT_DATATYPE=float \
	-DKISSFFT_STATIC=ON \
	-DKISSFFT_TEST=OFF \
	-DKISSFFT_TOOLS=OFF

$(eval $(cmake-package))

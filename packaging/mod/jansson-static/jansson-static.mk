######################################
#
# jansson-static
#
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# A device has no libjansson, so grus.so has it inside.
######################################

JANSSON_STATIC_VERSION = 2.14
JANSSON_STATIC_SITE = https://github.com/akheron/jansson/releases/download/v$(JANSSON_STATIC_VERSION)
JANSSON_STATIC_SOURCE = jansson-$(JANSSON_STATIC_VERSION).tar.gz
JANSSON_STATIC_LICENSE = MIT
JANSSON_STATIC_LICENSE_FILES = LICENSE
JANSSON_STATIC_INSTALL_STAGING = YES
JANSSON_STATIC_INSTALL_TARGET = NO
JANSSON_STATIC_CONF_OPTS = --disable-shared --enable-static --with-pic

$(eval $(autotools-package))

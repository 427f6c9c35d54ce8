# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# What mod-plugin-builder's Buildroot gives to packaging/mod/grus/grus.mk, as far as configuring needs it.
# Usage: make -f mod.make MK=FILE FOLDER=FOLDER BR2_ARCH=... BR2_TARGET_OPTIMIZATION=... TARGET_CC=... FOLDER/STEP
# STEP is configure, build, install or bundles.
empty :=
space := $(empty) $(empty)
comma := ,
TARGET_AR ?= ar
TARGET_STRIP ?= strip
TARGET_DIR ?= $(FOLDER)/target
PKG_CONFIG_HOST_BINARY ?= pkg-config
TARGET_MAKE_ENV ?=
generic-package =
include $(MK)

# Buildroot's targets are files in the package's folder, which the commands call $(@D)
.PHONY: $(addprefix $(FOLDER)/,configure build install bundles)

$(FOLDER)/configure:
	$(call GRUS_CONFIGURE_CMDS)

$(FOLDER)/build:
	$(call GRUS_BUILD_CMDS)

$(FOLDER)/install:
	$(call GRUS_INSTALL_TARGET_CMDS)

$(FOLDER)/bundles:
	@echo $(GRUS_BUNDLES)

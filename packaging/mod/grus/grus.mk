######################################
#
# grus
#
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# For mod-plugin-builder, platforms modduo-new (armhf), modduox-new and moddwarf-new (aarch64).
# GRUS_SITE is a checkout or an unpacked release.
######################################

GRUS_SITE ?= $(HOME)/grus
GRUS_SITE_METHOD = local
GRUS_LICENSE = ISC (plugin), CC0-1.0 (models and cabinets)
GRUS_LICENSE_FILES = LICENSES/ISC.txt LICENSES/CC0-1.0.txt
GRUS_DEPENDENCIES = jansson-static kissfft-static libebur128-static libsamplerate libsndfile lv2 host-pkgconf
GRUS_BUNDLES = grus.lv2

# Of the platform's flags those that choose the processor. The others would let the compiler reorder sums and divide by
# reciprocals, which the kernels' error bounds don't allow; Grus' own build says what it needs.
GRUS_CPU_ARGS = $(filter -march=% -mcpu=% -mtune=% -mfpu=% -mfloat-abi=%,$(subst ",,$(BR2_TARGET_OPTIMIZATION)))
GRUS_CPU_FAMILY = $(if $(filter arm%,$(BR2_ARCH)),arm,$(BR2_ARCH))

# Quoted for a Meson file, separated by commas
grus-list = $(subst $(space),$(comma) ,$(patsubst %,'%',$(1)))

define GRUS_WRITE_CROSS_FILE
	{ \
		echo "[binaries]"; \
		echo "c = [$(call grus-list,$(TARGET_CC))]"; \
		echo "ar = '$(TARGET_AR)'"; \
		echo "strip = '$(TARGET_STRIP)'"; \
		echo "pkgconfig = '$(PKG_CONFIG_HOST_BINARY)'"; \
		echo "[built-in options]"; \
		echo "c_args = [$(call grus-list,$(strip $(GRUS_CPU_ARGS) -D__MOD_DEVICES__))]"; \
		echo "[host_machine]"; \
		echo "system = 'linux'"; \
		echo "cpu_family = '$(GRUS_CPU_FAMILY)'"; \
		echo "cpu = '$(BR2_ARCH)'"; \
		echo "endian = 'little'"; \
	} > $(@D)/mod.ini
endef

define GRUS_CONFIGURE_CMDS
	$(GRUS_WRITE_CROSS_FILE)
	$(TARGET_MAKE_ENV) meson setup $(@D)/build $(@D) \
		--cross-file $(@D)/mod.ini \
		--buildtype release \
		--prefix /usr \
		-Dlv2dir=/usr/lib/lv2 \
		-Dplugin=enabled \
		-Dui=disabled \
		-Dtrain=disabled \
		-Dlive=disabled \
		-Dtests=disabled \
		-Ddoc=disabled
endef

define GRUS_BUILD_CMDS
	$(TARGET_MAKE_ENV) ninja -C $(@D)/build
endef

define GRUS_INSTALL_TARGET_CMDS
	$(TARGET_MAKE_ENV) DESTDIR=$(TARGET_DIR) meson install -C $(@D)/build --no-rebuild --strip
endef

$(eval $(generic-package))

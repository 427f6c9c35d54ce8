// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Which colour is a number? From dark blue over violet and orange to pale yellow, steadily
// brighter, so that it also reads in grey. libpng packs it. Main thread.

#include "train/report/heat_map.h"

#include "train/report/html.h"

#include <png.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N_COLOURS 256U

/// Corners of the scale: red, green, blue
static const uint8_t corners[][3] = {{8, 8, 30},     {58, 15, 110},   {140, 41, 129},
                                     {222, 73, 104}, {254, 159, 109}, {252, 253, 191}};

#define N_CORNERS (sizeof(corners) / sizeof(corners[0]))

static void
fill_palette(png_byte palette[3 * N_COLOURS])
{
  for (uint32_t i = 0; i < N_COLOURS; ++i) {
    const double at = (double)i / (N_COLOURS - 1) * (N_CORNERS - 1);
    const size_t corner = at < N_CORNERS - 1 ? (size_t)at : N_CORNERS - 2;
    const double part = at - (double)corner;
    for (uint32_t k = 0; k < 3; ++k) {
      palette[3 * i + k] =
          (png_byte)lrint((1.0 - part) * corners[corner][k] + part * corners[corner + 1][k]);
    }
  }
}

/// Pack to `*png`, which the caller frees
static Status
pack_png(const HeatMap* const map, png_byte* const pixels, void** const png,
         png_alloc_size_t* const size)
{
  png_byte palette[3 * N_COLOURS];
  png_image image = {.version = PNG_IMAGE_VERSION,
                     .width = map->n_columns,
                     .height = map->n_rows,
                     .format = PNG_FORMAT_RGB_COLORMAP,
                     .colormap_entries = N_COLOURS};
  fill_palette(palette);
  *size = PNG_IMAGE_PNG_SIZE_MAX(image);
  *png = malloc(*size);
  const int is_packed =
      *png && png_image_write_to_memory(&image, *png, size, 0, pixels, 0, palette);
  png_image_free(&image);
  return is_packed ? STATUS_OK : STATUS_NO_MEMORY;
}

static void
write_names(FILE* const out, const HeatMap* const map)
{
  const char* const names[3] = {map->top, map->name, map->bottom};
  (void)fputs(map->top ? "<div class=\"scale\">" : "", out);
  for (size_t i = map->top ? 0 : 1; i < (map->top ? 3U : 2U); ++i) {
    (void)fputs("<span>", out);
    html_text(out, names[i]);
    (void)fputs("</span>", out);
  }
  (void)fputs(map->top ? "</div>" : "", out);
}

Status
heat_map_write(FILE* const out, const HeatMap* const map)
{
  const size_t n = (size_t)map->n_rows * map->n_columns;
  png_byte* const pixels = (png_byte*)malloc(n);
  void* png = NULL;
  png_alloc_size_t size = 0;
  for (size_t i = 0; i < n && pixels; ++i) {
    const float value = fminf(fmaxf(map->values[i], 0.0F), 1.0F);
    pixels[i] = (png_byte)lrintf(value * (float)(N_COLOURS - 1));
  }
  const Status status = pixels ? pack_png(map, pixels, &png, &size) : STATUS_NO_MEMORY;
  if (!status) {
    (void)fputs("<div class=\"map\">", out);
    write_names(out, map);
    (void)fprintf(out, "<img style=\"height:%upx\" alt=\"", map->height);
    html_text(out, map->description);
    (void)fputs("\" src=\"", out);
    html_data(out, "image/png", png, size);
    (void)fputs("\"></div>\n", out);
  }
  free(png);
  free(pixels);
  return status;
}

void
heat_map_write_times(FILE* const out, const double begin, const double end, const char* const unit)
{
  const double scale = strcmp(unit, "ms") ? 1.0 : 1000.0;
  (void)fprintf(out,
                "<div class=\"map\"><span></span><div class=\"times\"><span>%.4g %s</span>"
                "<span>%.4g %s</span></div></div>\n",
                scale * begin, unit, scale * end, unit);
}

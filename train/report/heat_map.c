// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Which colour is a number? Dark blue over violet and orange to pale yellow, evenly brighter, so that it reads
// in grey, too. libpng packs it. Main thread.

#include "train/report/heat_map.h"

#include "train/report/html.h"

#include <png.h>

#include <math.h>
#include <stdlib.h>

#define N_COLOURS 256U

/// Corners of the scale, red, green, blue
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
pack(const HeatMap* const map, png_byte* const pixels, void** const png,
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
  const Status status = pixels ? pack(map, pixels, &png, &size) : STATUS_NO_MEMORY;
  if (!status) {
    (void)fputs("<div class=\"map\"><span>", out);
    html_text(out, map->name);
    (void)fprintf(out, "</span><img style=\"height:%upx\" alt=\"", map->height);
    html_text(out, map->caption);
    (void)fputs("\" src=\"", out);
    html_data(out, "image/png", png, size);
    (void)fputs("\"></div>\n", out);
  }
  free(png);
  free(pixels);
  return status;
}

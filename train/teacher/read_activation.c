// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Activations by their names in NAM files. Offline.

#include "train/teacher/read_net.h"

#include <string.h>

static const struct {
  const char* name;
  ActivationKind kind;
} names[] = {
    {"Tanh", ACTIVATION_TANH},
    {"Hardtanh", ACTIVATION_HARDTANH},
    {"Fasttanh", ACTIVATION_FASTTANH},
    {"ReLU", ACTIVATION_RELU},
    {"LeakyReLU", ACTIVATION_LEAKY_RELU},
    {"PReLU", ACTIVATION_LEAKY_RELU},
    {"Sigmoid", ACTIVATION_SIGMOID},
    {"SiLU", ACTIVATION_SILU},
    {"Hardswish", ACTIVATION_HARDSWISH},
    {"LeakyHardtanh", ACTIVATION_LEAKY_HARDTANH},
    {"LeakyHardTanh", ACTIVATION_LEAKY_HARDTANH},
    {"Softsign", ACTIVATION_SOFTSIGN},
};

/// Read one slope, or those of PReLU, one per channel
static Status
read_slopes(const DecodeSource* const source, const json_t* const object, Activation* const a)
{
  const bool has_many = !strcmp(decode_text(object, "type"), "PReLU");
  const json_t* const slopes = has_many ? json_object_get(object, "negative_slopes") : NULL;
  const size_t n = json_array_size(slopes);
  double slope = 0.01;
  Status status = decode_number(source, object, "negative_slope", &slope);
  a->n_slopes = 1;
  a->slopes[0] = (float)slope;
  if (status || decode_is_absent(slopes)) {
    return status;
  }
  if (n < 1 || n > ACTIVATION_MAX_SLOPES) {
    return decode_fail(source, STATUS_BAD_FILE, "\"negative_slopes\" should hold 1 to %u numbers",
                       ACTIVATION_MAX_SLOPES);
  }
  a->n_slopes = (uint32_t)n;
  return decode_row(source, slopes, (DecodeBlock){"\"negative_slopes\"", 1, a->n_slopes},
                    a->slopes);
}

static Status
read_limits(const DecodeSource* const source, const json_t* const object, Activation* const a)
{
  double least = -1.0;
  double most = 1.0;
  double least_slope = 0.01;
  double most_slope = 0.01;
  Status status = decode_number(source, object, "min_val", &least);
  if (status || (status = decode_number(source, object, "max_val", &most)) ||
      (status = decode_number(source, object, "min_slope", &least_slope)) ||
      (status = decode_number(source, object, "max_slope", &most_slope))) {
    return status;
  }
  a->least = (float)least;
  a->most = (float)most;
  a->least_slope = (float)least_slope;
  a->most_slope = (float)most_slope;
  return STATUS_OK;
}

Status
net_read_activation(const DecodeSource* const source, const json_t* const value,
                    Activation* const activation)
{
  const char* const text =
      json_is_object(value) ? decode_text(value, "type") : json_string_value(value);
  const json_t* const object = json_is_object(value) ? value : NULL;
  for (size_t i = 0; text && i < sizeof(names) / sizeof(names[0]); ++i) {
    if (!strcmp(names[i].name, text)) {
      activation->kind = names[i].kind;
      const Status status = read_slopes(source, object, activation);
      return status ? status : read_limits(source, object, activation);
    }
  }
  return decode_fail(source, STATUS_UNSUPPORTED,
                     "has the activation \"%.40s\", which Grus doesn't "
                     "know",
                     text ? text : "");
}

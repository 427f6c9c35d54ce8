// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Recognises the formats of captures, and reads what is around the net. Offline.

#include "train/teacher/read_capture.h"

#include "core/text.h"
#include "train/teacher/read_net.h"

#include <stdio.h>

/// A format, the two members that identify it, and the rate that its players assume [Hz]
typedef struct {
  const char* members[2];
  double sample_rate;
  Status (*read_net)(const DecodeSource* source, const json_t* root, Net** net);
  Status (*read_info)(const DecodeSource* source, const json_t* root, TeacherInfo* info);
  void (*describe)(const json_t* root, char kind[MODEL_FILE_KIND_SIZE]);
} CaptureFormat;

static Status
read_nam(const DecodeSource* const source, const json_t* const root, Net** const net)
{
  return net_read(source, root, 0, net);
}

/// Read what a capture says about its sound; nothing depends on it
static void
read_remarks(const json_t* const metadata, TeacherInfo* const info)
{
  const json_t* const loudness = json_object_get(metadata, "loudness");
  const json_t* const training = json_object_get(metadata, "training");
  info->loudness = (ModelFileLevel){json_is_number(loudness), json_number_value(loudness)};
  info->gear_esr = json_number_value(json_object_get(training, "validation_esr"));
}

static Status
read_nam_info(const DecodeSource* const source, const json_t* const root, TeacherInfo* const info)
{
  const json_t* const metadata = json_object_get(root, "metadata");
  decode_copy_text(info->name, metadata, "name");
  decode_copy_text(info->author, metadata, "modeled_by");
  decode_nam_gear(info->gear, metadata);
  decode_license(info->license, metadata);
  read_remarks(metadata, info);
  const Status status = decode_level(source, metadata, "input_level_dbu", &info->input_dbu);
  return status ? status : decode_level(source, metadata, "output_level_dbu", &info->output_dbu);
}

/// Read the metadata of AIDA-X, which others may have, too
static Status
read_field_info(const DecodeSource* const source, const json_t* const root, TeacherInfo* const info)
{
  const json_t* const metadata = json_object_get(root, "metadata");
  (void)source;
  decode_copy_text(info->name, metadata, "name");
  decode_copy_text(info->author, metadata, "author");
  decode_copy_text(info->gear, metadata, "based");
  decode_license(info->license, metadata);
  return STATUS_OK;
}

static void
describe_smartamp(const json_t* const root, char kind[MODEL_FILE_KIND_SIZE])
{
  (void)root;
  text_copy(kind, MODEL_FILE_KIND_SIZE, DECODE_SMARTAMP_KIND);
}

static void
describe_guitarml(const json_t* const root, char kind[MODEL_FILE_KIND_SIZE])
{
  const json_t* const data = json_object_get(root, "model_data");
  const json_t* const n_layers = json_object_get(data, "num_layers");
  const int n = n_layers ? (int)json_integer_value(n_layers) : 1;
  (void)snprintf(kind, MODEL_FILE_KIND_SIZE, "GuitarML model (%d %.8s layer%s)", n,
                 decode_text(data, "unit_type"), n == 1 ? "" : "s");
}

static void
describe_rtneural(const json_t* const root, char kind[MODEL_FILE_KIND_SIZE])
{
  (void)snprintf(kind, MODEL_FILE_KIND_SIZE, "RTNeural model (%zu layers)",
                 json_array_size(json_object_get(root, "layers")));
}

/// Only a model with a linear stage has its layers where no other player looks
static void
describe_grus(const json_t* const root, char kind[MODEL_FILE_KIND_SIZE])
{
  (void)root;
  text_copy(kind, MODEL_FILE_KIND_SIZE, "Grus model with a linear stage");
}

static const CaptureFormat formats[] = {
    {{"architecture", "weights"}, 48000.0, read_nam, read_nam_info, decode_nam_kind},
    {{"residual_channels", "variables"},
     44100.0,
     net_read_smartamp,
     read_field_info,
     describe_smartamp},
    {{"model_data", "state_dict"}, 44100.0, net_read_guitarml, read_field_info, describe_guitarml},
    {{"layers", "in_shape"}, 48000.0, net_read_rtneural, read_field_info, describe_rtneural},
    {{"grus", "in_shape"}, 48000.0, net_read_rtneural, read_field_info, describe_grus},
};

static Status
check_channels(const DecodeSource* const source, const Net* const net)
{
  return net->n_in == 1 && net->n_out == 1
             ? STATUS_OK
             : decode_fail(source, STATUS_UNSUPPORTED,
                           "has %u inputs and %u outputs; expected one of each", net->n_in,
                           net->n_out);
}

static Status
read_as(const CaptureFormat* const format, const DecodeSource* const source,
        const json_t* const root, Net** const net, TeacherInfo* const info)
{
  Status status = format->read_net(source, root, net);
  info->sample_rate = format->sample_rate;
  if (status || (status = check_channels(source, *net)) ||
      (status = format->read_info(source, root, info)) ||
      (status =
           decode_sample_rate(source, root, &info->sample_rate, &info->sample_rate_is_assumed))) {
    return status;
  }
  format->describe(root, info->kind);
  info->n_weights = (uint32_t)(*net)->n_weights;
  info->multiply_adds = (*net)->multiply_adds;
  info->is_recurrent = net_is_recurrent(*net);
  info->receptive_field = (*net)->receptive_field;
  return STATUS_OK;
}

Status
capture_read(const DecodeSource* const source, const json_t* const root, Net** const net,
             TeacherInfo* const info)
{
  for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); ++i) {
    if (json_object_get(root, formats[i].members[0]) &&
        json_object_get(root, formats[i].members[1])) {
      const Status status = read_as(&formats[i], source, root, net, info);
      return status == STATUS_UNSUPPORTED ? STATUS_BAD_FILE : status; // It is a capture
    }
  }
  return decode_fail(source, STATUS_UNSUPPORTED,
                     "is not a capture of NAM, SmartAmp, GuitarML or "
                     "RTNeural");
}

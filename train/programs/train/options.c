// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The command line of grus-train.

#include "train/programs/train/options.h"

#include "core/folder.h"
#include "core/hash.h"
#include "train/learn/loss_spectral.h"
#include "train/learn/team.h"
#include "train/programs/common/recording_note.h"

#include <libgen.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WARM_RATE 0.3 ///< Of the learning rate, where a run starts from weights
#define MAX_THREADS 256
#define MAX_CLIP_FRAMES 100000000
#define MAX_TEXT (MODEL_FILE_TEXT_SIZE - 1) ///< Bytes of a text in the model file
#define MAX_LATENCY 1e7                     ///< [frames]
#define MAX_LEVEL 60.0                      ///< [dBu]

static const CliChoice cells[] = {
    {"reset-before", CELL_GRU_RESET_BEFORE}, {"reset-after", CELL_GRU_RESET_AFTER}, {NULL, 0}};

static const CliChoice cabinets[] = {
    {"auto", TRAIN_CABINET_AUTO}, {"yes", TRAIN_CABINET_YES}, {"no", TRAIN_CABINET_NO}, {NULL, 0}};

static const CliChoice losses[] = {{"auto", TRAIN_LOSS_AUTO}, {"esr", LOSS_ESR},
                                   {"mse", LOSS_MSE},         {"a-weighted", LOSS_A_WEIGHTED},
                                   {"mixed", LOSS_MIXED},     {NULL, 0}};

static const CliChoice optimisers[] = {
    {"soap", OPTIMISER_SOAP}, {"adam", OPTIMISER_ADAM}, {"sgd", OPTIMISER_SGD}, {NULL, 0}};

static const CliChoice automatic[] = {{"auto", 0}, {NULL, 0}};

static const CliChoice qualities[] = {{"draft", 0}, {"good", 1}, {"best", 2}, {NULL, 0}};

/// What a quality stands for, by its number
static const struct {
  double seconds;
  uint32_t hidden_size;
} plans[] = {{30.0, 12}, {180.0, 16}, {900.0, 32}};

static bool
read_install(const CliValue* const value, void* const options)
{
  ((TrainOptions*)options)->install = value->text ? value->text : "";
  return true;
}

static bool
read_hidden_size(const CliValue* const value, void* const options)
{
  TrainOptions* const o = (TrainOptions*)options;
  o->auto_size = !strcmp(value->text, "auto");
  return o->auto_size || cli_read_count(value, 1, PARAMS_MAX_HIDDEN_SIZE, &o->hidden_size);
}

static bool
read_linear(const CliValue* const value, void* const options)
{
  TrainOptions* const o = (TrainOptions*)options;
  uint32_t n_taps = 0;
  o->linear = -1;
  if (!strcmp(value->text, "auto")) {
    return true;
  }
  const bool is_good = cli_read_count(value, 0, PARAMS_MAX_TAPS, &n_taps);
  o->linear = (int)n_taps;
  return is_good;
}

/// Add one more rate to a list; false if it isn't a rate, or is there already
static bool
add_rate(const long hz, RatesList* const list)
{
  bool is_new = hz >= (long)MODEL_FILE_MIN_RATE && hz <= (long)MODEL_FILE_MAX_RATE &&
                list->n < MODEL_FILE_MAX_SETS;
  for (uint32_t i = 0; i < list->n; ++i) {
    is_new = is_new && list->hz[i] != (uint32_t)hz;
  }
  if (is_new) {
    list->hz[list->n++] = (uint32_t)hz;
  }
  return is_new;
}

/// Read rates separated by commas
static bool
read_rates(const CliValue* const value, void* const options)
{
  RatesList list = {.n = 0};
  bool is_good = true;
  char* end = value->text;
  for (const char* c = value->text; is_good && (c == value->text || *end); c = end + 1) {
    const long hz = strtol(c, &end, 10);
    is_good = end > c && (!*end || *end == ',') && add_rate(hz, &list);
  }
  ((TrainOptions*)options)->rates = list;
  return is_good || cli_refuse_value(value,
                                     "up to %u different whole numbers from %.0f to %.0f, "
                                     "separated by commas",
                                     MODEL_FILE_MAX_SETS, MODEL_FILE_MIN_RATE, MODEL_FILE_MAX_RATE);
}

static bool
read_take(const CliValue* const value, void* const options)
{
  return takes_add(value, &((TrainOptions*)options)->recording);
}

static bool
read_validation_take(const CliValue* const value, void* const options)
{
  return takes_add(value, &((TrainOptions*)options)->validation);
}

static bool
read_test_take(const CliValue* const value, void* const options)
{
  return takes_add(value, &((TrainOptions*)options)->test);
}

static bool
read_knob(const CliValue* const value, void* const options)
{
  return takes_add_knob(value, &((TrainOptions*)options)->knobs);
}

static bool
read_latency(const CliValue* const value, void* const options)
{
  TrainOptions* const o = (TrainOptions*)options;
  o->examine.has_latency = true;
  return cli_read_number(value, -MAX_LATENCY, MAX_LATENCY, &o->examine.latency);
}

static bool
read_level(const CliValue* const value, ModelFileLevel* const level)
{
  level->is_given = true;
  return cli_read_number(value, -MAX_LEVEL, MAX_LEVEL, &level->value);
}

static bool
read_input_level(const CliValue* const value, void* const options)
{
  return read_level(value, &((TrainOptions*)options)->input_dbu);
}

static bool
read_output_level(const CliValue* const value, void* const options)
{
  return read_level(value, &((TrainOptions*)options)->output_dbu);
}

static const CliOption table[] = {
    {"output", 'o', "NAME", "model to write, NAME.json", CLI_PATH,
     .to = offsetof(TrainOptions, output), .takes = CLI_TAKES_MODEL},
    {"time", 't', "TIME", "time to spend: 45s, 3m, 1h (default 3m)", CLI_TIME,
     .to = offsetof(TrainOptions, trainer.seconds)},
    {"epochs", 'e', "N",
     "stop after N passes over the recording; without --time, the result repeats exactly",
     CLI_COUNT, .to = offsetof(TrainOptions, trainer.epochs), .least = 1, .most = 1e9},
    {"quality", 0, "NAME",
     "draft: size 12, 30s; good: size 16, 3m (default); best: size 32, 15m; -H and -t override it",
     CLI_CHOICE, .to = offsetof(TrainOptions, quality), .choices = qualities},
    {"resume", 0, NULL, "continue an interrupted run, from NAME.checkpoint", CLI_SET,
     .to = offsetof(TrainOptions, resumes)},
    {"checkpoint-interval", 0, "TIME", "time between checkpoints (default 10s)", CLI_TIME,
     .to = offsetof(TrainOptions, checkpoint_interval)},
    {"target-esr", 0, "ESR", "stop when the error on the held-out part is this small", CLI_NUMBER,
     .to = offsetof(TrainOptions, trainer.target_esr), .least = 1e-9, .most = 1},
    {"install", 0, "[FOLDER]", "also write an LV2 preset that hosts list (default ~/.lv2)",
     CLI_READ, .read = read_install, .takes = CLI_TAKES_FOLDER},
    {"overwrite", 0, NULL, "replace files of that NAME, whatever they are", CLI_SET,
     .to = offsetof(TrainOptions, overwrites)},
    {"no-report", 0, NULL, "don't write NAME.html, the report with pictures and sounds", CLI_SET,
     .to = offsetof(TrainOptions, has_no_report)},

    {.kind = CLI_HEADING, .help = "Model"},
    {"hidden-size", 'H', "N",
     "units, 1 to 256 (default 16): more units sound closer and use more CPU; auto: the smallest "
     "size within 10 % of the best",
     CLI_READ, .read = read_hidden_size, .choices = automatic},
    {"cell", 'c', "CELL", "reset-before (default), or reset-after, which AIDA-X plays too",
     CLI_CHOICE, .to = offsetof(TrainOptions, cell), .choices = cells},
    {"linear", 0, "auto|TAPS",
     "linear stage behind the network, such as a loudspeaker, of up to 2048 taps; 0: none; auto "
     "(default): if two short trials say that it pays",
     CLI_READ, .read = read_linear, .choices = automatic},
    {"cabinet", 0, "auto|yes|no",
     "whether the linear stage is a loudspeaker, which players can leave out or replace (default: "
     "by what is heard)",
     CLI_CHOICE, .to = offsetof(TrainOptions, cabinet), .choices = cabinets},
    {"skip", 0, NULL, "add the input to the output", CLI_SET,
     .to = offsetof(TrainOptions, trainer.shape.skip)},
    {"from", 0, "MODEL.json",
     "start from a model; its cell, size, skip connection and linear stage are kept", CLI_PATH,
     .to = offsetof(TrainOptions, from), .takes = CLI_TAKES_MODEL},
    {"rates", 0, "HZ,HZ...",
     "sample rates to sound right at, up to 4, such as 44100,48000: a set of weights for each, in "
     "the same time",
     CLI_READ, .read = read_rates},
    {"name", 0, "TEXT", NULL, CLI_TEXT, .to = offsetof(TrainOptions, name), .most = MAX_TEXT},
    {"author", 0, "TEXT", NULL, CLI_TEXT, .to = offsetof(TrainOptions, author), .most = MAX_TEXT},
    {"gear", 0, "TEXT", NULL, CLI_TEXT, .to = offsetof(TrainOptions, gear), .most = MAX_TEXT},
    {"license", 0, "TEXT", "texts to keep in the model file", CLI_TEXT,
     .to = offsetof(TrainOptions, license), .most = MAX_TEXT},

    {.kind = CLI_HEADING, .help = "Knobs"},
    {"take", 0, "SETTING[,SETTING...]=TARGET.wav",
     "recorded with the knobs at these settings, 0..1", CLI_READ, .read = read_take,
     .takes = CLI_TAKES_TAKE},
    {"take", 0, "SETTING[,SETTING...]=INPUT.wav:TARGET.wav", "the same, with an input of its own",
     .kind = CLI_FORM},
    {"validation-take", 0, "TAKE", NULL, CLI_READ, .read = read_validation_take,
     .takes = CLI_TAKES_TAKE},
    {"test-take", 0, "TAKE", "take to choose the best weights by; take to report on at the end",
     CLI_READ, .read = read_test_take, .takes = CLI_TAKES_TAKE},
    {"knob", 0, "NAME", "name of the next knob, up to 4 (default: one called gain)", CLI_READ,
     .read = read_knob},

    {.kind = CLI_HEADING, .help = "Recordings"},
    {"teacher", 0, "CAPTURE",
     "learn from a capture, such as NAM's: it plays INPUT.wav or, without one, a guitar that is "
     "made "
     "for it",
     CLI_PATH, .to = offsetof(TrainOptions, teacher), .takes = CLI_TAKES_MODEL},
    {"rate", 0, "HZ", "sample rate of a CAPTURE whose file gives none", CLI_NUMBER,
     .to = offsetof(TrainOptions, teacher_rate), .least = MODEL_FILE_MIN_RATE,
     .most = MODEL_FILE_MAX_RATE},
    {"examine", 0, NULL, "only examine the recordings", CLI_SET,
     .to = offsetof(TrainOptions, examine.only)},
    {"force", 0, NULL, "train anyway, whatever the examination finds", CLI_SET,
     .to = offsetof(TrainOptions, examine.forces)},
    {"no-fix", 0, NULL, "don't correct latency, clock drift and DC", CLI_SET,
     .to = offsetof(TrainOptions, examine.keeps)},
    {"no-mend", .kind = CLI_ALIAS, .alias = "no-fix"},
    {"latency", 0, "FRAMES", "how late the target is (default: found by the examination)", CLI_READ,
     .read = read_latency},
    {"input-level", 0, "DBU", NULL, CLI_READ, .read = read_input_level},
    {"output-level", 0, "DBU", "level at the gear that is 0 dBFS in the files", CLI_READ,
     .read = read_output_level},
    {"channel", 0, "N", "channel to read, from 1 (default 1)", CLI_COUNT,
     .to = offsetof(TrainOptions, channel), .least = 1, .most = CHANNEL_MOST},
    {"input-channel", 0, "N", NULL, CLI_COUNT, .to = offsetof(TrainOptions, input_channel),
     .least = 1, .most = CHANNEL_MOST},
    {"target-channel", 0, "N", "the same for inputs or targets only, which may be one stereo file",
     CLI_COUNT, .to = offsetof(TrainOptions, target_channel), .least = 1, .most = CHANNEL_MOST},
    {"held-out", 0, "SHARE", "part of the recording to choose the best weights by (default 0.1)",
     CLI_NUMBER, .to = offsetof(TrainOptions, held_out), .least = 0.001, .most = 0.9},
    {"validation-input", 0, "FILE", NULL, CLI_PATH,
     .to = offsetof(TrainOptions, validation.pair.input), .takes = CLI_TAKES_SOUND},
    {"validation-target", 0, "FILE", "recording to choose the best weights by", CLI_PATH,
     .to = offsetof(TrainOptions, validation.pair.target), .takes = CLI_TAKES_SOUND},
    {"test-input", 0, "FILE", NULL, CLI_PATH, .to = offsetof(TrainOptions, test.pair.input),
     .takes = CLI_TAKES_SOUND},
    {"test-target", 0, "FILE", "recording to report on at the end", CLI_PATH,
     .to = offsetof(TrainOptions, test.pair.target), .takes = CLI_TAKES_SOUND},
    {"clip-frames", 0, "N", "the files are rows of independent clips of N frames", CLI_COUNT,
     .to = offsetof(TrainOptions, layout.clip_frames), .least = 2, .most = MAX_CLIP_FRAMES},
    {"clip-warmup", 0, "N", "frames of each clip that are neither learned nor scored", CLI_COUNT,
     .to = offsetof(TrainOptions, layout.clip_warmup), .most = MAX_CLIP_FRAMES},

    {.kind = CLI_HEADING, .help = "Learning"},
    {"loss", 0, "LOSS",
     "esr: pre-emphasised error and DC; a-weighted: the error as we hear it, and DC; mixed: that "
     "and "
     "mse; mse; or auto: a-weighted for fuzz and high gain, else esr (default)",
     CLI_CHOICE, .to = offsetof(TrainOptions, loss), .choices = losses},
    {"spectral", 0, "WEIGHT", "also compare short-time spectra, with this weight (default 0)",
     CLI_NUMBER, .to = offsetof(TrainOptions, trainer.spectral), .most = 100},
    {"optimizer", 0, "NAME", "soap (default), adam or sgd", CLI_CHOICE,
     .to = offsetof(TrainOptions, trainer.optimiser), .choices = optimisers},
    {"learning-rate", 0, "RATE",
     "highest learning rate (default 0.02; adam 0.01; sgd 0.1; 0.3 of that with --from and for the "
     "further sets of --rates)",
     CLI_NUMBER, .to = offsetof(TrainOptions, trainer.learning_rate), .least = 1e-9, .most = 10},
    {"clip-norm", 0, "NORM", "gradient norm limit (default 1)", CLI_NUMBER,
     .to = offsetof(TrainOptions, trainer.max_norm), .least = 1e-9, .most = 1e9},
    {"batch", 0, "N", "clips that each process learns from at once (default 128)", CLI_COUNT,
     .to = offsetof(TrainOptions, trainer.batch), .least = 1, .most = 4096},
    {"chunk", 0, "FRAMES",
     "BPTT length in frames at the start, 4 times as long at the end (default 256)", CLI_COUNT,
     .to = offsetof(TrainOptions, trainer.chunk), .least = 1, .most = 65536},
    {"starts", 0, "N", "train N short runs, continue the best (default 1)", CLI_COUNT,
     .to = offsetof(TrainOptions, trainer.n_starts), .least = 1, .most = 16},
    {"seed", 0, "N", "random seed (default 1)", CLI_SEED,
     .to = offsetof(TrainOptions, trainer.seed)},
    {"threads", 0, "N", "threads of each process (default: all processors)", CLI_COUNT,
     .to = offsetof(TrainOptions, trainer.n_threads), .least = 1, .most = MAX_THREADS},

    {.kind = CLI_HEADING, .help = ""},
    {"quiet", 'q', NULL, "print only the result", CLI_SET, .to = offsetof(TrainOptions, is_quiet)},
    {"json", 0, NULL, "print JSON, one object a line, for other programs", CLI_SET,
     .to = offsetof(TrainOptions, is_json)},
    {"help", 'h', NULL, "print this and exit", .kind = CLI_HELP},
    {"version", 'V', NULL, "print the version and exit", .kind = CLI_VERSION},
    {.kind = CLI_END},
};

static const CliProgram program = {
    .name = "grus-train",
    .usage = {"[OPTION...] INPUT.wav TARGET.wav -o NAME",
              "[OPTION...] INPUT.wav --take SETTING=TARGET.wav... -o NAME",
              "[OPTION...] --teacher CAPTURE [INPUT.wav] -o NAME",
              "--examine [OPTION...] INPUT.wav TARGET.wav"},
    .summary =
        "Train a neural model of an amplifier or pedal from two recordings, what went in and "
        "what came out; or, from several takes, a model with knobs. Writes NAME.json for "
        "the Grus plugin, grus-render and other players.",
    .options = table,
    .operands = {CLI_TAKES_SOUND, CLI_TAKES_SOUND},
    .closing = "Ctrl-C ends the training and keeps the best model so far. 'mpirun -n N grus-train "
               "...' trains with N processes, on one machine or many.\n\n"
               "Exit status: 0 trained, 1 out of memory or a file could not be written, 2 bad "
               "arguments or recordings.",
};

static TrainOptions
make_defaults(void)
{
  const uint32_t n_processors = team_n_processors();
  return (TrainOptions){
      .recording.option = "take",
      .validation.option = "validation-take",
      .test.option = "test-take",
      .held_out = 0.1,
      .checkpoint_interval = 10.0,
      .quality = 1,
      .cell = -1,
      .linear = -1,
      .loss = TRAIN_LOSS_AUTO,
      .trainer = {.shape = {CELL_GRU_RESET_BEFORE, 0, 1, false, 0},
                  .max_norm = 1.0,
                  .batch = 128,
                  .n_starts = 1,
                  .chunk = 256,
                  .seed = 1,
                  .n_threads = n_processors < MAX_THREADS ? n_processors : MAX_THREADS},
  };
}

static double
default_rate(const OptimiserType optimiser)
{
  switch (optimiser) {
  case OPTIMISER_SOAP:
    return 0.02;
  case OPTIMISER_ADAM:
    return 0.01;
  case OPTIMISER_SGD:
    return 0.1;
  }
  return 0.0;
}

/// Fill in what was not given: time and size by the quality, and a rate that suits the optimiser
static void
fill_in_defaults(TrainOptions* const o)
{
  if (o->trainer.seconds <= 0.0 && !o->trainer.epochs) {
    o->trainer.seconds = plans[o->quality].seconds;
  }
  o->input_channel = o->input_channel ? o->input_channel : o->channel;
  o->target_channel = o->target_channel ? o->target_channel : o->channel;
  o->trainer.shape.n_taps = o->linear < 0 ? 0 : (uint32_t)o->linear;
  o->trainer.shape.hidden_size = o->hidden_size ? o->hidden_size : plans[o->quality].hidden_size;
  o->trainer.loss = o->loss == TRAIN_LOSS_AUTO ? LOSS_ESR : (LossType)o->loss;
  o->trainer.shape.cell = o->cell < 0 ? CELL_GRU_RESET_BEFORE : (CellType)o->cell;
  if (o->from) {
    o->trainer.n_starts = 1;
  }
  const double given = o->trainer.learning_rate;
  const double usual = default_rate(o->trainer.optimiser);
  o->warm_learning_rate = given > 0.0 ? given : WARM_RATE * usual;
  if (given <= 0.0) {
    o->trainer.learning_rate = o->from ? o->warm_learning_rate : usual;
  }
}

/// Make takes of what was given; the operands are INPUT.wav and, without --take, TARGET.wav
static bool
finish_takes(TrainOptions* const o, const CliOperands* const files)
{
  const char* const input = files->n ? files->items[0] : NULL;
  if (o->teacher) {
    o->recording.pair = (TakeFiles){.input = input ? input : TRAIN_ETUDE, .target = o->teacher};
  } else if (!o->recording.n) {
    o->recording.pair = (TakeFiles){.input = input, .target = files->items[1]};
  } else if (!o->knobs.n) {
    o->knobs = (TakeKnobs){{"gain"}, 1};
  }
  o->trainer.shape.n_inputs = 1 + o->knobs.n;
  return takes_finish(&o->recording, input, &o->knobs) &&
         takes_finish(&o->validation, input, &o->knobs) &&
         takes_finish(&o->test, input, &o->knobs) &&
         (o->from || takes_turn_all(&o->recording, &o->knobs));
}

/// Return what the user may have meant by so many files
static const char*
find_hint(const TrainOptions* const o, const CliOperands* const files)
{
  const int most = o->recording.n ? 1 : 2;
  if (o->install && !*o->install && files->n > most) {
    return "; a folder to install into is given as --install=FOLDER";
  }
  return !o->output && files->n > most ? "; the model's name is given as -o NAME" : "";
}

/// Refuse a number of operands; the last may have been meant as the folder of --install
static CliResult
refuse_files(const TrainOptions* const o, const CliOperands* const files)
{
  const int n = files->n;
  const char* const hint = find_hint(o, files);
  return o->recording.n
             ? cli_refuse_usage(&program,
                                "expected INPUT.wav alone, not %d files; with --take, targets are "
                                "given in the takes%s",
                                n, hint)
             : cli_refuse_usage(&program,
                                "expected two recordings, INPUT.wav and TARGET.wav, not %d%s", n,
                                hint);
}

/// Check what is given beside a capture to learn from
static CliResult
check_teacher(const TrainOptions* const o, const CliOperands* const files)
{
  if (files->n > 1) {
    return cli_refuse_usage(&program,
                            "--teacher: the capture makes the target; expected INPUT.wav at most, "
                            "not %d files%s",
                            files->n,
                            folder_fits(FOLDER_MODELS, files->items[0])
                                ? "; 'grus-model convert CAPTURE... FOLDER/' learns from several"
                                : "");
  }
  return o->recording.n || o->knobs.n || o->validation.n || o->validation.pair.target ||
                 o->test.n || o->test.pair.target || o->examine.only || o->layout.clip_frames
             ? cli_refuse_usage(&program, "--teacher can't be combined with takes, knobs, other "
                                          "recordings, clips or --examine")
             : CLI_RUN;
}

static CliResult
check_files(const TrainOptions* const o, const CliOperands* const files)
{
  if (o->teacher) {
    return check_teacher(o, files);
  }
  if (o->teacher_rate > 0.0) {
    return cli_refuse_usage(&program, "--rate is for a --teacher; recordings give their rates, and "
                                      "--rates=HZ,HZ... learns for others");
  }
  if (files->n && folder_fits(FOLDER_MODELS, files->items[0])) {
    return cli_refuse_usage(&program,
                            "%s: is the name of a model or capture, not of a recording; to learn "
                            "from a capture, give it as --teacher",
                            files->items[0]);
  }
  if (o->recording.n ? files->n > 1 : files->n != 2) {
    return refuse_files(o, files);
  }
  if (!o->recording.n && (o->knobs.n || o->validation.n || o->test.n)) {
    return cli_refuse_usage(&program, "a model with knobs is learned from takes; expected --take "
                                      "SETTING=TARGET.wav");
  }
  return CLI_RUN;
}

/// Check the output's name, which is that of the model if it has no other
static CliResult
check_name(const TrainOptions* const o)
{
  char copy[PATH_MAX];
  if (o->name) {
    return o->name[strspn(o->name, " ")]
               ? CLI_RUN
               : cli_refuse_usage(&program, "--name=%s: expected a name", o->name);
  }
  (void)snprintf(copy, sizeof(copy), "%s", o->output);
  const CliValue value = {program.name, "output", basename(copy)};
  return cli_check_text(&value, MAX_TEXT)
             ? CLI_RUN
             : cli_refuse_usage(&program, "choose another name with --name");
}

static CliResult
check_options(const TrainOptions* const o)
{
  if (o->examine.only) {
    return CLI_RUN;
  }
  if (!o->output || !*o->output) {
    return cli_refuse_usage(&program, "expected -o NAME, the model to write");
  }
  if (o->auto_size && o->from) {
    return cli_refuse_usage(&program, "--hidden-size=auto can't be combined with --from: that "
                                      "model's size is kept");
  }
  if (o->trainer.spectral > 0.0 && o->trainer.chunk < SPECTRAL_MIN_CHUNK) {
    return cli_refuse_usage(&program, "--spectral needs a --chunk of at least %u frames, not %u",
                            SPECTRAL_MIN_CHUNK, o->trainer.chunk);
  }
  return check_name(o);
}

static uint64_t
hash_arguments(const int argc, char** const argv)
{
  uint64_t hash = 0;
  for (int i = 1; i < argc; ++i) {
    hash = hash_add(hash, argv[i], strlen(argv[i]));
  }
  return hash;
}

CliResult
train_options_read(const int argc, char** const argv, TrainOptions* const options)
{
  TrainOptions o = make_defaults();
  CliOperands files;
  o.hash = hash_arguments(argc, argv);
  CliResult result = cli_read_options(&program, argc, argv, &o, &files);
  if (result != CLI_RUN || (result = check_files(&o, &files)) != CLI_RUN ||
      (result = check_options(&o)) != CLI_RUN) {
    return result;
  }
  if (!finish_takes(&o, &files)) {
    return CLI_REFUSED;
  }
  fill_in_defaults(&o);
  *options = o;
  return CLI_RUN;
}

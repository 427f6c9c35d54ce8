// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The command line of grus-train.

#include "train/programs/train/options.h"

#include "core/hash.h"
#include "train/learn/loss_spectral.h"
#include "train/learn/team.h"
#include "train/programs/common/option_values.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#define MAX_STARTS 16U
#define WARM_RATE 0.3 ///< Of the learning rate, where a run begins with weights
#define MAX_THREADS 256U
#define MIN_RATE 8000U
#define MAX_RATE 192000U
#define MAX_LATENCY 1e7   // Frames
#define LONGEST_RATES 64U ///< As text

/// In parts, each no longer than compilers must bear
static const char* const help[] = {
    "Usage: grus-train [OPTION...] INPUT.wav TARGET.wav -o NAME\n"
    "       grus-train [OPTION...] INPUT.wav --take SETTING=TARGET.wav... -o NAME\n"
    "       grus-train --examine [OPTION...] INPUT.wav TARGET.wav\n"
    "Train a neural model of an amplifier or pedal from two recordings: what went in, and what\n"
    "came out; or from several takes, a model with knobs. Writes NAME.json, for the Grus plugin,\n"
    "grus-render, and other players.\n"
    "\n"
    "  -o, --output=NAME           model to write, NAME.json\n"
    "  -t, --time=TIME             time to spend: 45s, 3m, 1h (default 3m)\n"
    "  -e, --epochs=N              end after N passes over the recording; alone, repeats exactly\n"
    "      --quality=NAME          draft: size 12, 30s; good: size 16, 3m (default); best: size "
    "32,\n"
    "                              15m; -H and -t say otherwise\n"
    "      --resume                go on with a run that was ended, from NAME.checkpoint\n"
    "      --checkpoint-interval=TIME   between checkpoints (default 10s)\n"
    "      --target-esr=ESR        end when the error on the held-out part is this small\n"
    "      --install[=FOLDER]      also write an LV2 preset that hosts list (default ~/.lv2)\n"
    "      --no-report             don't write NAME.html, the report with pictures and sounds\n"
    "\n"
    "Model:\n"
    "  -H, --hidden-size=N         units, 1 to 256: more sound closer and cost more (default 16);\n"
    "                              auto: the smallest that comes within 10 % of the best\n"
    "  -c, --cell=CELL             reset-before (default), or reset-after, which AIDA-X plays too\n"
    "      --skip                  add the input to the output\n"
    "      --from=MODEL.json       begin with a model; its cell, size and skip stay\n"
    "      --rates=HZ,HZ...        sample rates to sound right at, up to 4, such as 44100,48000: "
    "a\n"
    "                              set of weights for each, within the same time\n"
    "      --name, --author, --gear, --license=TEXT   kept in the model file\n"
    "\n"
    "Knobs:\n"
    "      --take=SETTING[,SETTING...]=TARGET.wav   what came out with the knobs at 0..1 each\n"
    "      --take=SETTING[,SETTING...]=INPUT.wav:TARGET.wav   the same, with an input of its own\n"
    "      --validation-take, --test-take=TAKE      settings to choose the best by, to report on\n"
    "      --knob=NAME             name of the next knob, up to 4 (default one called gain)\n"
    "\n",
    "Recordings:\n"
    "      --examine               only say what is wrong with the recordings\n"
    "      --force                 learn from them all the same\n"
    "      --no-mend               leave latency, drift and DC as they are\n"
    "      --latency=FRAMES        how late the target is; else it is found\n"
    "      --input-level, --output-level=DBU   level at the gear that was 0 dBFS in the files\n"
    "      --channel=N             channel to read, from 1 (default 1)\n"
    "      --held-out=SHARE        part of the recording to choose the best by (default 0.1)\n"
    "      --validation-input, --validation-target=FILE   a recording to choose the best by\n"
    "      --test-input, --test-target=FILE               a recording to report on at the end\n"
    "      --clip-frames=N         the files are rows of independent clips of N frames\n"
    "      --clip-warmup=N         frames of each clip that are neither learned nor scored\n"
    "\n"
    "Learning:\n"
    "      --loss=LOSS             esr: pre-emphasised error and DC (default); a-weighted: as the\n"
    "                              ear weighs it, and DC; or mse\n"
    "      --spectral=WEIGHT       add the difference of short-time spectra, at this weight\n"
    "                              (default 0: don't)\n"
    "      --optimizer=NAME        soap (default), adam or sgd\n"
    "      --learning-rate=RATE    at its highest (default 0.02; adam 0.01; sgd 0.1; with --from\n"
    "                              0.3 of that, as for --rates but the recording's)\n"
    "      --clip-norm=NORM        longest gradient that is not scaled down (default 1)\n"
    "      --batch=N               clips learned from at once, by each process (default 128)\n"
    "      --chunk=FRAMES          frames of a gradient at first, 4 times as many at last\n"
    "                              (default 256)\n"
    "      --starts=N              runs begun with other weights, to go on with the best (default "
    "1)\n"
    "      --seed=N                start of all chance (default 1)\n"
    "      --threads=N             of each process; default: all processors\n"
    "\n"
    "  -q, --quiet                 print only the result\n"
    "  -h, --help                  print this and exit\n"
    "  -V, --version               print the version and exit\n"
    "\n"
    "Ctrl-C ends the training and keeps the best model so far. Exit status: 0 trained, 1 failed,\n"
    "2 bad arguments or recordings. 'mpirun -n N grus-train ...' trains with N processes, on one\n"
    "machine or many.\n"};

/// Keys of options without a letter
typedef enum {
  KEY_TARGET_ESR = 256,
  KEY_QUALITY,
  KEY_RESUME,
  KEY_CHECKPOINT_INTERVAL,
  KEY_INSTALL,
  KEY_NO_REPORT,
  KEY_SKIP,
  KEY_FROM,
  KEY_RATES,
  KEY_NAME,
  KEY_AUTHOR,
  KEY_GEAR,
  KEY_LICENSE,
  KEY_EXAMINE,
  KEY_FORCE,
  KEY_NO_MEND,
  KEY_LATENCY,
  KEY_INPUT_LEVEL,
  KEY_OUTPUT_LEVEL,
  KEY_CHANNEL,
  KEY_HELD_OUT,
  KEY_VALIDATION_INPUT,
  KEY_VALIDATION_TARGET,
  KEY_TEST_INPUT,
  KEY_TEST_TARGET,
  KEY_TAKE,
  KEY_VALIDATION_TAKE,
  KEY_TEST_TAKE,
  KEY_KNOB,
  KEY_CLIP_FRAMES,
  KEY_CLIP_WARMUP,
  KEY_LOSS,
  KEY_SPECTRAL,
  KEY_OPTIMIZER,
  KEY_LEARNING_RATE,
  KEY_CLIP_NORM,
  KEY_BATCH,
  KEY_CHUNK,
  KEY_SEED,
  KEY_STARTS,
  KEY_THREADS,
} Key;

static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"time", required_argument, NULL, 't'},
    {"epochs", required_argument, NULL, 'e'},
    {"target-esr", required_argument, NULL, KEY_TARGET_ESR},
    {"quality", required_argument, NULL, KEY_QUALITY},
    {"resume", no_argument, NULL, KEY_RESUME},
    {"checkpoint-interval", required_argument, NULL, KEY_CHECKPOINT_INTERVAL},
    {"install", optional_argument, NULL, KEY_INSTALL},
    {"no-report", no_argument, NULL, KEY_NO_REPORT},
    {"hidden-size", required_argument, NULL, 'H'},
    {"cell", required_argument, NULL, 'c'},
    {"skip", no_argument, NULL, KEY_SKIP},
    {"from", required_argument, NULL, KEY_FROM},
    {"rates", required_argument, NULL, KEY_RATES},
    {"name", required_argument, NULL, KEY_NAME},
    {"author", required_argument, NULL, KEY_AUTHOR},
    {"gear", required_argument, NULL, KEY_GEAR},
    {"license", required_argument, NULL, KEY_LICENSE},
    {"examine", no_argument, NULL, KEY_EXAMINE},
    {"force", no_argument, NULL, KEY_FORCE},
    {"no-mend", no_argument, NULL, KEY_NO_MEND},
    {"latency", required_argument, NULL, KEY_LATENCY},
    {"input-level", required_argument, NULL, KEY_INPUT_LEVEL},
    {"output-level", required_argument, NULL, KEY_OUTPUT_LEVEL},
    {"channel", required_argument, NULL, KEY_CHANNEL},
    {"held-out", required_argument, NULL, KEY_HELD_OUT},
    {"validation-input", required_argument, NULL, KEY_VALIDATION_INPUT},
    {"validation-target", required_argument, NULL, KEY_VALIDATION_TARGET},
    {"test-input", required_argument, NULL, KEY_TEST_INPUT},
    {"test-target", required_argument, NULL, KEY_TEST_TARGET},
    {"take", required_argument, NULL, KEY_TAKE},
    {"validation-take", required_argument, NULL, KEY_VALIDATION_TAKE},
    {"test-take", required_argument, NULL, KEY_TEST_TAKE},
    {"knob", required_argument, NULL, KEY_KNOB},
    {"clip-frames", required_argument, NULL, KEY_CLIP_FRAMES},
    {"clip-warmup", required_argument, NULL, KEY_CLIP_WARMUP},
    {"loss", required_argument, NULL, KEY_LOSS},
    {"spectral", required_argument, NULL, KEY_SPECTRAL},
    {"optimizer", required_argument, NULL, KEY_OPTIMIZER},
    {"learning-rate", required_argument, NULL, KEY_LEARNING_RATE},
    {"clip-norm", required_argument, NULL, KEY_CLIP_NORM},
    {"batch", required_argument, NULL, KEY_BATCH},
    {"chunk", required_argument, NULL, KEY_CHUNK},
    {"seed", required_argument, NULL, KEY_SEED},
    {"starts", required_argument, NULL, KEY_STARTS},
    {"threads", required_argument, NULL, KEY_THREADS},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static Options
defaults(void)
{
  const uint32_t n_processors = team_n_processors();
  return (Options){
      .recording.option = "--take",
      .validation.option = "--validation-take",
      .test.option = "--test-take",
      .held_out = 0.1,
      .checkpoint_interval = 10.0,
      .quality = 1,
      .trainer = {.shape = {CELL_GRU_RESET_BEFORE, 0, 1, false},
                  .max_norm = 1.0,
                  .batch = 128,
                  .n_starts = 1,
                  .chunk = 256,
                  .seed = 1,
                  .n_threads = n_processors < MAX_THREADS ? n_processors : MAX_THREADS},
  };
}

static bool
read_cell(const char* const text, CellType* const cell)
{
  static const ParseChoice choices[] = {
      {"reset-before", CELL_GRU_RESET_BEFORE}, {"reset-after", CELL_GRU_RESET_AFTER}, {NULL, 0}};
  int value = 0;
  const bool is_good = parse_choice("--cell", text, choices, &value);
  *cell = (CellType)value;
  return is_good;
}

static bool
read_loss(const char* const text, LossType* const loss)
{
  static const ParseChoice choices[] = {
      {"esr", LOSS_ESR}, {"mse", LOSS_MSE}, {"a-weighted", LOSS_A_WEIGHTED}, {NULL, 0}};
  int value = 0;
  const bool is_good = parse_choice("--loss", text, choices, &value);
  *loss = (LossType)value;
  return is_good;
}

static bool
read_optimiser(const char* const text, OptimiserType* const optimiser)
{
  static const ParseChoice choices[] = {
      {"soap", OPTIMISER_SOAP}, {"adam", OPTIMISER_ADAM}, {"sgd", OPTIMISER_SGD}, {NULL, 0}};
  int value = 0;
  const bool is_good = parse_choice("--optimizer", text, choices, &value);
  *optimiser = (OptimiserType)value;
  return is_good;
}

/// Add one more rate to a list
static bool
add_rate(const char* const text, RatesList* const list)
{
  uint32_t hz = 0;
  if (list->n == MODEL_FILE_MAX_SETS) {
    (void)fprintf(stderr, "--rates: there should be at most %u rates\n", MODEL_FILE_MAX_SETS);
    return false;
  }
  if (!parse_count("--rates", text, MIN_RATE, MAX_RATE, &hz)) {
    return false;
  }
  for (uint32_t i = 0; i < list->n; ++i) {
    if (list->hz[i] == hz) {
      (void)fprintf(stderr, "--rates: %u is given twice; each should be another\n", hz);
      return false;
    }
  }
  list->hz[list->n++] = hz;
  return true;
}

/// Rates separated by commas
static bool
read_rates(const char* const text, RatesList* const rates)
{
  RatesList list = {.n = 0};
  const char* begin = text;
  bool is_good = true;
  while (is_good && begin) {
    char rate[LONGEST_RATES];
    const int length = (int)strcspn(begin, ",");
    (void)snprintf(rate, sizeof(rate), "%.*s", length, begin);
    is_good = add_rate(rate, &list);
    begin = begin[length] ? begin + length + 1 : NULL;
  }
  *rates = list;
  return is_good;
}

/// What a quality stands for
typedef struct {
  double seconds;
  uint32_t hidden_size;
} Quality;

static const Quality qualities[] = {{30.0, 12}, {180.0, 16}, {900.0, 32}}; // draft, good, best

static bool
read_quality(const char* const text, uint32_t* const quality)
{
  static const ParseChoice choices[] = {{"draft", 0}, {"good", 1}, {"best", 2}, {NULL, 0}};
  int value = 0;
  const bool is_good = parse_choice("--quality", text, choices, &value);
  *quality = (uint32_t)value;
  return is_good;
}

static bool
read_hidden_size(const char* const text, Options* const o)
{
  o->auto_size = !strcmp(text, "auto");
  return o->auto_size || parse_count("--hidden-size", text, 1, PARAMS_MAX_HIDDEN_SIZE,
                                     &o->trainer.shape.hidden_size);
}

/// Options that name recordings
static bool
read_take_option(const int key, char* const text, Options* const o)
{
  switch (key) {
  case KEY_VALIDATION_INPUT:
    o->validation.pair.input = text;
    return true;
  case KEY_VALIDATION_TARGET:
    o->validation.pair.target = text;
    return true;
  case KEY_TEST_INPUT:
    o->test.pair.input = text;
    return true;
  case KEY_TEST_TARGET:
    o->test.pair.target = text;
    return true;
  case KEY_TAKE:
    return takes_add(text, &o->recording);
  case KEY_VALIDATION_TAKE:
    return takes_add(text, &o->validation);
  case KEY_TEST_TAKE:
    return takes_add(text, &o->test);
  case KEY_KNOB:
    return takes_add_knob(text, &o->knobs);
  default:
    return false;
  }
}

/// Options that say what else to read and what to write
static bool
read_file_option(const int key, const char* const text, Options* const o)
{
  switch (key) {
  case 'o':
    o->output = text;
    return true;
  case 'H':
    return read_hidden_size(text, o);
  case KEY_QUALITY:
    return read_quality(text, &o->quality);
  case KEY_RESUME:
    o->resumes = true;
    return true;
  case KEY_CHECKPOINT_INTERVAL:
    return parse_time("--checkpoint-interval", text, &o->checkpoint_interval);
  case KEY_INSTALL:
    o->install = text ? text : "";
    return true;
  case KEY_NO_REPORT:
    o->has_no_report = true;
    return true;
  case KEY_FROM:
    o->from = text;
    return true;
  case KEY_RATES:
    return read_rates(text, &o->rates);
  case KEY_NAME:
    o->name = text;
    return parse_text("--name", text);
  case KEY_AUTHOR:
    o->author = text;
    return parse_text("--author", text);
  case KEY_GEAR:
    o->gear = text;
    return parse_text("--gear", text);
  case KEY_LICENSE:
    o->license = text;
    return parse_text("--license", text);
  case KEY_CHANNEL:
    return parse_count("--channel", text, 1, 1024, &o->channel);
  case KEY_CLIP_FRAMES:
    return parse_count("--clip-frames", text, 2, 100000000, &o->layout.clip_frames);
  case KEY_CLIP_WARMUP:
    return parse_count("--clip-warmup", text, 0, 100000000, &o->layout.clip_warmup);
  case KEY_HELD_OUT:
    return parse_number("--held-out", text, 0.001, 0.9, &o->held_out);
  default:
    return false;
  }
}

static bool
read_level(const char* const option, const char* const text, ModelFileLevel* const level)
{
  level->is_given = true;
  return parse_number(option, text, -60.0, 60.0, &level->value);
}

/// Options that say how recordings are examined, and how loud they were
static bool
read_examination_option(const int key, const char* const text, Options* const o)
{
  switch (key) {
  case KEY_EXAMINE:
    o->examine.only = true;
    return true;
  case KEY_FORCE:
    o->examine.forces = true;
    return true;
  case KEY_NO_MEND:
    o->examine.keeps = true;
    return true;
  case KEY_LATENCY:
    o->examine.has_latency = true;
    return parse_number("--latency", text, -MAX_LATENCY, MAX_LATENCY, &o->examine.latency);
  case KEY_INPUT_LEVEL:
    return read_level("--input-level", text, &o->input_dbu);
  case KEY_OUTPUT_LEVEL:
    return read_level("--output-level", text, &o->output_dbu);
  default:
    return false;
  }
}

/// Options that say how to learn
static bool
read_learning_option(const int key, const char* const text, TrainerConfig* const t)
{
  switch (key) {
  case 't':
    return parse_time("--time", text, &t->seconds);
  case 'e':
    return parse_count("--epochs", text, 1, 1000000000, &t->epochs);
  case KEY_TARGET_ESR:
    return parse_number("--target-esr", text, 1e-9, 1.0, &t->target_esr);
  case 'c':
    return read_cell(text, &t->shape.cell);
  case KEY_SKIP:
    t->shape.skip = true;
    return true;
  case KEY_LOSS:
    return read_loss(text, &t->loss);
  case KEY_SPECTRAL:
    return parse_number("--spectral", text, 0.0, 100.0, &t->spectral);
  case KEY_OPTIMIZER:
    return read_optimiser(text, &t->optimiser);
  case KEY_LEARNING_RATE:
    return parse_number("--learning-rate", text, 1e-9, 10.0, &t->learning_rate);
  case KEY_CLIP_NORM:
    return parse_number("--clip-norm", text, 1e-9, 1e9, &t->max_norm);
  case KEY_BATCH:
    return parse_count("--batch", text, 1, 4096, &t->batch);
  case KEY_CHUNK:
    return parse_count("--chunk", text, 1, 65536, &t->chunk);
  case KEY_THREADS:
    return parse_count("--threads", text, 1, MAX_THREADS, &t->n_threads);
  case KEY_STARTS:
    return parse_count("--starts", text, 1, MAX_STARTS, &t->n_starts);
  case KEY_SEED:
    return parse_seed("--seed", text, &t->seed);
  default:
    return false;
  }
}

static OptionsResult
read_option(const int key, Options* const o)
{
  switch (key) {
  case 'h':
    for (size_t i = 0; i < sizeof(help) / sizeof(help[0]); ++i) {
      (void)fputs(help[i], stdout);
    }
    return OPTIONS_EXIT;
  case 'V':
    (void)printf("grus-train %s\n", GRUS_VERSION);
    return OPTIONS_EXIT;
  case 'q':
    o->is_quiet = true;
    return OPTIONS_RUN;
  case '?': // getopt has said why
    return OPTIONS_ERROR;
  default:
    return read_take_option(key, optarg, o) || read_file_option(key, optarg, o) ||
                   read_examination_option(key, optarg, o) ||
                   read_learning_option(key, optarg, &o->trainer)
               ? OPTIONS_RUN
               : OPTIONS_ERROR;
  }
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

/// What was not said: time and size from the quality, and a rate that suits the optimiser
static void
fill_in(Options* const o)
{
  if (o->trainer.seconds <= 0.0 && !o->trainer.epochs) {
    o->trainer.seconds = qualities[o->quality].seconds;
  }
  if (!o->trainer.shape.hidden_size) {
    o->trainer.shape.hidden_size = qualities[o->quality].hidden_size;
  }
  if (o->from) {
    o->trainer.n_starts = 1;
  }
  const double given = o->trainer.learning_rate;
  const double fitting = default_rate(o->trainer.optimiser);
  o->warm_learning_rate = given > 0.0 ? given : WARM_RATE * fitting;
  if (given <= 0.0) {
    o->trainer.learning_rate = o->from ? o->warm_learning_rate : fitting;
  }
}

/// Put what was given together to takes; the positional arguments are INPUT.wav and, without --take,
/// TARGET.wav
static bool
finish_takes(Options* const o, char** const files, const int n_files)
{
  const char* const input = n_files ? files[0] : NULL;
  if (!o->recording.n) {
    o->recording.pair = (TakeFiles){.input = input, .target = files[1]};
  } else if (!o->knobs.n) {
    o->knobs = (Knobs){{"gain"}, 1};
  }
  o->trainer.shape.n_inputs = 1 + o->knobs.n;
  return takes_finish(&o->recording, input, &o->knobs) &&
         takes_finish(&o->validation, input, &o->knobs) &&
         takes_finish(&o->test, input, &o->knobs) &&
         (o->from || takes_turn_all(&o->recording, &o->knobs));
}

static bool
check_files(const Options* const o, const int n_files)
{
  if (o->recording.n && n_files > 1) {
    (void)fprintf(stderr,
                  "grus-train: expected INPUT.wav alone, not %d files; with --take every target is "
                  "that of a take\n",
                  n_files);
  } else if (!o->recording.n && n_files != 2) {
    (void)fprintf(stderr, "grus-train: expected two recordings, INPUT.wav and TARGET.wav, not %d\n",
                  n_files);
  } else if (!o->recording.n && (o->knobs.n || o->validation.n || o->test.n)) {
    (void)fputs("grus-train: a model with knobs is learned from takes; give --take "
                "SETTING=TARGET.wav\n",
                stderr);
  } else {
    return true;
  }
  return false;
}

/// The output's name is that of the model, if it has no other
static bool
has_good_name(const Options* const o)
{
  const char* const slash = strrchr(o->output, '/');
  return o->name || parse_text("--output", slash ? slash + 1 : o->output);
}

static bool
check(const Options* const o)
{
  if (o->examine.only) {
    return true;
  }
  if (!o->output || !*o->output) {
    (void)fputs("grus-train: expected -o NAME, the model to write\n", stderr);
  } else if (!has_good_name(o)) {
    (void)fputs("grus-train: or give the model another name by --name\n", stderr);
  } else if (o->auto_size && o->from) {
    (void)fputs("grus-train: --hidden-size=auto begins anew; a model to begin with has its size\n",
                stderr);
  } else if (o->trainer.spectral > 0.0 && o->trainer.chunk < SPECTRAL_MIN_CHUNK) {
    (void)fprintf(stderr, "grus-train: --spectral needs a --chunk of at least %u frames, not %u\n",
                  SPECTRAL_MIN_CHUNK, o->trainer.chunk);
  } else {
    return true;
  }
  return false;
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

OptionsResult
options_read(const int argc, char** const argv, Options* const options)
{
  Options o = defaults();
  o.hash = hash_arguments(argc, argv);
  int key = 0;
  while ((key = getopt_long(argc, argv, "o:t:e:H:c:qhV", long_options, NULL)) != -1) {
    const OptionsResult result = read_option(key, &o);
    if (result != OPTIONS_RUN) {
      return result;
    }
  }
  const int n_files = argc - optind;
  if (!check_files(&o, n_files) || !check(&o) || !finish_takes(&o, argv + optind, n_files)) {
    (void)fputs("Try 'grus-train --help'.\n", stderr);
    return OPTIONS_ERROR;
  }
  fill_in(&o);
  *options = o;
  return OPTIONS_RUN;
}

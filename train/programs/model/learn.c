// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Starts grus-train in a process group of its own: a terminal sends Ctrl-C to all of a group, and a
// second one would end it at once. What it prints goes to files without names, and is read when it
// has ended.

#include "train/programs/model/learn.h"

#include "cli/exit_status.h"
#include "core/clock.h"
#include "core/file.h"
#include "train/programs/common/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRAINER "grus-train"
#define MAX_ARGUMENTS 14U

extern char** environ;

/// A command line that is being put together
typedef struct {
  char texts[MAX_ARGUMENTS][FILE_MAX_PATH + 32];
  char* items[MAX_ARGUMENTS + 1]; ///< End with NULL
  size_t n;
} Arguments;

/// The process, and what it prints
typedef struct {
  pid_t pid;
  int out; ///< Descriptors
  int err;
} Learner;

static bool interrupted = false;

static sigset_t
caught_signals(void)
{
  sigset_t set;
  struct sigaction hangup;
  (void)sigemptyset(&set);
  (void)sigaddset(&set, SIGCHLD);
  (void)sigaddset(&set, SIGINT);
  (void)sigaddset(&set, SIGTERM);
  (void)sigaddset(&set, SIGTSTP);
  if (!sigaction(SIGHUP, NULL, &hangup) && hangup.sa_handler != SIG_IGN) { // As nohup sets it
    (void)sigaddset(&set, SIGHUP);
  }
  return set;
}

void
learn_catch_signals(void)
{
  const sigset_t set = caught_signals();
  (void)signal(SIGCHLD, SIG_DFL);
  (void)sigprocmask(SIG_BLOCK, &set, NULL);
}

bool
learn_is_interrupted(void)
{
  sigset_t set = caught_signals();
  const struct timespec at_once = {0, 0};
  (void)sigdelset(&set, SIGCHLD);
  (void)sigdelset(&set, SIGTSTP);
  interrupted = interrupted || sigtimedwait(&set, NULL, &at_once) > 0;
  return interrupted;
}

static void __attribute__((format(printf, 2, 3)))
add_argument(Arguments* const a, const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  (void)vsnprintf(a->texts[a->n], sizeof(a->texts[a->n]), format, args);
  va_end(args);
  a->items[a->n] = a->texts[a->n];
  ++a->n;
}

static void
add_text(Arguments* const a, const char* const option, const char* const text)
{
  if (text) {
    add_argument(a, "--%s%s%s", option, *text ? "=" : "", text);
  }
}

bool
learn_has_checkpoint(const char* const output)
{
  static const char* const endings[] = {".checkpoint", "-linear-0.checkpoint"}; // As grus-train has
  bool is_found = false;
  for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); ++i) {
    char path[FILE_MAX_PATH];
    output_file_name(output, endings[i], path, sizeof(path));
    is_found = is_found || !access(path, F_OK);
  }
  return is_found;
}

/// Return true if grus-train has to look for checkpoints: of trials and further sets, too
static bool
may_continue(const LearnTask* const task)
{
  const ModelOptions* const o = task->options;
  return learn_has_checkpoint(task->output) || o->rates ||
         (o->hidden_size && !strcmp(o->hidden_size, "auto"));
}

static void
make_arguments(const LearnTask* const task, Arguments* const a)
{
  const ModelOptions* const o = task->options;
  add_argument(a, "%s", TRAINER);
  add_argument(a, "--teacher=%s", task->capture);
  add_argument(a, "--output=%s", task->output);
  add_argument(a, "--quiet");
  if (o->overwrites || may_continue(task)) {
    add_argument(a, o->overwrites ? "--overwrite" : "--resume");
  }
  if (o->seconds > 0.0) {
    add_argument(a, "--time=%.9gs", o->seconds);
  }
  if (o->rate > 0.0) {
    add_argument(a, "--rate=%.9g", o->rate);
  }
  add_text(a, "name", task->name);
  add_text(a, "hidden-size", o->hidden_size);
  add_text(a, "rates", o->rates);
  add_text(a, "install", o->install);
  add_text(a, "no-report", o->has_no_report ? "" : NULL);
  add_text(a, "cell", o->to == MODEL_TO_AIDA_X ? "reset-after" : NULL);
  add_text(a, "linear", o->to == MODEL_TO_AIDA_X ? "0" : o->linear); // One file has to be all
}

/// Find the grus-train beside this program; without one, that of PATH
static void
find_trainer(char path[FILE_MAX_PATH])
{
  char own[FILE_MAX_PATH - sizeof(TRAINER) - 1] = "";
  const ssize_t n = readlink("/proc/self/exe", own, sizeof(own) - 1);
  own[n > 0 ? n : 0] = '\0';
  (void)snprintf(path, FILE_MAX_PATH, "%s/%s", dirname(own), TRAINER);
  if (n <= 0 || access(path, X_OK)) {
    (void)snprintf(path, FILE_MAX_PATH, "%s", TRAINER);
  }
}

/// Say what a new process starts with: no signal blocked, Ctrl-C not ignored, a group of its own
static void
prepare_attributes(posix_spawnattr_t* const attributes)
{
  sigset_t set;
  (void)sigemptyset(&set);
  (void)posix_spawnattr_init(attributes);
  (void)posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                 POSIX_SPAWN_SETPGROUP);
  (void)posix_spawnattr_setsigmask(attributes, &set);
  (void)sigaddset(&set, SIGINT);
  (void)posix_spawnattr_setsigdefault(attributes, &set);
  (void)posix_spawnattr_setpgroup(attributes, 0);
}

static int
spawn(Learner* const learner, Arguments* const a)
{
  char path[FILE_MAX_PATH];
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t files;
  find_trainer(path);
  prepare_attributes(&attributes);
  (void)posix_spawn_file_actions_init(&files);
  (void)posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  (void)posix_spawn_file_actions_adddup2(&files, learner->out, STDOUT_FILENO);
  (void)posix_spawn_file_actions_adddup2(&files, learner->err, STDERR_FILENO);
  const int error = posix_spawnp(&learner->pid, path, &files, &attributes, a->items, environ);
  (void)posix_spawn_file_actions_destroy(&files);
  (void)posix_spawnattr_destroy(&attributes);
  return error;
}

static Status
start_learner(const LearnTask* const task, Learner* const learner, Message* const message)
{
  Arguments arguments = {.n = 0};
  make_arguments(task, &arguments);
  learner->out = memfd_create("out", MFD_CLOEXEC);
  learner->err = memfd_create("err", MFD_CLOEXEC);
  const int error = learner->out < 0 || learner->err < 0 ? ENOMEM : spawn(learner, &arguments);
  if (error == ENOENT) {
    return status_fail(message, STATUS_CANNOT_READ,
                       "%s: needs " TRAINER " to learn from it, which is neither beside grus-model "
                       "nor on PATH",
                       task->capture);
  }
  return error ? status_fail(message, STATUS_NO_MEMORY, "%s: " TRAINER " can't be started: %s",
                             task->capture, strerror(error))
               : STATUS_OK;
}

/// Stop together with the process, as Ctrl-Z wants it, and go on together
static void
stop_for_a_while(const pid_t pid)
{
  (void)kill(pid, SIGSTOP);
  (void)raise(SIGSTOP);
  (void)kill(pid, SIGCONT);
}

/// Pass on a signal that should end the program
static void
pass_on(const pid_t pid)
{
  static const char text[] =
      "\nstopping, and writing the best model so far, if there is one; a second Ctrl-C ends at "
      "once\n";
  if (!interrupted) {
    (void)fputs(text, stderr);
  }
  interrupted = true;
  (void)kill(pid, SIGINT);
}

/// Wait until the process has ended; return its status, as waitpid() does
static int
wait_for(const Learner* const learner, const LearnTask* const task)
{
  const sigset_t set = caught_signals();
  const struct timespec second = {1, 0};
  const double start = clock_seconds();
  int result = 0;
  while (waitpid(learner->pid, &result, WNOHANG) == 0) {
    if (!interrupted) {
      if (task->watch) {
        task->watch(task->context, clock_seconds() - start);
      }
    }
    const int signal_number = sigtimedwait(&set, NULL, &second);
    if (signal_number == SIGTSTP) {
      stop_for_a_while(learner->pid);
    } else if (signal_number > 0 && signal_number != SIGCHLD) {
      pass_on(learner->pid);
    }
  }
  return result;
}

/// Return all that was printed, to be freed; NULL without memory
static char*
read_printed(const int fd)
{
  struct stat info = {0};
  const size_t size = fstat(fd, &info) ? 0 : (size_t)info.st_size;
  char* const text = (char*)calloc(size + 1, 1);
  const ssize_t n = text ? pread(fd, text, size, 0) : 0;
  if (text) {
    text[n > 0 ? n : 0] = '\0';
  }
  return text;
}

/// Return the last line of what was printed, without the program's name
static const char*
find_complaint(char* const printed)
{
  static const char name[] = TRAINER ": ";
  for (size_t n = strlen(printed); n && printed[n - 1] == '\n';) {
    printed[--n] = '\0';
  }
  const char* const end = strrchr(printed, '\n');
  const char* const line = end ? end + 1 : printed;
  return strncmp(line, name, sizeof(name) - 1) ? line : line + sizeof(name) - 1;
}

/// Say why the process failed
static Status
explain_end(const int ended, const LearnTask* const task, const Learner* const learner,
            Message* const message)
{
  char* const printed = read_printed(learner->err);
  const char* const complaint = printed ? find_complaint(printed) : "";
  const int code = WIFEXITED(ended) ? WEXITSTATUS(ended) : CLI_EXIT_FAILED;
  if (WIFSIGNALED(ended) && interrupted) {
    message_set(message, "%s: interrupted before anything was learned; nothing is written",
                task->capture);
  } else if (WIFSIGNALED(ended)) {
    message_set(message, "%s: " TRAINER " was ended by signal %d (%s)", task->capture,
                WTERMSIG(ended), strsignal(WTERMSIG(ended)));
  } else if (*complaint) {
    message_set(message, "%s", complaint);
  } else {
    message_set(message, "%s: " TRAINER " ended with status %d", task->capture, code);
  }
  free(printed);
  return code == CLI_EXIT_BAD_INPUT ? STATUS_BAD_FILE : STATUS_CANNOT_WRITE;
}

static Status
follow_learner(const LearnTask* const task, const Learner* const learner, char** const said,
               Message* const message)
{
  const int ended = wait_for(learner, task);
  if (!WIFEXITED(ended) || WEXITSTATUS(ended) != CLI_EXIT_DONE) {
    return explain_end(ended, task, learner, message);
  }
  *said = read_printed(learner->out);
  return *said ? STATUS_OK : status_fail(message, STATUS_NO_MEMORY, "out of memory");
}

/// Fail for options that mean nothing for a capture
static Status
check_options(const LearnTask* const task, Message* const message)
{
  if (task->options->to == MODEL_TO_GUITARML) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: is a capture, which becomes a model of Grus, or with --to=aida-x one "
                       "for AIDA-X; convert that to GuitarML",
                       task->capture);
  }
  if (task->options->to == MODEL_TO_AIDA_X && task->options->linear &&
      strcmp(task->options->linear, "0") != 0) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: AIDA-X plays no linear stage; expected --linear=0 with --to=aida-x",
                       task->capture);
  }
  if (task->options->ir) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: is a capture; --ir is for models, so learn from it first",
                       task->capture);
  }
  return STATUS_OK;
}

Status
learn_run(const LearnTask* const task, char** const said, Message* const message)
{
  Learner learner = {.out = -1, .err = -1};
  Status status = check_options(task, message);
  if (status) {
    return status;
  }
  learn_catch_signals();
  status = start_learner(task, &learner, message);
  status = status ? status : follow_learner(task, &learner, said, message);
  if (learner.out >= 0) {
    (void)close(learner.out);
  }
  if (learner.err >= 0) {
    (void)close(learner.err);
  }
  return status;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-train: recordings in, a model file and a preset out.

#include "cli/exit_status.h"
#include "cli/message.h"
#include "train/learn/team.h"
#include "train/programs/train/events.h"
#include "train/programs/train/options.h"
#include "train/programs/train/run.h"
#include "train/programs/train/session.h"

#include <stdbool.h>

/// The leader reads the command line first, so that only one process prints what is wrong with it
static CliResult
read_options(const int argc, char** const argv, TrainOptions* const o)
{
  const bool leads = team_is_leader();
  const CliResult result =
      (CliResult)team_leaders(leads ? train_options_read(argc, argv, o) : CLI_RUN);
  if (result != CLI_RUN) {
    return result;
  }
  const bool refuses = !leads && train_options_read(argc, argv, o) != CLI_RUN;
  return team_agree(refuses ? STATUS_BAD_ARGUMENT : STATUS_OK, NULL) ? CLI_REFUSED : CLI_RUN;
}

/// Print on one process what is wrong, and return the exit status
static int
leave_team(const Status status, const Message* const message)
{
  if (status && team_is_leader()) {
    (void)cli_complain("grus-train", "%s", message->text);
  }
  team_leave();
  return cli_exit_status(status);
}

int
main(const int argc, char** const argv)
{
  TrainOptions options = {0};
  Session session = {0};
  Message message = {""};
  Status status = team_join(&message);
  if (status) {
    return leave_team(status, &message);
  }
  const CliResult result = read_options(argc, argv, &options);
  if (result != CLI_RUN) {
    team_leave();
    return cli_exit_result(result);
  }
  events_choose_json(options.is_json);
  status = run_training(&options, &session, &message);
  session_clear(&session);
  return leave_team(status, &message);
}

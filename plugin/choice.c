// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Counts users, so that a path and its bytes are kept once. Any thread but the audio thread.

#include "plugin/choice.h"

#include <stdio.h>
#include <stdlib.h>

Choice*
choice_new(const char* const path)
{
  Choice* const choice = (Choice*)calloc(1, sizeof(Choice));
  if (choice) {
    atomic_init(&choice->n_users, 1);
    (void)snprintf(choice->path, sizeof(choice->path), "%s", path);
  }
  return choice;
}

Choice*
choice_share(Choice* const choice)
{
  if (choice) {
    atomic_fetch_add(&choice->n_users, 1);
  }
  return choice;
}

void
choice_release(Choice* const choice)
{
  if (choice && atomic_fetch_sub(&choice->n_users, 1) == 1) {
    content_clear(&choice->content);
    free(choice);
  }
}

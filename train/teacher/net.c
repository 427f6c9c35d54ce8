// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What holds for all nets. Offline.

#include "train/teacher/net.h"

#include <stdlib.h>

static void
free_wavenet(const Wavenet* const wavenet)
{
  net_free(wavenet->condition);
  for (uint32_t i = 0; wavenet->arrays && i < wavenet->n_arrays; ++i) {
    free(wavenet->arrays[i].layers);
  }
  free(wavenet->arrays);
  free(wavenet->head.convs);
}

bool
net_is_recurrent(const Net* const net)
{
  return net->n_recurrents || (net->wavenet.condition && net_is_recurrent(net->wavenet.condition));
}

void
net_free(Net* const net)
{
  if (net) {
    free_wavenet(&net->wavenet);
    free(net->convnet.convs);
    free(net->chain.layers);
    free(net->weights);
    free(net);
  }
}

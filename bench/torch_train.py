#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
"""The step that bench_train measures, in PyTorch: frames a second by hidden size, batch and chunk.

Usage: torch_train.py [THREADS]
"""
import statistics
import sys
import time

import torch

STEPS = 5


class Model(torch.nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.gru = torch.nn.GRU(1, hidden_size, batch_first=True)
        self.head = torch.nn.Linear(hidden_size, 1)

    def forward(self, x, h):
        y, h = self.gru(x, h)
        return self.head(y), h


def step(model, optimiser, x, target):
    """One full step; return its seconds."""
    start = time.perf_counter()
    optimiser.zero_grad()
    y, _ = model(x, torch.zeros(1, x.shape[0], model.gru.hidden_size))
    error = y - target
    pre = error[:, 1:] - 0.85 * error[:, :-1]
    loss = 0.75 * pre.square().mean() / 0.1 + 0.25 * error.mean(1).square().mean() / 0.1
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    return time.perf_counter() - start


def main():
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    print(f"PyTorch {torch.__version__}, {threads} thread(s)\n")
    print("  H  batch  chunk  step [ms]   frames/s")
    for hidden_size in (8, 16, 24, 32, 40, 64):
        for batch in (16, 32, 64, 128):
            for chunk in (64, 256, 1024):
                model = Model(hidden_size)
                optimiser = torch.optim.Adam(model.parameters())
                x = torch.rand(batch, chunk, 1) - 0.5
                target = torch.rand(batch, chunk, 1) - 0.5
                step(model, optimiser, x, target)
                seconds = statistics.median(step(model, optimiser, x, target) for _ in range(STEPS))
                print(f"{hidden_size:3}  {batch:5}  {chunk:5}  {1e3 * seconds:9.3f}  {1e-6 * batch * chunk / seconds:8.3f} M",
                      flush=True)


if __name__ == "__main__":
    main()

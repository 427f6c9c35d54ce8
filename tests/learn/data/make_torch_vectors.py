#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
"""Write torch_gru.json: what PyTorch 1.13 (Debian's python3-torch) computes with a GRU, a filter behind it, and its gradient.

    ./make_torch_vectors.py > torch_gru.json

16 sequences of 50 frames from a random state through nn.GRU + Linear + taps; loss = mean squared error.
Arrays are flat, last index innermost: x, target, y (50, 16), h0 (9, 16), tensors as in core/params.h.
"""
import json

import torch

FRAMES, BATCH, HIDDEN, TAPS = 50, 16, 9, 20

torch.manual_seed(2)
torch.set_default_dtype(torch.float64)
rec = torch.nn.GRU(1, HIDDEN)
lin = torch.nn.Linear(HIDDEN, 1)
with torch.no_grad():
    for p in list(rec.parameters()) + list(lin.parameters()):
        p.mul_(2.0)
        p.copy_(p.float().double())  # What is tested is a float
x = (0.5 * torch.randn(FRAMES, BATCH, 1)).float().double()
target = torch.tanh(3 * x).float().double()
h0 = (0.3 * torch.randn(1, BATCH, HIDDEN)).float().double()
taps = (torch.randn(TAPS) * torch.exp(-0.2 * torch.arange(TAPS))).float().double().requires_grad_()

h, _ = rec(x, h0)
played = torch.nn.functional.pad(lin(h)[..., 0].T[:, None, :], (TAPS - 1, 0))
y = torch.nn.functional.conv1d(played, taps.flip(0)[None, None, :])[:, 0, :].T[..., None]
loss = (y - target).pow(2).mean()
loss.backward()

tensors = {"w_i": rec.weight_ih_l0, "w_h": rec.weight_hh_l0, "b_i": rec.bias_ih_l0, "b_h": rec.bias_hh_l0,
           "w_o": lin.weight, "b_o": lin.bias, "taps": taps}
flat = lambda v: [float("%.12g" % e) for e in v.detach().reshape(-1).tolist()]
print(json.dumps({
    "frames": FRAMES, "batch": BATCH, "hidden_size": HIDDEN, "n_taps": TAPS, "loss": loss.item(),
    "x": flat(x), "target": flat(target), "h0": flat(h0[0].T), "y": flat(y),
    "tensors": {k: flat(v) for k, v in tensors.items()},
    "gradients": {k: flat(v.grad) for k, v in tensors.items()},
}))

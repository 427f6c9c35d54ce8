#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
"""Compare rendered captures with their equations in double precision, sample by sample.

Usage: reference.py RENDER_CAPTURE [GRUS_RENDER [GRUS_MODEL [GRUS_TRAIN]]]. Makes small captures of every form with random weights. Prints TAP.
"""
import array
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import wave

N_FRAMES = 700  # Some blocks, and a part of one
FILMS = ["conv_pre_film", "conv_post_film", "input_mixin_pre_film", "input_mixin_post_film", "activation_pre_film",
         "activation_post_film", "layer1x1_post_film", "head1x1_post_film"]

ACTIVATIONS = {
    "Tanh": lambda x, c, a: math.tanh(x),
    "Hardtanh": lambda x, c, a: max(-1.0, min(1.0, x)),
    "Fasttanh": lambda x, c, a: x * (2.45550750702956 + 2.45550750702956 * abs(x) + (
        0.893229853513558 + 0.821226666969744 * abs(x)) * x * x) / (2.44506634652299 + (
            2.44506634652299 + x * x) * abs(x + 0.814642734961073 * x * abs(x))),
    "ReLU": lambda x, c, a: max(0.0, x),
    "LeakyReLU": lambda x, c, a: x if x > 0 else a.get("negative_slope", 0.01) * x,
    "PReLU": lambda x, c, a: x if x > 0 else a["negative_slopes"][c % len(a["negative_slopes"])] * x,
    "Sigmoid": lambda x, c, a: 1 / (1 + math.exp(-x)),
    "SiLU": lambda x, c, a: x / (1 + math.exp(-x)),
    "Hardswish": lambda x, c, a: x * max(0.0, min(6.0, x + 3)) / 6,
    "LeakyHardtanh": lambda x, c, a: (
        (x - a["min_val"]) * a["min_slope"] + a["min_val"] if x < a["min_val"] else
        (x - a["max_val"]) * a["max_slope"] + a["max_val"] if x > a["max_val"] else x),
    "Softsign": lambda x, c, a: x / (1 + abs(x)),
}


def activate(spec, rows):
    """Apply an activation, a name or an object, to (channels, time)."""
    a = spec if isinstance(spec, dict) else {"type": spec}
    f = ACTIVATIONS[a["type"]]
    return [[f(x, c, a) for x in row] for c, row in enumerate(rows)]


class Weights:
    """Numbers that are taken from front to back; those of a new capture are drawn."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.values = []

    def take(self, n, low=-0.7, high=0.7):
        new = [array.array("f", [self.random.uniform(low, high)])[0] for _ in range(n)]
        self.values += new
        return new


def conv(w, x, n_out, n_taps=1, dilation=1, groups=1, bias=True):
    """Take the weights of a causal convolution, and run it."""
    n_in, n = len(x) // groups, len(x[0])
    y = []
    taps = [[[w.take(n_taps) for _ in range(n_in)] for _ in range(n_out // groups)] for _ in range(groups)]
    b = w.take(n_out) if bias else [0.0] * n_out
    for g in range(groups):
        for o in range(n_out // groups):
            row = [b[g * (n_out // groups) + o]] * n
            for i in range(n_in):
                source = x[g * n_in + i]
                for k in range(n_taps):
                    late = dilation * (n_taps - 1 - k)
                    for t in range(late, n):
                        row[t] += taps[g][o][i][k] * source[t - late]
            y.append(row)
    return y


def add(a, b):
    return [[p + q for p, q in zip(x, y)] for x, y in zip(a, b)]


class Film:
    """The modulation of a signal by the condition. Its weights come after those of the layer's convolutions."""

    def __init__(self, spec):
        self.spec = spec if isinstance(spec, dict) and spec.get("active", True) else None
        self.m = None

    def take(self, w, c, width):
        if self.spec is not None:
            n = width * (2 if self.spec.get("shift", True) else 1)
            self.m = conv(w, c, n, groups=self.spec.get("groups", 1))

    def __call__(self, x):
        if self.spec is None:
            return x
        shift = self.m[len(x):] or [[0.0] * len(x[0])] * len(x)
        return [[p * q + r for p, q, r in zip(*rows)] for rows in zip(x, self.m, shift)]


class Later:
    """A convolution whose weights are taken before it runs."""

    def __init__(self, w, n_in, n_out, n_taps=1, dilation=1, groups=1, bias=True):
        self.arguments = (n_out, n_taps, dilation, groups, bias)
        count = n_out * (n_in // groups) * n_taps + (n_out if bias else 0)
        self.kept = w.take(count)

    def __call__(self, x):
        kept = list(self.kept)

        class Replay:
            def take(self, n):
                taken, kept[:] = kept[:n], kept[n:]
                return taken

        n_out, n_taps, dilation, groups, bias = self.arguments
        return conv(Replay(), x, n_out, n_taps, dilation, groups, bias)


def is_active(spec, otherwise):
    return spec.get("active", True) if isinstance(spec, dict) else otherwise


def layer(w, config, i, u, c, s):
    """Run one layer; return the new layer signal and the sum for the head."""
    n_channels = config["channels"]
    bottleneck = config.get("bottleneck", n_channels)
    each = lambda value: value[i] if isinstance(value, list) else value  # noqa: E731
    mode = each(config.get("gating_mode", "gated" if config.get("gated") else "none"))
    z_width = bottleneck * (1 if mode == "none" else 2)
    n_taps = config["kernel_sizes"][i] if "kernel_sizes" in config else config["kernel_size"]
    first = Later(w, n_channels, z_width, n_taps, config["dilations"][i], config.get("groups_input", 1))
    mixin = Later(w, len(c), z_width, groups=config.get("groups_input_mixin", 1), bias=False)
    one = two = None
    if is_active(config.get("layer1x1"), True):
        one = Later(w, bottleneck, n_channels, groups=(config.get("layer1x1") or {}).get("groups", 1))
    h1 = config.get("head1x1")
    if is_active(h1, False):
        two = Later(w, bottleneck, h1["out_channels"], groups=h1.get("groups", 1))
    widths = [n_channels, z_width, len(c), z_width, z_width, bottleneck, n_channels, h1["out_channels"] if two else 0]
    films = [Film(config.get(key)) for key in FILMS]
    for film, width in zip(films, widths):
        film.take(w, c, width)
    z = films[4](add(films[1](first(films[0](u))), films[3](mixin(films[2](c)))))
    p = activate(each(config["activation"]), z[:bottleneck])
    if mode != "none":
        a = activate(each(config.get("secondary_activation", "Sigmoid")), z[bottleneck:])
        if mode == "gated":
            p = [[x * y for x, y in zip(*rows)] for rows in zip(p, a)]
        else:
            p = [[y * x + (1 - y) * v for x, y, v in zip(*rows)] for rows in zip(p, a, z)]
    p = films[5](p)
    s = add(s, films[7](two(p)) if two else p)
    if one:
        q = one(p)
        u = add(u, films[6](q) if mode == "blended" else q)
    return u, s


def wavenet(w, config, x):
    c = reference(config["condition_dsp"], x) if config.get("condition_dsp") else x
    signal, h = x, None
    for part in config["layers"]:
        u = conv(w, signal, part["channels"], bias=False)
        n_head = part["head1x1"]["out_channels"] if is_active(part.get("head1x1"), False) else part.get(
            "bottleneck", part["channels"])
        s = h or [[0.0] * len(x[0]) for _ in range(n_head)]
        for i in range(len(part["dilations"])):
            u, s = layer(w, part, i, u, c, s)
        head = part.get("head") or {"out_channels": part["head_size"], "kernel_size": 1, "bias": part["head_bias"]}
        h = conv(w, s, head["out_channels"], head["kernel_size"], head.get("head_dilation", 1), bias=head["bias"])
        signal = u
    post = config.get("head")
    for i, size in enumerate(post["kernel_sizes"] if post else []):
        n_out = post["channels"] if i + 1 < len(post["kernel_sizes"]) else post["out_channels"]
        h = conv(w, activate(post["activation"], h), n_out, size)
    scale = w.take(1)[0]
    return [[scale * v for v in row] for row in h]


def convnet(w, config, x):
    for i, d in enumerate(config["dilations"]):
        x = conv(w, x, config["channels"], 2, d, config.get("groups", 1) if i else 1, not config["batchnorm"])
        if config["batchnorm"]:
            n = config["channels"]
            mean, variance, gain, offset = w.take(n), w.take(n, 0.5, 2.0), w.take(n), w.take(n)
            eps = w.take(1, 1e-3, 2e-3)[0]
            x = [[(v - mean[k]) * gain[k] / math.sqrt(eps + variance[k]) + offset[k] for v in row]
                 for k, row in enumerate(x)]
        x = activate(config["activation"], x)
    return conv(w, x, 1)


def linear(w, config, x):
    taps = w.take(config["receptive_field"])
    bias = w.take(1)[0] if config["bias"] else 0.0
    return [[bias + sum(h * x[0][t - k] for k, h in enumerate(taps) if t >= k) for t in range(len(x[0]))]]


def lstm(w, config, x):
    n = config["hidden_size"]
    for i in range(config["num_layers"]):
        matrix = [w.take(len(x) + n) for _ in range(4 * n)]
        b, h, c = w.take(4 * n), w.take(n), w.take(n)
        rows = [[] for _ in range(n)]
        for t in range(len(x[0])):
            v = [row[t] for row in x] + h
            z = [b[r] + sum(p * q for p, q in zip(matrix[r], v)) for r in range(4 * n)]
            sigma = [1 / (1 + math.exp(-q)) for q in z]
            c = [sigma[n + k] * c[k] + sigma[k] * math.tanh(z[2 * n + k]) for k in range(n)]
            h = [sigma[3 * n + k] * math.tanh(c[k]) for k in range(n)]
            for k in range(n):
                rows[k].append(h[k])
        x = rows
    return conv(w, x, 1)


class Variables:
    """The weights of a SmartAmp file: numbers in quotes, by layer and name."""

    def __init__(self, seed):
        self.weights = Weights(seed)
        self.values = []

    def take(self, layer, name, *shape):
        data = self.weights.take(math.prod(shape))
        self.values.append({"layer_idx": layer, "layer_name": "layer", "name": name, "shape": list(shape),
                            "data": [repr(v) for v in data]})
        return data

    def conv(self, layer, suffix, x, n_out, n_taps=1, dilation=1):
        """Run a causal convolution with weights (taps, inputs, outputs)."""
        n_in, n = len(x), len(x[0])
        kernel = self.take(layer, "W" + suffix, n_taps, n_in, n_out)
        bias = self.take(layer, "b" + suffix, n_out)
        y = [[b] * n for b in bias]
        for k in range(n_taps):
            late = dilation * (n_taps - 1 - k)
            for i in range(n_in):
                for o in range(n_out):
                    for t in range(late, n):
                        y[o][t] += kernel[(k * n_in + i) * n_out + o] * x[i][t - late]
        return y


SMARTAMP_ACTIVATIONS = {
    "gated": (math.tanh, lambda v: 1 / (1 + math.exp(-v))),
    "softgated": (lambda v: v / (1 + abs(v)),) * 2,
    "tanh": (math.tanh, None),
    "sigmoid": (lambda v: 1 / (1 + math.exp(-v)), None),
    "relu": (lambda v: max(0.0, v), None),
    "softsign": (lambda v: v / (1 + abs(v)), None),
    "linear": (lambda v: v, None),
}


def smartamp(capture, x):
    v = Variables(capture["residual_channels"])
    n = capture["residual_channels"]
    f, g = SMARTAMP_ACTIVATIONS[capture["activation"]]
    u, parts = v.conv(-1, "", x, n), []
    for i, d in enumerate(capture["dilations"]):
        z = v.conv(i, "_conv", u, 2 * n if g else n, capture["filter_width"], d)
        p = [[f(a) for a in row] for row in z[:n]]
        if g:
            p = [[a * g(b) for a, b in zip(*rows)] for rows in zip(p, z[n:])]
        parts += p
        u = add(u, v.conv(i, "_out", p, n))
    y = v.conv(len(capture["dilations"]), "", parts, 1)
    capture["variables"] = v.values
    return y


def smartamp_of(activation="gated", dilations=(1, 2, 4), n_taps=3):
    return {"activation": activation, "output_channels": 1, "input_channels": 1, "residual_channels": 3,
            "filter_width": n_taps, "dilations": list(dilations), "variables": []}


def sigmoid(v):
    return 1 / (1 + math.exp(-v))


def dot(a, b):
    return sum(p * q for p, q in zip(a, b))


def run_gru(x, w_i, w_h, b_i, b_h):
    """Run PyTorch's GRU, whose weights have rows r, z, n, from zero state."""
    n = len(w_h[0])
    h, rows = [0.0] * n, [[] for _ in range(n)]
    for t in range(len(x[0])):
        v = [row[t] for row in x]
        a = [dot(w, v) + b for w, b in zip(w_i, b_i)]
        c = [dot(w, h) + b for w, b in zip(w_h, b_h)]
        r, z = ([sigmoid(a[g * n + k] + c[g * n + k]) for k in range(n)] for g in (0, 1))
        m = [math.tanh(a[2 * n + k] + r[k] * c[2 * n + k]) for k in range(n)]
        h = [z[k] * h[k] + (1 - z[k]) * m[k] for k in range(n)]
        for k in range(n):
            rows[k].append(h[k])
    return rows


def run_lstm(x, w_i, w_h, b):
    """Run PyTorch's LSTM, whose weights have rows i, f, g, o, from zero state."""
    n = len(w_h[0])
    h, c, rows = [0.0] * n, [0.0] * n, [[] for _ in range(n)]
    for t in range(len(x[0])):
        v = [row[t] for row in x]
        z = [dot(p, v) + dot(q, h) + r for p, q, r in zip(w_i, w_h, b)]
        c = [sigmoid(z[n + k]) * c[k] + sigmoid(z[k]) * math.tanh(z[2 * n + k]) for k in range(n)]
        h = [sigmoid(z[3 * n + k]) * math.tanh(c[k]) for k in range(n)]
        for k in range(n):
            rows[k].append(h[k])
    return rows


def turned(matrix):
    return [list(row) for row in zip(*matrix)]


def keras_gru(x, kernel, recurrent, bias):
    """Run Keras' GRU, whose weights have columns z, r, n."""
    def ordered(rows):
        n = len(recurrent)
        return rows[n:2 * n] + rows[:n] + rows[2 * n:]
    return run_gru(x, ordered(turned(kernel)), ordered(turned(recurrent)), ordered(bias[0]), ordered(bias[1]))


def keras_conv(x, kernel, bias, dilation, groups):
    """Run a causal convolution with weights (taps, inputs of a group, outputs)."""
    n_taps, n_in, n_out = len(kernel), len(kernel[0]), len(bias)
    y = [[b] * len(x[0]) for b in bias]
    for o in range(n_out):
        first = o // (n_out // groups) * n_in
        for k in range(n_taps):
            late = dilation * (n_taps - 1 - k)
            for i in range(n_in):
                for t in range(late, len(x[0])):
                    y[o][t] += kernel[k][i][o] * x[first + i][t - late]
    return y


KERAS_ACTIVATIONS = {"": lambda v: v, "linear": lambda v: v, "tanh": math.tanh, "relu": lambda v: max(0.0, v),
                     "sigmoid": sigmoid, "elu": lambda v: v if v > 0 else math.exp(v) - 1}


def keras_layer(layer, x):
    kind, w = layer["type"], layer.get("weights")
    if kind == "gru":
        return keras_gru(x, *w)
    if kind == "lstm":
        return run_lstm(x, turned(w[0]), turned(w[1]), w[2])
    if kind == "conv1d":
        x = keras_conv(x, w[0], w[1], layer["dilation"][-1], layer.get("groups", 1))
    elif kind != "activation":
        bias = w[1] if len(w) > 1 else [0.0] * len(w[0][0])
        x = [[b + dot(row, u) for u in zip(*x)] for row, b in zip(turned(w[0]), bias)]
    f = KERAS_ACTIVATIONS[layer.get("activation", "")]
    return [[f(v) for v in row] for row in x]


def rtneural(capture, x):
    x = y = [[10 ** (capture.get("in_gain", 0) / 20) * v for v in row] for row in x]
    staged = capture.get("grus", {})
    for part in staged.get("layers") or capture["layers"]:
        y = keras_layer(part, y)
    skip, gain = capture.get("in_skip", 0), 10 ** (capture.get("out_gain", 0) / 20)
    y = [gain * (a + skip * b) for a, b in zip(y[0], x[0])]
    taps = staged.get("stage", {"taps": [1.0]})["taps"]
    return [[dot(taps, y[max(0, t + 1 - len(taps)):t + 1][::-1]) for t in range(len(y))]]


def guitarml(capture, x):
    data, w, y = capture["model_data"], capture["state_dict"], x
    for i in range(data["num_layers"]):
        w_i, w_h, b_i, b_h = (w[f"rec.{name}_l{i}"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
        y = run_gru(y, w_i, w_h, b_i, b_h) if data["unit_type"] == "GRU" else run_lstm(
            y, w_i, w_h, [p + q for p, q in zip(b_i, b_h)])
    bias = w["lin.bias"][0] if data["bias_fl"] else 0.0
    return [[dot(w["lin.weight"][0], u) + bias + data["skip"] * v for u, v in zip(zip(*y), x[0])]]


def matrix(w, n_rows, n_cols):
    return [w.take(n_cols) for _ in range(n_rows)]


def guitarml_of(cell, n_layers, skip, size=3):
    w, n = Weights(n_layers + skip), size * (3 if cell == "GRU" else 4)
    values = {"lin.weight": [w.take(size)], "lin.bias": w.take(1)}
    for i in range(n_layers):
        values.update({f"rec.weight_ih_l{i}": matrix(w, n, size if i else 1), f"rec.weight_hh_l{i}": matrix(w, n, size),
                       f"rec.bias_ih_l{i}": w.take(n), f"rec.bias_hh_l{i}": w.take(n)})
    return {"model_data": {"model": "SimpleRNN", "input_size": 1, "skip": skip, "output_size": 1, "unit_type": cell,
                           "num_layers": n_layers, "hidden_size": size, "bias_fl": True}, "state_dict": values}


def rtneural_of(*layers, **more):
    """Layers (type, size, members); their weights are drawn."""
    w, n_in, parts = Weights(len(layers)), 1, []
    for kind, size, *members in layers:
        part = {"type": kind, "shape": [None, None, size], "activation": "", **(members[0] if members else {})}
        if kind in ("gru", "lstm"):
            n = size * (3 if kind == "gru" else 4)
            part["weights"] = [matrix(w, n_in, n), matrix(w, size, n), matrix(w, 2, n) if kind == "gru" else w.take(n)]
        elif kind == "conv1d":
            inputs = n_in // part.get("groups", 1)
            part["weights"] = [[matrix(w, inputs, size) for _ in range(part["kernel_size"][-1])], w.take(size)]
        elif kind != "activation":
            part["weights"] = [matrix(w, n_in, size), w.take(size)]
        n_in = size
        parts.append(part)
    return {"in_shape": [None, None, 1], "layers": parts, **more}


def staged_of(n_taps, *layers, **more):
    """A model of Grus with a linear stage."""
    capture = rtneural_of(*layers, **more)
    taps = [tap * math.exp(-5 * k / n_taps) for k, tap in enumerate(Weights(n_taps).take(n_taps))]
    capture["grus"] = {"version": 1, "layers": capture.pop("layers"), "stage": {"taps": taps, "cabinet": True}}
    return capture


def chains():
    """Yield files of layers one after another that are not of NAM."""
    for cell in "GRU", "LSTM":
        for n_layers, skip in (1, 1), (2, 0), (3, 1):
            yield f"guitarml_{cell}_{n_layers}_layers_skip_{skip}", guitarml_of(cell, n_layers, skip)
    without = guitarml_of("GRU", 2, 0)
    without["model_data"]["bias_fl"] = False
    yield "guitarml_without_a_bias_of_the_head", without
    yield "rtneural_dense_gru_dense", rtneural_of(("time-distributed-dense", 4), ("gru", 3, {"activation": "tanh"}),
                                                  ("dense", 1, {"activation": "linear"}))
    yield "rtneural_two_grus", rtneural_of(("gru", 3), ("gru", 4), ("dense", 1), in_skip=1, in_gain=-6, out_gain=3)
    yield "rtneural_lstms_of_two_sizes", rtneural_of(("lstm", 3), ("lstm", 2), ("dense", 1))
    yield "rtneural_last_gru_is_the_output", rtneural_of(("dense", 2), ("gru", 1))
    for name in KERAS_ACTIVATIONS:
        yield "rtneural_dense_" + (name or "plain"), rtneural_of(("dense", 5, {"activation": name}), ("dense", 1))
    yield "rtneural_convolutions", rtneural_of(
        ("conv1d", 4, {"kernel_size": [3], "dilation": [2], "activation": "relu"}),
        ("conv1d", 6, {"kernel_size": [2], "dilation": [1], "groups": 2}), ("activation", 6, {"activation": "tanh"}),
        ("dense", 1))
    yield "rtneural_a_convolution_before_a_gru", rtneural_of(
        ("conv1d", 3, {"kernel_size": [1, 4], "dilation": [1, 5], "strides": [1, 1]}), ("gru", 3), ("dense", 1))
    for n_taps in 1, 2, 255, 600:
        yield f"grus_with_{n_taps}_taps", staged_of(n_taps, ("gru", 3), ("dense", 1), in_skip=1, in_gain=-6, out_gain=3)
    plain = rtneural_of(("dense", 3), ("dense", 1))
    del plain["layers"][0]["weights"][1]
    yield "rtneural_dense_without_a_bias", plain


ARCHITECTURES = {"WaveNet": wavenet, "ConvNet": convnet, "Linear": linear, "LSTM": lstm}


def reference(capture, x):
    """Run a capture; draw its weights."""
    if "residual_channels" in capture:
        return smartamp(capture, x)
    if "model_data" in capture:
        return guitarml(capture, x)
    if "in_shape" in capture:
        return rtneural(capture, x)
    if capture["architecture"] == "SlimmableContainer":
        return reference(capture["config"]["submodels"][-1]["model"], x)
    w = Weights(len(json.dumps(capture["config"])))
    y = ARCHITECTURES[capture["architecture"]](w, capture["config"], x)
    capture["weights"] = w.values
    return y


def capture_of(architecture, config, **more):
    return {"version": "0.7.0", "architecture": architecture, "config": config, "weights": [], **more}


def old_array(n_in, channels, dilations, head_size, **more):
    return {"input_size": n_in, "condition_size": 1, "head_size": head_size, "channels": channels, "kernel_size": 3,
            "dilations": dilations, "activation": "Tanh", "gated": False, "head_bias": head_size == 1, **more}


def new_array(**more):
    return {"input_size": 1, "condition_size": 1, "channels": 4, "kernel_sizes": [3, 2, 4], "dilations": [1, 5, 2],
            "activation": "Tanh", "head": {"out_channels": 1, "kernel_size": 3, "bias": True}, **more}


def of_arrays(*arrays, **more):
    return capture_of("WaveNet", {"layers": list(arrays), "head": None, "head_scale": 0.02, **more})


def a_film(**more):
    return {"active": True, "shift": True, "groups": 1, **more}


def captures():
    a1 = of_arrays(old_array(1, 4, [1, 2, 4], 3), old_array(4, 3, [1, 8], 1))
    yield "two_arrays_of_old_files", a1
    yield "old_gated_layers", of_arrays(old_array(1, 4, [1, 2], 1, gated=True))
    yield "one_array_of_leaky_rectifiers", of_arrays(
        new_array(activation=[{"type": "LeakyReLU", "negative_slope": 0.1}] * 3))
    yield "a_head_with_dilation", of_arrays(
        new_array(head={"out_channels": 1, "kernel_size": 3, "bias": False, "head_dilation": 4}))
    yield "a_bottleneck_and_groups", of_arrays(
        new_array(bottleneck=2, groups_input=2, layer1x1={"active": True, "groups": 2}))
    yield "a_head_of_its_own", of_arrays(new_array(head1x1={"active": True, "out_channels": 3, "groups": 1}))
    yield "no_layer1x1", of_arrays(new_array(layer1x1={"active": False, "groups": 1}))
    yield "each_layer_with_its_gate", of_arrays(
        new_array(gating_mode=["none", "gated", "blended"], secondary_activation=[None, "Sigmoid", "Hardtanh"],
                  activation=["Tanh", "ReLU", "SiLU"]))
    for key in FILMS:
        extra = {"head1x1": {"active": True, "out_channels": 4, "groups": 2}} if key.startswith("head") else {}
        yield key, of_arrays(new_array(gating_mode="blended", **{key: a_film()}, **extra))
    yield "a_film_that_does_not_play", of_arrays(new_array(layer1x1_post_film=a_film(shift=False)))
    condition = of_arrays({**new_array(), "head": {"out_channels": 2, "kernel_size": 1, "bias": True}})
    yield "a_condition_and_grouped_films", of_arrays(
        new_array(condition_size=2, groups_input_mixin=2, activation_pre_film=a_film(groups=2),
                  conv_pre_film=a_film(shift=False)), condition_dsp=condition)
    yield "a_head_behind_the_arrays", of_arrays(
        {**new_array(), "head": {"out_channels": 2, "kernel_size": 1, "bias": True}},
        head={"channels": 3, "out_channels": 1, "kernel_sizes": [2, 3], "activation": "Softsign"})
    yield "the_largest_of_a_container", capture_of("SlimmableContainer", {"submodels": [
        {"max_value": 0.5, "model": of_arrays(old_array(1, 2, [1], 1))}, {"max_value": 1, "model": a1}]})
    for name in ACTIVATIONS:
        spec = {"type": name, "negative_slopes": [0.1, 0.2, 0.3], "min_val": -0.4, "max_val": 0.3, "min_slope": 0.2,
                "max_slope": 0.1}
        yield "activation_" + name, of_arrays(new_array(activation=spec))
    yield "a_linear_model", capture_of("Linear", {"receptive_field": 37, "bias": True})
    for normalised in False, True:
        yield f"a_convnet_{'normalised' if normalised else 'plain'}", capture_of("ConvNet", {
            "channels": 4, "dilations": [1, 2, 4], "batchnorm": normalised, "activation": "Tanh", "groups": 2})
    for name in SMARTAMP_ACTIVATIONS:
        yield "smartamp_" + name, smartamp_of(name)
    yield "smartamp_with_long_filters", smartamp_of(dilations=[1, 5, 1], n_taps=7)
    yield from chains()
    yield "two_lstms", capture_of("LSTM", {"input_size": 1, "hidden_size": 3, "num_layers": 2})


class Tests:
    def __init__(self, program, folder):
        self.program, self.folder, self.n, self.failed = program, folder, 0, False

    def report(self, name, problem):
        self.n += 1
        self.failed = self.failed or bool(problem)
        print(f"{'not ok' if problem else 'ok'} {self.n} - {name}", flush=True)
        if problem:
            print("# " + problem)

    def render(self, text, x, n_threads=1):
        """Return (exit status, samples, message)."""
        path = os.path.join(self.folder, "capture.nam")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        done = subprocess.run([self.program, path, str(n_threads)], input=array.array("f", x).tobytes(),
                              capture_output=True, check=False)
        return done.returncode, array.array("f", done.stdout), done.stderr.decode()

    @staticmethod
    def reference_after_silence(capture, x):
        """A recurrent net has half a second of silence behind it, the others as much as they reach back."""
        is_recurrent = any(word in json.dumps(capture) for word in ('"LSTM"', '"lstm"', '"GRU"', '"gru"'))
        before = 24064 if is_recurrent else 256
        return reference(capture, [[0.0] * before + x])[0][before:]

    def compare(self, name, capture, x):
        expected = self.reference_after_silence(capture, x)
        status, y, message = self.render(json.dumps(capture), x)
        peak = max(map(abs, expected))
        error = max(map(abs, (p - q for p, q in zip(y, expected)))) if len(y) == len(x) else math.inf
        self.report(name, "" if status == 0 and error <= 3e-6 * peak else f"off by {error / peak} of its peak {message}")

    def check_threads(self, capture):
        """Neither threads nor the length of the sound change a bit."""
        x = [0.5 * math.sin(0.03 * t) * math.sin(0.0007 * t) for t in range(270000)]  # Three pieces
        text = json.dumps(capture)
        one = self.render(text, x)[1]
        same = one == self.render(text, x, 3)[1] and one[:150000] == self.render(text, x[:150000])[1]
        self.report("threads_and_pieces_change_no_bit", "" if same and len(one) == len(x) else "they differ")

    def check_damage(self, name, capture):
        """A file cut anywhere, or with any member of another type, is refused, or plays."""
        text = json.dumps(capture)
        bad = [text[:n] for n in range(0, len(text) - 1, 7)]
        for damaged in damage(capture):
            bad.append(json.dumps(damaged))
        problem = ""
        for one in bad:
            status, _, message = self.render(one, [0.0] * 16)
            if status not in (0, 2) or (status == 2 and "capture.nam: " not in message):
                problem = f"exit status {status} {message} for {one[:300]}"
        for n in range(0, len(text) - 1, 97):
            if self.render(text[:n], [])[0] != 2:
                problem = f"a file cut at {n} is read"
        self.report("damaged_files_are_refused_" + name, problem)


    def check_rate(self, program, paths):
        """A capture whose file gives no rate is rendered at the one that is given."""
        sounds = []
        problem = ""
        for option, text in (("--overwrite", "48000 Hz is assumed; --rate=HZ sets another"),
                             ("--rate=48000", "48000 Hz is taken from --rate=HZ"),
                             ("--rate=24000", "24000 Hz is taken from --rate=HZ; made for 24000 Hz, resampled for 48000")):
            done = subprocess.run([program, "--overwrite", option, *paths], capture_output=True, check=False)
            said = (done.stdout + done.stderr).decode()
            problem = problem or ("" if text in said else f"not {text} but {said}")
            with open(paths[2], "rb") as file:
                sounds.append(file.read().partition(b"data")[2])
        problem = problem or ("" if sounds[0] == sounds[1] else "the usual rate changes the sound")
        problem = problem or ("" if sounds[0] != sounds[2] else "another rate does not change the sound")
        self.report("a_rate_can_be_given", problem)

    def check_program(self, program, capture, name, network):
        """grus-render plays a capture, and grus-model says what it is."""
        levels = [int(12000 * math.sin(0.05 * t)) for t in range(2000)]
        paths = [os.path.join(self.folder, name) for name in ("one.nam", "in.wav", "out.wav")]
        with wave.open(paths[1], "wb") as sound:
            sound.setparams((1, 2, 48000, 0, "NONE", ""))
            sound.writeframes(array.array("h", levels).tobytes())
        expected = self.reference_after_silence(capture, [v / 32768 for v in levels])
        with open(paths[0], "w", encoding="utf-8") as file:
            json.dump(capture, file)
        done = subprocess.run([program, *paths], capture_output=True, check=False)
        problem = done.stderr.decode()
        if not problem:
            with open(paths[2], "rb") as file:
                data = file.read().partition(b"data")[2]
            y = array.array("f", data[4:4 + 4 * len(levels)])
            error = max(map(abs, (p - q for p, q in zip(y, expected)))) / max(map(abs, expected))
            problem = "" if len(y) == len(expected) and error < 3e-6 else f"off by {error} of its peak"
        self.report("grus_render_plays_a_" + name, problem)
        if len(sys.argv) > 3:
            said = subprocess.run([sys.argv[3], "info", paths[0]], capture_output=True, check=False).stdout.decode()
            good = network in said and name in said
            self.report("grus_model_describes_a_" + name, "" if good else said)
        return paths

    def check_damaged(self, program, capture, paths):
        """grus-render says what is wrong with a damaged capture."""
        with open(paths[0], "w", encoding="utf-8") as file:
            json.dump({**capture, "weights": capture["weights"][1:]}, file)
        done = subprocess.run([program, *paths], capture_output=True, check=False)
        text = f"has {len(capture['weights']) - 1} weights; its layers need more"
        good = done.returncode == 2 and text in done.stderr.decode()
        self.report("grus_render_says_what_is_wrong", "" if good else done.stderr.decode())
        with open(paths[0], "w", encoding="utf-8") as file:
            json.dump(rtneural_of(("dense", 2), ("softmax", 2), ("dense", 1)), file)
        done = subprocess.run([program, *paths], capture_output=True, check=False)
        text = 'layer 1 is of type "softmax", which Grus doesn\'t know'
        good = done.returncode == 2 and text in done.stderr.decode()
        self.report("what_cannot_be_learned_from_is_not_offered", "" if good else done.stderr.decode())

    def check_own_playing(self, command, path, capture, name):
        """Without a recording, grus-train plays itself, validates on other playing, and can be told a rate."""
        with open(path, "w", encoding="utf-8") as file:
            json.dump(capture, file)
        for rate, note in ("48000", "48000 Hz is assumed; --rate=HZ sets another"), \
                          ("24000", "24000 Hz is taken from --rate=HZ"):
            texts = f"note: {path}: gives no sample rate, {note} ", "it plays a guitar made for it", \
                f"60.0 s at {rate} Hz;", "validation against the capture: ESR"
            given = [] if rate == "48000" else ["--rate", rate]
            done = subprocess.run([*command[:3], "-o", name, "-H", "2", "-t", "2s", "--no-report", "--overwrite", *given],
                                  capture_output=True, check=False, env={**os.environ, "COLUMNS": "500"})
            said = " ".join(done.stdout.decode().split())
            with open(name + ".json", encoding="utf-8") as file:
                written = json.load(file)["samplerate"]
            fine = all(text in said for text in texts) and written == float(rate)
            self.report(f"it_makes_its_own_playing_at_{rate}_hz", "" if fine else said + done.stderr.decode())

    def check_training(self, program, capture):
        """grus-train learns from a capture, and keeps what the capture says of itself."""
        path, sound, name = [os.path.join(self.folder, n) for n in ("two.nam", "play.wav", "student")]
        metadata = {"modeled_by": "Somebody", "gear_make": "Make", "gear_model": "Model", "input_level_dbu": 12.5,
                    "name": "Two", "licence": "CC0-1.0", "training": {"validation_esr": 0.01}}
        with open(path, "w", encoding="utf-8") as file:
            json.dump({**capture, "metadata": metadata, "sample_rate": 44100}, file)
        noise = random.Random(2)
        for rate in 48000, 44100:
            levels = [int(9000 * math.sin(0.03 * t) * math.sin(0.0001 * t) + noise.uniform(-2000, 2000))
                      for t in range(6 * rate)]
            with wave.open(sound, "wb") as file:
                file.setparams((1, 2, rate, 0, "NONE", ""))
                file.writeframes(array.array("h", levels).tobytes())
            command = [program, "--teacher", path, sound, "-o", name, "-H", "4", "-e", "30", "--no-report"]
            done = subprocess.run(command, capture_output=True, check=False)
            if rate == 48000:
                text = "play.wav is at 48000 Hz; resampled to 44100 Hz, the rate of the capture"
                said = done.stdout.decode()
                fine = done.returncode == 0 and text in said and "6.0 s at 44100 Hz" in said
                self.report("a_recording_at_another_rate_is_resampled", "" if fine else said + done.stderr.decode())
                os.remove(name + ".json")
        problem = done.stderr.decode()
        if not problem:
            with open(name + ".json", encoding="utf-8") as file:
                model = json.load(file)
            about = [model["samplerate"], model["metadata"]["author"], model["metadata"]["based"],
                     model["metadata"]["license"], model["grus"]["input_level_dbu"]]
            esr = model["grus"]["record"]["teacher_esr"]
            fine = about == [44100, "Somebody", "Make Model", "CC0-1.0", 12.5] and esr < 0.1
            problem = "" if fine else f"{about}, ESR {esr}"
        self.report("grus_train_learns_from_it", problem)
        with open(path, "rb") as file:
            digest = fnv1a(file.read())
        expected = {"hash": digest, "file": "two.nam", "kind": "NAM capture (WaveNet)", "name": "Two", "gear_esr": 0.01}
        fine = model["grus"]["teacher"] == expected and "esr" not in model["metadata"]
        self.report("the_model_says_what_it_learned_from", "" if fine else f"{model['grus']['teacher']}")
        said = done.stdout.decode()
        fine = "learning from a NAM capture (WaveNet)" in said and "held-out part against the capture: ESR" in said
        self.report("the_errors_are_called_those_against_the_capture", "" if fine else said)
        given = ["--author", "Me", "--gear", "Mine", "--license", "ISC", "--output-level", "4"]
        subprocess.run([*command[:4], "-o", name + "2", "-H", "4", "-e", "1", "--no-report", *given],
                       capture_output=True, check=False)
        with open(name + "2.json", encoding="utf-8") as file:
            model = json.load(file)
        texts = [model["metadata"][key] for key in ("author", "based", "license")]
        levels = [model["grus"][key] for key in ("input_level_dbu", "output_level_dbu")]
        fine = texts == ["Me", "Mine", "ISC"] and levels == [12.5, 4]
        self.report("what_the_command_line_says_wins", "" if fine else f"{texts} {levels}")
        self.check_own_playing(command[:4], path, capture, name + "3")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({**capture, "sample_rate": 44100, "weights": [w / 2 for w in capture["weights"]]}, file)
        done = subprocess.run(command, capture_output=True, check=False)
        fine = done.returncode == 2 and "student.json: is a model of something else" in done.stderr.decode()
        self.report("a_model_of_another_capture_stays", "" if fine else done.stderr.decode())
        with wave.open(sound, "wb") as file:
            file.setparams((1, 2, 44100, 0, "NONE", ""))
            file.writeframes(bytes(2 * 44100))
        done = subprocess.run([program, "--teacher", path, sound, "-o", name + "4"], capture_output=True, check=False)
        fine = done.returncode == 2 and "play.wav: is silent; expected playing" in done.stderr.decode()
        self.report("a_silent_recording_is_refused", "" if fine else done.stderr.decode())
        done = subprocess.run([program, "--teacher", path, sound, sound, "-o", name], capture_output=True, check=False)
        fine = done.returncode == 2 and "expected INPUT.wav at most, not 2" in done.stderr.decode()
        self.report("a_target_beside_it_is_refused", "" if fine else done.stderr.decode())


def fnv1a(data):
    """Return the hash that identifies a file."""
    value = 0xcbf29ce484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001b3 & (1 << 64) - 1
    return f"{value:016x}"


def damage(value):
    """Yield copies of a JSON value with one part of it changed."""
    for other in (None, -1, 0, 1e300, "x", [], {}, 10 ** 9, True):
        if type(other) is not type(value) or other != value:
            yield other
    parts = value.items() if isinstance(value, dict) else list(enumerate(value))[:4] if isinstance(value, list) else ()
    for key, part in parts:
        for changed in damage(part):
            copy = dict(value) if isinstance(value, dict) else list(value)
            copy[key] = changed
            yield copy


def main():
    with tempfile.TemporaryDirectory() as folder:
        tests = Tests(sys.argv[1], folder)
        noise = random.Random(1)
        x = [array.array("f", [noise.uniform(-0.5, 0.5)])[0] for _ in range(N_FRAMES)]
        for name, capture in captures():
            tests.compare(name, capture, x)
        small = of_arrays(old_array(1, 2, [1, 2], 1))
        reference(small, [[0.0]])
        tests.check_threads(small)
        tests.check_damage("nam", small)
        wavenet_of_smartamp = smartamp_of(dilations=[1, 2])
        reference(wavenet_of_smartamp, [[0.0]])
        tests.check_damage("guitarml", guitarml_of("GRU", 2, 0, 2))
        tests.check_damage("rtneural", rtneural_of(("dense", 2), ("gru", 2), ("dense", 1)))
        tests.check_damage("rtneural_convolution", rtneural_of(
            ("conv1d", 2, {"kernel_size": [2], "dilation": [2]}), ("lstm", 1)))
        tests.check_damage("grus", staged_of(3, ("gru", 2), ("dense", 1)))
        tests.check_damage("smartamp", wavenet_of_smartamp)
        if len(sys.argv) > 2:
            known = {"sample_rate": 48000}
            for capture, name, network in (
                    ({**wavenet_of_smartamp, **known}, "GuitarML SmartAmp WaveNet", "157 weights, hears the last 7"),
                    ({**guitarml_of("LSTM", 2, 1), **known}, "GuitarML model (2 LSTM layers)", "148 weights, recurrent"),
                    ({**rtneural_of(("gru", 2), ("gru", 2), ("dense", 1)), **known}, "RTNeural model (3 layers)",
                     "69 weights, recurrent"),
                    (small, "NAM capture", f"{len(small['weights'])} weights, hears the last 7 frames")):
                paths = tests.check_program(sys.argv[2], capture, name, network)
            tests.check_rate(sys.argv[2], paths)
            tests.check_damaged(sys.argv[2], small, paths)
        if len(sys.argv) > 4:
            tests.check_training(sys.argv[4], small)
        print(f"1..{tests.n}")
        return tests.failed


if __name__ == "__main__":
    sys.exit(main())

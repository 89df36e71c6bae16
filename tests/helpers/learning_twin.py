"""A track that learns, computed once more by plain loops in float64: every iteration from the track alone."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cnnviz.engine import naive, naive_activations, naive_backward, naive_dense, naive_transpose
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Params, Relu
from cnnviz.engine.specs import (
    Add,
    AnyLayer,
    Back,
    ConvTranspose,
    Elu,
    Flatten,
    Gelu,
    GlobalAvgPool,
    GlobalMaxPool,
    LeakyRelu,
    Linear,
    Normalise,
    Sigmoid,
    Softmax,
    Tanh,
)
from cnnviz.lesson.first_weights import first_params
from cnnviz.lesson.lesson import Track
from cnnviz.lesson.recipe import Recipe
from cnnviz.lesson.source import materialise
from cnnviz.timeline.sections import Section
from tests.helpers.block_twin import joined, of_block_backward, spread_back
from tests.helpers.twin import Cell, Floats, layer


@dataclass
class Turn:
    """One iteration: all arrays, their gradients, and what weights and biases were, had as gradient and become."""

    arrays: list[Floats]
    grads: list[Floats]
    loss: float
    weights: list[tuple[Floats, Floats, Floats] | None]
    biases: list[tuple[Floats, Floats, Floats] | None]


class LearningTwin:
    """Any number of any iteration; iterations are computed in turn and kept."""

    def __init__(self, track: Track) -> None:
        assert track.recipe is not None
        self._track, self._recipe = track, track.recipe
        self._params = list(first_params(track, track.recipe))
        self._speeds: dict[tuple[int, str], Floats] = {}
        self._turns: list[Turn] = []

    def turn(self, iteration: int) -> Turn:
        """The iteration with that number."""
        while len(self._turns) <= iteration:
            self._turns.append(self._next(len(self._turns)))
        return self._turns[iteration]

    def value(self, iteration: int, section: Section, cell: Cell) -> float:
        """What a section writes into a cell, given as on the stage."""
        turn, n = self.turn(iteration), section.layer
        spec = self._track.layers[n]
        match section.kind:
            case "forward":
                return float(turn.arrays[n + 1][cell])
            case "loss":
                return turn.loss
            case "error":
                return float(turn.grads[-1][cell])
            case "input":
                return float(turn.grads[n][cell])
        weight, bias = turn.weights[n], turn.biases[n]
        which = 2 if section.kind.startswith("update") else 1
        if section.kind in ("bias", "update-bias"):
            assert bias is not None
            return float(bias[which][cell[0]])
        assert weight is not None
        return float(weight[which][stands(spec, weight[which].shape, cell)])

    def _next(self, number: int) -> Turn:
        recipe, track = self._recipe, self._track
        example = recipe.examples[number % len(recipe.examples)]
        x = materialise(track.source) if example.source is None else example.source
        arrays = [np.asarray(x, dtype=np.float64)]
        for spec, params in zip(track.layers, self._params, strict=True):
            if isinstance(spec, Add | Back):
                arrays.append(joined(spec, arrays))
            else:
                arrays.append(layer(spec, params, arrays[-1]))
        loss, dout = loss_and_slope(recipe, arrays[-1], example.target)
        grads: list[Floats] = [np.zeros(array.shape) for array in arrays[:-1]] + [dout]
        weights: list[tuple[Floats, Floats, Floats] | None] = []
        biases: list[tuple[Floats, Floats, Floats] | None] = []
        old = list(self._params)
        for n in range(len(track.layers) - 1, -1, -1):
            dw = db = None
            if not spread_back(track.layers, n, grads[n + 1], grads):
                dx, dw, db = layer_backward(track.layers[n], old[n], arrays[n], grads[n + 1])
                grads[n] = grads[n] + dx
            params = old[n]
            if params is None or dw is None or db is None:
                weights.insert(0, None)
                biases.insert(0, None)
                continue
            weight = self._stepped(n, "weight", params.weight, dw)
            bias = None if params.bias is None else self._stepped(n, "bias", params.bias, db)
            weights.insert(0, (params.weight, dw, weight))
            biases.insert(0, None if params.bias is None or bias is None else (params.bias, db, bias))
            self._params[n] = Params(weight, bias)
        return Turn(arrays, grads, loss, weights, biases)

    def _stepped(self, n: int, name: str, old: Floats, grad: Floats) -> Floats:
        speed = self._recipe.momentum * self._speeds.get((n, name), np.zeros_like(grad)) + grad
        self._speeds[n, name] = speed
        return np.asarray(old - self._recipe.rate * speed)


def stands(spec: AnyLayer, shape: tuple[int, ...], cell: Cell) -> tuple[int, ...]:
    """Where a weight of the stage stands in a layer's own array, for layers without groups that turn no kernel."""
    if isinstance(spec, Linear):
        return cell[1:]
    assert isinstance(spec, Conv)
    assert spec.groups == 1
    assert not spec.flipped
    return (cell[0] // shape[1], cell[0] % shape[1], cell[1], cell[2])


def loss_and_slope(recipe: Recipe, prediction: Floats, target: Floats) -> tuple[float, Floats]:
    """The loss and its gradient by the prediction, number by number."""
    flat = [float(v) for v in prediction.ravel()]
    if recipe.loss == "cross_entropy":
        label = int(target.item())
        top = max(flat)
        total = sum(math.exp(v - top) for v in flat)
        slope = [math.exp(v - top) / total - (n == label) for n, v in enumerate(flat)]
        loss = math.log(total) + top - flat[label]
    else:
        share = 1 / len(flat) if recipe.reduction == "mean" else 1.0
        errors = [v - float(t) for v, t in zip(flat, target.ravel(), strict=True)]
        loss = share * sum(e * e for e in errors)
        slope = [2 * share * e for e in errors]
    return loss, np.array(slope).reshape(prediction.shape)


def layer_backward(
    spec: AnyLayer, params: Params | None, x: Floats, dout: Floats
) -> tuple[Floats, Floats | None, Floats | None]:
    """What a layer hands back for one sample (C, H, W), by plain loops."""
    if params is not None:
        return _weighted(spec, params, x, dout)
    if (back := of_block_backward(spec, x, dout)) is not None:
        return back, None, None
    batch = (1, *x.shape)
    match spec:
        case MaxPool():
            how = (spec.kernel_size, spec.stride, spec.padding)
            _, indices = naive.max_pool2d(x[None], *how, ceil_mode=spec.ceil_mode)
            return naive_backward.max_pool2d_backward(dout[None], indices, batch)[0], None, None
        case AvgPool():
            pooling = (spec.kernel_size, spec.stride, spec.padding, spec.ceil_mode, spec.count_include_pad)
            return naive_backward.avg_pool2d_backward(dout[None], batch, *pooling)[0], None, None
        case GlobalAvgPool():
            return naive_backward.global_avg_pool2d_backward(dout[None], batch)[0], None, None
        case GlobalMaxPool():
            _, indices = naive_backward.global_max_pool2d(x[None])
            return naive_backward.max_pool2d_backward(dout[None], indices, batch)[0], None, None
        case Flatten():
            return dout.reshape(x.shape), None, None
        case Normalise():
            std = spec.std if len(spec.std) > 1 else spec.std * len(x)
            return naive_dense.normalise_backward(dout[None], std)[0], None, None
        case Softmax():
            return naive_activations.softmax_backward(dout, x, axis=0), None, None
    return _activated(spec, x, dout), None, None


def _weighted(spec: AnyLayer, params: Params, x: Floats, dout: Floats) -> tuple[Floats, Floats, Floats]:
    if isinstance(spec, Linear):
        flat = naive_dense.linear_backward(dout.reshape(1, -1), x.reshape(1, -1), params.weight)
        return flat[0].reshape(x.shape), flat[1], flat[2]
    if isinstance(spec, ConvTranspose):
        where = (spec.stride, spec.padding, spec.output_padding, spec.groups, spec.dilation)
        dx, dw, db = naive_transpose.conv_transpose2d_backward(dout[None], x[None], params.weight, *where)
        return dx[0], dw, db
    assert isinstance(spec, Conv)
    how = (spec.stride, spec.padding, spec.dilation, spec.groups, spec.padding_mode)
    used = params.weight[..., ::-1, ::-1] if spec.flipped else params.weight
    dx, dw, db = naive_backward.conv2d_backward(dout[None], x[None], used, *how)
    return dx[0], dw[..., ::-1, ::-1] if spec.flipped else dw, db


def _activated(spec: AnyLayer, x: Floats, dout: Floats) -> Floats:
    match spec:
        case LeakyRelu():
            return naive_activations.leaky_relu_backward(dout, x, spec.negative_slope)
        case Elu():
            return naive_activations.elu_backward(dout, x, spec.alpha)
        case Gelu():
            return naive_activations.gelu_backward(dout, x, spec.approximate)
        case Sigmoid():
            return naive_activations.sigmoid_backward(dout, x)
        case Tanh():
            return naive_activations.tanh_backward(dout, x)
    assert isinstance(spec, Relu)
    return naive_activations.relu_backward(dout, x)

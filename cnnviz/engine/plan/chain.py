"""Layers behind each other, and residual blocks of such chains."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.checks import Array
from cnnviz.engine.errors import BadInput
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Pair, Relu, Shape
from cnnviz.engine.network import parameter_shapes, shortcut_layers
from cnnviz.engine.plan.convolution import Convolution
from cnnviz.engine.plan.dense import FlattenNode, LinearNode
from cnnviz.engine.plan.fixed import FixedNormalisation, Scaling
from cnnviz.engine.plan.global_max import GlobalMaximum
from cnnviz.engine.plan.node import Context, Node
from cnnviz.engine.plan.normalisation import Normalisation
from cnnviz.engine.plan.places import WHOLE, in_order, wanted_by
from cnnviz.engine.plan.pointwise import (
    DropoutNode,
    HyperbolicTangent,
    LeakyRectifier,
    Logistic,
    Rectifier,
    SoftmaxNode,
)
from cnnviz.engine.plan.pooling import AvgPooling, GlobalAverage, MaxPooling, PartedMaxPooling
from cnnviz.engine.plan.smooth import ExponentialLinear, GaussianErrorLinear
from cnnviz.engine.plan.transposed import TransposedConvolution
from cnnviz.engine.specs import (
    Add,
    AnyLayer,
    Back,
    BatchNorm,
    ConvTranspose,
    Dropout,
    Elu,
    Flatten,
    Gelu,
    GlobalAvgPool,
    GlobalMaxPool,
    Layers,
    LeakyRelu,
    Linear,
    Normalise,
    PaddedShortcut,
    Residual,
    Sigmoid,
    Softmax,
    Tanh,
    out_shape,
)


class Chain:
    """Nodes that run one after the other, the last of them multiplying by ``scale``; without any it hands on its input.

    Nodes before the first one that learns have no backward pass unless the gradient of the input is wanted.
    """

    __slots__ = ("_context", "_first", "_gradients", "_learns", "_moves", "_names", "_tiles", "nodes", "out")

    def __init__(
        self, layers: Layers, in_shape: Shape, x: Array, prefix: str, context: Context, scale: float = 1.0,
        tile: Pair = WHOLE,
    ) -> None:  # fmt: skip
        self._context = context
        self.nodes: list[Node] = []
        self._names: list[str] = []
        self._learns: list[bool] = []
        self._moves: list[bool] = []  # whether it may leave the grid of numbers that its input is on
        self._gradients: list[Array | None] = []
        self._tiles: list[Pair] = []  # whose places are apart in the output
        self._first = 0
        self.out, shape, mine = x, in_shape, False
        order = _by_turn(layers)
        for number, (place, layer) in enumerate(order):
            if isinstance(layer, Conv):
                following = (layer for _, layer in order[number + 1 :])
                tile = wanted_by(following, out_shape(layer, shape), context.batch)
            node = node_of(layer, shape, self.out, mine, f"{prefix}{place}", context, tile)
            if isinstance(layer, MaxPool):
                tile = WHOLE
            if node is not None:
                moves = not (isinstance(layer, Relu | Flatten) or isinstance(node, Chain))
                self._put(node, f"{prefix}{place}", bool(parameter_shapes((layer,), shape)), moves, tile)
                self.out, mine = node.out, not node.keeps_out
            shape = out_shape(layer, shape)
        if scale != 1.0:
            node = Scaling(scale, self.out, mine, context)
            self._put(node, f"{prefix}scale", False, True, tile)
            self.out = node.out

    def _put(self, node: Node, name: str, learns: bool, moves: bool, tile: Pair) -> None:
        self.nodes.append(node)
        self._names.append(name)
        self._learns.append(learns)
        self._moves.append(moves)
        self._tiles.append(tile)
        self._gradients.append(None)

    @property
    def keeps_out(self) -> bool:
        return not self.nodes or self.nodes[-1].keeps_out

    def attach(self, dout: Array, owned: bool, wanted: bool) -> Array | None:
        """Prepare the backward pass; gradients between nodes are handed on to whoever needs their memory."""
        gradient: Array | None = dout
        if not wanted:
            self._first = next((n for n, learns in enumerate(self._learns) if learns), len(self.nodes))
        for place in reversed(range(self._first, len(self.nodes))):
            assert gradient is not None, "only the first node's gradient may be unwanted"
            following = self.nodes[place].attach(gradient, owned, wanted or place > self._first)
            if owned and following is not gradient:
                self._context.arena.give(gradient)
            self._gradients[place] = following
            owned, gradient = owned or following is not gradient, following
        return gradient if wanted else None

    def forward(self, training: bool) -> None:
        watch, grid = self._context.clock.watch, self._context.grid
        for name, node, moves, tile in zip(self._names, self.nodes, self._moves, self._tiles, strict=True):
            node.forward(training)
            if grid is not None and moves:
                grid.round(node.out)
            if watch is not None:
                watch(name, in_order(node.out, tile))

    def backward(self) -> None:
        grid = self._context.grid
        for place in reversed(range(self._first, len(self.nodes))):
            self.nodes[place].backward()
            gradient = self._gradients[place]
            if grid is not None and gradient is not None and self._moves[place]:
                grid.round(gradient)


class ResidualNode:
    """``y = scale * f(x) + shortcut(x)``; the gradient goes both ways and is added where they part."""

    __slots__ = (
        "_arriving", "_body", "_context", "_darriving", "_dbody", "_dsum", "_dx", "_shortcut", "_step", "_sum",
        "_x", "keeps_out", "out",
    )  # fmt: skip

    def __init__(self, spec: Residual, in_shape: Shape, x: Array, name: str, context: Context) -> None:
        self._x, self._context = x, context
        self._body = Chain(spec.body, in_shape, x, f"{name}.body.", context, spec.scale)
        self._shortcut = Chain(shortcut_layers(spec, in_shape), in_shape, x, f"{name}.shortcut.", context)
        self.out = context.arena.new(*self._body.out.shape) if self._body.keeps_out else self._body.out
        self.keeps_out = False
        # With zero padding every stride-th pixel arrives, in the first channels; else all of the shortcut.
        self._step = spec.step(in_shape) if spec.shortcut == "zero-padding" else (1, 1)
        self._arriving = self._shortcut.out[:: self._step[0], :, :: self._step[1]]
        self._sum = self.out[:, : self._arriving.shape[1]]
        self._dbody = self._dx = self._dsum = self._darriving = self.out

    def attach(self, dout: Array, owned: bool, wanted: bool) -> Array | None:
        arena = self._context.arena
        dbody = self._body.attach(dout, False, wanted)
        dshortcut = self._shortcut.attach(dout, False, wanted)
        if dbody is None or dshortcut is None or not wanted:
            return None
        self._dbody, self._dx = dbody, arena.take(*self._x.shape) if dbody is dout else dbody
        self._dsum = self._dx[:: self._step[0], :, :: self._step[1]]
        self._darriving = dshortcut[:, : self._x.shape[1]]  # of all channels only those that are not padded
        if dshortcut is not dout:
            arena.give(dshortcut)
        return self._dx

    def forward(self, training: bool) -> None:
        self._body.forward(training)
        self._shortcut.forward(training)
        if self.out is not self._body.out:
            np.copyto(self.out, self._body.out)
        np.add(self._sum, self._arriving, out=self._sum)

    def backward(self) -> None:
        self._body.backward()
        self._shortcut.backward()
        if self._dx is not self._dbody:
            np.copyto(self._dx, self._dbody)
        if self._dx is not self.out:
            np.add(self._dsum, self._darriving, out=self._dsum)


def _by_turn(layers: Layers) -> list[tuple[int, AnyLayer]]:
    """Layers with their places; a ReLU runs after the max pooling behind it.

    Both orders give the same values and gradients, since the largest number stays the largest when all that are
    negative become 0, and the gradient of a 0 is 0; after pooling there is a quarter of the work.
    """
    order = list(enumerate(layers))
    for i in range(len(order) - 1):
        if isinstance(order[i][1], Relu) and isinstance(order[i + 1][1], MaxPool):
            order[i : i + 2] = order[i + 1], order[i]
    return order


def node_of(
    layer: AnyLayer, shape: Shape, x: Array, mine: bool, name: str, context: Context, tile: Pair = WHOLE
) -> Node | None:
    """The node of one layer, or None where there is nothing to do; `mine` lets it write over its input.

    The places of a `tile` are apart in a convolution's output, and in a maximum pooling's input.
    """
    match layer:
        case Conv():
            return Convolution(layer, shape, x, name, context, tile)
        case ConvTranspose():
            return TransposedConvolution(layer, shape, x, name, context)
        case Linear():
            return LinearNode(layer, x, name, context)
        case BatchNorm():
            return Normalisation(layer, x, mine, name, context)
        case Residual(shortcut="none"):
            return Chain(layer.body, shape, x, f"{name}.body.", context, layer.scale)
        case Residual():
            return ResidualNode(layer, shape, x, name, context)
        case MaxPool() if tile == WHOLE:
            return MaxPooling(layer, shape, x, context)
        case MaxPool():
            return PartedMaxPooling(tile, x, context)
        case AvgPool():
            return AvgPooling(layer, shape, x, context)
        case GlobalAvgPool():
            return GlobalAverage(shape, x, context)
        case GlobalMaxPool():
            return GlobalMaximum(shape, x, context)
        case Flatten():
            return None if shape[1:] == (1, 1) else FlattenNode(x, context)
        case Relu():
            return Rectifier(x, mine, context)
        case LeakyRelu():
            return LeakyRectifier(layer.negative_slope, x, mine, context)
        case Sigmoid():
            return Logistic(x, mine, context)
        case Tanh():
            return HyperbolicTangent(x, mine, context)
        case Softmax():
            return SoftmaxNode(x, mine, context)
        case Elu():
            return ExponentialLinear(layer.alpha, x, mine, context)
        case Gelu():
            return GaussianErrorLinear(layer.approximate, x, mine, context)
        case Normalise():
            return FixedNormalisation(layer, x, mine, context)
        case Dropout():
            return DropoutNode(layer, x, mine, context) if context.training else None
        case Back() | Add() | PaddedShortcut():
            raise BadInput(
                f"layer {name}: {layer.op} is no layer of a plan: nest the branches of a chain first"
            )

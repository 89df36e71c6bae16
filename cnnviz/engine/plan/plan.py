"""A network with all its memory laid out beforehand, so that a training step only computes.

Examples
--------
>>> from cnnviz.engine.specs import Linear
>>> from cnnviz.engine.optimisers import Sgd
>>> plan = Plan((Linear(1),), (2, 1, 1), 1, np.float64, loss="squared_error",
...             parameters={"0.weight": np.array([[3.0, 1.0]]), "0.bias": np.zeros(1)})
>>> x, y, sgd = np.array([[[[1.0]], [[2.0]]]]), np.array([[6.0]]), Sgd(0.01)
>>> plan.step(x, y, sgd, plan.start(sgd)), plan.gradients["0.weight"].tolist()
(1.0, [[-2.0, -4.0]])
>>> plan.parameters["0.weight"].round(12).tolist()
[[3.02, 1.04]]
>>> shown = Plan(plan.layers, plan.in_shape, 1, np.float64, store=plan.store, training=False)
>>> shown.forward(x).ravel().round(12).tolist()
[5.12]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from cnnviz.engine.checks import Array, numbers, rows
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import whole
from cnnviz.engine.layers import Pair, Shape
from cnnviz.engine.optimisers import Adam, Optimiser, Sgd, State
from cnnviz.engine.plan.arena import Arena
from cnnviz.engine.plan.chain import Chain
from cnnviz.engine.plan.exact import Grid, most_products
from cnnviz.engine.plan.node import Clock, Context, Watch
from cnnviz.engine.plan.objective import objective_of
from cnnviz.engine.plan.places import WHOLE, by_window, in_order, parted_shape, wanted_by
from cnnviz.engine.plan.store import Store
from cnnviz.engine.quiet import quiet
from cnnviz.engine.specs import Layers, chain_shapes, read_network

Loss = Literal["cross_entropy", "squared_error"]


class Plan:
    """Forward and backward passes of one network, for one batch size and type.

    Inside, activations are (row, channel, column, batch); outside everything is NCHW. All buffers and views are
    made here, once. The same parameters and batches give the same bits, on one machine and one BLAS thread.

    Parameters
    ----------
    layers : tuple of layers
    in_shape : (channels, rows, columns)
    batch : int
    dtype : float32 or float64
    loss : {"cross_entropy", "squared_error"}, optional
        What `step` makes smaller.
    parameters : mapping of ndarray, optional
        First values by name, see `initial_parameters`; zeros, and ones in batch norms, when there are none.
    store : Store, optional
        Parameters shared with another plan of the same network, for the last and smaller batch, say.
    input_gradient : bool
        Whether `backward` computes the gradient of the input too.
    training : bool
        False for a plan that only runs forward, in evaluation mode: it has no memory for gradients, nor for what
        only a backward pass reads, and gives the bits that the other gives.
    exact : bool
        Whether what is multiplied, the weights among it, is rounded to some 20 bits, so that all sums of products are
        exact and every processor comes to the same bits, up to those of `exp` in the loss. How many bits they are
        depends on the batch, and on `training`. It takes float64, and about twice as long.

    Raises
    ------
    BadInput
        If layers do not fit together, parameters do not fit the layers, or gradients are asked of a plan without.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.5 (back-propagation).
    """

    __slots__ = (
        "_chain", "_clock", "_dinput", "_dout", "_grid", "_input", "_objective", "_ready", "_tile", "_told", "arena",
        "batch", "dtype", "in_shape", "layers", "out_shape", "store", "training",
    )  # fmt: skip

    def __init__(
        self,
        layers: Layers,
        in_shape: Shape,
        batch: int,
        dtype: npt.DTypeLike = np.float32,
        *,
        loss: Loss | None = None,
        parameters: Mapping[str, npt.NDArray[Any]] | None = None,
        store: Store | None = None,
        input_gradient: bool = False,
        training: bool = True,
        exact: bool = False,
    ) -> None:
        self.layers, self.in_shape = layers, in_shape = read_network(layers, in_shape)
        self.batch, self.dtype, self.training = whole(batch, "plan: batch"), _read_dtype(dtype), training
        _check(self, store, input_gradient, exact)
        self.out_shape = chain_shapes(layers, in_shape)[-1]
        self.store = Store(layers, in_shape, self.dtype, training) if store is None else store
        if parameters is not None:
            self.store.load(parameters)
        self.arena = arena = Arena(self.dtype)
        self._tile = wanted_by(layers, in_shape, batch)
        self._input = arena.new(*parted_shape((in_shape[1], in_shape[0], in_shape[2], batch), self._tile))
        self._clock = Clock()
        self._grid = Grid(most_products(layers, in_shape, batch, training)) if exact else None
        context = Context(
            arena, self.store.inner_parameters, self.store.inner_gradients, self.store.statistics, batch,
            self._clock, training, self._grid,
        )  # fmt: skip
        self._chain = Chain(layers, in_shape, self._input, "", context, tile=self._tile)
        scores = self._chain.out
        self._objective = None if loss is None else objective_of(loss, scores, arena)
        self._dinput: Array | None = None
        if training:
            self._dout = arena.take(*scores.shape) if self._objective is None else self._objective.gradient
            self._dinput = self._chain.attach(self._dout, True, input_gradient)
        self._ready = self._told = False  # whether a training pass came, and the loss of what it gave

    @property
    def parameters(self) -> dict[str, Array]:
        """Learnable numbers by name, shaped as in PyTorch: views, so writing to them changes the network."""
        return self.store.parameters

    @property
    def gradients(self) -> dict[str, Array]:
        """What the last backward pass gave, by the names of the parameters: views that the next one changes."""
        _needs_training(self, "gradients")
        return self.store.gradients

    @property
    def statistics(self) -> dict[str, Array]:
        """Running means and variances of batch norms by name."""
        return self.store.statistics

    @property
    def input_gradient(self) -> Array:
        """Gradient of the input, (N, C, H, W), which the next pass may change."""
        _needs_training(self, "a gradient of the input")
        if self._dinput is None:
            raise BadInput("plan: it computes no gradient of the input: build it with input_gradient=True")
        return in_order(self._dinput, self._tile).transpose(3, 1, 0, 2)

    def forward(
        self, x: npt.ArrayLike, training: bool | None = None, draw: int = 0, watch: Watch | None = None
    ) -> Array:
        """Compute the network's output.

        Parameters
        ----------
        x : array_like, (N, C, H, W)
        training : bool, optional
            Whether batch norms use the batch's statistics and dropout draws; without it, as the plan was built.
        draw : int
            Goes with the seeds of dropout layers; the same number draws the same.
        watch : callable, optional
            Called with the name of each layer and its output, (row, channel, column, batch), as it is computed; a
            ReLU before a max pooling comes after it. The output may be written over by the next layer.

        Returns
        -------
        ndarray, (N, C', H', W')
            A view that the next pass changes.
        """
        training = self.training if training is None else training
        if training:
            _needs_training(self, "a training mode")
        _take_in(self._input, x, "x", self._tile)
        self._clock.draw, self._clock.watch = whole(draw, "plan: draw", least=0), watch
        if self._grid is not None:
            self._grid.round_all((self._input, *_factors(self.store)))
        with quiet():
            self._chain.forward(training)
        self._ready, self._told = training, False
        return self._chain.out.transpose(3, 1, 0, 2)

    def backward(self, dout: npt.ArrayLike | None = None) -> None:
        """Compute the gradients, from that of the output; without it, from the one that `loss` left.

        Raises
        ------
        BadInput
            Unless a training pass came before, and its loss where there is no `dout`; each can be followed by one.
        """
        _needs_training(self, "a backward pass")
        if not self._ready:
            raise BadInput("plan: backward needs a forward pass in training mode before it")
        if dout is None and not self._told:
            raise BadInput(
                "plan: backward needs the gradient of the output: give dout, or ask for the loss first"
            )
        if dout is not None:
            _take_in(self._dout, dout, "dout")
        self._ready = False
        if self._grid is not None:
            self._grid.round(self._dout)
        with quiet():
            self._chain.backward()

    def loss(self, target: npt.NDArray[Any]) -> float:
        """Loss of the last output; leaves its gradient for `backward`.

        Parameters
        ----------
        target : ndarray
            Labels (N,) for cross-entropy; numbers (N, C) or (N, C, H, W) for the squared error.
        """
        if self._objective is None:
            raise BadInput("plan: it was built without a loss: give cross_entropy or squared_error")
        with quiet():
            value = self._objective.value(rows(target, "target"))
        self._told = True
        return value

    def start(self, optimiser: Optimiser) -> State:
        """The optimiser's state before its first step."""
        _needs_training(self, "gradients")
        _check_optimiser(optimiser)
        return optimiser.start([self.store.vector])

    def step(
        self,
        x: npt.ArrayLike,
        target: npt.NDArray[Any],
        optimiser: Optimiser,
        state: State,
        rate: float | None = None,
        watch: Watch | None = None,
    ) -> float:
        """Forward, loss, backward, update; gives the loss before the update. Each step is a draw of its own."""
        _check_optimiser(optimiser, state)
        self.forward(x, training=True, draw=state.steps, watch=watch)
        value = self.loss(target)
        self.backward()
        with quiet():
            optimiser.update([self.store.vector], [self.store.gradient_vector], state, rate)
        return value


def _factors(store: Store) -> list[Array]:
    """The parameters that others are multiplied with and then added: all but biases and those of batch norms."""
    return [array for array in store.inner_parameters.values() if array.ndim > 1]


def _check(plan: Plan, store: Store | None, input_gradient: bool, exact: bool) -> None:
    """Raise BadInput for what a plan cannot be built for."""
    if exact and plan.dtype != np.dtype(np.float64):
        raise BadInput(f"plan: exact sums need float64, not {plan.dtype}")
    if input_gradient and not plan.training:
        raise BadInput("plan: it computes no gradient of the input unless it is built with training=True")
    if store is None:
        return
    if not isinstance(store, Store):
        raise TypeError(f"plan: store must be that of another plan, not {type(store).__name__}")
    if (store.layers, store.in_shape) != (plan.layers, plan.in_shape):
        raise BadInput("plan: the store belongs to another network: give one of the same layers and shape")
    if store.vector.dtype != plan.dtype:
        raise BadInput(f"plan: the store holds {store.vector.dtype}, the plan computes {plan.dtype}")
    if plan.training and not store.holds_gradients:
        raise BadInput("plan: the store has no memory for gradients: give that of a plan for training")


def _read_dtype(dtype: npt.DTypeLike) -> np.dtype[Any]:
    """Read the type that a plan computes in."""
    try:
        read = np.dtype(dtype)
    except TypeError:
        raise TypeError(f"plan: dtype {str(dtype)[:60]!r} is no type: give float32 or float64") from None
    if read not in (np.dtype(np.float32), np.dtype(np.float64)):
        raise BadInput(f"plan: type {read} is not supported: give float32 or float64")
    return read


def _needs_training(plan: Plan, what: str) -> None:
    if not plan.training:
        raise BadInput(f"plan: it was built to run forward only, without {what}: build it with training=True")


def _check_optimiser(optimiser: object, state: object = None) -> None:
    if not isinstance(optimiser, Sgd | Adam):
        raise TypeError(f"plan: optimiser must be Sgd or Adam, not {type(optimiser).__name__}")
    if not isinstance(state, State | None):
        raise TypeError(f"plan: state must be what start gives, not {type(state).__name__}")


def _take_in(buffer: Array, value: npt.ArrayLike, name: str, tile: Pair = WHOLE) -> None:
    """Copy numbers (N, C, H, W) into a buffer (row, channel, column, batch), where places may be apart."""
    given, outside = numbers(value, name), by_window(buffer, tile).transpose(5, 2, 0, 1, 3, 4)
    batch, channels, rows, within, columns, across = outside.shape
    built_for = batch, channels, rows * within, columns * across
    if given.shape != built_for:
        raise BadInput(f"plan: {name} has shape {given.shape}, but the plan was built for {built_for}")
    np.copyto(outside, given.reshape(outside.shape), casting="same_kind")

"""How weights follow their gradients: gradient descent with and without momentum, Adam, and rates that change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from cnnviz.engine.activations import finite
from cnnviz.engine.checks import Array, numbers
from cnnviz.engine.errors import BadInput
from cnnviz.engine.geometry import whole


@dataclass(slots=True, eq=False)
class State:
    """What an optimiser remembers from step to step; copy it to go on from here later.

    Attributes
    ----------
    steps : int
        How many updates were made.
    first, second : list of ndarray
        For each parameter the momentum, or Adam's running mean and mean of squares; empty where not needed.
    """

    steps: int = 0
    first: list[Array] = field(default_factory=list)
    second: list[Array] = field(default_factory=list)
    work: list[Array] = field(default_factory=list)
    more_work: list[Array] = field(default_factory=list)

    def copy(self) -> State:
        """A state of its own with the same numbers."""
        lists = (
            [array.copy() for array in one] for one in (self.first, self.second, self.work, self.more_work)
        )
        return State(self.steps, *lists)


@dataclass(frozen=True, slots=True)
class Sgd:
    """Gradient descent: w <- w - rate * g, with g <- gradient + weight_decay * w.

    With momentum, v <- momentum * v + g (v = g in the first step) takes the place of g, and with `nesterov`
    g + momentum * v does, as in torch.optim.SGD.

    Examples
    --------
    The step from w = [3, 1] with the gradient [-2, -4]:

    >>> sgd, w = Sgd(0.01), np.array([3.0, 1.0])
    >>> sgd.update([w], [np.array([-2.0, -4.0])], sgd.start([w]))
    >>> w.tolist()
    [3.02, 1.04]

    References
    ----------
    Sutskever et al. (2013), On the importance of initialization and momentum in deep learning.
    """

    rate: float
    momentum: float = 0.0
    nesterov: bool = False
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        _check_rate(self.rate, self.weight_decay)
        if not 0 <= finite(self.momentum, "sgd: momentum") < 1:
            raise BadInput(f"sgd: momentum is {self.momentum}, give a number from 0 to below 1")
        if self.nesterov and not self.momentum:
            raise BadInput("sgd: nesterov needs a momentum above 0")

    def start(self, parameters: Sequence[Array]) -> State:
        """The state before the first update."""
        first = [np.zeros_like(w) for w in parameters] if self.momentum else []
        more_work = [np.empty_like(w) for w in parameters] if self.nesterov else []
        return State(0, first, [], [np.empty_like(w) for w in parameters], more_work)

    def update(
        self,
        parameters: Sequence[Array],
        gradients: Sequence[Array],
        state: State,
        rate: float | None = None,
    ) -> None:
        """Change parameters and state in place; gradients stay. A rate given here takes the place of ours."""
        pace = self.rate if rate is None else _not_negative(rate, "learning rate")
        lists = [state.work, *[state.first] * bool(self.momentum), *[state.more_work] * self.nesterov]
        _check_state(parameters, lists, "sgd")
        for place, (w, gradient) in enumerate(zip(parameters, gradients, strict=True)):
            work, step = state.work[place], gradient
            if self.weight_decay:
                np.multiply(w, self.weight_decay, out=work)
                step = np.add(work, gradient, out=work)
            if self.momentum:
                step = self._pushed(state, place, step)
            np.multiply(step, pace, out=work)
            np.subtract(w, work, out=w)
        state.steps += 1

    def _pushed(self, state: State, place: int, gradient: Array) -> Array:
        """Momentum after this gradient, or what Nesterov's rule makes of both."""
        velocity = state.first[place]
        np.multiply(velocity, self.momentum, out=velocity)
        np.add(velocity, gradient, out=velocity)
        if not self.nesterov:
            return velocity
        ahead = np.multiply(velocity, self.momentum, out=state.more_work[place])
        return np.add(gradient, ahead, out=ahead)


@dataclass(frozen=True, slots=True)
class Adam:
    """Steps scaled by running means of the gradient and of its square.

    With g <- gradient + weight_decay * w and t the number of this step::

        m <- beta1 * m + (1 - beta1) * g,   v <- beta2 * v + (1 - beta2) * g^2
        w <- w - rate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)

    Examples
    --------
    The first step is as long as the rate, whatever the gradient:

    >>> adam, w = Adam(0.5, eps=0.0), np.array([3.0, 1.0])
    >>> adam.update([w], [np.array([-2.0, 1000.0])], adam.start([w]))
    >>> w.round(12).tolist()
    [3.5, 0.5]

    References
    ----------
    Kingma and Ba (2015), Adam: a method for stochastic optimization, algorithm 1.
    """

    rate: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        _check_rate(self.rate, self.weight_decay)
        betas = numbers(self.betas, "adam: betas")
        if betas.shape != (2,) or not ((betas >= 0) & (betas < 1)).all():
            raise BadInput(f"adam: betas are {self.betas}, give two numbers from 0 to below 1")
        _not_negative(self.eps, "adam: eps")

    def start(self, parameters: Sequence[Array]) -> State:
        """The state before the first update."""
        first, second = ([np.zeros_like(w) for w in parameters] for _ in range(2))
        work, more_work = ([np.empty_like(w) for w in parameters] for _ in range(2))
        return State(0, first, second, work, more_work)

    def update(
        self,
        parameters: Sequence[Array],
        gradients: Sequence[Array],
        state: State,
        rate: float | None = None,
    ) -> None:
        """Change parameters and state in place; gradients stay. A rate given here takes the place of ours."""
        given_rate = self.rate if rate is None else _not_negative(rate, "learning rate")
        _check_state(parameters, [state.work, state.more_work, state.first, state.second], "adam")
        state.steps += 1
        (beta1, beta2), t = self.betas, state.steps
        pace = given_rate / (1 - beta1**t)
        for place, (w, given) in enumerate(zip(parameters, gradients, strict=True)):
            work, g, m, v = state.work[place], state.more_work[place], state.first[place], state.second[place]
            np.multiply(w, self.weight_decay, out=g)
            np.add(g, given, out=g)
            _follow(m, g, beta1, work)
            np.multiply(g, g, out=g)
            _follow(v, g, beta2, work)
            np.sqrt(v, out=work)
            np.divide(work, math.sqrt(1 - beta2**t), out=work)
            np.add(work, self.eps, out=work)
            np.divide(m, work, out=work)
            np.multiply(work, pace, out=work)
            np.subtract(w, work, out=w)


Optimiser: TypeAlias = Sgd | Adam


@dataclass(frozen=True, slots=True)
class Constant:
    """The same rate in every step.

    Examples
    --------
    >>> [Constant(0.1).at(step) for step in (0, 99)]
    [0.1, 0.1]
    """

    rate: float

    def __post_init__(self) -> None:
        _not_negative(self.rate, "learning rate")

    def at(self, step: int) -> float:
        """The rate of the update with this number, counted from 0."""
        whole(step, "step", least=0)
        return self.rate


@dataclass(frozen=True, slots=True)
class StepDecay:
    """rate * factor^floor(step / every), as torch.optim.lr_scheduler.StepLR has it.

    Examples
    --------
    >>> [StepDecay(1.0, 2, 0.5).at(step) for step in range(5)]
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """

    rate: float
    every: int
    factor: float = 0.1

    def __post_init__(self) -> None:
        _not_negative(self.rate, "learning rate")
        whole(self.every, "step decay: every")
        _not_negative(self.factor, "step decay: factor")

    def at(self, step: int) -> float:
        """The rate of the update with this number, counted from 0."""
        return self.rate * self.factor ** (whole(step, "step", least=0) // self.every)


@dataclass(frozen=True, slots=True)
class Cosine:
    """least + (rate - least) * (1 + cos(pi * step / steps)) / 2, and `least` after `steps`.

    Examples
    --------
    >>> [round(Cosine(1.0, 4).at(step), 3) for step in range(6)]
    [1.0, 0.854, 0.5, 0.146, 0.0, 0.0]

    References
    ----------
    Loshchilov and Hutter (2017), SGDR, equation 5, without restarts.
    """

    rate: float
    steps: int
    least: float = 0.0

    def __post_init__(self) -> None:
        _not_negative(self.rate, "learning rate")
        whole(self.steps, "cosine: steps")
        _not_negative(self.least, "cosine: least")

    def at(self, step: int) -> float:
        """The rate of the update with this number, counted from 0."""
        done = min(whole(step, "step", least=0) / self.steps, 1.0)
        return self.least + (self.rate - self.least) * (1 + math.cos(math.pi * done)) / 2


def _follow(mean: Array, now: Array, beta: float, work: Array) -> None:
    """Let a running mean take up a new value: mean <- beta * mean + (1 - beta) * now."""
    np.multiply(mean, beta, out=mean)
    np.multiply(now, 1 - beta, out=work)
    np.add(mean, work, out=mean)


def _not_negative(value: float, name: str) -> float:
    """Read a finite number that is at least 0; TypeError or BadInput by its name for anything else."""
    if (number := finite(value, name)) < 0:
        raise BadInput(f"{name} is {value}: give a finite number that is not negative")
    return number


def _check_rate(rate: float, weight_decay: float) -> None:
    _not_negative(rate, "learning rate")
    _not_negative(weight_decay, "weight decay")


def _check_state(parameters: Sequence[Array], lists: Sequence[Sequence[Array]], what: str) -> None:
    """Raise BadInput for a state that was started by another optimiser, or for other parameters."""
    shapes = [w.shape for w in parameters]
    if any([kept.shape for kept in one] != shapes for one in lists):
        raise BadInput(f"{what}: the state was started otherwise: ask start for one of these parameters")

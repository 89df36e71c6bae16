"""Two weights learn: the chain from weight to loss, and four rates."""

from __future__ import annotations

from cnnviz.lesson.lesson import Lesson, Track
from lessons.making import Entry, conv, learning, numbers, story

GROUP = "Learning"


def two_weights(rate: float, iterations: int, name: str = "") -> Track:
    """Two weights [3, 1] on the input [1, 2], which are to give 6."""
    source = numbers([[1.0, 2.0]], "2 numbers")
    return learning(source, conv([[3.0, 1.0]]), target=6.0, name=name, rate=rate, iterations=iterations)


def tiny_network() -> Lesson:
    """Two weights, one answer, one loss: forward, backward, update, again and again."""
    words = story(
        (
            "{sl}Forward: two products",
            "{sl}The prediction is x₁w₁ + x₂w₂. {iwt}At the start 1·3 + 2·1 = 5, but 6 is wanted.",
            "{sl}This is the smallest network that learns: an input of two numbers, a filter of two weights, one "
            "answer. {}Everything can be changed: the input, the weights, the target, the rate. Change one and "
            "watch all numbers follow.",
        ),
        (
            "Loss: how wrong it is",
            "The loss is the squared error (ŷ − y)². The goal: weights that make it smaller.",
            "The difference is squared, so that too much and too little both count, and large errors count "
            "more than small ones. The loss is a parabola over the prediction with its lowest point at the "
            "target. Only the filter can be changed: the input and the target are given.",
        ),
        (
            "Gradient of the prediction",
            "The slope 2(ŷ − y) says how the loss follows the prediction. Below 0, the output must increase.",
            "{iwt}At the start it is 2·(5 − 6) = −2. The sign is negative: a larger prediction makes the loss "
            "smaller. {}The gradient is a sensitivity, not yet a change.",
        ),
        (
            "Gradient of each weight",
            "Chain rule: the slope of the loss times what the weight meets: ∂L/∂w = 2(ŷ − y)·x.",
            "A weight moves the prediction as fast as its input says. {i}∂ŷ/∂w₁ = x₁ = 1, ∂ŷ/∂w₂ = x₂ = 2: the "
            "second weight has twice the effect on the loss. {iwt}At the start −4 against −2. Both are negative: "
            "both weights must go up.",
        ),
        (
            "Update: one step downhill",
            "Each weight takes a step against its gradient: w − η·∂L/∂w. {iwtr}Each step makes the loss smaller.",
            "{iwtr}The rate η = 0.01 makes small steps: 3 − 0.01·(−2) = 3.02 and 1 − 0.01·(−4) = 1.04. Forward "
            "again gives 5.1, then 5.19, 5.271: each step takes a tenth of what is missing, and the loss shrinks by "
            "the factor (1 − 2·0.01·5)² = 0.81.",
        ),
    )
    return Lesson(
        "Two weights learn", (two_weights(0.01, 60),), "cell", words,
        "Two weights, one squared error: forward, loss, gradients, update, and forward again until 6 is reached.",
        GROUP, ("S46", "S47", "S48", "S49", "S50", "S55", "S56", "S58", "S59", "S60"),
    )  # fmt: skip


def chain_rule() -> Lesson:
    """A larger input, η = 0.1: the same steps jump over the target further each time."""
    source = numbers([[2.0, 3.0]], "2 numbers")
    chain = learning(source, conv([[1.0, 1.0]]), target=6.0, rate=0.1, iterations=12)
    words = story(
        (
            "{sl}Forward: two products",
            "The prediction adds up two products. {iw}It is 2·w₁ + 3·w₂: at the start both weights are 1, and it is "
            "5.",
            "{iwt}The same network as before with another input: x = [2, 3], w = [1, 1]. Again 6 is wanted.",
        ),
        (
            "Loss",
            "The loss is the squared error (ŷ − y)². {iwt}At the start it is (5 − 6)² = 1.",
            "{iwtr}Watch it from iteration to iteration: it will not shrink.",
        ),
        (
            "First link of the chain",
            "How the loss follows the prediction: ∂L/∂ŷ = 2(ŷ − y). {iwt}At the start it is −2.",
            "A minus means: more output, less loss, so the output must increase. A plus means that it must decrease.",
        ),
        (
            "Second link of the chain",
            "How the prediction follows a weight: as its input says. The links multiply. {i}∂ŷ/∂w₁ = 2, ∂ŷ/∂w₂ = 3.",
            "{iwt}At the start ∂L/∂w₁ = −2·2 = −4 and ∂L/∂w₂ = −2·3 = −6. {}The way from a weight to the loss has "
            "two links; the gradient is the product of the slopes along it.",
        ),
        (
            "{iwtr}Update: too far",
            "Each weight takes its step. {iwtr}The rate 0.1 jumps over the target: first to 7.6, then ever further.",
            "{iwtr}The first new weights are 1.4 and 1.6, the prediction 7.6, the loss 2.56. Each update multiplies "
            "the loss by (1 − 2η·(x₁² + x₂²))² = (1 − 0.2·13)² = 2.56. For a smaller loss η must stay below 1/13; "
            "with 1/26 one update hits the target.",
        ),
    )
    return Lesson(
        "The chain rule, and a step too far", (chain,), "cell", words,
        "The gradient of each weight as a product along the chain, with an input so large that the rate 0.1 "
        "makes the loss grow.",
        GROUP, ("S50", "S51", "S52", "S53", "S54", "S55", "S56", "S57"),
    )  # fmt: skip


def learning_rates() -> Lesson:
    """The same descent with four rates: slow, exact, cycling, diverging."""
    rates = ((0.01, "slow"), (0.1, "exact"), (0.2, "cycling"), (0.21, "diverging"))
    tracks = tuple(two_weights(rate, 30, f"{{iwtr}}η = {rate}: {how}") for rate, how in rates)
    words = story(
        (
            "{iwtr}Forward with four rates",
            "Each network predicts with its own weights. {iwtr}The first ones are the same: only the rate η differs.",
            "{iwt}At first all four predict 5, and 6 is wanted.",
        ),
        (
            "Loss",
            "The loss is the squared error (ŷ − y)². {iwt}All four start with the loss 1.",
            "{iwtr}From here on their ways part.",
        ),
        (
            "Gradient of the prediction",
            "The slope of the loss is 2(ŷ − y). {iwt}At the start it is −2 for all four: the output must increase.",
            "The rate has no part in the gradient.",
        ),
        (
            "Gradient of each weight",
            "The gradient says where to go, the rate how far. {iwt}At the start the gradients are −2 and −4 for all "
            "four.",
            "The gradient tells the direction in which the loss grows fastest; the update goes the other way.",
        ),
        (
            "{iwtr}Update with four rates",
            "Each takes its own step. {iwtr}0.01 is slow, 0.1 hits at once, 0.2 swings from 5 to 7, 0.21 runs away.",
            "{iwtr}Each update multiplies the loss by (1 − 2η·5)²: 0.81, 0, 1 and 1.21. Between 0 and 0.2 the loss "
            "shrinks, above it grows. Change a rate to try others up to 0.3.",
        ),
    )
    return Lesson(
        "Four learning rates", tracks, "auto", words,
        "The same two weights learn with η = 0.01, 0.1, 0.2 and 0.21: slow, exact, cycling, diverging.",
        GROUP, ("S57", "S58", "S59", "S60"),
    )  # fmt: skip


ENTRIES = (
    Entry("tiny-network", ".json", tiny_network),
    Entry("chain-rule", ".json", chain_rule),
    Entry("learning-rates", ".json", learning_rates),
)

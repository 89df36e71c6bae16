"""The backward pass of real convolutions, cell by cell."""

from __future__ import annotations

import numpy as np

from cnnviz.engine.layers import Relu
from cnnviz.engine.specs import Flatten
from cnnviz.lesson.lesson import Lesson
from lessons.making import Entry, answer, conv, kernel, learning, linear, max_pool, numbers, story

GROUP = "Learning"


def backward_map() -> Lesson:
    """One kernel, nine outputs, a target map: the gradient of a weight is a sum over all positions."""
    picture = [[0, 0, 2, 2, 0], [0, 1, 2, 2, 0], [0, 0, 2, 1, 0], [1, 0, 2, 2, 0], [0, 0, 2, 2, 1]]
    source = numbers(picture, "5×5 picture")
    middle = np.zeros((3, 3))
    middle[1, 1] = 1.0
    target = answer(source, kernel("prewitt-x"))
    chain = learning(source, conv(middle), target=target, rate=0.005, iterations=40)
    words = story(
        (
            "Forward",
            "One kernel makes all of the map. {w}It starts as the identity: the first map is the middle of the "
            "picture.",
            "{it}The target beside it is the map that an edge kernel would give. {}Gradient descent is to find that "
            "kernel.",
        ),
        (
            "Loss over all positions",
            "The squared errors of all positions are added up to one number. {sl}Nine predictions, nine targets.",
            "One loss for the whole map, since one kernel made all of it.",
        ),
        (
            "δ: the gradient of the map",
            "Each position has its own slope: 2(ŷ − y). Where it is above 0 the output is too large.",
            "This map of slopes is called δ. From here on the backward pass needs nothing else from the loss.",
        ),
        (
            "∂L/∂W: δ slides over X",
            "The gradient of a weight: each input that it met times the δ there, added. δ plays the kernel.",
            "∂L/∂W[m,n] = Σ δ[i,j]·X[i+m, j+n]: a cross-correlation of the input with δ, as large as the kernel. The "
            "weight in row m, column n met the part of the input that starts at row m, column n.",
        ),
        (
            "Update",
            "All weights step against their gradients: W, η·∂L/∂W and W′ side by side.",
            "{iwtr}After 40 updates the columns at the left and at the right are near −1 and +1: a detector of "
            "edges, dark left of bright. The middle takes longer; more iterations bring it to 0.",
        ),
    )
    return Lesson(
        "Backward over a whole map", (chain,), "cell", words,
        "One kernel makes nine outputs. The gradient of each weight gathers all of them: δ slides over the "
        "input as a kernel.",
        GROUP, ("S60b",),
    )  # fmt: skip


def backward_convolution() -> Lesson:
    """The real case: two channels, two kernels, stride 2, padding 1, ReLU, max pooling, scores, cross-entropy."""
    one = [[0, 0, 2, 2, 1], [1, 3, 0, 3, 3], [1, 2, 0, 1, 2], [0, 3, 0, 2, 0], [0, 1, 3, 0, 0]]
    two = [[3, 3, 1, 2, 1], [1, 3, 2, 2, 1], [1, 1, 3, 3, 1], [1, 2, 0, 3, 1], [0, 1, 2, 0, 1]]
    left, below = np.array([[1.0, 0, -1]] * 3), np.array([[-1.0] * 3, [0.0] * 3, [1.0] * 3])
    middle = np.array([[0.0, 1, 0], [1, 1, 1], [0, 1, 0]])
    chain = learning(
        numbers([one, two], "2 channels of 5×5"),
        conv([[left, middle], [middle, below]], [-2.0, -4.0], stride=(2, 2), padding=1),
        (Relu(), None),
        max_pool(2, 1),
        (Flatten(), None),
        linear([[1, 0, 0, -1, 1, 0, 0, -1], [0, 1, -1, 0, 0, -1, -1, 0]], [-3.0, 6.0]),
        target=1.0, loss="cross_entropy", rate=0.002, iterations=3,
    )  # fmt: skip
    words = story(
        (
            "{l}Convolution, stride 2",
            "Each kernel reads all channels. {sl}It moves two cells at a time, with a border of zeros: 5×5 becomes "
            "3×3.",
            "Forward as in every lesson. What comes in here is kept: the backward pass needs it again.",
        ),
        ("ReLU", "What is below 0 is cut.", "Where it cut, no gradient will come through."),
        (
            "Max pooling",
            "The largest of each window.",
            "Which cell was the largest is kept: the gradient will go to it alone.",
        ),
        (
            "Flatten",
            "The maps become one line of numbers. {sl}Two maps of 2×2 make eight.",
            "Only the shape changes.",
        ),
        (
            "Scores",
            "A weighted sum of all numbers for each class: its score. {sl}Two classes, eight numbers.",
            "{ilw}At the start both scores are alike, so the network cannot decide.",
        ),
        (
            "Loss: cross-entropy",
            "Softmax makes probabilities of the scores; the loss is −log of that of the true class.",
            "{ilwt}At the start both classes have the probability one half: the loss is log 2 = 0.693.",
        ),
        (
            "δ of the scores",
            "Probability minus 1 for the true class, the probability itself for the other.",
            "The score of the true class must increase, the other must decrease. {ilwt}At the start: 0.5 and 0.5 − 1 = "
            "−0.5.",
        ),
        (
            "∂L/∂W of the scores",
            "Each weight's gradient is its input times the δ of its score.",
            "An outer product: a row for each class. Inputs of 0 give gradients of 0.",
        ),
        ("∂L/∂b of the scores", "A bias is added as it is: its gradient is δ itself.", "One for each score."),
        (
            "δ back to the line",
            "Each number hears from all scores: the weights of its column times δ, added.",
            "The same matrix as forward, read by columns instead of rows.",
        ),
        ("δ back to the maps", "The line becomes maps again.", "Flatten hands back the shape."),
        (
            "δ back through max pooling",
            "The gradient of a window goes to its largest cell alone; a cell that won twice gets both.",
            "All others had no influence: a little more or less would have changed nothing.",
        ),
        (
            "δ back through ReLU",
            "Where the input was above 0 the gradient passes; elsewhere it is 0.",
            "ReLU is a gate. What it cut forward learns nothing here.",
        ),
        (
            "∂L/∂W: δ slides over X",
            "δ plays the kernel over the input. {l}It is padded, and stride 2 leaves gaps between the cells of δ.",
            "{l}∂L/∂W[o,c,m,n] = Σ δ[o,i,j]·X[c, 2i+m−1, 2j+n−1]. Each kernel has its own δ, each channel its own "
            "plane: 2 × 2 × 9 gradients.",
        ),
        (
            "∂L/∂b: the sum of δ",
            "A bias is added at every position: its gradient is the sum of all δ of its map.",
            "One number for each kernel.",
        ),
        (
            "Update of the kernels",
            "Each weight steps against its gradient. {r}W − 0.002·∂L/∂W.",
            "{sl}All 36 weights change in the same moment, each by its own gradient.",
        ),
        ("Update of the kernels' biases", "The same rule for the biases.", "One step each."),
        (
            "Update of the scores' weights",
            "And for the weights of the scores.",
            "All gradients were computed with the old weights.",
        ),
        (
            "Update of the scores' biases",
            "Last, the biases of the scores: with them the iteration ends.",
            "{ilwtr}The loss becomes smaller from iteration to iteration.",
        ),
    )
    return Lesson(
        "Backward through a real network", (chain,), "cell", words,
        "Convolution with stride and padding, ReLU, max pooling, flatten, scores and cross-entropy: forward, then "
        "every gradient number by number, then the update.",
        GROUP, ("S60b",),
    )  # fmt: skip


def backward_input() -> Lesson:
    """Two convolutions: the gradient goes back through the second, the kernel turned, the stride filled with zeros."""
    picture = [[0, 1, 2, 1, 0], [1, 2, 0, 1, 1], [0, 1, 1, 2, 0], [2, 0, 1, 0, 1], [1, 1, 0, 2, 0]]
    first = np.array([[[1.0, 0], [0, -1]], [[0.0, 1], [1, 0]]])
    cross = np.array([[0.0, 1, 0], [1, 2, 1], [0, 1, 0]])
    corner = np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]) - 5
    chain = learning(
        numbers(picture, "5×5 picture"),
        conv(first),
        (Relu(), None),
        conv([[cross, corner], [-corner, cross]], stride=(2, 2), padding=1),
        target=[[[2, 2], [2, 2]], [[4, 4], [4, 4]]],
        rate=0.001, iterations=2,
    )  # fmt: skip
    words = story(
        (
            "First convolution",
            "The first kernels read the picture. {l}There are two of 2×2.",
            "To learn they need the gradient of their maps. It has to come back through the second convolution.",
        ),
        ("ReLU", "What is below 0 is cut.", "The second convolution reads these two maps."),
        (
            "{l}Second convolution, stride 2",
            "The second kernels read all those maps. {l}Two of 3×3 move two cells at a time, with a border of zeros.",
            "{l}Each output reads nine cells of each map; each cell is read by several outputs.",
        ),
        (
            "Loss",
            "The squared errors of all outputs, added.",
            "The target is a number for each output.",
        ),
        (
            "δ of the outputs",
            "2(ŷ − y) for each output.",
            "Above 0 the output is too large, below 0 too small.",
        ),
        (
            "∂L/∂W of the second",
            "δ slides over its input as a kernel. {l}Stride 2 leaves gaps of one cell between those of δ.",
            "{l}36 gradients: 2 kernels × 2 channels × 9.",
        ),
        (
            "∂L/∂X: the kernel turned",
            "δ is spread by the stride, zeros between; the kernel turned by 180° slides over it.",
            "Each input cell gathers, from every output that read it, δ times the weight it met there. That is a "
            "full cross-correlation with the turned kernel, in other words a true convolution with W. Output and "
            "input channels change roles, and the border that padding had added is cropped.",
        ),
        (
            "δ back through ReLU",
            "Where the input was above 0 the gradient passes; elsewhere it is 0.",
            "Now the gradient of the first maps is there.",
        ),
        (
            "∂L/∂W of the first",
            "The same rule once more: δ of the first maps slides over the picture.",
            "The picture itself needs no gradient: it is not learned.",
        ),
        ("Update of the first", "W − η·∂L/∂W, weight by weight.", "{l}Eight weights."),
        (
            "Update of the second",
            "And the weights of the second: with them the iteration ends.",
            "All gradients were computed with the old weights.",
        ),
    )
    return Lesson(
        "Backward from convolution to convolution", (chain,), "cell", words,
        "How a gradient passes through a convolution with stride 2 and padding 1: δ spread by the stride, the "
        "kernel turned by 180°, the border cropped.",
        GROUP, ("S60b",),
    )  # fmt: skip


ENTRIES = (
    Entry("backward-map", ".json", backward_map),
    Entry("backward-input", ".json", backward_input),
    Entry("backward-convolution", ".json", backward_convolution),
)

"""What the networks say in each section: of every kind of layer what it does here, with its own sizes."""

from __future__ import annotations

from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Relu
from cnnviz.engine.specs import AnyLayer, Flatten, GlobalAvgPool, Linear, Normalise
from cnnviz.lesson.lesson import Lesson, Track, Words
from cnnviz.timeline.sections import Section
from cnnviz.timeline.timeline import make_timeline
from lessons.making import said

Text = tuple[str, str, str]


def with_words(lesson: Lesson) -> tuple[Words, ...]:
    """Title, story line and notes of each section of a lesson with one track."""
    (track,) = lesson.tracks
    sections = make_timeline(lesson).sections[0]
    return tuple(said(s.number, *_text(track, s)) for s in sections)


def batch_words(lesson: Lesson) -> tuple[Words, ...]:
    """Notes for the one section that is shown of a lesson that learns from batches: an iteration at once."""
    (track,) = lesson.tracks
    assert track.recipe is not None
    assert track.recipe.batches is not None
    last = make_timeline(lesson).sections[0][-1]
    notes = (
        f"{{t}}Each step is one update: {track.recipe.batches.size} pictures go forward, their mean loss goes back, "
        "and every weight moves against its gradient. {wtr}The kernels begin as noise; some grow into strokes and "
        "edges, mostly in the first few hundred updates, and others change little. {}The loss of single batches "
        "jumps, because each holds other pictures: watch its mean, and the share of test pictures that are right."
    )
    story = (
        "A batch of pictures goes forward, its mean loss comes back, and every weight takes one small step."
    )
    return (said(last.number, "One iteration", story, notes),)


def _text(track: Track, section: Section) -> Text:
    spec, n = track.layers[section.layer], section.layer
    name = _called(track, n)
    match section.kind:
        case "forward":
            return _forward(track, n)
        case "loss":
            return (
                "Loss",
                "How far the scores are from the label: −log of the probability that the right class was given.",
                "Softmax turns the scores into probabilities; an answer that is sure and right costs next to nothing.",
            )
        case "error":
            return (
                "δ of the scores",
                "Probability minus 1 for the right class, the probability itself for every other.",
                "From here the chain rule goes back through the whole network, layer by layer.",
            )
        case "input":
            return f"δ back through {name}", _back(spec), "What goes back has the shape of what came in."
        case "weight":
            return (
                f"Gradients of {name}",
                "Each weight's part in the loss: what it was given times the δ of what it made, summed up.",
                "There are as many gradients as weights. A picture that the network knows well gives small ones.",
            )
        case "bias":
            return (
                f"Bias gradients of {name}",
                "A bias is added everywhere, so its gradient is the sum of all δ of its map.",
                "One number for each map or score.",
            )
        case "update":
            return (
                f"Update of {name}",
                "Each weight takes a step against its gradient: w − η·∂L/∂w.",
                "One picture moves the weights only a little; a network learns from thousands of such steps.",
            )
    return (
        f"Biases of {name}",
        "The biases take their step by the same rule.",
        "In training the next batch of pictures would now go forward through the changed network.",
    )


def _forward(track: Track, n: int) -> Text:
    spec, before, after = track.layers[n], track.shapes()[n], track.shapes()[n + 1]
    size = f"{after[1]}×{after[2]}"
    match spec:
        case Normalise():
            return (
                "Normalise",
                "Brightness gets a new zero and unit. "
                f"{{l}}The mean of all pictures, {spec.mean[0]:g}, is taken off, the rest divided by {spec.std[0]:g}.",
                "Values near 0 keep the sums of all layers in a range in which they can learn. Nothing is lost: only "
                "zero and unit of the brightness change.",
            )
        case Conv():
            rows, columns = spec.kernel_size
            first = not any(isinstance(s, Conv) for s in track.layers[:n])
            what = "the picture" if first else "all maps before it"
            number = sum(isinstance(s, Conv) for s in track.layers[: n + 1])
            return (
                f"Convolution {number}",
                f"Each kernel looks at {what} and gives a map. "
                f"{{sl}}{after[0]} kernels of {rows}×{columns} give {after[0]} maps of {size}.",
                "{w}Nobody chose these kernels: they were found by gradient descent. "
                + (
                    "The first ones answer to edges and strokes in several directions."
                    if first
                    else "A deeper kernel puts together what the maps before it have found, so it stands for more: "
                    "a corner, a curve, a piece of texture."
                ),
            )
        case Relu():
            return (
                "ReLU",
                "Answers below 0 are cut to 0: each map says only where its pattern is.",
                "Without it all layers together would be one linear map, however many there are.",
            )
        case MaxPool() | AvgPool():
            return (
                "Max pooling",
                "The largest of each window, the strongest answer, stays. "
                f"{{sl}}{before[1]}×{before[2]} become {size}.",
                "The maps get smaller and the field of the next kernels larger; a small shift changes little.",
            )
        case GlobalAvgPool():
            return (
                "Global average",
                "Each map becomes one number, its mean: how much of its pattern there is.",
                "Where in the picture it was no longer counts. That suits textures, which are the same everywhere.",
            )
        case Flatten():
            return (
                "Flatten",
                f"All numbers are put in one line, map by map. {{sl}}There are {after[0]}.",
                "Here feature extraction ends and classification begins. Nothing is computed.",
            )
    assert isinstance(spec, Linear)
    if n + 1 < len(track.layers):
        return (
            "Features combined",
            f"Weighted sums of all numbers. {{sl}}{after[0]} sums of {before[0]} numbers each.",
            "Each sum asks for some features and speaks against others. ReLU follows, then the scores.",
        )
    return (
        "Scores",
        "A weighted sum of all numbers for each class; the largest is the answer. "
        f"{{sl}}{after[0]} sums of {before[0]}.",
        "The bars show the probabilities that softmax makes of the scores. They say how the scores compare, and not "
        "how often the network is right.",
    )


def _back(spec: AnyLayer) -> str:
    match spec:
        case Conv():
            return (
                "Every δ goes back along the weights that it came by: a convolution with the kernels turned."
            )
        case Linear():
            return "Every δ goes back along the weights of its sum: the matrix transposed, times δ."
        case Relu():
            return "Where the answer was cut to 0, nothing goes back; elsewhere δ passes as it is."
        case MaxPool():
            return "Only the largest of each window is told its δ: the others had no part in the answer."
        case GlobalAvgPool():
            return "Every number of a map gets the same share of the δ of its mean."
    return "The δ are only put back into their maps: nothing is computed."


def _called(track: Track, n: int) -> str:
    """A layer by its kind, numbered where there are several."""
    kinds = {
        Conv: "convolution", Linear: "linear", MaxPool: "pooling", Relu: "ReLU", GlobalAvgPool: "global average",
    }  # fmt: skip
    kind = next((k for k in kinds if isinstance(track.layers[n], k)), None)
    if kind is None:
        return track.layers[n].op.replace("_", " ")
    alike = sum(isinstance(s, kind) for s in track.layers)
    return kinds[kind] + (f" {sum(isinstance(s, kind) for s in track.layers[: n + 1])}" if alike > 1 else "")

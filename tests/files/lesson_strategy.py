"""Draws whole lessons of every kind that a file can hold."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnviz.engine.layers import AvgPool, Conv, LayerSpec, MaxPool, Params, Relu
from cnnviz.lesson.lesson import PACES, Lesson, Track, Words
from cnnviz.lesson.source import Grey, Resize, Source, override, transformed
from cnnviz.lesson.words import ASPECTS, WORD_FIELDS, Finding

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
finite = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def sources(draw: st.DrawFn) -> Source:
    """Pictures of 8 and 16 bits and inputs of one's own, changed and typed over."""
    shape = (draw(st.sampled_from([1, 2, 3])), draw(st.integers(5, 7)), draw(st.integers(5, 7)))
    dtype, largest = draw(st.sampled_from([("uint8", 255), ("uint16", 65535), ("float64", None)]))
    values = finite if largest is None else st.integers(0, largest)
    source = Source(draw(arrays(np.dtype(dtype), shape, elements=values)), draw(texts), credit=draw(texts))
    size = st.builds(Resize, st.integers(5, 8), st.integers(5, 8))
    source = transformed(source, tuple(draw(st.lists(st.one_of(st.just(Grey()), size), max_size=2))))
    cells = st.tuples(*(st.integers(0, n - 1) for n in source.shape))
    return override(source, draw(st.dictionaries(cells, finite, max_size=3)))


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    """A convolution that fits, and what may follow it."""
    source = draw(sources())
    channels = source.shape[0]
    groups = draw(st.sampled_from([1, channels]))
    size = (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    pair = st.tuples(st.integers(1, 2), st.integers(1, 2))
    amount = st.integers(0, 3)
    padding = st.one_of(
        st.sampled_from(["valid", "same", "full"]),
        amount,
        st.tuples(amount, amount),
        st.tuples(*[amount] * 4),
    )
    conv = Conv(
        groups * draw(st.integers(1, 2)), size, draw(pair), draw(padding), (1, 1), groups,
        draw(st.sampled_from(["zeros", "reflect", "replicate", "circular"])),
    )  # fmt: skip
    weight = draw(arrays(np.float64, conv.weight_shape(source.shape), elements=finite))
    bias = draw(st.none() | arrays(np.float64, conv.out_channels, elements=finite))
    average = AvgPool((1, 1), (2, 1), count_include_pad=False)
    following: list[LayerSpec] = [
        Relu(),
        average,
        MaxPool((1, 1), (1, 2)),
        MaxPool((2, 2), (2, 2), (1, 1), True),
    ]
    after = st.sampled_from(following)
    layers: tuple[LayerSpec, ...] = (conv, *draw(st.lists(after, max_size=2)))
    return Track(
        source,
        layers,
        (Params(weight, bias), *[None] * (len(layers) - 1)),
        draw(texts),
        name_premise=draw(premises),
    )


aspects = st.lists(st.sampled_from(ASPECTS[1:]), unique=True, max_size=3).map(tuple)
findings = st.lists(
    st.builds(Finding, st.sampled_from(WORD_FIELDS), texts, aspects), min_size=1, max_size=5
).map(lambda found: tuple(sorted(found, key=lambda one: WORD_FIELDS.index(one.place))))
fingerprints = st.integers(0, 2**32 - 1).map("{:08x}".format)
premises = st.lists(fingerprints, min_size=len(ASPECTS), max_size=len(ASPECTS)).map(
    lambda prints: tuple(zip(ASPECTS, prints, strict=True))
)

words = st.builds(Words, st.integers(0, 9), texts, texts, texts) | st.builds(
    Words, st.integers(0, 9), texts, texts, texts, findings, premises
)

lessons = st.builds(
    Lesson,
    texts,
    st.lists(tracks(), min_size=1, max_size=3).map(tuple),
    st.none() | st.sampled_from(PACES),
    st.lists(words, max_size=2).map(tuple),
    texts,
    texts,
    st.lists(texts, max_size=3).map(tuple),
)

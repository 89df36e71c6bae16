"""What is answered to the test pictures at a step: counted again picture by picture with the weights of the step."""

from __future__ import annotations

import json

import numpy as np

from cnnviz.engine.run import run_chain
from cnnviz.files.datasets import shipped_set
from cnnviz.files.lessons import shipped_lesson
from cnnviz.timeline.mistakes import facts_at, report_at, text_at
from cnnviz.timeline.timeline import make_timeline
from cnnviz.timeline.trace import facts


def test_the_counts_and_the_surest_mistakes_are_those_of_the_step() -> None:
    timeline = make_timeline(shipped_lesson("learn-digits"))
    index, data = timeline.index_at(60), shipped_set("digits")
    told = facts_at(timeline, index)["learning"]["answers"]
    params = timeline.iteration(0, 60).before.params
    layers = timeline.lesson.tracks[0].layers
    counts, wrong = np.zeros((10, 10), int), []
    for number in range(data.entry.train, len(data.labels)):
        scores = run_chain(layers, params, data.images[number].astype(np.float64))[-1].ravel()
        powers = np.exp(scores - scores.max())
        label, answer = int(data.labels[number]), int(scores.argmax())
        counts[label, answer] += 1
        if label != answer:
            wrong.append((float(powers.max() / powers.sum()), number, label, answer))
    assert told["counts"] == counts.tolist()
    wrong.sort(reverse=True)
    assert len(told["mistakes"]) == 9
    for own, (sure, number, label, answer) in zip(told["mistakes"], wrong, strict=False):
        assert (own["picture"], own["label"], own["answer"]) == (number, label, answer)
        assert abs(own["sure"] - sure) < 1e-5
    share = facts_at(timeline, index)["learning"]["tested"]
    assert share == {"updates": 60, "right": int(counts.trace()) / 297}
    text = text_at(timeline, index).splitlines()
    assert f"      {counts.trace()} of 297 test pictures right" in text
    assert text[-9].startswith(
        f"      picture {wrong[0][1]} is of class {wrong[0][2]}, taken for {wrong[0][3]} with "
    )
    assert text_at(timeline, index, whole=False) == text[0]
    report = report_at(timeline, index)
    assert report is not None
    assert report.after == 60


def test_other_lessons_have_the_facts_they_had() -> None:
    for name in ("vertical-edge", "learn-edge-labels"):
        timeline = make_timeline(shipped_lesson(name))
        assert report_at(timeline, 3) is None
        assert json.dumps(facts_at(timeline, 3)) == json.dumps(facts(timeline.frame(3)))

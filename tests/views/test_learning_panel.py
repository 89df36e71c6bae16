"""The panel of a track that learns, as it shows a form."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from cnnviz.lesson.learning_form import LearningForm
from cnnviz.views.learning_panel import LearningPanel


@pytest.mark.parametrize(
    ("label", "name", "told"),
    [("4", "4", ""), ("4", "coat", "coat"), ("", "", "Too large to be typed: see it on the stage.")],
)
def test_the_name_of_a_class_stands_under_its_number_where_it_is_another(
    qtbot: QtBot, label: str, name: str, told: str
) -> None:
    panel = LearningPanel()
    qtbot.addWidget(panel)
    targets = ((label,),) if label else ()
    panel.show_form(
        replace(LearningForm(), track=0, tracks=((0, ""),), examples=1, example_name=name, targets=targets)
    )
    assert panel.target_name.text() == told
    assert panel.target_name.isHidden() == (not told)


def test_a_label_that_is_asked_for_is_said_to_be_hidden(qtbot: QtBot) -> None:
    panel = LearningPanel()
    qtbot.addWidget(panel)
    form = replace(LearningForm(), track=0, tracks=((0, ""),), examples=1, loss="cross_entropy")
    panel.show_form(replace(form, hidden=True))
    assert panel.target_name.text() == "Hidden while the quiz is on."
    assert panel.targets.isHidden()
    panel.show_form(replace(form, targets=(("4",),), example_name="4"))
    assert panel.target_name.isHidden()
    assert not panel.targets.isHidden()

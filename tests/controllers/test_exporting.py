"""An export driven by the event loop: files, progress, cancel, errors; and what goes to the clipboard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from cnnviz.controllers.copying import Copying
from cnnviz.controllers.exporting import Exporting, Last, first_place, first_plan
from cnnviz.controllers.session import Moment, Session
from cnnviz.controllers.staging import Staging
from cnnviz.export.job import Report
from cnnviz.export.shots import Shot
from cnnviz.export.task import scenes_of
from cnnviz.lesson.lesson import BadInput
from cnnviz.lesson.plans import Plan
from cnnviz.paint.painter import scene_image
from cnnviz.scene.theme import DARK, LIGHT
from cnnviz.scene.viewpoint import Camera, Viewpoint
from cnnviz.timeline.frame import CellRef
from tests.controllers.lessons import timeline_of

SMALL = Plan(frames="0:6:2", size=(320, 180))


class Desk:
    """An exporting over the 6×6 example."""

    def __init__(self) -> None:
        self.session = Session(Moment(timeline_of()))
        self.exporting = Exporting(self.session)
        self.failed: list[str] = []
        self.done: list[int] = []
        self.exporting.failed.connect(self.failed.append)
        self.exporting.progress_changed.connect(lambda progress: self.done.append(progress.done))


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk()


def _done(report: object) -> Report:
    assert isinstance(report, Report)
    return report


def test_writes_the_frames_and_reports(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(desk.exporting.finished) as report:
        desk.exporting.start(SMALL, str(tmp_path / "out"))
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [f"frame-000{i}.png" for i in (0, 2, 4)]
    assert report.args is not None
    assert _done(report.args[0]).files == 3
    assert desk.done == sorted(desk.done)
    assert desk.done[-1] == 3
    assert not desk.exporting.running


def test_the_file_equals_the_scene_painted(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    view = Viewpoint(camera=Camera(2.0, 0.4, 0.4))
    desk.session.show(viewpoint=view)
    plan = replace(SMALL, frames="5", theme="dark")
    with qtbot.waitSignal(desk.exporting.finished):
        desk.exporting.start(plan, str(tmp_path / "one.png"))
    expected = scene_image(scenes_of(desk.session.moment.timeline, view, plan)(Shot(5)))
    with Image.open(tmp_path / "one.png") as image:
        seen = image.convert("RGB")
    for x, y in ((3, 3), (60, 80), (160, 90), (250, 120)):
        color = expected.pixelColor(x, y)
        assert seen.getpixel((x, y)) == (color.red(), color.green(), color.blue())


def test_cancel_leaves_nothing_behind(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.exporting.progress_changed.connect(lambda _progress: desk.exporting.cancel())
    with qtbot.waitSignal(desk.exporting.cancelled):
        desk.exporting.start(SMALL, str(tmp_path / "out"))
    assert list(tmp_path.iterdir()) == []
    assert not desk.exporting.running


def test_an_edit_meanwhile_does_not_reach_the_files(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.exporting.start(SMALL, str(tmp_path / "a"))
    desk.session.show(timeline=timeline_of(pooled=False), index=0)
    with qtbot.waitSignal(desk.exporting.finished):
        pass
    desk.session.show(timeline=timeline_of(), index=0)
    with qtbot.waitSignal(desk.exporting.finished):
        desk.exporting.start(SMALL, str(tmp_path / "b"))
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_a_place_that_is_none_is_one_line(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    order: list[str] = []
    desk.exporting.failed.connect(lambda _line: order.append("failed"))
    desk.exporting.ended.connect(lambda: order.append("ended"))
    with qtbot.waitSignal(desk.exporting.failed):
        desk.exporting.start(SMALL, str(tmp_path / "nowhere" / "out.gif"))
    assert "\n" not in desk.failed[0]
    assert order == ["ended", "failed"]  # so that no progress stands behind the message
    with pytest.raises(BadInput):
        desk.exporting.replaced_files(SMALL, str(tmp_path / "film.avi"))


def test_knows_what_it_would_replace(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "frame-0002.png").touch()
    (tmp_path / "frame-0003.png").touch()
    assert desk.exporting.replaced_files(SMALL, str(tmp_path)) == [str(tmp_path / "frame-0002.png")]


def test_the_first_plan_has_all_steps_or_the_key_frames_of_very_many() -> None:
    plan = first_plan(Moment(timeline_of()), DARK)
    assert (plan.frames, plan.theme, plan.keys) == (":", "dark", ())
    assert first_plan(Moment(timeline_of(size=1000)), DARK).keys == ()  # "auto" has few steps


def test_the_first_plan_is_what_lies_between_the_marks() -> None:
    assert first_plan(Moment(timeline_of()), DARK, range(4, 9)).frames == "4:9"
    assert first_plan(Moment(timeline_of()), DARK, range(36)).frames == ":"


def test_closing_waits_until_nothing_is_left_behind(desk: Desk, tmp_path: Path) -> None:
    said: list[str] = []
    desk.exporting.ended.connect(lambda: said.append("ended"))
    desk.exporting.start(SMALL, str(tmp_path / "out"))
    desk.exporting.close()
    assert not desk.exporting.running
    assert said == ["ended"]
    assert list(tmp_path.iterdir()) == []


def test_a_second_export_waits_for_the_first(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.exporting.start(SMALL, str(tmp_path / "a"))
    desk.exporting.start(SMALL, str(tmp_path / "b"))
    with qtbot.waitSignal(desk.exporting.ended):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_pdf_comes_with_its_latex_line(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    for name, latex in (("edge.pdf", True), ("edge.gif", False)):
        with qtbot.waitSignal(desk.exporting.finished):
            desk.exporting.start(SMALL, str(tmp_path / name))
        assert desk.exporting.latex.startswith(r"\animategraphics") is latex


def test_the_first_place_is_beside_the_lesson(tmp_path: Path) -> None:
    assert first_place(str(tmp_path / "mine.cnnviz"), "Edges") == str(tmp_path / "mine")
    at_first = Path(first_place("", "Three of 3×3: “über”"))
    assert at_first.is_absolute()
    assert at_first.name == "three-of-3x3-über"
    assert Path(first_place("", "…")).name == "cnnviz"


def test_the_next_export_begins_as_the_last_one_ended(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    plan, out = replace(SMALL, name="deck", theme="dark", fps=2), str(tmp_path / "talk.gif")
    with qtbot.waitSignal(desk.exporting.finished):
        desk.exporting.start(plan, out)
    last, moment = desk.exporting.last, desk.session.moment
    title = moment.timeline.lesson.title
    assert last == (title, plan, out, 0)
    assert first_plan(moment, LIGHT, None, last) == replace(plan, name="")
    assert first_plan(moment, LIGHT, range(4, 9), last) == replace(plan, name="", frames="4:9")
    assert first_place("", title, last) == out


def test_the_step_shown_follows_the_stage(desk: Desk) -> None:
    title = desk.session.moment.timeline.lesson.title
    last = Last(title, replace(SMALL, frames="4:5"), "talk.gif", 4)
    desk.session.show(index=9)
    assert first_plan(desk.session.moment, LIGHT, None, last).frames == "9:10"
    assert first_plan(desk.session.moment, LIGHT, None, last._replace(shown=3)).frames == "4:5"


def test_of_another_lesson_look_and_folder_are_as_before(tmp_path: Path) -> None:
    last = Last(
        "Another lesson", replace(SMALL, pace="row", keys=("row-ends",)), str(tmp_path / "talk.gif"), 0
    )
    assert first_plan(Moment(timeline_of()), LIGHT, None, last) == replace(SMALL, frames=":")
    assert first_place("", "Edges", last) == str(tmp_path / "edges")
    assert first_place("/home/me/mine.cnnviz", "Edges", last) == str(tmp_path / "mine")


def test_the_map_under_the_pointer_is_copied(desk: Desk) -> None:
    staging = Staging(desk.session)
    staging.set_size(960, 540)
    copying = Copying(desk.session, staging)
    copying.copy_matrix("plain")
    assert QGuiApplication.clipboard().text() == "\n".join(["0\t30\t30\t0"] * 4)
    staging.set_hover(CellRef(0, "conv1.weight", 0, 0, 0))
    copying.copy_matrix("latex")
    assert "bmatrix" in QGuiApplication.clipboard().text()
    copying.copy_frame()
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (1920, 1080)

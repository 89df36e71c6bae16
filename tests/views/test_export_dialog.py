"""The dialog of an export, by keys and buttons."""

import re

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QStandardItemModel
from PySide6.QtWidgets import QAbstractButton, QDialogButtonBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cnnviz.export import formats
from cnnviz.export.formats import FORMATS
from cnnviz.export.plan import parse_frames
from cnnviz.lesson.plans import KEYS, PARTS, Plan
from cnnviz.views.export_dialog import ExportDialog
from cnnviz.views.export_place import FormatBox
from cnnviz.views.export_words import estimate_words
from tests.views.dialogs import PNG, export_dialog
from tests.views.signals import heard

ENTER = Qt.Key.Key_Return
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def export(qtbot: QtBot) -> ExportDialog:
    return export_dialog(qtbot)


def _frames(export: ExportDialog) -> list[int]:
    return [step + 1 for step in parse_frames(export.plan().frames, 36)]


def _choose(export: ExportDialog, qtbot: QtBot, ending: str) -> None:
    """Choose a format by keys."""
    qtbot.keyClick(export.format, Qt.Key.Key_Home)
    for _ in range([f.ending for f in FORMATS].index(ending)):
        qtbot.keyClick(export.format, Qt.Key.Key_Down)


def test_says_what_it_was_given(export: ExportDialog) -> None:
    assert export.plan() == PNG
    assert export.place() == "/home/me/frames"


@pytest.mark.parametrize(
    "plan",
    [
        Plan(
            "deck", "pptx", "4:20:2", ("row-ends",), "row", (1600, 1200), 1.5, "dark", 0.05, 18.0, PARTS[:3],
            ("total",), True, 2.5, 1.25, True, "count", "paths", "tables",
        ),
        Plan(format="svg", frames="-5:", size=(333, 444)),
        Plan(format="gif", frames="::-1"),
    ],
)  # fmt: skip
def test_shows_every_field_of_a_plan_and_gives_it_back(qtbot: QtBot, plan: Plan) -> None:
    assert export_dialog(qtbot, plan).plan() == plan


def test_says_every_change(export: ExportDialog, qtbot: QtBot) -> None:
    said = heard(export.settings_changed)
    qtbot.keyClick(export.steps_tab.range, Qt.Key.Key_End)
    first = export.steps_tab.steps.first
    first.selectAll()
    qtbot.keyClicks(first, "5")
    export.steps_tab.keys.click()
    qtbot.keyClick(export.look_tab.size_preset, Qt.Key.Key_Down)
    qtbot.keyClick(export.look_tab.theme, Qt.Key.Key_End)
    export.contents_tab.include.boxes["formula"].click()
    export.contents_tab.hide_answers.boxes["total"].click()
    export.contents_tab.pairs.click()
    qtbot.keyClick(export.kind_tab.numbering, Qt.Key.Key_End)
    parts = tuple(part for part in PARTS if part != "formula")
    assert said[-1][0] == Plan(
        format="png", frames="4:36", keys=KEYS, size=(1280, 720), theme="transparent", include=parts,
        hide=("total",), pairs=True, numbering="count",
    )  # fmt: skip


def test_a_range_is_all_that_is_marked_or_typed(qtbot: QtBot) -> None:
    export = export_dialog(qtbot, Plan(format="png", frames="4:9"), range(4, 9))
    tab = export.steps_tab
    assert tab.range.choice == "marks"
    assert not tab.steps.first.isEnabled()
    assert _frames(export) == [5, 6, 7, 8, 9]
    qtbot.keyClick(tab.range, Qt.Key.Key_Home)
    assert export.plan().frames == ":"
    tab.steps.step.selectAll()
    qtbot.keyClicks(tab.steps.step, "3")
    assert export.plan().frames == "::3"
    qtbot.keyClick(tab.range, Qt.Key.Key_Down)
    assert _frames(export) == [5, 8]


def test_without_marks_there_is_no_range_between_them(export: ExportDialog) -> None:
    model = export.steps_tab.range.model()
    assert isinstance(model, QStandardItemModel)
    assert not model.item(1).isEnabled()


def test_the_step_on_the_stage_alone(qtbot: QtBot) -> None:
    export = ExportDialog(Plan(format="png"), 36, "/home/me/frames", shown=16)
    qtbot.addWidget(export)
    assert (export.preview.position, export.preview.frame.value(), export.preview.frame.maximum()) == (
        16,
        17,
        36,
    )
    qtbot.keyClick(export.steps_tab.range, Qt.Key.Key_End)
    qtbot.keyClick(export.steps_tab.range, Qt.Key.Key_Up)
    assert export.steps_tab.range.choice == "shown"
    assert not export.steps_tab.steps.first.isEnabled()
    assert export.plan().frames == "16:17"
    export.show_count(10, None, 4)
    assert export.plan().frames == "4:5"


def test_a_place_without_an_ending_gets_that_of_the_plan(qtbot: QtBot) -> None:
    for out, plan, place in (
        ("/home/me/edge", Plan(format="pptx"), "/home/me/edge.pptx"),
        ("/home/me/edge", Plan(format="svg"), "/home/me/edge"),
        ("/home/me/edge.png", Plan(format="png"), "/home/me/edge.png"),
        ("/home/me/edge.pdf", Plan(), "/home/me/edge.pdf"),
    ):
        export = ExportDialog(plan, 36, out)
        qtbot.addWidget(export)
        assert export.place() == place


def test_a_first_step_behind_the_last_counts_down(export: ExportDialog, qtbot: QtBot) -> None:
    qtbot.keyClick(export.steps_tab.range, Qt.Key.Key_End)
    for field, text in (("first", "10"), ("last", "4"), ("step", "2")):
        getattr(export.steps_tab.steps, field).setText(text)
    assert _frames(export) == [10, 8, 6, 4]


def test_kinds_of_key_steps(export: ExportDialog) -> None:
    tab = export.steps_tab
    assert not tab.kinds.isEnabled()
    tab.keys.click()
    assert export.plan().keys == KEYS
    for kind in ("first-edge", "row-ends"):
        tab.kinds.boxes[kind].click()
    assert export.plan().keys == ("first-cell", "section-ends")
    for kind in ("first-cell", "section-ends"):
        tab.kinds.boxes[kind].click()
    assert "at least one kind" in export.error.text()


def test_another_pace_counts_steps_anew(export: ExportDialog, qtbot: QtBot) -> None:
    said = heard(export.pace_edited)
    export.pace_edited.connect(lambda _plan: export.show_count(9, None))
    qtbot.keyClick(export.steps_tab.range, Qt.Key.Key_End)
    qtbot.keyClick(export.steps_tab.pace, Qt.Key.Key_End)
    assert said[-1] == (Plan(format="png", pace="iteration"),)
    assert export.steps_tab.steps.last.text() == "9"
    assert export.plan() == Plan(format="png", pace="iteration")


@pytest.mark.parametrize(
    ("ending", "shown"),
    [
        ("png", {"numbering"}), ("svg", {"numbering", "text"}), ("pdf", {"fps"}), ("pptx", {"slides"}),
        ("gif", {"fps", "hold", "moves"}), ("webm", {"fps", "hold", "moves"}), ("json", set()),
    ],
)  # fmt: skip
def test_a_format_has_what_it_needs_and_no_more(
    export: ExportDialog, qtbot: QtBot, ending: str, shown: set[str]
) -> None:
    _choose(export, qtbot, ending)
    tab = export.kind_tab
    assert export.tabs.isTabVisible(3) is bool(shown)
    rows = {name for name in ("fps", "hold", "moves", "slides", "text", "numbering")
            if tab.form.isRowVisible(getattr(tab, name))}  # fmt: skip
    assert rows == shown
    assert [export.tabs.isTabVisible(n) for n in range(3)] == [True, ending != "json", ending != "json"]
    assert export.plan().format == ending


def test_the_place_follows_the_format_and_the_format_the_place(export: ExportDialog, qtbot: QtBot) -> None:
    _choose(export, qtbot, "gif")
    assert export.place() == "/home/me/frames.gif"
    _choose(export, qtbot, "pdf")
    assert export.place() == "/home/me/frames.pdf"
    _choose(export, qtbot, "svg")
    assert export.place() == "/home/me/frames"
    export.where.out.selectAll()
    qtbot.keyClicks(export.where.out, "talk.v2.mp4")
    assert export.format.format.ending == "mp4"


def test_video_is_not_transparent(export: ExportDialog, qtbot: QtBot) -> None:
    qtbot.keyClick(export.look_tab.theme, Qt.Key.Key_End)
    _choose(export, qtbot, "mp4")
    assert export.plan().theme == "light"
    model = export.look_tab.theme.model()
    assert isinstance(model, QStandardItemModel)
    assert not model.item(2).isEnabled()


def test_a_format_whose_package_is_missing_is_grey_and_says_how_to_add_it(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "find_spec", lambda name: None)
    box = FormatBox("Format")
    qtbot.addWidget(box)
    model = box.model()
    assert isinstance(model, QStandardItemModel)
    grey = {FORMATS[n].ending for n in range(len(FORMATS)) if not model.item(n).isEnabled()}
    assert grey == {"pptx", "mp4", "webm"}
    assert "pip install 'cnnviz[slides]'" in box.itemText(3)
    assert "pip install 'cnnviz[slides]'" in model.item(3).toolTip()


@pytest.mark.parametrize("wrong", ["", "0", "37", "x", "9" * 30])
def test_a_wrong_step_is_refused_and_export_is_off(export: ExportDialog, qtbot: QtBot, wrong: str) -> None:
    asked = heard(export.export_requested)
    qtbot.keyClick(export.steps_tab.range, Qt.Key.Key_End)
    last = export.steps_tab.steps.last
    last.setText(wrong)
    export.announce()
    assert export.error.isVisible()
    assert not export.go.isEnabled()
    export.accept()
    assert asked == []
    last.setText("36")
    export.announce()
    assert export.go.isEnabled()


def test_too_many_pixels_are_refused_before_anything_is_painted(export: ExportDialog) -> None:
    said = heard(export.settings_changed)
    export.look_tab.scale.setValue(8.0)  # 1920·8 × 1080·8 = 132.7 megapixels
    assert said == []
    assert "15360x8640" in export.error.text()


def test_enter_asks_for_the_export_and_leaves_closing_to_who_begins_it(
    export: ExportDialog, qtbot: QtBot
) -> None:
    asked = heard(export.export_requested)
    qtbot.keyClick(export, ENTER)
    assert asked == [(PNG, "/home/me/frames")]
    assert export.isVisible()


def test_enter_never_cancels(export: ExportDialog) -> None:
    cancel = export.buttons.button(QDialogButtonBox.StandardButton.Cancel)
    assert isinstance(cancel, QPushButton)
    assert not cancel.isDefault()
    assert isinstance(export.go, QPushButton)
    assert export.go.isDefault()


def test_any_frame_can_be_asked_for(export: ExportDialog, qtbot: QtBot) -> None:
    export.show_frames(36)
    asked = heard(export.preview.frame_requested)
    qtbot.keyClick(export.preview.slider, Qt.Key.Key_Right)
    qtbot.keyClick(export.preview.slider, Qt.Key.Key_End)
    export.preview.frame.setFocus()
    export.preview.frame.selectAll()
    qtbot.keyClicks(export.preview.frame, "12")
    qtbot.keyClick(export.preview.frame, Qt.Key.Key_Tab)
    assert asked == [(1,), (35,), (11,)]
    assert (export.preview.slider.value(), export.preview.position) == (11, 11)
    export.show_frames(5)
    assert export.preview.position == 4
    assert export.preview.total.text() == "of 5"
    assert not export.preview.frame.geometry().intersects(export.preview.total.geometry())


def test_a_frame_is_shown_whole_with_its_words(export: ExportDialog) -> None:
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff0000"))
    export.show_preview(image, "Convolution, step 1 of 36")
    shown = export.preview.picture.grab().toImage()
    assert shown.pixelColor(shown.width() // 2, 2) == QColor("#ff0000")
    assert shown.pixelColor(2, 2) != QColor("#ff0000")  # a square stands in the middle of 16:9
    assert export.preview.words.text() == "Convolution, step 1 of 36"


def test_what_is_transparent_shows_squares(export: ExportDialog) -> None:
    image = QImage(560, 315, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    export.show_preview(image, "")
    shown = export.preview.picture.grab().toImage()
    assert {shown.pixelColor(x, 3).name() for x in (4, 12)} == {"#ffffff", "#dddddd"}


class _Guess:
    frames, files, plays = 36, 36, 9.2
    bytes_expected: int | None = None
    seconds: float | None = None


def test_the_estimate_is_a_plain_line() -> None:
    guess, size = _Guess(), (1920, 1080)
    assert estimate_words(guess, FORMATS[0], size) == "36 files of 1920×1080 · measuring …"
    guess.bytes_expected, guess.seconds = 6_300_000, 0.4
    assert estimate_words(guess, FORMATS[0], size) == (
        "36 files of 1920×1080 · about 6.3 MB · written in under a second"
    )
    guess.seconds = 75.0
    assert estimate_words(guess, FORMATS[4], size) == (
        "1 file, 36 frames of 1920×1080 · plays 0:09 · about 6.3 MB · written in 1:15"
    )
    assert estimate_words(guess, FORMATS[3], size).startswith("1 file, 36 slides · about")
    assert estimate_words(guess, FORMATS[2], size).startswith("1 file, 36 pages of 1920×1080")


# Access


def _texts(export: ExportDialog) -> list[str]:
    shown = [w for w in export.findChildren(QWidget) if w.isVisible()]
    texts = [w.text() for w in shown if isinstance(w, QLabel | QAbstractButton)]
    return texts + [export.tabs.tabText(n) for n in range(4) if export.tabs.isTabVisible(n)]


@pytest.mark.parametrize("ending", ["png", "svg", "pdf", "pptx", "gif", "json"])
def test_no_two_access_keys_clash_in_any_tab(export: ExportDialog, qtbot: QtBot, ending: str) -> None:
    _choose(export, qtbot, ending)
    for number in range(4):
        if export.tabs.isTabVisible(number):
            export.tabs.setCurrentIndex(number)
            keys = sorted(found[1].lower() for text in _texts(export) if (found := re.search("&(.)", text)))
            assert len(keys) > 8
            assert keys == sorted(set(keys)), (ending, number)


def test_access_keys_lead_to_fields_and_tabs(export: ExportDialog, qtbot: QtBot) -> None:
    export.activateWindow()
    for key, field in (
        (Qt.Key.Key_F, export.format), (Qt.Key.Key_P, export.plans.names), (Qt.Key.Key_G, export.steps_tab.range),
        (Qt.Key.Key_R, export.preview.frame), (Qt.Key.Key_W, export.where.out),
    ):  # fmt: skip
        export.show_frames(9)
        qtbot.keyClick(export, key, ALT)
        assert field.hasFocus(), key
    qtbot.keyClick(export, Qt.Key.Key_O, ALT)
    assert export.tabs.currentWidget() is export.look_tab


def test_tab_goes_through_the_fields_from_top_to_bottom(export: ExportDialog, qtbot: QtBot) -> None:
    export.show_frames(9)
    export.plans.names.setFocus()
    order = []
    for _ in range(13):
        order.append(export.focusWidget())
        qtbot.keyClick(export.focusWidget(), Qt.Key.Key_Tab)
    steps, preview, where = export.steps_tab, export.preview, export.where
    assert order == [
        export.plans.names, export.plans.manage, export.format, export.tabs.tabBar(), steps.range, steps.steps.step,
        steps.pace, steps.keys, preview.slider, preview.frame, where.out, where.browse, export.go,
    ]  # fmt: skip


def test_every_field_has_a_name_for_those_who_cannot_see_it(export: ExportDialog) -> None:
    named = [
        export.format, export.plans.names, export.where.out, export.preview.slider, export.preview.frame,
        export.preview.picture, export.look_tab.margin, export.look_tab.smallest, export.kind_tab.fps,
        export.steps_tab.steps.first, export.steps_tab.pace,
    ]  # fmt: skip
    assert all(widget.accessibleName() for widget in named)


def test_it_fits_a_small_screen(export: ExportDialog) -> None:
    export.show_error("x" * 200)
    size = export.sizeHint()
    assert size.width() <= 1240
    assert size.height() <= 640


def test_on_a_small_screen_the_preview_gives_way(export: ExportDialog) -> None:
    assert export.preview.picture.size() == QSize(560, 315)
    export.resize(1024, 560)
    assert (export.width(), export.height()) == (1024, 560)
    assert 320 <= export.preview.picture.width() < 560
    assert export.minimumSizeHint().width() < 1024


def test_a_preview_of_another_size_is_told_of(export: ExportDialog) -> None:
    told: list[bool] = []
    export.preview.picture.resized.connect(lambda: told.append(True))
    export.resize(export.width() + 200, export.height() + 100)
    assert export.preview.picture.width() == 760
    assert told

"""What is remembered, and that nonsense in the settings does no harm."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from cnnviz.controllers.preferences import RECENT, Preferences


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


def test_defaults(settings: QSettings) -> None:
    chosen = Preferences(settings)
    assert (chosen.theme, chosen.motion, chosen.speed, chosen.recent) == ("system", True, 1.0, ())


def test_choices_outlive_the_program(settings: QSettings) -> None:
    chosen = Preferences(settings)
    changes: list[None] = []
    chosen.changed.connect(lambda: changes.append(None))
    chosen.set_theme("dark")
    chosen.set_theme("dark")
    chosen.set_motion(False)
    chosen.set_speed(1.5)
    settings.sync()
    again = Preferences(QSettings(settings.fileName(), QSettings.Format.IniFormat))
    assert (again.theme, again.motion, again.speed) == ("dark", False, 1.5)
    assert len(changes) == 2


def test_nonsense_counts_as_not_there(settings: QSettings) -> None:
    for key, value in (("theme", "pink"), ("speed", "fast"), ("recent", 7)):
        settings.setValue(key, value)
    chosen = Preferences(settings)
    assert (chosen.theme, chosen.speed, chosen.recent) == ("system", 1.0, ())


def test_recent_files_come_latest_first_once_each_and_no_more_than_ten(
    settings: QSettings, tmp_path: Path
) -> None:
    chosen = Preferences(settings)
    for number in range(RECENT + 3):
        chosen.add_recent(str(tmp_path / f"{number}.json"))
    chosen.add_recent(str(tmp_path / "5.json"))
    names = [Path(path).name for path in chosen.recent]
    assert names == [f"{n}.json" for n in (5, 12, 11, 10, 9, 8, 7, 6, 4, 3)]


def test_missing_files_are_told_apart(settings: QSettings, tmp_path: Path) -> None:
    chosen = Preferences(settings)
    there, gone = tmp_path / "there.json", tmp_path / "gone.json"
    there.touch()
    chosen.add_recent(str(gone))
    chosen.add_recent(str(there))
    assert chosen.recent_entries() == ((str(there), True), (str(gone), False))
    chosen.clear_recent()
    assert Preferences(settings).recent == ()


def test_a_single_recent_file_is_read_back(settings: QSettings, tmp_path: Path) -> None:
    Preferences(settings).add_recent(str(tmp_path / "one.json"))
    settings.sync()
    again = Preferences(QSettings(settings.fileName(), QSettings.Format.IniFormat))
    assert again.recent == (str(tmp_path / "one.json"),)

"""The table of commands: no two share a key, and what is kept for later stays free."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence

from cnnviz.controllers.actions import ACTIONS, RESERVED, ActionSpec, action
from cnnviz.resources import list_resources


def test_no_two_commands_share_a_shortcut() -> None:
    keys = [key for spec in ACTIONS for key in spec.shortcuts] + list(RESERVED)
    portable = [QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText) for key in keys]
    assert all(portable)
    assert sorted(portable) == sorted(set(portable))


def test_ids_are_unique_and_begin_with_their_menu() -> None:
    ids = [spec.id for spec in ACTIONS]
    assert len(ids) == len(set(ids))
    assert all(spec.id.split(".")[0] == spec.group.lower() for spec in ACTIONS)


def test_no_two_access_keys_of_a_menu_clash() -> None:
    for group in {spec.group for spec in ACTIONS}:
        keys = [s.text[s.text.index("&") + 1].lower() for s in ACTIONS if s.group == group]
        assert sorted(keys) == sorted(set(keys)), group


def test_every_icon_ships() -> None:
    shipped = list_resources("icons", ".svg")
    assert [s.id for s in ACTIONS if s.icon and f"icons/{s.icon}.svg" not in shipped] == []


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("file.quit", "Ctrl+Q"),
        ("edit.preferences", "Ctrl+,"),
        ("play.toggle", "Space"),
        ("play.backwards", "Shift+Space"),
        ("play.goto", "Ctrl+G"),
        ("file.export", "Ctrl+E"),
        ("edit.copy-frame", "Ctrl+Shift+C"),
        ("view.full-screen", "F11"),
        ("help.shortcuts", "Ctrl+?"),
        ("help.about", ""),
    ],
)
def test_keys_people_expect(name: str, key: str) -> None:
    assert action(name).shortcut == key


def test_plain_text_has_no_access_key() -> None:
    assert ActionSpec("x", "&Save && close…", "File").plain == "Save & close…"


def test_an_unknown_command_is_an_error() -> None:
    with pytest.raises(KeyError):
        action("file.explode")


def test_the_table_can_be_listed_without_qt() -> None:
    code = (
        "import sys, cnnviz.controllers.actions; sys.exit(any(m.startswith('PySide6') for m in sys.modules))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode
        == 0
    )

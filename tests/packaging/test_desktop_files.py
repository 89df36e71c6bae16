"""The desktop entry, the file type and the entry points fit each other and the package."""

import configparser
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

import cnnviz

ROOT = Path(__file__).parents[2]
SHARED_MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


class CaseKeepingParser(configparser.ConfigParser):
    def optionxform(self, optionstr: str) -> str:
        return optionstr


@pytest.fixture
def entry() -> dict[str, str]:
    parser = CaseKeepingParser(interpolation=None)
    parser.read(ROOT / "packaging" / "cnnviz.desktop", encoding="utf-8")
    return dict(parser["Desktop Entry"])


def test_the_desktop_entry_starts_the_gui_with_files(entry: dict[str, str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    command, argument = entry["Exec"].split()
    assert command in project["gui-scripts"]
    assert argument == "%F"
    assert entry["Type"] == "Application"
    assert (ROOT / "resources" / "icons" / f"{entry['Icon']}.svg").is_file()


def test_the_file_type_is_the_one_that_the_desktop_entry_opens(entry: dict[str, str]) -> None:
    root = ElementTree.parse(ROOT / "packaging" / "cnnviz.mime.xml").getroot()
    (kind,) = root.findall(f"{SHARED_MIME}mime-type")
    assert kind.attrib["type"] in entry["MimeType"].split(";")
    assert [glob.attrib["pattern"] for glob in kind.findall(f"{SHARED_MIME}glob")] == ["*.cnnviz"]


def test_the_changelog_names_the_version() -> None:
    text = (ROOT / "packaging" / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## {cnnviz.__version__} " in text

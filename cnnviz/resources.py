"""Opens the files of resources/, from a checkout and from an installed wheel alike."""

from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

# A wheel carries the folder as cnnviz/_resources; in a checkout it lies beside the package.
_INSTALLED = Path(__file__).with_name("_resources")
_ROOT = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[1] / "resources"


def resource_path(name: str) -> Path:
    """Where a resource lies, for readers that take only a path.

    Parameters
    ----------
    name : str
        Its place below resources/, with forward slashes, such as ``"fonts/Inter-Regular.ttf"``.

    Raises
    ------
    ValueError
        The name is absolute or leads out of the folder.
    FileNotFoundError
        There is no such file.
    """
    path = _inside(name)
    if not path.is_file():
        raise FileNotFoundError(f"resource {name!r} is missing; reinstall cnnviz")
    return path


def open_resource(name: str) -> BinaryIO:
    """Open a resource for reading bytes; the caller closes it. Errors as in `resource_path`."""
    return cast("BinaryIO", resource_path(name).open("rb"))


def resource_bytes(name: str) -> bytes:
    """Read a whole resource. Errors as in `resource_path`."""
    return resource_path(name).read_bytes()


def resource_text(name: str) -> str:
    """Read a whole resource as UTF-8 text. Errors as in `resource_path`."""
    return resource_path(name).read_text(encoding="utf-8")


def list_resources(folder: str, suffix: str = "") -> tuple[str, ...]:
    """Name the files that lie directly in a folder of resources/, sorted; none when there is no such folder.

    Parameters
    ----------
    folder : str
        A folder below resources/, such as ``"icons"``.
    suffix : str
        Keep only names that end so, such as ``".svg"``.

    Returns
    -------
    tuple of str
        Names as `resource_path` takes them, such as ``"icons/play.svg"``.

    Raises
    ------
    ValueError
        The folder is absolute or leads out of resources/.
    """
    place = _inside(folder)
    if not place.is_dir():
        return ()
    names = sorted(entry.name for entry in place.iterdir() if entry.is_file() and entry.name.endswith(suffix))
    return tuple(f"{PurePosixPath(folder)}/{name}" for name in names)


def _inside(name: str) -> Path:
    # Checked by form, not by resolving: a name is the program's own, but lesson files may carry one.
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or any(mark in name for mark in ("\\", ":", "\0")) or parts[0] == "/":
        raise ValueError(f"resource name {name!r} leads out of its folder; use a name such as 'fonts/NAME'")
    return _ROOT.joinpath(*parts)

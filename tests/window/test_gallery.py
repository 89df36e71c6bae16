"""The gallery in a real window: it comes by itself on the first start only, and opens a lesson by keys."""

from __future__ import annotations

from collections.abc import Callable

from tests.helpers.x_display import Window, wait_until

RunWindow = Callable[..., Window]


def test_the_first_start_shows_the_gallery_and_the_second_does_not(run_window: RunWindow) -> None:
    window = run_window(first_start=True)
    wait_until(lambda: "Lessons" in window.titles(), "the gallery")
    window.display.xdotool("search", "--sync", "--name", "^Lessons$", "windowactivate", "--sync")
    window.type("horizontal")
    window.key("Return")
    window.wait_title("Horizontal edge")
    wait_until(lambda: len(window.windows()) == 1, "the gallery to close")
    window.display.xdotool("windowactivate", "--sync", window.id)
    window.key("ctrl+q")
    assert window.wait_ended() == ""

    again = run_window(first_start=True)
    again.wait_title("Vertical edge – 1 / 36")
    again.key("Right")
    again.wait_title("2 / 36")
    again.wait_still()
    assert len(again.windows()) == 1
    again.key("ctrl+q")
    assert again.wait_ended() == ""

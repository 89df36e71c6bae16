"""Begins and ends a presentation: the window for the audience, and what its keys do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from cnnviz.controllers.presenting import Presenting
from cnnviz.controllers.telling import Telling
from cnnviz.desk import Desk
from cnnviz.views.present_window import PresentWindow, screen_for
from cnnviz.views.telling import tell


def present(desk: Desk, glides_up_to: float = 2.0) -> None:
    """Show the stage alone, on another screen where there is one; again, and it ends.

    While it lasts, PgUp and PgDn of the window with the controls go from key step to key step too.
    """
    shown = presentation(desk)
    if shown is not None:
        shown.close()
        return
    player = desk.player
    audience = PresentWindow(desk.window)
    presenting = Presenting(
        desk.session, player, lambda: desk.preferences.motion and player.speed <= glides_up_to, audience
    )
    presenting.scene_changed.connect(audience.show_scene)
    presenting.curtain_changed.connect(audience.show_curtain)
    presenting.number_changed.connect(audience.show_number)
    Telling(presenting.staging, player, parent=audience).told.connect(partial(tell, audience))
    audience.size_changed.connect(presenting.staging.set_size)
    audience.digit_typed.connect(presenting.type_digit)
    asked = _asked(desk, presenting, audience)
    audience.asked.connect(lambda word: asked[word]())
    audience.left.connect(audience.deleteLater)
    audience.left.connect(desk.window.activateWindow)
    # Both scenes of a lesson that learns come from the same worker.
    desk.training.redraw_requested.connect(presenting.staging.flush)
    presenting.begin(desk.staging.theme)
    audience.present_on(screen_for(desk.window))


def _asked(desk: Desk, presenting: Presenting, audience: PresentWindow) -> dict[str, Callable[[], object]]:
    """What each word of `cnnviz.views.present_window.KEYS` does."""
    player = desk.player
    return {
        "toggle": player.toggle,
        "backwards": player.toggle_backwards,
        "step-forward": lambda: player.step(1),
        "step-back": lambda: player.step(-1),
        "ten-forward": lambda: player.step(10),
        "ten-back": lambda: player.step(-10),
        "next-key": presenting.next_key,
        "previous-key": presenting.previous_key,
        "to-start": player.to_start,
        "to-end": player.to_end,
        "black": lambda: presenting.toggle_curtain("black"),
        "white": lambda: presenting.toggle_curtain("white"),
        "jump": presenting.jump,
        "drop-digit": presenting.drop_digit,
        "restart": player.restart,
        "faster": player.faster,
        "slower": player.slower,
        "loop": player.next_loop,
        "formulas": presenting.toggle_formulas,
        "other-plot": lambda: _change_plot(desk),
        "hide-total": lambda: desk.switches.flip("stage.hide-total"),
        "stop": lambda: None if presenting.give_way() else audience.close(),
        "leave": audience.close,
    }


def _change_plot(desk: Desk) -> None:
    """Show the plot of the loss, or again the one that the lesson shows by itself."""
    shown = desk.switches.states["stage.plots-loss"]
    desk.switches.flip("stage.plots-auto" if shown else "stage.plots-loss")


def presentation(desk: Desk) -> PresentWindow | None:
    """The window that the audience sees; None when nothing is presented."""
    return next((w for w in desk.window.findChildren(PresentWindow) if w.isVisible()), None)


def turn_page(desk: Desk, forward: bool) -> None:
    """Go to the next or previous section; while presenting to the next or previous key step."""
    shown = presentation(desk)
    if shown is None:
        desk.player.next_section() if forward else desk.player.previous_section()
        return
    presenting = shown.findChild(Presenting)
    assert presenting is not None
    presenting.next_key() if forward else presenting.previous_key()

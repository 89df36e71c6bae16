from typing import Protocol

class _Layout(Protocol):
    unitsperem: int

class _Info(Protocol):
    layout: _Layout

class _Glyph(Protocol):
    def advance(self) -> float: ...

class Font:
    info: _Info
    def __init__(self, name: str) -> None: ...
    def glyph(self, char: str) -> _Glyph: ...

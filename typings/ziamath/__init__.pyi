from typing import Protocol
from xml.etree.ElementTree import Element

class _Math(Protocol):
    color: str

class _Config(Protocol):
    svg2: bool
    precision: float
    math: _Math

config: _Config

class _Box(Protocol):
    xmin: float
    xmax: float
    ymin: float
    ymax: float

class _Node(Protocol):
    bbox: _Box

class Latex:
    node: _Node
    def __init__(self, latex: str, size: float | None = None) -> None: ...
    def svgxml(self) -> Element: ...

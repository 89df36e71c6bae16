"""What each tap of a window reads along one axis, straight from the definition of the operation."""

from __future__ import annotations

from cnnviz.engine.geometry import resolve_padding
from cnnviz.engine.layers import AvgPool, Conv, MaxPool, Shape
from cnnviz.engine.specs import AnyLayer, ConvTranspose, GlobalAvgPool, GlobalMaxPool


def shown_place(at: int, n: int, mode: str) -> int | None:
    """Which row a row of the padded picture shows, by walking back into the picture step by step."""
    if 0 <= at < n:
        return at
    match mode:
        case "replicate":
            return 0 if at < 0 else n - 1
        case "circular":
            return at % n
        case "reflect":
            return shown_place(-at if at < 0 else 2 * (n - 1) - at, n, mode)
    return None


def taps(spec: AnyLayer, in_shape: Shape, axis: int, out: int) -> list[int | None]:
    """What each tap of an output place reads along one axis, from the definition of the operation."""
    n = in_shape[axis + 1]
    match spec:
        case Conv():
            pads = resolve_padding(spec.padding, in_shape[1:], spec.kernel_size, spec.stride, spec.dilation)
            before = (pads.top, pads.left)[axis]
            starts = out * spec.stride[axis] - before
            found = [starts + m * spec.dilation[axis] for m in range(spec.kernel_size[axis])]
            return [shown_place(at, n, spec.padding_mode) for at in found]
        case MaxPool() | AvgPool():
            first = out * spec.stride[axis] - spec.padding[axis]
            return [shown_place(first + m, n, "zeros") for m in range(spec.kernel_size[axis])]
        case ConvTranspose():
            # Weight m of input place r lands on s·r + d·m − p.
            return [
                next((r for r in range(n)
                      if spec.stride[axis] * r + spec.dilation[axis] * m - spec.padding[axis] == out), None)
                for m in range(spec.kernel_size[axis])
            ]  # fmt: skip
        case GlobalAvgPool() | GlobalMaxPool():
            return list(range(n))
    return [out]

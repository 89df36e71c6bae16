"""What every piece of a formula says, as LaTeX; the names are those of `cnnviz.scene.formula_names`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product

from cnnviz.scene.formula_index import LATEX, strided_index, transposed_index, turned_index, window_index

# Stand-ins for the colours of a theme, by role.
ROLES = {"input": "#0000f1", "weight": "#0000f2", "output": "#0000f3", "text": "#0000f4"}

LETTERS = {"IK": ("I", "K", "S", "(", ")"), "xw": ("x", "w", "y", "[", "]")}
BASES = (0, 1)
KNOBS = (
    "none",
    *("".join(k) + axes for k in ("s", "d", "p", "sd", "sp", "dp", "sdp") for axes in ("", "12")),
)


def latex(name: str) -> str:
    r"""A formula, named by its pieces, as LaTeX without colours.

    Examples
    --------
    >>> latex("lhs.IK.ij sum.mn in.IK.0.-.none ker.IK.0.mn")
    'S(i,j)= \\sum_{m}\\sum_{n} I(i+m,j+n) K(m,n)'
    """
    return " ".join(_uncoloured(_pieces()[piece]) for piece in name.split())


@cache
def _pieces() -> dict[str, str]:
    return dict(every_piece())


def _uncoloured(text: str) -> str:
    """Take the colours away, from the innermost outwards, since a coloured part may hold another."""
    while (start := text.rfind(r"\textcolor")) >= 0:
        opening = text.index("{", text.index("}", start))
        closing = _closing(text, opening)
        text = text[:start] + text[opening + 1 : closing] + text[closing + 1 :]
    return text


def _closing(text: str, opening: int) -> int:
    """Where the brace that opens there is closed."""
    depth = 0
    for brace in re.finditer(r"[{}]", text[opening:]):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return opening + brace.start()
    raise ValueError(f"{text!r}: a brace is not closed")


def every_piece() -> Iterator[tuple[str, str]]:
    """Every piece's name and its LaTeX."""
    for letters in LETTERS:
        yield from _common(letters)
        yield from _signs(letters)
        yield from _windows(letters)
        yield from _lines(letters)
        yield from _kernels(letters)
        for dims in ("ij", "cij", "c", "-"):
            yield from _pointwise(letters, dims)
            yield from _block(letters, dims)
        yield from _kept(letters)
    yield from _plain()
    yield from _sizes()
    yield from _learning()


def _in(text: str) -> str:
    return rf"\textcolor{{{ROLES['input']}}}{{{text}}}"


def _weight(text: str) -> str:
    return rf"\textcolor{{{ROLES['weight']}}}{{{text}}}"


def _out(text: str) -> str:
    return rf"\textcolor{{{ROLES['output']}}}{{{text}}}"


def _at(letters: str, name: str, indices: str) -> str:
    """A letter with its indices in the brackets of the convention; ``name`` is input, weight or output."""
    *symbols, opening, closing = LETTERS[letters]
    symbol = symbols[("input", "weight", "output").index(name)]
    return f"{symbol}{opening}{indices}{closing}"


def _listed(indices: Iterable[str]) -> str:
    return ",".join(indices)


def _signs(letters: str) -> Iterator[tuple[str, str]]:
    """Which operation it is: S = I ⋆ K before the formula, or (I ⋆ K)(i, j) as its left side."""
    x, w, y, opening, closing = LETTERS[letters]
    for sign, star in (("corr", r"\star"), ("conv", r"\ast")):
        both = f"{_in(x)}{star} {_weight(w)}"
        yield f"sign.{letters}.{sign}", f"{_out(y)}={both}" + r"\,,\quad"
        yield f"sign.{letters}.{sign}.b", f"{_out(y)}={both}+{_weight('b')}" + r"\,,\quad"
        for dims in ("ij", "oij", "j", "oj"):
            yield f"of.{letters}.{sign}.{dims}", f"({both}){_out(opening + _listed(dims) + closing)}="


def _common(letters: str) -> Iterator[tuple[str, str]]:
    for dims in ("ij", "oij", "cij", "j", "oj", "uv", "ouv", "c", "o", "k"):
        yield f"lhs.{letters}.{dims}", _out(_at(letters, "output", _listed(dims))) + "="
    yield f"lhs.{letters}.-", _out(LETTERS[letters][2]) + "="
    opening, closing = LETTERS[letters][3:]
    yield f"bias.{letters}.-", _weight("b") + "+"
    yield f"bias.{letters}.o", _weight(f"b{opening}o{closing}") + "+"
    for dims in ("ij", "cij", "oij", "c"):
        yield f"val.{letters}.{dims}", _in(_at(letters, "input", _listed(dims)))


def _windows(letters: str) -> Iterator[tuple[str, str]]:
    """What a window reads: I(c, s·i + d·m − p, s·j + d·n − p)."""
    for base, channel, knob in product(BASES, ("-", "c", "o", "g", "gc"), KNOBS):
        indices = [_channel(channel, base)] if channel != "-" else []
        for axis, (place, tap) in enumerate((("i", "m"), ("j", "n"))):
            s, d, p = (_knob(name, knob, axis) for name in "sdp")
            indices.append(window_index(place, tap, s, d, p, base, LATEX))
        yield f"in.{letters}.{base}.{channel}.{knob}", _in(_at(letters, "input", ",".join(indices)))


def _lines(letters: str) -> Iterator[tuple[str, str]]:
    """What a window on a single line reads, and its weights: I(c, s·j + d·n − p) and K(o, c, n)."""
    for base, channel, knob in product(BASES, ("-", "c"), KNOBS):
        if not knob.endswith("12"):
            s, d, p = (_knob(name, knob, 1) for name in "sdp")
            index = window_index("j", "n", s, d, p, base, LATEX)
            text = _at(letters, "input", ",".join([*channel.strip("-"), index]))
            yield f"in-line.{letters}.{base}.{channel}.{knob}", _in(text)
    for base, first in product(BASES, ("", "o", "c", "oc")):
        turned = _listed([*first, turned_index("n", "f", base, LATEX)])
        yield f"ker.{letters}.{base}.{first}n", _weight(_at(letters, "weight", _listed(first + "n")))
        yield f"ker.{letters}.{base}.{first}n.turned", _weight(_at(letters, "weight", turned))


def _channel(channel: str, base: int) -> str:
    group = rf"\lfloor {'(o-1)' if base else 'o'}/M\rfloor"
    one = "+1" if base else ""
    return {"c": "c", "o": "o", "g": group + one, "gc": rf"C\,{group}+c"}[channel]


def _knob(name: str, knob: str, axis: int) -> str:
    if name not in knob.removesuffix("12") or knob == "none":
        return ""
    return f"{name}_{axis + 1}" if knob.endswith("12") else name


def _kernels(letters: str) -> Iterator[tuple[str, str]]:
    """The weights: K(o, c, m, n), turned by 180° for a true convolution, and as a transposed one lays them."""
    for base in BASES:
        yield (
            f"ker.{letters}.{base}.oc",
            _weight("W" if letters == "IK" else "w") + _weight(_at(letters, "weight", _listed("oc"))[1:]),
        )
        for first in ("", "o", "c", "oc"):
            yield f"ker.{letters}.{base}.{first}mn", _weight(_at(letters, "weight", _listed(first + "mn")))
            for axes in ("", "12"):
                turned = [
                    turned_index(tap, f"f_{n}" if axes else "f", base, LATEX)
                    for n, tap in ((1, "m"), (2, "n"))
                ]
                text = ",".join([*first, *turned])
                yield f"ker.{letters}.{base}.{first}mn.turned{axes}", _weight(_at(letters, "weight", text))
        for first, knob in product(("-", "c", "o", "co", "cm"), KNOBS):
            indices = [i for i in first.replace("-", "") if i != "m"]
            if first == "cm":
                indices.append(r"o\;\mathrm{mod}\;M" if base == 0 else r"(o-1)\;\mathrm{mod}\;M+1")
            for axis, (out, place) in enumerate((("u", "i"), ("v", "j"))):
                s, d, p = (_knob(name, knob, axis) for name in "sdp")
                indices.append(transposed_index(out, place, s, d, p, base, LATEX))
            yield (
                f"lay.{letters}.{base}.{first}.{knob}",
                _weight(_at(letters, "weight", ",".join(indices))),
            )


def _pointwise(letters: str, dims: str) -> Iterator[tuple[str, str]]:
    """What acts on each number alone, and softmax."""
    x = _in(LETTERS[letters][0] if dims == "-" else _at(letters, "input", _listed(dims)))
    root = r"\sqrt{2/\pi}"
    parts = {
        "relu": rf"\max(0,{x})",
        "leaky-relu": rf"\max(0,{x})+\alpha\,\min(0,{x})",
        "elu": rf"\max(0,{x})+\alpha\,(e^{{\min(0,{x})}}-1)",
        "gelu": rf"{x}\;\Phi({x})",
        "gelu-tanh": rf"\frac{{1}}{{2}}\,{x}\,(1+\tanh({root}\,({x}+0.044715\,{x}^3)))",
        "gelu-tanh.comma": rf"\frac{{1}}{{2}}\,{x}\,(1+\tanh({root}\,({x}+0{{,}}044715\,{x}^3)))",
        "sigmoid": rf"\frac{{1}}{{1+e^{{-{x}}}}}",
        "tanh": rf"\frac{{e^{{{x}}}-e^{{-{x}}}}}{{e^{{{x}}}+e^{{-{x}}}}}",
        "softmax": rf"\frac{{e^{{{x}}}}}{{\Sigma_k\,e^{{{_in(_at(letters, 'input', _over_k(dims)))}}}}}",
        "normalise": rf"\frac{{{x}-\mu}}{{\sigma}}",
        "normalise.c": rf"\frac{{{x}-\mu_c}}{{\sigma_c}}",
        "batch-norm": rf"\frac{{{x}-\mu_c}}{{\sqrt{{\sigma_c^2+\varepsilon}}}}",
    }
    for name, text in parts.items():
        if (name, dims) != ("softmax", "-"):
            yield f"{name}.{letters}.{dims}", text


def _block(letters: str, dims: str) -> Iterator[tuple[str, str]]:
    """Where both ways of a block meet: y = f + x, with f the output of its layers."""
    opening, closing = LETTERS[letters][3:]
    at = "" if dims == "-" else opening + _listed(dims) + closing
    f, x = (f"f{at}", _in(f"x{at}")) if at else ("f(x)", _in("x"))
    yield f"block.{letters}.{dims}", f"{_out(f'y{at}')}={f}+{x}"
    yield f"block.{letters}.{dims}.scaled", rf"{_out(f'y{at}')}={_weight(chr(92) + 'alpha')}\,{f}+{x}"
    yield f"block.{letters}.{dims}.plain", f"{_out(f'y{at}')}={f}"
    yield f"block.{letters}.{dims}.plain.scaled", rf"{_out(f'y{at}')}={_weight(chr(92) + 'alpha')}\,{f}"


def _kept(letters: str) -> Iterator[tuple[str, str]]:
    """Every s-th pixel, and zeros in the channels that are added."""
    for base in BASES:
        indices = ["c", *(strided_index(place, "s", base, LATEX) for place in "ij")]
        yield f"kept.{letters}.{base}", _in(_at(letters, "input", _listed(indices)))


def _over_k(dims: str) -> str:
    """The indices of a cell with k in place of its channel."""
    return _listed("k" + dims.removeprefix("c"))


def _plain() -> Iterator[tuple[str, str]]:
    """Sums, maxima and factors, whatever the letters."""
    for name in ("mn", "cmn", "n", "cn", "ij", "cij", "c"):
        yield f"sum.{name}", "".join(rf"\sum_{{{i}}}" for i in name)
    yield "sum.gij", r"\sum_{c\in G(o)}\sum_{i}\sum_{j}"
    yield "max.mn", r"\max_{m,n}"
    yield "max.ij", r"\max_{i,j}"
    yield "coef.f", r"\frac{1}{f^2}"
    yield "coef.f12", r"\frac{1}{f_1\,f_2}"
    yield "coef.N", r"\frac{1}{N}"
    yield "coef.HW", r"\frac{1}{H\,W}"
    yield "where.0", r",\quad k=(c\,H+i)\,W+j"
    yield "where.1", r",\quad k=((c-1)\,H+i-1)\,W+j"


def _sizes() -> Iterator[tuple[str, str]]:
    """How long the output is along one axis."""
    n, f = _in("n"), _weight("f")
    out = _out(r"n_{\mathrm{out}}") + "="

    def window(room: str, opening: str = r"\lfloor", closing: str = r"\rfloor") -> str:
        return rf"{out}\left{opening}\frac{{{room}}}{{s}}\right{closing}+1"

    yield "size.conv", window(f"{n}+2p-d\\,({f}-1)-1")
    yield "size.conv.P", window(f"{n}+P-d\\,({f}-1)-1")
    # A pooling window has no weights.
    yield "size.pool", window(f"{n}+2p-f")
    yield "size.pool.ceil", window(f"{n}+2p-f", r"\lceil", r"\rceil")
    transposed = f"{out}s\\,({n}-1)-2p+d\\,({f}-1)+1"
    yield "size.transpose", transposed
    yield "size.transpose.extra", transposed + "+q"
    yield "size.global", out + "1"
    yield "size.flatten", out + _in(r"C\,H\,W")
    yield "size.linear", out + _weight("O")
    yield "size.same", out + n
    yield "size.kept", rf"{out}\left\lceil\frac{{{n}}}{{s}}\right\rceil"


def _learning() -> Iterator[tuple[str, str]]:
    """Losses, gradients and updates: X goes into a layer, W are its weights, δ is the gradient of what comes out."""
    x, w, b, delta = _in("X"), _weight("W"), _weight("b"), r"\delta"
    yield "loss.one", rf"{_out('L')}=(\hat{{y}}-y)^2"
    yield "loss.sum", rf"{_out('L')}=\sum_{{k}}(\hat{{y}}_k-y_k)^2"
    yield "loss.mean", rf"{_out('L')}=\frac{{1}}{{N}}\sum_{{k}}(\hat{{y}}_k-y_k)^2"
    yield "loss.cross", rf"{_out('L')}=-\log p_y\,,\quad p_k=\frac{{e^{{z_k}}}}{{\sum_j e^{{z_j}}}}"
    yield "error.sum", _slope(r"\hat{y}") + r"2\,(\hat{y}-y)"
    yield "error.mean", _slope(r"\hat{y}") + r"\frac{2}{N}\,(\hat{y}-y)"
    yield "error.cross", _slope("z_k") + r"p_k-\mathrm{onehot}_k(y)"
    for channels, own, at in (("-", "", ""), ("oc", "o,c,", "c,")):
        of = "o," if own else ""
        for turned, name in (("", f"W({own}m,n)"), (".turned", rf"\mathrm{{rot}}_{{180}}W({own}m,n)")):
            left = _slope(_weight(name)) + rf"\sum_{{i}}\sum_{{j}}{delta}({of}i,j)\,"
            yield f"weight.conv.{channels}{turned}", left + _in(f"X({at}i+m,j+n)")
            yield f"weight.conv.{channels}.sdp{turned}", left + _in(rf"X({at}s\,i+d\,m-p,s\,j+d\,n-p)")
    laid = rf"{delta}(o,s\,i+d\,m-p,s\,j+d\,n-p)"
    yield (
        "weight.transposed",
        _slope(_weight("W(c,o,m,n)")) + rf"\sum_{{i}}\sum_{{j}}{_in('X(c,i,j)')}\,{laid}",
    )
    yield "weight.linear", _slope(_weight("W(o,c)")) + rf"{delta}(o)\,{_in('X(c)')}"
    yield "bias.map", _slope(_weight("b(o)")) + rf"\sum_{{i}}\sum_{{j}}{delta}(o,i,j)"
    yield "bias.line", _slope(_weight("b(o)")) + rf"{delta}(o)"
    turned = rf"{delta}_{{\uparrow s}}(o)\star\mathrm{{rot}}_{{180}}\,{_weight('W(o,c)')}"
    yield "input.conv", _slope(_in("X(c)")) + rf"\sum_{{o}}{turned}"
    yield (
        "input.conv.true",
        _slope(_in("X(c)")) + rf"\sum_{{o}}{delta}_{{\uparrow s}}(o)\star {_weight('W(o,c)')}",
    )
    summed = rf"\sum_{{o}}\sum_{{m}}\sum_{{n}}{laid}\,{_weight('W(c,o,m,n)')}"
    yield "input.transposed", _slope(_in("X(c,i,j)")) + summed
    yield "input.weights", _slope(x) + rf"\sum{delta}\,{w}"
    yield "input.linear", _slope(_in("X(c)")) + rf"\sum_{{o}}{delta}(o)\,{_weight('W(o,c)')}"
    yield "input.max", _slope(x) + rf"\sum_{{\mathrm{{won}}}}{delta}"
    yield "input.avg", _slope(x) + rf"\frac{{1}}{{N}}\sum{delta}"
    yield "input.gate", _slope(x) + rf"{delta}\cdot f^{{\prime}}({x})"
    yield "input.same", _slope(x) + delta
    yield from _ways_back()
    for name, letter in (("w", w), ("b", b)):
        slope = _slope(letter).removesuffix("=")
        new = _out(letter + r"^{\prime}")
        yield f"update.{name}", rf"{new}={letter}-\eta\,{slope}"
        velocity = rf"v^{{\prime}}=\mu\,v+{slope}\,,\quad "
        yield f"update.{name}.v", velocity + rf"{new}={letter}-\eta\,v^{{\prime}}"


def _ways_back() -> Iterator[tuple[str, str]]:
    """Gradients of a residual block y = f(x) + s(x), whose shortcut s hands x on as it is, or changes its shape."""
    y, f, x, s = (_slope(by).removesuffix("=") for by in (_out("y"), "f", _in("x"), "s"))
    yield "input.add", rf"{f}={y}\,,\quad {s}={y}"
    yield "input.add.scaled", rf"{f}={_weight(chr(92) + 'alpha')}\,{y}\,,\quad {s}={y}"
    yield "input.add.plain", rf"{f}={y}"
    yield "input.add.plain.scaled", rf"{f}={_weight(chr(92) + 'alpha')}\,{y}"
    jacobian = rf"\frac{{\partial f}}{{\partial {_in('x')}}}"
    yield "input.join", rf"{x}={y}\cdot\left(I+{jacobian}\right)"
    yield "input.ways", rf"{x}={f}\cdot {jacobian}+{s}\cdot\frac{{\partial s}}{{\partial {_in('x')}}}"
    yield "input.back", rf"{s}={y}"
    yield "input.kept", rf"{x}=\delta\quad\mathrm{{where\ x\ was\ kept}}"
    yield (
        "input.norm",
        rf"{x}=\frac{{1}}{{\sqrt{{\sigma^2+\varepsilon}}}}"
        r"\left(\delta-\mathrm{mean}(\delta)-z\;\mathrm{mean}(\delta\,z)\right)",
    )


def _slope(by: str) -> str:
    """The left side of a gradient: ∂L/∂ something."""
    return rf"\frac{{\partial L}}{{\partial {by}}}="

"""An import-linter contract that names the only modules which may import something directly."""

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OnlyImportersContract(Contract):
    """Modules listed as imported may be imported only from packages listed as importers.

    Unlike the built-in contracts it tells submodules of external packages apart (PySide6.QtWidgets from
    PySide6.QtGui) and covers modules that nobody has written yet. It reads the source, so imports inside
    functions and under TYPE_CHECKING count.
    """

    imported = fields.ListField(subfield=fields.StringField())
    importers = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        imported, importers = _names(self.imported), _names(self.importers)
        broken = [
            f"{module}:{line} imports {target}"
            for module, path in _modules(self.session_options["root_packages"])
            if not _is_within(module, importers)
            for line, target in _imports(module, path)
            if _is_within(target, imported)
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["broken"]:
            output.print_error(f"{line}, which only {', '.join(_names(self.importers))} may do")


def _names(field: object) -> list[str]:
    # A contract declares its fields as descriptors and holds plain values once it is built.
    assert isinstance(field, list)
    return [str(name) for name in field]


def _is_within(module: str, packages: list[str]) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


def _modules(packages: list[str]) -> Iterator[tuple[str, Path]]:
    for package in packages:
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        root = Path(spec.origin).parent
        for path in sorted(root.rglob("*.py")):
            parts = path.relative_to(root.parent).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def _imports(module: str, path: Path) -> Iterator[tuple[int, str]]:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{source}.{alias.name}") for alias in node.names)

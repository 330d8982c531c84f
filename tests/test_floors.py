"""ARCHITECTURE.md cannot lie: its floors and its rooms are read from it and held against every import."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib

import pytest
from conftest import ROOT

ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
OUTSIDE = {"__init__", "__main__", "start", "fonts"}
IMPORTED_AS = {
    "markdown-it": ("markdown_it", "mdit_py_plugins"),
    "pyyaml": ("yaml",),
    "vl-convert": ("vl_convert",),
    "resvg": ("resvg_py",),
}
"""What a library is called in an import, where that is not its name in small letters."""
HEAVY = {"altair", "babel", "jinja2", "markdown_it", "pandas", "resvg_py", "vl_convert"}
"""What `declared --help` must not pay for."""


def read_floors(text: str) -> dict[str, int]:
    """The block of floors: each module to the number of its floor."""
    block = re.search(r"^```floors\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert block, "ARCHITECTURE.md has no block of floors"
    lines = [line.split() for line in block[1].splitlines()]
    return {module: int(number) for number, _, *modules in lines for module in modules}


def read_rooms(text: str) -> dict[str, set[str]]:
    """The paragraph on rooms: each library, as it is imported, to the modules that may."""
    paragraph = re.search(r"^One library, one room:(.*?)(\n\n|\Z)", text, re.MULTILINE | re.DOTALL)
    assert paragraph, "ARCHITECTURE.md does not say which library lives in which room"
    sentence = " ".join(paragraph[1].split())
    rooms: dict[str, set[str]] = {}
    for names, modules in re.findall(
        r"([\w -]+?) only (?:in|where [\w ]+:) ((?:`\w+`(?: \([\w ]+\))?(?:, | and )?)+)", sentence
    ):
        for name in re.split(r",| and ", names):
            library = name.strip().lower()
            for imported in IMPORTED_AS.get(library, (library,)):
                rooms.setdefault(imported, set()).update(re.findall(r"`(\w+)`", modules))
    return rooms


def imports_of(source: str) -> list[tuple[int, str]]:
    """Every import, wherever it stands: its line and its dotted name."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parent = ".".join(filter(None, ("builder" if node.level else "", node.module)))
            found += [(node.lineno, f"{parent}.{alias.name}") for alias in node.names]
    return found


FLOORS = read_floors(ARCHITECTURE)
ROOMS = read_rooms(ARCHITECTURE)
MODULES = {
    path.relative_to(ROOT).as_posix(): path.relative_to(ROOT / "builder").parts[0].removesuffix(".py")
    for path in sorted((ROOT / "builder").rglob("*.py"))
}
INSIDE = [(path, module) for path, module in MODULES.items() if module not in OUTSIDE]


def problems_of(path: str, module: str, source: str, floors: dict[str, int], rooms: dict[str, set[str]]) -> list[str]:
    """Every import of a module that the plan forbids."""
    problems = []
    for line, name in imports_of(source):
        first, _, rest = name.partition(".")
        below = rest.partition(".")[0]
        if (
            first == "builder"
            and {below, module} <= floors.keys()
            and below != module
            and floors[below] >= floors[module]
        ):
            problems.append(f"{path}:{line}: {module} (floor {floors[module]}) imports {below} (floor {floors[below]})")
        if module not in rooms.get(first, {module}):
            problems.append(
                f"{path}:{line}: {first} is imported in {module}; its room is {', '.join(sorted(rooms[first]))}"
            )
    return problems


def test_every_module_stands_on_a_floor() -> None:
    assert sorted({module for _, module in INSIDE} - FLOORS.keys()) == [], "name them in the floors of ARCHITECTURE.md"


def test_every_floor_is_built() -> None:
    assert sorted(FLOORS.keys() - set(MODULES.values())) == [], "ARCHITECTURE.md names modules that are not there"


def test_every_library_has_a_room() -> None:
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.split(r"[\[<>=!~ ]", need)[0].removesuffix("-python").removesuffix("-py").lower() for need in needed}
    modules = {imported for name in names for imported in IMPORTED_AS.get(name, (name.replace("-", "_"),))}
    assert sorted(modules - ROOMS.keys() - {"mdit_py_plugins"}) == []


@pytest.mark.parametrize(("path", "module"), INSIDE, ids=[path for path, _ in INSIDE])
def test_a_module_imports_only_from_below_and_its_own_libraries(path: str, module: str) -> None:
    problems = problems_of(path, module, (ROOT / path).read_text(encoding="utf-8"), FLOORS, ROOMS)
    assert problems == []


@pytest.mark.parametrize("module", ["start"])
def test_start_needs_nothing_but_the_standard_library(module: str) -> None:
    names = {name.partition(".")[0] for _, name in imports_of((ROOT / "builder" / f"{module}.py").read_text())}
    assert names <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("module", "source", "problem"),
    [
        ("figures", "from builder import cli", "figures (floor 3) imports cli (floor 6)"),
        ("figures", "def f():\n    from builder.verdicts import x", "figures (floor 3) imports verdicts (floor 3)"),
        ("figures", "from . import build", "figures (floor 3) imports build (floor 4)"),
        ("figures", "from .build import build", "figures (floor 3) imports build (floor 4)"),
        ("figures", "import builder.cli as c", "figures (floor 3) imports cli (floor 6)"),
        ("figures", "import yaml", "yaml is imported in figures; its room is documents"),
        (
            "figures",
            "def f():\n    from jinja2 import Environment",
            "jinja2 is imported in figures; its room is render",
        ),
    ],
)
def test_a_wrong_import_is_found(module: str, source: str, problem: str) -> None:
    floors = {"figures": 3, "verdicts": 3, "build": 4, "cli": 6}
    found = problems_of("x.py", module, source, floors, {"yaml": {"documents"}, "jinja2": {"render"}})
    assert [text.partition(": ")[2] for text in found] == [problem]


def test_help_pays_for_no_heavy_library() -> None:
    code = f"import sys, builder.cli; print(*sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []

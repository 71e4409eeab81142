"""What no tool looks for: views that the import contract forgets, and a refusal that two sentences fight over."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import reduce
from pathlib import Path

ROOT = Path(__file__).parents[1]
SENTENCES = "sentence.register"


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the bot by its dotted name."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        yield ".".join(path.relative_to(ROOT).with_suffix("").parts), path


def test_the_contract_of_views_names_every_module_of_views() -> None:
    # A wildcard of import-linter stands for a whole name, so that `*_views` can't be said in one.
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (views,) = (one["source_modules"] for one in contracts if one["name"].startswith("Views "))
    named = [re.compile(one.replace(".", r"\.").replace("*", r"[^.]+")) for one in views]

    found = [name for name, _ in modules() if re.search(r"[._]views$", name)]
    assert len(found) > 20
    assert [name for name in found if not any(one.fullmatch(name) for one in named)] == []


def spoken(name: str, path: Path) -> Iterator[type]:
    """The refusals that a module has a sentence for."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and SENTENCES in map(ast.unparse, node.decorator_list):
            annotation = node.args.args[0].annotation
            assert annotation is not None
            for part in ast.unparse(annotation).split(" | "):
                first, *rest = part.split(".")
                yield reduce(getattr, rest, vars(importlib.import_module(name))[first])


def test_a_refusal_has_one_sentence() -> None:
    # `singledispatch` takes whichever module was imported last.
    said = Counter(
        refusal for name, path in modules() if SENTENCES in path.read_text() for refusal in spoken(name, path)
    )

    assert len(said) > 100
    assert {refusal: times for refusal, times in said.items() if times > 1} == {}


ONE_BY_ONE = """
import importlib, sys
for room in sys.argv[1:]:
    for name in [name for name in sys.modules if name.partition(".")[0] == "bot"]:
        del sys.modules[name]
    importlib.import_module(room)
"""


def test_each_room_can_be_the_first_that_is_imported() -> None:
    # Rooms that need each other in a circle work only as long as one of them happens to be asked for first.
    rooms = [name.removesuffix(".__init__") for name, path in modules() if path.name == "__init__.py"]
    assert len(rooms) > 10

    done = subprocess.run([sys.executable, "-c", ONE_BY_ONE, *rooms], cwd=ROOT, capture_output=True, text=True)  # noqa: PLW1510, S603 - read below; our own words

    assert done.returncode == 0, done.stderr

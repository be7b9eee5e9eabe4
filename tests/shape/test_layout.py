"""The shape of the house: the same files in every service, sizes, words for every error."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from services.embedded import SERVICES, part
from shared.errors import ArchiveError
from shared.texts import Texts
from shared.wire import In

ROOT = Path(__file__).parents[2]
EVERYWHERE = frozenset(
    {"__init__.py", "README.md", "main.py", "handlers.py", "errors.py", "errors.toml", "settings.py"}
)
EITHER = frozenset({"api", "operations", "models"})  # a module, or a folder once it has grown
LARGEST_MODULE = 300


def modules(*more: str) -> Iterator[Path]:
    for folder in ("services", "shared", "cli", "bench", *more):
        for path in (ROOT / folder).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_same_files(service: str) -> None:
    folder = ROOT / "services" / service
    missing = {name for name in EVERYWHERE if not (folder / name).exists()}
    missing |= {
        name for name in EITHER if not any((folder / f"{name}{end}").exists() for end in (".py", "/__init__.py"))
    }
    assert not missing


def test_no_module_is_larger_than_a_reader_can_hold() -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules("tests")}
    assert {name: size for name, size in sizes.items() if size > LARGEST_MODULE} == {}


def test_no_module_is_a_grab_bag() -> None:
    bags = ("utils", "helpers", "manager", "common", "misc")
    assert [path for path in modules("tests") if path.stem in bags] == []


def test_every_route_has_a_sentence() -> None:
    silent = []
    for path in modules():
        if "api" not in (path.stem, path.parent.name):
            continue
        routes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.AsyncFunctionDef)]
        for node in routes:
            is_route = any("router." in ast.unparse(decorator) for decorator in node.decorator_list)
            if is_route and not ast.get_docstring(node):
                silent.append(f"{path}:{node.name}")
    assert silent == []


def every_error(root: type[ArchiveError]) -> Iterator[type[ArchiveError]]:
    yield root
    for child in root.__subclasses__():
        yield from every_error(child)


def test_every_error_has_words_in_both_languages_and_one_code() -> None:
    for service in SERVICES:
        part(service)
    files = [ROOT / "shared" / "errors.toml", *(ROOT / "services" / name / "errors.toml" for name in SERVICES)]
    texts = Texts(files)
    wordless = []
    for error in set(every_error(ArchiveError)):
        area = error.__module__.split(".")
        if area[0] not in ("services", "shared") or area[:2] == ["shared", "eark"]:
            continue
        if texts.say(error.code, "vi") == error.code or texts.say(error.code, "en") == error.code:
            wordless.append(error.code)
    assert sorted(set(wordless)) == []


def every_body(root: type[In]) -> Iterator[type[In]]:
    for child in root.__subclasses__():
        yield child
        yield from every_body(child)


RESEMBLING = {
    "integer": ("1", 1.0, True),
    "boolean": ("true", 1),
    "date": (0, "0", "1700006400", 1700006400.5),
    "date-time": (0, "0", "1700006400", 1700006400.5),
}


def test_no_body_reads_numbers_truths_or_times_out_of_what_resembles_them() -> None:
    for service in SERVICES:
        part(service)
    found, seen = [], set()
    for body in set(every_body(In)):
        shapes = body.model_json_schema()["properties"]
        for name, field in body.model_fields.items():
            reader = TypeAdapter[object](Annotated[field.annotation, Field(), *field.metadata])  # type: ignore[arg-type]
            for shape in shapes[name].get("anyOf", [shapes[name]]):
                kind = shape.get("format", shape.get("type"))
                seen.add(kind)
                found += [(body.__name__, name, each) for each in RESEMBLING.get(kind, ()) if accepts(reader, each)]
    assert found == []
    assert {"integer", "boolean", "date"} <= seen


def accepts(reader: TypeAdapter[object], told: object) -> bool:
    try:
        reader.validate_python(told)
    except ValidationError:
        return False
    return True


def test_only_mending_replaces_what_is_kept() -> None:
    callers = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr == "replace_damaged":
                callers.add(str(path.relative_to(ROOT)))
    assert callers == {"services/ingest/operations/mending.py"}

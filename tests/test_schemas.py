"""The schemas for editors: made anew they are those in the repository, they let pass what we have, and tell a slip."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

import pytest
import yaml
from conftest import ROOT
from jsonschema import Draft202012Validator
from small_site import bilingual, read_folder, small_site

from builder import content, datapackage, schemas
from builder.model import Measure

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMAS = schemas.make_schemas()


class AsAnEditor(yaml.SafeLoader):
    """Reads YAML as an editor does, by the core schema of YAML 1.2: `no` and a date are texts, `1` and `true` are none."""


AsAnEditor.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"null|Null|NULL|~|", "nN~\0"),
):
    AsAnEditor.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), [*first, ""])


def load(text: str) -> Any:
    return yaml.load(text, AsAnEditor)


def front_of(raw: bytes) -> Any:
    return load(raw.decode().split("---\n")[1])


def schema_of(path: str, first: str = "en") -> str:
    """Which schema a file is held to, and empty where none is meant for it."""
    kind = path.rpartition("/")[2] if path.endswith(".yaml") else "/".join(path.split("/")[2:3])
    if path.startswith("content/archive/"):
        return ""
    translated = "" if path.startswith(f"content/{first}/") else "-translation"
    if path.endswith(".md") and kind in ("claims", "pages"):
        return kind.removesuffix("s") + translated
    by_name = {"figures.yaml": "figure-words", "charts.yaml": "chart-words", "records.yaml": "record-words"}
    named = {"data/figures.yaml": "figures", "site/site.yaml": "site"}.get(path)
    return named or ({**by_name, "words.yaml": "words"}.get(kind, "") if path.startswith("content/") else "")


def authored() -> Iterator[tuple[str, str, bytes]]:
    """Every file of authors that a schema is meant for: those of the site, and those of the small one in two languages."""
    real = {
        f"{top}/{path}": raw for top in ("content", "data", "site") for path, raw in read_folder(ROOT / top).items()
    }
    for name, files in (("real", real), ("small", bilingual(small_site()))):
        for path, raw in files.items():
            if schema_of(path):
                yield f"{name}/{path}", schema_of(path), raw


FILES = list(authored())


@cache
def faults(name: str, text: str, front: bool) -> tuple[str, ...]:
    value = load(text.split("---\n")[1]) if front else load(text)
    found = sorted(Draft202012Validator(SCHEMAS[name]).iter_errors(value), key=str)
    return tuple(f"{fault.json_path}: {fault.message[:200]}" for fault in found)


def test_the_schemas_in_the_repository_are_those_that_are_made() -> None:
    made = schemas.format_schemas()
    kept = {f"schemas/{path}": raw for path, raw in read_folder(ROOT / "builder" / "schemas").items()}
    assert kept == made, "make them anew: declared guide"


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])


def test_every_schema_has_a_file_that_it_is_held_to() -> None:
    assert {schema for _, schema, _ in FILES} == SCHEMAS.keys()


@pytest.mark.parametrize(("path", "schema", "raw"), FILES, ids=[path for path, _, _ in FILES])
def test_what_we_have_passes(path: str, schema: str, raw: bytes) -> None:
    assert faults(schema, raw.decode(), path.endswith(".md")) == ()


CLAIM = small_site()["content/en/claims/example-denial.md"].decode()
TRANSLATED = bilingual(small_site())["content/eo/claims/example-denial.md"].decode()
PAGE = small_site()["content/en/pages/method.md"].decode()
FIGURES = small_site()["data/figures.yaml"].decode()
SITE = small_site()["site/site.yaml"].decode()
WORDS = small_site()["content/en/words.yaml"].decode()
LABELS = small_site()["content/en/figures.yaml"].decode()


@pytest.mark.parametrize(
    ("schema", "text", "find", "put"),
    [
        ("claim", CLAIM, "rating: contradicted\n", ""),
        ("claim", CLAIM, "summary: >-", "sumary: >-"),
        ("claim", CLAIM, "status: published", "status: publish"),
        ("claim", CLAIM, "    expect: holds", "    expect: hold"),
        ("claim", CLAIM, "sources: [ex-statement, ex-report]", "sources: ex-statement"),
        ("claim", CLAIM, "reply: {sought: no}", "reply: no"),
        ("claim-translation", TRANSLATED, "translates:\n", "rating: contradicted\ntranslates:\n"),
        ("claim-translation", TRANSLATED, "  rating: contradicted\n", ""),
        ("page", PAGE, "title:", "titel:"),
        ("figures", FIGURES, "sum: value", "summe: value"),
        ("figures", FIGURES, "sum: value", "sum: value\n  count: id"),
        ("figures", FIGURES, "ratio: [documented_labelled_drones, labelled_drones]", "ratio: [labelled_drones]"),
        ("figures", FIGURES, "first_declaration:", "First-declaration:"),
        ("figures", FIGURES, "where: {record: declaration}", "where: declaration"),
        ("site", SITE, "first_language: en\n", ""),
        ("site", SITE, "    number: 1\n", "    number: one\n"),
        ("words", WORDS, "direction: ltr", "direction: left"),
        ("words", WORDS, "  at_least: [", "  atleast: ["),
        ("figure-words", LABELS, "label:", "lable:"),
        ("chart-words", "documented:\n  title: x\n", "title: x", "titles: x"),
        ("record-words", "ex-denial:\n  gist: x\n", "gist: x", "gists: x"),
    ],
)
def test_a_slip_is_told(schema: str, text: str, find: str, put: str) -> None:
    front = schema.startswith(("claim", "page"))
    assert find in text
    assert faults(schema, text, front) == ()
    assert faults(schema, text.replace(find, put, 1), front) != ()


@pytest.mark.parametrize(
    ("find", "put"),
    [
        ("    value: 1\n", "    value: 0.5\n"),
        ("tags: [drones]", "tags: [drones, 2023, true]"),
        ("title: An invented", "title: 37 # "),
        ("published: 2026-11-23\n", "published:\n"),
        ("reply: {sought: no}", "reply: {sought: 'no', when: }"),
    ],
)
def test_what_an_editor_takes_for_something_else_than_text_passes(find: str, put: str) -> None:
    assert find in CLAIM
    assert faults("claim", CLAIM.replace(find, put, 1), True) == ()


def fields(schema: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for part in schema.values():
            yield from fields(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from fields(part)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_says_what_it_holds(name: str) -> None:
    found = [(field, schemas.resolve(schema, SCHEMAS[name])) for field, schema in fields(SCHEMAS[name])]
    assert found
    assert [field for field, schema in found if not schema.get("description")] == []


def test_the_tables_of_words_are_those_of_what_is_read() -> None:
    assert tuple(schemas.MEASURES) == get_args(Measure) == datapackage.MEASURES
    named = {role.split(".")[1] for texts in content.WORDS_TEXTS.values() for role in texts}
    assert schemas.WORDS.keys() == named


def test_no_default_would_be_written_into_a_file() -> None:
    assert '"default"' not in json.dumps(SCHEMAS)

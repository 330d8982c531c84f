"""The reference: everything that an author may write, and everything that can be wrong, made from what reads and checks it.

It lies in `guide/reference.md` beside this module and is never written by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from builder import explain, schemas
from builder.diagnostics import RULES, Rule
from builder.model import Files
from builder.numerals import GRAMMAR
from builder.schemas import Schema

PATH = "guide/reference.md"
"""Where it lies, from the builder's folder."""

SCHEMES: Mapping[str, tuple[str, str]] = {
    "figure": ("[at least 37](figure:labelled_drones)", "A number of `data/figures.yaml`; the words are held to it."),
    "total": (
        "[more than $12 million](total:nyt-12m)",
        "The number of a row of `totals.csv`; the words are held to it.",
    ),
    "record": (
        "[the declaration](record:nikkei-2023-02-01)",
        "The page of a row: of a shipment, total, statement or event.",
    ),
    "source": ("[the report](source:nikkei-2023)", "The page of a row of `sources.csv`."),
    "claim": ("[another check](claim:dji-no-direct-sales)", "The page of a claim, by the name of its file."),
    "page": ("[how we work](page:method)", "A standing page, by the name of its file."),
    "chart": ("![](chart:documented)", "Puts the chart here; alone in its paragraph."),
    "exempt": ('[26](exempt: "brands, as the report counts them")', "A number that no row backs, with the reason."),
    "https": ("[the ministry](https://example.org/)", "A page elsewhere."),
    "http": ("[the ministry](http://example.org/)", "A page elsewhere that is not encrypted."),
    "mailto": ("[write to us](mailto:desk@example.org)", "An address to write to."),
}
"""Where a link may lead: how it is written, and what it does."""

TELLINGS = (
    ("37", "exactly 37"),
    ("three", "exactly 3"),
    ("at least 37", "37 or more"),
    ("more than $12 million", "above 12,000,000 USD"),
    ("about $103,000", "103,000 USD, rounded"),
    ("at most 8.2%", "8.2 per cent or less"),
    ("nearly half", "below one half"),
    ("between 36 and 40", "the whole range"),
)
"""Numbers as English prose tells them, and how they are read; the words of each bound stand in `words.yaml`."""

_HEAD = """# Reference

Everything that an author may write, and everything that can be wrong with it. This file is made by `declared guide` from
what reads and checks your files; nobody writes here.
"""

_FILES = (
    ("claim", "content/<language>/claims/<claim>.md", "A claim in the first language, between two lines of three hyphens. Its text follows."),
    ("claim-translation", "content/<language>/claims/<claim>.md", "A claim in another language: its words, and from which words they were made."),
    ("page", "content/<language>/pages/<page>.md", "A standing page in the first language; `index` is the home page."),
    ("page-translation", "content/<language>/pages/<page>.md", "A standing page in another language."),
    ("figures", "data/figures.yaml", "Each figure under its id, which is small letters, digits and underscores. It has exactly one measure, the first ten fields."),
    ("figure-words", "content/<language>/figures.yaml", "The words of each figure under its id."),
    ("chart-words", "content/<language>/charts.yaml", "The words of each chart under its id."),
    ("record-words", "content/<language>/records.yaml", "Translated words of rows, each under the id of its row. A language may have none."),
    ("site", "site/site.yaml", "What is said once for the whole site."),
    ("words", "content/<language>/words.yaml", "What the builder says in a language, and how it reads numbers in it."),
)  # fmt: skip
"""Each schema, the file that it is of, and what that is."""

_NUMBERS = """## Numbers in texts

Every number in a text is a link to what backs it; one that is not is an error (B001). Digits of any script, fractions, number words
and scales such as "million" are numbers. What the words file lists under `numbers`, `scales`, `bounds` and `units` decides for each language.
Quotations, in marks of any style or on lines after `>`, hold words that are not ours: the numbers in them are left alone. So are those
in code, in marks of footnotes, and in entries of history, which are frozen.

The words inside the link are held to the figure: sign, unit and words such as "at least" belong inside. A number may be rounded,
outward: of 37, "at least 30" is true and "at least 40" is not. What is known exactly is told exactly. Where words can be read in more
than one way, give the number beside them: `[a small part](figure:share_documented "at most 8.2%")`.
In front matter a text that holds a colon and a blank, as an exemption does, stands in quotes or on lines after `>-`.
"""


def format_reference() -> Files:
    """The reference, by its path from the builder's folder."""
    parts = [_HEAD, *_fields(), _NUMBERS, *_numbers(), *_links(), *_rules()]
    return {PATH: ("\n".join(parts).rstrip() + "\n").encode()}


# --- fields ------------------------------------------------------------------------------------


def _fields() -> Iterator[str]:
    made = schemas.make_schemas()
    for name, path, about in _FILES:
        schema = made[name]
        yield f"## {schema['title']}\n\n`{path}`: {about}\n"
        entry = schema["additionalProperties"] if isinstance(schema.get("additionalProperties"), dict) else schema
        rows = [_row(*found) for found in _walk(entry, schema, "")]
        yield _table(("Field", "Needed", "What it holds"), rows)


def _walk(schema: Schema, whole: Schema, prefix: str) -> Iterator[tuple[str, str, Schema]]:
    """Every field below a schema: its path, whether it is needed where its parent is, and its own schema."""
    found = schemas.resolve(schema, whole)
    for each in found.get("anyOf", [found]):
        noun = schemas.resolve(each, whole)
        needed = f"yes, of a {each['$ref'].rpartition('/')[2].lower()}" if "$ref" in each else "yes"
        for name, field in noun.get("properties", {}).items():
            path = f"{prefix}{name}"
            yield path, needed if name in noun.get("required", ()) else "", schemas.resolve(field, whole)
            yield from _below(field, whole, path)


def _below(field: Schema, whole: Schema, path: str) -> Iterator[tuple[str, str, Schema]]:
    found = schemas.resolve(field, whole)
    if found.get("type") == "array":
        yield from _walk(found["items"], whole, f"{path}[].")
    elif isinstance(found.get("additionalProperties"), dict):
        yield from _walk(found["additionalProperties"], whole, f"{path}.<id>.")
    else:
        yield from _walk(found, whole, f"{path}.")


def _row(path: str, needed: str, schema: Schema) -> tuple[str, str, str]:
    values = [f"`{value}`" for value in schema.get("enum", ()) if value]
    kind = {"array": "A list.", "boolean": "`true` or `false`.", "integer": "A whole number."}.get(
        str(schema.get("type"))
    )
    told = [schema.get("description", ""), kind or "", f"One of {', '.join(values)}." if values else ""]
    return f"`{path}`", needed, " ".join(filter(None, told))


# --- numbers, links and rules --------------------------------------------------------------------


def _numbers() -> Iterator[str]:
    yield _table(("In English", "Read as"), TELLINGS)
    yield "Not numbers, though written with digits:\n"
    yield _table(("Kind", "Examples"), [(kind, examples) for kind, examples in GRAMMAR.items()])


def _links() -> Iterator[str]:
    yield "## Links\n\nA link may also lead to a heading of the same page: `[the table](#what-the-records-show)`. Others are errors (C020).\n"
    rows = [(f"`{scheme}:`", f"`{written}`", does) for scheme, (written, does) in SCHEMES.items()]
    yield _table(("Scheme", "Written", "Leads to"), rows)


def _rules() -> Iterator[str]:
    yield "## What can be wrong\n\nAn error holds the whole site back; a warning does not. `declared explain CODE` tells the same at the terminal.\n"
    for letter, meaning in explain.LETTERS.items():
        yield f"### {letter}: {meaning}\n"
        yield from (_rule(rule) for code, rule in RULES.items() if code[0] == letter)


def _rule(rule: Rule) -> str:
    example = explain.read_examples()[rule.code]
    parts = [f"#### {rule.code}\n", f"{rule.severity.capitalize()}: {_plain(explain.readable(rule.sentence))}"]
    if cure := explain.cure_of(rule):
        parts.append(f"\n{_plain(cure)}")
    parts.append(f"\n{_plain(example.why)}\n")
    parts.append(f"Wrong, in `{example.file}`:\n\n{_fenced(example.wrong)}\n")
    parts.append(f"Right:\n\n{_fenced(example.right)}\n" if example.right else "Right: it is taken out.\n")
    return "\n".join(parts)


def _plain(text: str) -> str:
    """The text as Markdown that shows it as it is."""
    for mark in ("\\", "`", "*", "_", "[", "]", "<", ">", "#", "|"):
        text = text.replace(mark, f"\\{mark}")
    return text


def _fenced(text: str) -> str:
    return f"```text\n{text}\n```"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    cells = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells) + "\n"

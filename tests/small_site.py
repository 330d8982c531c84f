"""The small site of invented rows, on which the tests try what may go wrong."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from conftest import ROOT

from builder.archive import freeze
from builder.build import build
from builder.content import read_content
from builder.translations import hash_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.build import Build
    from builder.diagnostics import Diagnostic
    from builder.model import Language, Passage

SITES = ROOT / "tests" / "sites"
CLAIM = "content/en/claims/example-denial.md"
CLAIM_PAGE = "en/claims/example-denial/index.html"
METHOD = "content/en/pages/method.md"
BORROWED = ("data/datapackage.json", "content/en/words.yaml")
"""What the small site takes from the real one, besides its looks: the columns, and the words of the interface."""


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by posix path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@cache
def _small() -> dict[str, bytes]:
    looks = {f"site/{path}": raw for path, raw in read_folder(ROOT / "site").items()}
    return looks | {path: (ROOT / path).read_bytes() for path in BORROWED} | read_folder(SITES / "small")


def small_site() -> dict[str, bytes]:
    """The files of the small site: a fresh dict."""
    return dict(_small())


def change(files: Mapping[str, bytes], path: str, find: str, put: str, everywhere: bool = False) -> dict[str, bytes]:
    """The files with one text of one file replaced; it must be there, and only once unless `everywhere`."""
    text = files[path].decode()
    count = text.count(find)
    assert count == 1 or (everywhere and count), f"{path} has {count} times: {find}"
    return {**files, path: text.replace(find, put).encode()}


def broken_site(folder: Path) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The small site with the changes of `change.yaml`, and that file as read.

    `changes` are applied in order: `in`, `find` and `put` (`times` repeats it, `everywhere` allows several);
    `file` and `text` write a whole file, `copy` and `to` a second one like it; `remove` takes one away; `encode` saves
    one in another encoding; `cut` drops all from a text on, `append` adds to the end. With `line` the whole line that
    begins so is replaced; with `last` only the last of several; with `optional` it need not be there. `translate` makes
    the whole site bilingual first.
    """
    plan = yaml.safe_load((folder / "change.yaml").read_text(encoding="utf-8"))
    return apply_changes(small_site(), plan["changes"]), plan


def apply_changes(files: dict[str, bytes], steps: list[dict[str, Any]]) -> dict[str, bytes]:
    """The files after the steps of a `change.yaml`."""
    for step in steps:
        if "translate" in step:
            files = bilingual(files)
        elif "remove" in step:
            del files[step["remove"]]
        elif "encode" in step:
            files[step["encode"]] = files[step["encode"]].decode().encode(step["as"])
        elif "file" in step:
            files[step["file"]] = (step["text"] * step.get("times", 1)).encode()
        elif "cut" in step:
            files[step["in"]] = files[step["in"]].partition(step["cut"].encode())[0]
        elif "append" in step:
            files[step["in"]] += step["append"].encode()
        elif "copy" in step:
            files[step["to"]] = files[step["copy"]]
        elif step.get("line"):
            lines = files[step["in"]].decode().splitlines(keepends=True)
            kept = [line for line in lines if not line.startswith(step["find"])]
            assert len(kept) == len(lines) - 1, step
            files[step["in"]] = "".join(kept).encode()
        elif step.get("last"):
            before, found, rest = files[step["in"]].decode().rpartition(step["find"])
            assert found, step
            files[step["in"]] = f"{before}{step['put']}{rest}".encode()
        elif step.get("optional") and step["find"].encode() not in files[step["in"]]:
            continue
        else:
            put = step["put"] * step.get("times", 1)
            files = change(files, step["in"], step["find"], put, step.get("everywhere", False))
    return files


def text_at(found: Diagnostic, files: Mapping[str, bytes]) -> str:
    """The characters that the diagnostic points at."""
    text = files[found.location.path].decode("utf-8").removeprefix("\ufeff")
    line = text.split("\n")[found.location.line - 1]
    return line[found.location.column - 1 :][: found.length]


SECOND = "eo"
"""An invented second language: English whose texts are marked with a §, so that a test sees which text it meets."""


def bilingual(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The site with every text translated into the second language."""
    content, _ = read_content(files)
    words = files["content/en/words.yaml"].decode()
    for old, new in (
        ("code: en\n", f"code: {SECOND}\n"),
        ("name: English\n", "name: Second\n"),
        ("skip: Skip", "skip: §Skip"),
    ):
        assert old in words
        words = words.replace(old, new, 1)
    out = {**files, f"content/{SECOND}/words.yaml": words.encode()}
    for slug, claim in content.claims["en"].items():
        made_from = {"words": hash_words(claim.passages), "rating": claim.front.rating}
        out[f"content/{SECOND}/claims/{slug}.md"] = _translate(claim.passages, made_from)
    for slug, page in content.pages["en"].items():
        out[f"content/{SECOND}/pages/{slug}.md"] = _translate(page.passages, hash_words(page.passages))
    for name, texts in (("figures", content.figure_words["en"]), ("charts", content.chart_words["en"])):
        entries: dict[str, Any] = {}
        for one, passages in texts.items():
            entry = entries.setdefault(one, {"translates": hash_words(passages)})
            for role, passage in passages.items():
                own = role in ("label", "about", "title", "alt", "caption", "how")
                (entry if own else entry.setdefault("words", {}))[role] = (
                    f"§{passage.text}" if own else str(passage.text)
                )
        out[f"content/{SECOND}/{name}.yaml"] = _as_yaml(entries).encode()
    return out


def _translate(passages: Mapping[str, Passage], made_from: Any) -> bytes:
    front: dict[str, Any] = {"translates": made_from}
    for role, passage in passages.items():
        if role != "body" and not role.startswith("history."):
            _put(front, role.split("."), f"§{passage.text}")
    return f"---\n{_as_yaml(front)}---\n{passages['body'].text}".encode()


def _put(into: dict[str, Any], role: list[str], text: str) -> None:
    """`because.0.needs` as a field of the first entry of a list."""
    key, *rest = role
    if not rest:
        into[key] = text
    elif rest[0].isdigit():
        entries = into.setdefault(key, [])
        if len(rest) == 1:
            entries.append(text)
        else:
            entries += [{} for _ in range(int(rest[0]) + 1 - len(entries))]
            _put(entries[int(rest[0])], rest[1:], text)
    else:
        _put(into.setdefault(key, {}), rest, text)


def _as_yaml(value: Any) -> str:
    return str(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10_000))


@cache
def small_build() -> Build:
    """The small site, built once."""
    return build(small_site())


def build_from(files: Mapping[str, bytes]) -> Build:
    """A changed small site, built with the memory of the unchanged one: charts that are the same are not drawn again."""
    return build(files, small_build().memory)


@cache
def english() -> Language:
    """The language of the small site."""
    content, _ = read_content(small_site())
    return content.languages["en"]


def with_rows(files: Mapping[str, bytes], table: str, rows: str) -> dict[str, bytes]:
    """The files with other rows in a table: one a line, `id column=value column=value`, the rest left empty."""
    path = f"data/{table}.csv"
    header = files[path].decode().split("\n")[0].split(",")
    lines = [",".join(header)]
    for line in filter(None, (line.strip() for line in rows.splitlines())):
        row_id, *pairs = line.split()
        cells = {"id": row_id, **dict(pair.split("=", 1) for pair in pairs)}
        assert cells.keys() <= set(header), cells.keys() - set(header)
        lines.append(",".join(cells.get(name, "") for name in header))
    return {**files, path: ("\n".join(lines) + "\n").encode()}


# --- a site with a past --------------------------------------------------------------------------

CHANGED = "2026-11-26"
"""Day on which the verdict of the small site's claim changes in `past_site`."""
PAST = """\
history:
  - date: 2026-11-24
    kind: correction
    before: The office said nothing.
    now: The office denied it.
    why: 'We had not seen "虚构的话" & «вымысел» > 3.'
  - date: 2026-11-25
    kind: data
    before: "[at least 30](figure:no_longer_there) drones"
    now: at least 37 drones
    why: The paper counted again.
    figures: [labelled_drones, ex-12m]
  - date: 2026-11-26
    kind: verdict
    before: Not decided
    now: Contradicted
    why: The declarations were published.
"""
PAST_OF_METHOD = """\
published: 2026-11-20
history:
  - date: 2026-11-25
    kind: correction
    before: We count down.
    now: We round outward.
    why: The sentence was wrong.
"""


def with_history(files: Mapping[str, bytes], entries: str, reviewed: str = "2026-12-01") -> dict[str, bytes]:
    """The files with a history in the front matter of the claim."""
    return change(files, CLAIM, "reviewed: 2026-11-23\n", f"reviewed: {reviewed}\n{entries}")


def without_row(files: Mapping[str, bytes], table: str, row_id: str) -> dict[str, bytes]:
    """The files with a row removed on request: taken out of its table, and listed."""
    path, listed = f"data/{table}.csv", "data/removals.csv"
    lines = files[path].decode().splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.startswith(f"{row_id},"))
    line = f"{row_id},{table},2026-11-27,Somebody asked for it.\n"
    return {**files, path: kept.encode(), listed: files[listed] + line.encode()}


@cache
def _past() -> dict[str, bytes]:
    files = with_history(small_site(), PAST)
    files = change(files, METHOD, "---\ntitle:", f"---\n{PAST_OF_METHOD}title:")
    files = change(files, "data/shipments.csv", "example-trading-7,example-imports-3", ",example-imports-3")
    files = change(files, "data/statements.csv", ",example-trading-7,", ",,")
    files = without_row(files, "entities", "example-trading-7")
    return files | freeze(small_build().files, CLAIM_PAGE, CHANGED)


def past_site() -> dict[str, bytes]:
    """The small site after a correction, new data, a changed verdict with its frozen page, and a removal: a fresh dict."""
    return dict(_past())


@cache
def past_build() -> Build:
    """The site with a past, built once."""
    return build_from(past_site())

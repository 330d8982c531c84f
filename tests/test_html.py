"""The HTML of every page, held to the standard and to the few rules of ours that no checker knows."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections import Counter
from itertools import pairwise
from posixpath import normpath
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, pages_of, pages_to_visit, report
from extremes import empty_build, extreme_build
from selectolax.lexbor import LexborHTMLParser
from small_site import CHANGED, build_from, change, past_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from builder.build import Build

CONFIG = ROOT / "tests" / "web" / "html-validate.json"


def validate(folder: Path, web: Path, node: str, pages: Iterable[str] = ("**/*.html",)) -> None:
    """Run html-validate on pages of a folder: on every one, if none are named."""
    program = web / "html-validate" / "bin" / "html-validate.mjs"
    command = [node, program, "--config", CONFIG, "--formatter", "json", "--max-warnings", "0", *pages]
    with tempfile.TemporaryFile("w+") as out:  # a pipe would hold the first 64 kB of a long answer, and lose the rest
        done = subprocess.run(command, cwd=folder, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
        out.seek(0)
        said = out.read()
    if not said.startswith("["):
        pytest.fail(f"html-validate did not run ({done.returncode}): {said}{done.stderr}", pytrace=False)
    report(
        [
            (
                f"{page['filePath'].removeprefix(f'{folder}/')}:{found['line']}:{found['column']}",
                f"{found['ruleId']}: {found['message']}",
            )
            for page in json.loads(said)
            for found in page["messages"]
        ]
    )
    assert done.returncode == 0


def test_html_validate_finds_nothing(site: Mapping[str, bytes], site_folder: Path, web: Path, node: str) -> None:
    validate(site_folder, web, node, [*pages_to_visit(site), "index.html"])


def test_html_validate_finds_nothing_in_a_site_with_a_past(tmp_path: Path, web: Path, node: str) -> None:
    """Its frozen page has a link that leads nowhere any more, and one to what was removed."""
    for path, raw in past_files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(raw)
    validate(tmp_path, web, node)


@pytest.mark.parametrize("built", [extreme_build, empty_build])
def test_html_validate_finds_nothing_at_the_edges(
    built: Callable[[], Build], tmp_path: Path, web: Path, node: str
) -> None:
    for path, raw in built().files.items():
        if path.endswith(".html"):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(raw)
    validate(tmp_path, web, node)


def past_files() -> Mapping[str, bytes]:
    path = f"content/archive/en/claims/example-denial/{CHANGED}.html"
    files = change(past_site(), path, "site:/en/figures/labelled_value/", "site:/en/figures/gone/", everywhere=True)
    files = change(files, path, "site:/en/records/ex-line/", "site:/en/companies/example-trading-7/", everywhere=True)
    made = build_from(files)
    assert made.problems == ()
    return made.files


def problems_of(page: LexborHTMLParser) -> Iterator[str]:
    """What the promises to the public ask of one page."""
    ids = Counter(node.attributes["id"] for node in page.css("[id]"))
    yield from (f"the id {name} is given {times} times" for name, times in ids.items() if times > 1)
    yield from (
        f"{len(found)} × {name}" for name in ("head > title", "main", "h1") if len(found := page.css(name)) != 1
    )
    if not (page.root and page.root.attributes.get("lang")):
        yield "<html> has no lang"
    if not page.css_first('meta[name="viewport"]'):
        yield "no viewport: a phone would show it tiny"
    policy = page.css_first('meta[http-equiv="Content-Security-Policy"]')
    if not policy or "default-src 'none'" not in (policy.attributes.get("content") or ""):
        yield "no content security policy that begins with nothing allowed"
    levels = [int((node.tag or "h0")[1]) for node in page.css("h1, h2, h3, h4, h5, h6")]
    yield from (f"a heading jumps from h{a} to h{b}" for a, b in pairwise(levels) if b > a + 1)
    for node in page.css("*"):
        yield from (
            f"<{node.tag} {name}>: a script in an attribute" for name in node.attributes if name.startswith("on")
        )
    for node in page.css("[src], link[href]"):
        address = node.attributes.get("src") or node.attributes.get("href") or ""
        kind = node.attributes.get("rel") or ""
        if (node.tag != "link" or "stylesheet" in kind or "icon" in kind) and "//" in address.partition("?")[0]:
            yield f"<{node.tag}> is loaded from somebody else: {address}"
    yield from (
        f"a table without a caption: {table.text(strip=True)[:40]}"
        for table in page.css("table")
        if not table.css_first("caption")
    )


def test_every_page_keeps_the_rules_of_ours(site: Mapping[str, bytes]) -> None:
    pages = {path: LexborHTMLParser(site[path].decode()) for path in pages_of(site)}
    report((path, problem) for path, page in pages.items() for problem in problems_of(page))


def test_every_page_of_a_site_with_a_past_keeps_them_too() -> None:
    files = past_files()
    pages = {path: LexborHTMLParser(files[path].decode()) for path in pages_of(files)}
    found = [(path, problem) for path, page in pages.items() for problem in problems_of(page)]
    report((path, problem) for path, problem in found if "WhatHow many" not in problem)  # a table in Markdown has none


def test_a_page_that_leads_to_another_leads_somewhere(site: Mapping[str, bytes]) -> None:
    for path in sorted({path for path in site if path.endswith(".html")}.difference(pages_of(site))):
        page = LexborHTMLParser(site[path].decode())
        refresh = page.css_first('meta[http-equiv="refresh"]').attributes["content"] or ""
        link = page.css_first("body a[href]")
        assert link, f"{path} has no link for those whose browser does not lead on"
        assert refresh == f"0; url={link.attributes['href']}", path
        assert normpath(f"{path}/../{link.attributes['href']}") in site, path


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<main><h1 id="a">x</h1><p id="a">x</p></main>', "the id a is given 2 times"),
        ("<h1>x</h1>", "0 × main"),
        ("<main><h1>x</h1><h3>x</h3></main>", "a heading jumps from h1 to h3"),
        ('<main><h1 onclick="x()">x</h1></main>', "<h1 onclick>: a script in an attribute"),
        (
            '<main><h1>x</h1><img src="//a.example/x.png" alt=""></main>',
            "<img> is loaded from somebody else: //a.example/x.png",
        ),
        ("<main><h1>x</h1><table><tr><td>y</td></tr></table></main>", "a table without a caption: y"),
    ],
)
def test_the_rules_of_ours_bite(body: str, problem: str) -> None:
    head = (
        '<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
        '<meta name="viewport" content="width=device-width"><title>x</title>'
    )
    page = f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'
    assert list(problems_of(LexborHTMLParser(page))) == [problem]

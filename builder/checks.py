"""Reads the finished site before anything is written: every link must lead somewhere of our own, or plainly away."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from builder.diagnostics import Diagnostic, problem
from builder.model import Location, Page

_LINK = re.compile(r'<(\w+)[^>]*?\s(href|src)="([^"]*)"')
_ID = re.compile(r'\sid="([^"]*)"')
_LOADING = {"img", "link", "script", "iframe", "source", "object", "embed", "use", "image"}


def check_pages(pages: tuple[Page, ...]) -> list[Diagnostic]:
    """Two pages at one address, letter case aside: some disks know no difference."""
    seen: dict[str, Page] = {}
    out = []
    for page in pages:
        path = page.path.lower()
        if path in seen:
            out.append(problem("S003", Location(page.path), path=page.path))
        seen[path] = page
    return out


def check_site(files: Mapping[str, bytes]) -> list[Diagnostic]:
    """Dead links, dead anchors, ids used twice, things loaded from elsewhere."""
    texts = {path: raw.decode() for path, raw in files.items() if path.endswith(".html")}
    ids = {path: _ID.findall(text) for path, text in texts.items()}
    found = [one for path, text in texts.items() for check in _CHECKS for one in check(path, text, files, ids)]
    return _group(found)


def _group(found: list[tuple[str, Diagnostic]]) -> list[Diagnostic]:
    """One for each thing that is wrong: what stands in a template is wrong on every page, and told once."""
    first: dict[str, Diagnostic] = {}
    count: dict[str, int] = {}
    for what, one in found:
        first.setdefault(what, one)
        count[what] = count.get(what, 0) + 1
    return [
        replace(one, message=f"{one.message} So do {count[what] - 1} other pages.") if count[what] > 1 else one
        for what, one in first.items()
    ]


def _check_ids(
    path: str, text: str, files: Mapping[str, bytes], ids: Mapping[str, list[str]]
) -> Iterator[tuple[str, Diagnostic]]:
    if len(ids[path]) != len(set(ids[path])):
        for name in sorted({name for name in ids[path] if ids[path].count(name) > 1}):
            yield f"{path} {name}", problem("S004", Location(path), page=path, id=name)


def _check_links(
    path: str, text: str, files: Mapping[str, bytes], ids: Mapping[str, list[str]]
) -> Iterator[tuple[str, Diagnostic]]:
    for tag, attribute, raw in dict.fromkeys(_LINK.findall(text)):
        target = html.unescape(raw)
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            if (attribute == "src" or tag in _LOADING) and 'rel="canonical"' not in text:
                yield target, problem("S005", Location(path), page=path, target=target)
            continue
        found = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path))) if parts.path else path
        if found not in files:
            yield found, problem("S001", Location(path), page=path, target=target)
        elif parts.fragment and found in ids and unquote(parts.fragment) not in ids[found]:
            yield (
                f"{found}#{parts.fragment}",
                problem("S002", Location(path), page=path, target=target, fragment=parts.fragment),
            )


_Check = Callable[[str, str, Mapping[str, bytes], Mapping[str, list[str]]], Iterator[tuple[str, Diagnostic]]]
_CHECKS: tuple[_Check, ...] = (_check_ids, _check_links)

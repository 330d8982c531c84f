"""Reads the finished site before anything is written: every link must lead somewhere of our own, or plainly away."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from builder.diagnostics import Diagnostic, problem
from builder.model import Location

_LINK = re.compile(r'<(\w+)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*/?>')
_ATTRIBUTE = re.compile(r'\s([^\s=>]+)="([^"]*)"')
_ID = re.compile(r'\sid="([^"]*)"')
_STYLE_LINK = re.compile(r"""(?:url\(|@import)\s*["']?((?:[a-z]+:|//)[^"')\s;]*)""", re.IGNORECASE)
"""What a stylesheet would load from another place."""
_ABSOLUTE = re.compile(r'<loc>([^<]*)</loc>|\s(?:href|content)="(https?:[^"]*)"')
"""What may be an address of the site itself, in a page, a feed or a sitemap."""
_ONLY_NAMED = {"canonical", "alternate", "license", "next", "prev", "author"}
"""What a `link` element names and no browser loads."""
_LOADING = {"img", "link", "script", "iframe", "source", "object", "embed", "use", "image"}


def check_paths(paths: Iterable[str]) -> list[Diagnostic]:
    """Two files at one place, letter case aside: some disks know no difference."""
    seen: set[str] = set()
    out = []
    for path in paths:
        if path.lower() in seen:
            out.append(problem("S003", Location(path), path=path))
        seen.add(path.lower())
    return out


def check_site(files: Mapping[str, bytes], url: str = "") -> list[Diagnostic]:
    """Dead links, dead anchors, ids used twice, things loaded from elsewhere. `url` is where the site will stand."""
    base = urlsplit(url).path.rstrip("/") + "/" if url else ""
    pages = [path for path in files if path.endswith(".html")]  # decoded one by one: a large site is held only once
    ids = {path: _ID.findall(files[path].decode()) for path in pages}
    found: list[tuple[str, Diagnostic]] = []
    for path in pages:
        text = files[path].decode()
        found += [one for check in _CHECKS for one in check(path, text, files, ids, base)]
    found += [one for path, raw in files.items() if path.endswith(".css") for one in _check_style(path, raw.decode())]
    if url:
        for path in [*pages, *(path for path in files if path.endswith(".xml"))]:
            found += _check_absolute(path, files[path].decode(), files, ids, url)
    return _group(found)


def _check_style(path: str, text: str) -> Iterator[tuple[str, Diagnostic]]:
    for target in _STYLE_LINK.findall(text):
        yield target, problem("S005", Location(path), page=path, target=target)


def _check_absolute(
    path: str, text: str, files: Mapping[str, bytes], ids: Mapping[str, list[str]], url: str
) -> Iterator[tuple[str, Diagnostic]]:
    """Addresses of the site written in full, as in feeds and canonical links: they lead somewhere too."""
    for target in dict.fromkeys(html.unescape(first or second) for first, second in _ABSOLUTE.findall(text)):
        if not target.startswith(f"{url}/"):
            continue
        found, _, fragment = target.removeprefix(f"{url}/").partition("#")
        found = f"{found}index.html" if found.endswith("/") or not found else unquote(found)
        if found not in files:
            yield f"{path} {target}", problem("S001", Location(path), page=path, target=target)
        elif fragment and unquote(fragment) not in ids.get(found, ()):
            words = {"page": path, "target": target, "fragment": fragment}
            yield f"{path} {target}", problem("S002", Location(path), 1, **words)


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
    path: str, text: str, files: Mapping[str, bytes], ids: Mapping[str, list[str]], base: str
) -> Iterator[tuple[str, Diagnostic]]:
    if len(ids[path]) != len(set(ids[path])):
        for name in sorted({name for name in ids[path] if ids[path].count(name) > 1}):
            yield f"{path} {name}", problem("S004", Location(path), page=path, id=name)


def _check_links(
    path: str, text: str, files: Mapping[str, bytes], ids: Mapping[str, list[str]], base: str
) -> Iterator[tuple[str, Diagnostic]]:
    for target, loads in dict.fromkeys(_find_links(text)):
        try:
            parts = urlsplit(target)
        except ValueError:  # brackets in a host's name that are no address
            yield target, problem("S001", Location(path), page=path, target=target)
            continue
        if parts.scheme or parts.netloc:
            if loads:
                yield target, problem("S005", Location(path), page=path, target=target)
            elif not (parts.scheme == "mailto" or (parts.scheme in ("https", "http") and parts.netloc)):
                yield target, problem("S006", Location(path), page=path, target=target)
            continue
        found = _resolve(path, unquote(parts.path), base) if parts.path else path
        if found not in files:
            yield found, problem("S001", Location(path), page=path, target=target)
        elif parts.fragment and found in ids and unquote(parts.fragment) not in ids[found]:
            yield (
                f"{found}#{parts.fragment}",
                problem("S002", Location(path), page=path, target=target, fragment=parts.fragment),
            )


def _find_links(text: str) -> Iterator[tuple[str, bool]]:
    """Every address in a page, and whether the page loads what stands there."""
    for tag, inside in _LINK.findall(text):
        if "href=" not in inside and "src=" not in inside:
            continue
        attributes = dict(_ATTRIBUTE.findall(inside))
        quiet = tag == "link" and attributes.get("rel") in _ONLY_NAMED
        for name in ("href", "src"):
            if name in attributes:
                yield html.unescape(attributes[name]), (name == "src" or tag in _LOADING) and not quiet


def _resolve(page: str, target: str, base: str) -> str:
    """The file that an address on a page means; one that begins with a slash is read from where the site will stand."""
    if base and target.startswith(base):
        return posixpath.normpath(target.removeprefix(base))
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), target))


_Check = Callable[[str, str, Mapping[str, bytes], Mapping[str, list[str]], str], Iterator[tuple[str, Diagnostic]]]
_CHECKS: tuple[_Check, ...] = (_check_ids, _check_links)

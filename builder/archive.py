"""Pages whose verdict changed, as they stood until then: frozen from an older build, looked through, put back.

A frozen page is an ordinary input, which anybody may propose to change; so nothing passes that our own pages never have.
Its links are written from the site's root, `site:/en/figures/x/index.html#part`, so that it may stand anywhere.
"""

from __future__ import annotations

import hashlib
import html
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from builder import documents
from builder.diagnostics import Diagnostic, nearest, problem
from builder.markup import Piece, Tag, UntidyError, is_text, read_pieces, tags_of, write_pieces
from builder.model import Claim, Content, Dataset, Files, FrozenPage, Location, Site
from builder.names import Names
from builder.shelf import address_of_row

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
"""The content security policy of a frozen page: it needs no more than its stylesheet, whatever later pages need."""
LARGEST = 2 * 1024 * 1024
"""Bytes of a frozen page: its charts are drawn in it."""
STYLES = "assets/archive/"
"""Folder of the site for the stylesheets of frozen pages."""

_PAGE = re.compile(rf"([\w-]+)/claims/({documents.SLUG})/index\.html")
_SCRIPT = re.compile(r"<script\b[^>]*>.*?</script>\n?", re.DOTALL)
_STILL = re.compile(r'<svg class="chart-still".*?</svg>\n?', re.DOTALL)
"""The picture of a chart for browsers that draw no SVG: it is a file of the site, and would be today's."""
_STYLE = re.compile(r"style-[0-9a-f]{12}\.css")
_ID = re.compile(r'\sid="([^"]*)"')
_SITE = "site:/"
_ELSEWHERE = re.compile(r"https?://[^\s/?#@\\]+([/?#]\S*)?|mailto:[^\s:]+")
_HERE = re.compile(r"#\S+")
_OWN = re.compile(rf"{_SITE}(?!/)[^\s?#\\]+(#\S+)?")

_TOMBSTONE = "removed.words"
"""Key of the words that stand instead of a link to what was removed."""
_ELEMENTS = frozenset(
    "a abbr article aside b blockquote body br caption circle cite code data dd del details div dl dt ellipse em "
    "figcaption figure footer g h1 h2 h3 h4 h5 h6 head header hr html i ins li line link main meta nav ol p path polygon "
    "polyline pre q rect s section small span strong sub summary sup svg table tbody td text tfoot th thead time title tr "
    "tspan ul".split()
)
"""What a frozen page may be made of."""
_ATTRIBUTES = frozenset(
    "charset class colspan content cx cy d datetime dir download dx dy fill fill-opacity fill-rule focusable font-family "
    "font-size font-style font-weight height href hreflang http-equiv id lang letter-spacing name opacity open points "
    "property r rel role rowspan rx ry scope start stroke stroke-dasharray stroke-linecap stroke-linejoin "
    "stroke-miterlimit stroke-opacity stroke-width tabindex text-anchor dominant-baseline title transform type value "
    "viewbox width x x1 x2 xmlns y y1 y2".split()
)
_FAMILIES = ("aria-", "data-")
_METAS = frozenset(
    ("viewport", "description", "referrer", "color-scheme", "article:published_time", "article:modified_time")
)
_LINKS = ("stylesheet", "icon")
_FEED = "application/atom+xml"
"""The only alternate of a frozen page: its twin and its translations would be those of the page of today."""
_OF_A_LINK = ("href", "rel", "download", "hreflang", "type", "aria-current")
"""What an `a` has only while it leads somewhere."""


# --- freezing ---------------------------------------------------------------------------------------


def freeze(files: Site, path: str, day: str) -> dict[str, bytes]:
    """The input files that keep the page of a claim: itself, as it stood until `day`, and its stylesheet.

    `files` is an older build and `path` the page in it. Its text stays as it is; scripts, pictures that it
    loads, and what in its head is said of its address or to search engines, stay behind.
    """
    page = _PAGE.fullmatch(path)
    if page is None:
        raise ValueError(f"{path} is not the page of a claim")
    styles: dict[str, bytes] = {}
    pieces: list[Piece] = []
    dropped = False
    for piece in read_pieces(_STILL.sub("", _SCRIPT.sub("", files[path].decode()))):
        kept = _freeze_tag(piece, path, files, styles) if isinstance(piece, Tag) else piece
        if isinstance(kept, str) and dropped:
            kept = kept.removeprefix("\n")
        dropped = kept is None
        if kept is not None:
            pieces.append(kept)
    frozen = f"content/archive/{page[1]}/claims/{page[2]}/{day}.html"
    return {frozen: write_pieces(pieces).encode(), **styles}


def _freeze_tag(tag: Tag, path: str, files: Site, styles: dict[str, bytes]) -> Tag | None:
    """The tag as it stands in a frozen page; None where it stays behind."""
    given = tag.attributes
    if tag.name == "meta":
        policy = {"content": POLICY} if "http-equiv" in given else {}
        return tag.with_values(policy.get) if _may_say(given) else None
    if tag.name == "link" and not _may_link(given):
        return None
    kept = tag.without(*(name for name in given if not _may_have(name)))
    if tag.name == "link" and given["rel"] == "stylesheet":
        raw = files[posixpath.normpath(posixpath.join(posixpath.dirname(path), given["href"]))]
        name = f"style-{_digest(raw)}.css"
        styles[f"content/archive/assets/{name}"] = raw
        return kept.with_values(lambda key, value: f"{_SITE}{STYLES}{name}" if key == "href" else value)
    return kept.with_values(lambda key, value: _from_root(value, path) if key == "href" else value)


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw.replace(b"\r\n", b"\n")).hexdigest()[:12]


def _from_root(href: str, path: str) -> str:
    """A link to the site itself, written so that it does not depend on where it stands."""
    parts = urlsplit(href)
    if parts.scheme or parts.netloc or not parts.path:
        return href
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), parts.path))
    return _SITE + target + (f"#{parts.fragment}" if parts.fragment else "")


def _may_have(attribute: str) -> bool:
    return attribute in _ATTRIBUTES or attribute.startswith(_FAMILIES)


def _may_link(link: Mapping[str, str]) -> bool:
    """True for a `link` element that a frozen page keeps."""
    rel = link.get("rel")
    return rel in _LINKS or (rel == "alternate" and link.get("type") == _FEED)


def _may_say(meta: Mapping[str, str]) -> bool:
    """True for a `meta` that a frozen page keeps."""
    if "http-equiv" in meta:
        return meta["http-equiv"].lower() == "content-security-policy"
    return "charset" in meta or meta.get("name", meta.get("property")) in _METAS


# --- looking through --------------------------------------------------------------------------------


def check_frozen(content: Content, sources: Files, first: str) -> list[Diagnostic]:
    """What is wrong with the frozen pages: with the claim that they belong to, with what they hold, with their looks."""
    out: list[Diagnostic] = []
    used: set[str] = set()
    for page in content.frozen:
        out += _check_claim(page, content, sources, first)
        text, found = documents.decode(page.path, page.raw)
        out += found
        if text is not None:
            out += _check_page(page, text, content.frozen_styles, used)
    for path, raw in content.frozen_styles.items():
        name = posixpath.basename(path)
        if _digest(raw) not in name:
            hint = "Put it back as it was: its name is the beginning of its hash."
            out.append(problem("C036", Location(path), path=path, why="does not hold what its name says", hint=hint))
        elif name not in used:
            out.append(problem("C036", Location(path), path=path, why="is used by no frozen page", hint="Take it out."))
    return out


def _check_claim(page: FrozenPage, content: Content, sources: Files, first: str) -> Iterator[Diagnostic]:
    place, day = Location(page.path), page.day
    if f"content/{page.language}/words.yaml" not in sources:
        why = f'stands in "{page.language}", which is no language of this site'
        yield problem("C034", place, why=why, hint="Its folder is the code of a language: en, uk, zh-Hans.")
    elif all(f"content/{code}/claims/{page.slug}.md" not in sources for code in (page.language, first)):
        hint = "A claim is withdrawn, never deleted: put it back with the status withdrawn."
        known = content.claims.get(first, {})
        why = f'belongs to the claim "{page.slug}", which does not exist'
        yield problem("C034", place, why=why, hint=nearest(page.slug, known, hint))
    elif (claim := claim_of(page, content, first)) and day not in _changes(claim):
        why = f"stood until {day}, but the history of its claim has no verdict of that day"
        yield problem("C034", place, why=why, hint="Write the entry, or call the file by the day of the entry.")


def claim_of(page: FrozenPage, content: Content, first: str) -> Claim | None:
    """The claim whose page it was, in its language or in the first; None when it cannot be read."""
    return content.claims.get(page.language, {}).get(page.slug) or content.claims.get(first, {}).get(page.slug)


def _changes(claim: Claim) -> set[str]:
    return {change.date for change in claim.front.history if change.kind == "verdict"}


def _check_page(page: FrozenPage, text: str, styles: Files, used: set[str]) -> Iterator[Diagnostic]:
    used.update(_STYLE.findall(text))
    if len(page.raw) > LARGEST:
        yield problem("C035", Location(page.path), what=f"{len(page.raw) // 1024} kB")
        return
    try:
        pieces = read_pieces(text)
    except UntidyError as error:
        yield problem("C035", _place(page.path, text, error.offset), what=str(error))
        return
    strange: dict[str, Tag] = {}
    for tag in tags_of(pieces):
        for what in _strange(tag):
            strange.setdefault(what, tag)
    for what, tag in strange.items():
        yield problem("C035", _place(page.path, text, tag.offset), what=what)
    for what in _misshapen(pieces):
        yield problem("C035", Location(page.path), what=what)
    for name in filter(_STYLE.fullmatch, _styles_of(pieces)):
        needed, hint = f"content/archive/assets/{name}", "Put it back: it came with the frozen page."
        if needed not in styles:
            yield problem("C036", Location(page.path), path=needed, why="is missing", hint=hint)


def _place(path: str, text: str, offset: int) -> Location:
    return Location(path, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def _strange(tag: Tag) -> Iterator[str]:
    """What of a tag no page of ours has."""
    if tag.name not in _ELEMENTS:
        yield f"the element {tag.name}"
    given = tag.attributes
    for name, value in given.items():
        if not _may_have(name):
            yield f"the attribute {name}"
        elif name not in ("content", "title", "aria-label") and "url(" in value.lower():
            yield f"an address in {name}"
    if "href" in given and tag.name not in ("a", "link"):
        yield f"a link in {tag.name}"
    elif "href" in given and not _is_link(given["href"], tag.name):
        yield f'a link to "{given["href"]}"'
    if tag.name == "meta" and not tag.closing and not _is_meta(given):
        yield "a meta that is none of ours"
    if tag.name == "link" and not _may_link(given):
        yield f'a link element of the kind "{given.get("rel", "")}"'


def _is_link(href: str, element: str) -> bool:
    own = _OWN.fullmatch(href)
    if own:
        path = href.removeprefix(_SITE).partition("#")[0]
        return posixpath.normpath(unquote(path)) == unquote(path) and not unquote(path).startswith((".", "/"))
    return element == "a" and bool(_HERE.fullmatch(href) or _ELSEWHERE.fullmatch(href))


def _is_meta(given: Mapping[str, str]) -> bool:
    if "http-equiv" in given:
        return _may_say(given) and given.get("content") == POLICY
    return _may_say(given) and (given.get("name") != "referrer" or given.get("content") == "no-referrer")


def _misshapen(pieces: Iterable[Piece]) -> Iterator[str]:
    """What a page must have once, and its policy before anything that could be loaded."""
    opened = [tag for tag in tags_of(pieces) if not tag.closing]
    names = [tag.name for tag in opened]
    yield from (f"{names.count(name)} × {name}" for name in ("html", "head", "body", "main") if names.count(name) != 1)
    policies = [i for i, tag in enumerate(opened) if "http-equiv" in tag.attributes]
    loads = [i for i, name in enumerate(names) if name in ("link", "body")]
    if len(policies) != 1 or policies[0] > min(loads, default=0):
        yield "no content security policy at the beginning of its head"
    if any(first.closing == second.closing for first, second in pairwise(t for t in tags_of(pieces) if t.name == "a")):
        yield "a link in a link"
    styles = _styles_of(pieces)
    if len(styles) != 1 or not _STYLE.fullmatch(styles[0]):
        yield "no stylesheet from the archive, or more than one"


def _styles_of(pieces: Iterable[Piece]) -> list[str]:
    links = [tag.attributes for tag in tags_of(pieces) if tag.name == "link"]
    found = [given.get("href", "") for given in links if given.get("rel") == "stylesheet"]
    return [href.removeprefix(_SITE + STYLES) for href in found]


# --- putting back -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Ground:
    """What the links of restored pages may lead to."""

    files: Site
    removed: frozenset[str]
    """Addresses of removed rows, without the language."""
    ids: dict[str, frozenset[str]] = field(default_factory=dict)

    def has_id(self, path: str, name: str) -> bool:
        """True where a page of the site has the id."""
        if path not in self.ids:
            text = self.files[path].decode() if path.endswith(".html") else ""
            self.ids[path] = frozenset(_ID.findall(text))
        return unquote(name) in self.ids[path]

    def is_removed(self, href: str) -> bool:
        """True for a link to the page of a row that was removed, in any language."""
        path = unquote(href.removeprefix(_SITE).partition("#")[0])
        return href.startswith(_SITE) and f"{posixpath.dirname(path.partition('/')[2])}/" in self.removed


def restore(content: Content, dataset: Dataset, files: Site) -> tuple[dict[str, bytes], list[Diagnostic]]:
    """The frozen pages of public claims at their addresses, and their stylesheets; and what is wrong with their banners.

    `files` is the rest of the site; at the address of each frozen page that may be seen it holds what `frozen.html` made,
    which is put into the page. Links that lead nowhere today lose their address; links to what was removed, their words too.
    """
    removals = dataset.tables.get("removals")
    rows = removals.rows.values() if removals else ()
    ground = _Ground(files, frozenset(address_of_row(row.cells["table"], row.id) for row in rows))
    made: dict[str, bytes] = {}
    problems: dict[Diagnostic, None] = {}
    for page in content.frozen:
        path = f"{page.language}/{page.address}index.html"
        if path not in files:
            continue
        given = {name: _inside(files[path].decode(), name) for name in ("head", "main")}
        tombstone = content.languages[page.language].words.get(_TOMBSTONE, "")
        problems |= dict.fromkeys(_unready(page, given, tombstone))
        pieces = read_pieces(page.raw.decode().replace("\r\n", "\n"))
        made[path] = _restore(pieces, path, given, ground, tombstone).encode()
        for name in _styles_of(pieces):
            made[STYLES + name] = content.frozen_styles[f"content/archive/assets/{name}"].replace(b"\r\n", b"\n")
    return made, list(problems)


def _unready(page: FrozenPage, given: Mapping[str, str], tombstone: str) -> Iterator[Diagnostic]:
    """What template and words must give to a frozen page, and do not."""
    if not all(given.values()):
        why = "a frozen page is given what stands in its <head> and its <main>, and one of them is missing"
        yield problem("T002", Location("site/templates/frozen.html"), why=why)
    if not tombstone:
        place = Location(f"content/{page.language}/words.yaml")
        yield problem("C017", place, key=_TOMBSTONE, language=page.language)


def _restore(pieces: Iterable[Piece], path: str, given: Mapping[str, str], ground: _Ground, tombstone: str) -> str:
    """The page with its links made relative, and with what `given` puts into its head and its main part."""
    own = frozenset(_ID.findall(write_pieces(pieces)))
    ready = _without_links(pieces, ground.is_removed, tombstone)
    out: list[Piece] = []
    for piece in ready:
        if not isinstance(piece, Tag):
            out.append(piece)
        elif piece.name == "head" and piece.closing:
            out += [given["head"], piece]
        elif piece.name == "main" and not piece.closing:
            out += [piece, "\n", given["main"].rstrip("\n")]
        elif (restored := _restore_tag(piece, path, own, ground)) is not None:
            out.append(restored)
    return write_pieces(out)


def _inside(text: str, name: str) -> str:
    found = re.search(rf"<{name}>\n?(.*\S.*)</{name}>", text, re.DOTALL)
    return found[1] if found else ""


def _restore_tag(tag: Tag, path: str, own: frozenset[str], ground: _Ground) -> Tag | None:
    href = tag.attributes.get("href")
    if href is None:
        return tag
    there = _relative(href, path, own, ground)
    if there:
        return tag.with_values(lambda key, value: there if key == "href" else value)
    return tag.without(*_OF_A_LINK) if tag.name == "a" else None


def _relative(href: str, path: str, own: frozenset[str], ground: _Ground) -> str:
    """Where a link of a frozen page leads today, from `path`; empty where that is nowhere."""
    if href.startswith("#"):
        return href if unquote(href[1:]) in own else ""
    if not href.startswith(_SITE):
        return href
    target, _, fragment = href.removeprefix(_SITE).partition("#")
    found = unquote(target)
    if found not in ground.files and not found.startswith(STYLES):
        return ""
    there = posixpath.relpath(target, posixpath.dirname(path))
    return f"{there}#{fragment}" if fragment and found in ground.files and ground.has_id(found, fragment) else there


def _without_links(pieces: Iterable[Piece], goes: Callable[[str], bool], tombstone: str) -> Iterator[Piece]:
    """The pieces with each link that `goes`, words included, replaced by the words of a tombstone."""
    inside = False
    for piece in pieces:
        link = isinstance(piece, Tag) and piece.name == "a"
        if inside:
            inside = not link
        elif isinstance(piece, Tag) and link and not piece.closing and goes(piece.attributes.get("href", "")):
            inside = True
            yield html.escape(tombstone)
        else:
            yield piece


# --- taking a name out ------------------------------------------------------------------------------


def scrub(raw: bytes, names: Iterable[str], tombstone: str) -> bytes:
    """A frozen page without the given names: `tombstone` stands instead of each, in texts, titles and labels.

    A link whose address holds a name is replaced whole, its words included; an id that holds one is called otherwise.
    """
    wanted = Names(names)

    def names_it(href: str) -> bool:
        return not href.startswith("#") and wanted.stand_in(href)

    pieces = list(_without_links(read_pieces(raw.decode()), names_it, tombstone))
    ids = _new_ids(pieces, wanted)
    texts = iter(wanted.cut([piece for piece in pieces if is_text(piece)], tombstone))
    clean = (
        next(texts)
        if is_text(piece)
        else _scrub_tag(piece, wanted, ids, tombstone)
        if isinstance(piece, Tag)
        else piece
        for piece in pieces
    )
    return write_pieces(clean).encode()


def _new_ids(pieces: Iterable[Piece], names: Names) -> dict[str, str]:
    """Ids in which a name stands, to those that take their place."""
    known = [tag.attributes["id"] for tag in tags_of(pieces) if "id" in tag.attributes]
    free = (name for i in range(1, 2 * len(known) + 2) if (name := f"removed-{i}") not in known)
    return {name: next(free) for name in known if names.stand_in(name)}


def _scrub_tag(tag: Tag, names: Names, ids: Mapping[str, str], tombstone: str) -> Tag:
    def change(attribute: str, value: str) -> str:
        if attribute == "id" or attribute in ("aria-labelledby", "aria-describedby"):
            return " ".join(ids.get(word, word) for word in value.split(" "))
        if attribute == "href" and value.startswith("#"):
            return f"#{ids.get(unquote(value[1:]), value[1:])}"
        return names.cut_value(value, tombstone)

    return tag.with_values(change)

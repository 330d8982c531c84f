"""Reads `site/`: the settings, the ratings, the templates, the stylesheet and the assets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from builder import documents
from builder.diagnostics import Diagnostic, is_broken, problem
from builder.memo import remembered
from builder.model import Files, Location, Rating, Theme

SETTINGS = "site/site.yaml"
_TEMPLATES = "site/templates/"
_STYLES = "site/styles/"
_ASSETS = "site/assets/"

TEMPLATES = (
    "layout.html",
    "home.html",
    "claims.html",
    "claim.html",
    "embed.html",
    "figures.html",
    "figure.html",
    "record.html",
    "sources.html",
    "source.html",
    "company.html",
    "charts.html",
    "chart.html",
    "timeline.html",
    "data.html",
    "table.html",
    "standing.html",
    "ratings.html",
    "corrections.html",
    "search.html",
    "missing.html",
    "front.html",
    "frozen.html",
    "removed.html",
    "feed.xml",
    "sitemap.xml",
    "robots.txt",
    "card.svg",
    "parts/chart.html",
)
"""What the builder asks for by name; the other parts are asked for by these."""


@dataclass(frozen=True, slots=True)
class RatingEntry:
    """One rating, as `site/site.yaml` writes it."""

    adverse: bool
    """`true` when it says that the speaker is wrong, in whole or in part: the rule on companies applies."""
    shape: str
    """Drawn beside the word, so that colour is never alone: a name in `site/templates/parts/shapes/`."""
    words: Mapping[str, str]
    """The word of the rating, by language."""
    means: Mapping[str, str]
    """What it means, by language."""
    number: int | Literal["null", ""] = ""
    """From 1 (contradicted) to 7 (supported) for ClaimReview; empty or `null` where the rating has no number."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All of `site/site.yaml`: the field names are what the owner writes."""

    name: str
    """Name of the site."""
    first_language: str
    """Code of the language whose folder holds ids, ratings, premises and history."""
    ratings: Mapping[str, RatingEntry]
    """The scale, in the order in which readers see it."""
    url: str = ""
    """Address of the site in full; without it, feeds, sitemap and canonical links are left out."""
    publisher: str = ""
    """Who answers for the site."""
    contact: str = ""
    """Where readers can write."""
    corrections: str = ""
    """Where mistakes are reported."""
    funding: str = ""
    """Who pays for it."""
    moved: Mapping[str, str] = field(default_factory=dict)
    """Old address of a page to its new one, both from the root of the site: `en/figures/old_id/`."""


_KINDS = (".html", ".xml", ".svg", "/robots.txt")
"""How templates end."""


def _texts(files: Files, folder: str, *endings: str) -> tuple[dict[str, str], list[Diagnostic]]:
    texts, problems = {}, []
    for path in sorted(files):
        if path.startswith(folder) and path.endswith(endings):
            text, found = documents.decode(path, files[path])
            problems += found
            texts[path.removeprefix(folder)] = text or ""
    return texts, problems


def _join(sheets: Mapping[str, str]) -> str:
    """One stylesheet: `base.css` first, then each part in the order of its name."""
    order = sorted(sheets, key=lambda name: (name != "base.css", name))
    return "\n".join(sheets[name].strip() + "\n" for name in order)


def _ratings(entries: Mapping[str, RatingEntry]) -> dict[str, Rating]:
    return {
        name: Rating(
            id=name,
            number=entry.number if isinstance(entry.number, int) else None,
            adverse=entry.adverse,
            shape=entry.shape,
            words=entry.words,
            means=entry.means,
        )
        for name, entry in entries.items()
    }


_ADDRESS = r"[a-zA-Z-]+/([\w-]+/)*"
"""Of a page, from the site's root: `en/figures/labelled_drones/`."""


def _check_moved(settings: Settings, places: Mapping[str, Location]) -> Iterable[Diagnostic]:
    """Addresses of pages that moved; whether the new one leads anywhere, the check of links tells."""
    for old, new in settings.moved.items():
        for address in (old, new):
            if not re.fullmatch(_ADDRESS, address, re.ASCII) or old == new:
                yield problem("T009", places[f"moved.{old}"], len(new), address=address)


def _check_ratings(settings: Settings, places: Mapping[str, Location]) -> Iterable[Diagnostic]:
    """Each rating needs a name fit for an address, a number of the scale, its word and its meaning."""
    language = settings.first_language
    for name, entry in settings.ratings.items():
        place = places.get(f"ratings.{name}", Location(SETTINGS))
        if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name):
            hint = "Use small letters and underscores: it becomes a part of addresses."
            yield problem("C005", place, message=f'The rating cannot be called "{name}".', hint=hint)
        if isinstance(entry.number, int) and not 1 <= entry.number <= 7:
            hint = "Give a number from 1 to 7, or null where there is none."
            yield problem("C005", place, message=f"The rating {name} has the number {entry.number}.", hint=hint)
        for what, words in (("word", entry.words), ("meaning", entry.means)):
            if not words.get(language):
                yield problem("T004", place, rating=name, what=what, language=language)


def _check_templates(settings: Settings, templates: Mapping[str, str]) -> Iterable[Diagnostic]:
    """Every template that the builder asks for is there, and a drawing for each rating's shape."""
    shapes = sorted({f"parts/shapes/{entry.shape}.html" for entry in settings.ratings.values()})
    for name in (*TEMPLATES, *shapes):
        if name not in templates:
            yield problem("T003", Location(_TEMPLATES + name), name=name)


def _check_settings(settings: Settings, places: Mapping[str, Location]) -> Iterable[Diagnostic]:
    if not settings.url:
        yield problem("T005", Location(SETTINGS))
    elif not re.fullmatch(r"https?://[\w.-]+(:\d+)?(/[\w.~/-]*)?", settings.url):
        yield problem("T007", places["url"], len(settings.url), url=settings.url)
    if not all((settings.publisher, settings.contact, settings.corrections, settings.funding)):
        yield problem("T006", Location(SETTINGS))


def _check_read(files: Files) -> Iterable[Diagnostic]:
    """Files that would be lost in silence."""
    for path in sorted(path for path in files if path.startswith("site/")):
        read = (path.startswith(_TEMPLATES) and path.endswith(_KINDS)) or (
            path.startswith(_STYLES) and path.endswith(".css")
        )
        if not read and path != SETTINGS and not path.startswith(_ASSETS) and not path.endswith(documents.README):
            yield problem("T008", Location(path), path=path)


def read_theme(files: Files) -> tuple[Theme | None, tuple[Diagnostic, ...]]:
    """All of `site/`, with its problems; None when the settings cannot be read."""
    return _read_theme(tuple((path, raw) for path, raw in files.items() if path.startswith("site/")))


@remembered(most=4)
def _read_theme(items: tuple[tuple[str, bytes], ...]) -> tuple[Theme | None, tuple[Diagnostic, ...]]:
    files = dict(items)
    raw = files.get(SETTINGS)
    if raw is None:
        return None, (problem("T001", Location(SETTINGS)),)
    tree, problems = documents.read_yaml(SETTINGS, raw)
    if tree is None or is_broken(problems):
        return None, tuple(
            problems or [documents.unreadable(Location(SETTINGS), "it must name the site and its ratings")]
        )
    settings, places, wrong = documents.read_as(tree, Settings)
    if settings is None:
        return None, (*problems, *wrong)
    templates, found_in_templates = _texts(files, _TEMPLATES, *_KINDS)
    sheets, found_in_sheets = _texts(files, _STYLES, ".css")
    found = (
        *problems,
        *found_in_templates,
        *found_in_sheets,
        *_check_read(files),
        *_check_settings(settings, places),
        *_check_ratings(settings, places),
        *_check_moved(settings, places),
        *_check_templates(settings, templates),
    )
    theme = Theme(
        name=settings.name,
        url=settings.url.rstrip("/"),
        publisher=settings.publisher,
        contact=settings.contact,
        corrections=settings.corrections,
        funding=settings.funding,
        first_language=settings.first_language,
        moved=settings.moved,
        ratings=_ratings(settings.ratings),
        templates=templates,
        styles=_join(sheets),
        assets={
            "assets/" + path.removeprefix(_ASSETS): files[path]
            for path in sorted(files)
            if path.startswith(_ASSETS) and not path.endswith(documents.README)
        },
    )
    return theme, found

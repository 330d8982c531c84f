"""One page at a time, made alone from a study: what a preview shows at once, before the whole site is made again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from builder import charts, pages, render
from builder.diagnostics import Diagnostic
from builder.drawing import Draw, Plate, draw_alone, draw_plates
from builder.model import Claim, Content, Drawing, Page
from builder.shelf import Shelf, fill_shelf
from builder.study import Study

CARD = "/card.png"


@dataclass(frozen=True, slots=True, eq=False)
class Glimpse:
    """A site with every claim in it, public or not, of which each page is made when it is looked at."""

    known: Study
    content: Content
    """As if every claim were published."""
    stages: Mapping[str, str]
    """By slug: the status of each claim that readers do not see."""
    shelves: Mapping[str, Shelf]
    drawings: Mapping[str, Mapping[str, Drawing]]
    pictures: Mapping[str, bytes]
    """What the charts can be remembered by."""
    pages: Mapping[str, Page]
    """By path: what the pages lead to. Their values may be older than the study."""
    shown: dict[str, bytes | None] = field(default_factory=dict)
    """What was looked at already."""


def can_be_seen(known: Study) -> bool:
    """True when there is enough of the site to look at it: the last one that could be is shown until then."""
    return not known.broken and known.theme is not None and known.dataset is not None


def look_at(
    known: Study, before: Glimpse | None = None, memory: Mapping[str, bytes] | None = None, draw: Draw = draw_alone
) -> Glimpse:
    """The site of a study that can be seen. What `before` had, and is the same, is not made again."""
    assert known.dataset is not None
    assert known.theme is not None
    content, stages = _reveal(known.content, known.first)
    drawings, pictures = _draw(known, before, memory or {}, draw)
    shelves = {
        code: fill_shelf(
            code,
            known.dataset,
            content,
            known.theme,
            known.figures,
            known.verdicts,
            drawings[code],
            known.lineages,
        )
        for code in content.languages
    }
    places = _plan(known, shelves, before)
    return Glimpse(known, content, stages, shelves, drawings, pictures, places)


def show(glimpse: Glimpse, path: str) -> tuple[bytes | None, tuple[Diagnostic, ...]]:
    """The bytes of a page or of a share card, and what is wrong in their templates; None where there is no such thing."""
    if path in glimpse.shown:
        return glimpse.shown[path], ()
    page = _plan_one(glimpse, path.removesuffix(CARD) + "/index.html" if path.endswith(CARD) else path)
    theme = glimpse.known.theme
    if page is None or theme is None:
        return None, ()
    if path.endswith(CARD):
        svgs, problems = render.render_cards([page], theme)
        made: Mapping[str, bytes] = draw_plates({name: Plate(svg) for name, svg in svgs.items()}, {})()[0]
    else:
        among = glimpse.pages.values()
        made, problems = render.render_pages(
            [page], theme, glimpse.content, glimpse.known.figures, glimpse.drawings, among
        )
    if not problems:
        glimpse.shown[path] = made.get(path)
    return made.get(path), problems


def _plan_one(glimpse: Glimpse, path: str) -> Page | None:
    place = glimpse.pages.get(path)
    shelf = glimpse.shelves.get(place.language) if place else None
    if place is None or shelf is None:
        return None
    return pages.plan_page(shelf, place.values["about"]) or place  # those of no language have nothing of their own


def _reveal(content: Content, first: str) -> tuple[Content, dict[str, str]]:
    """The content as if every claim were published, and the status of those that are not."""
    stages: dict[str, str] = {
        slug: claim.front.status for slug, claim in content.claims[first].items() if not claim.front.public
    }
    claims = {
        code: {slug: _publish(claim) if slug in stages else claim for slug, claim in texts.items()}
        for code, texts in content.claims.items()
    }
    return replace(content, claims=claims), stages


def _publish(claim: Claim) -> Claim:
    front = replace(claim.front, status="published", published=claim.front.published or claim.front.reviewed)
    return replace(claim, front=front)


def _draw(
    known: Study, before: Glimpse | None, memory: Mapping[str, bytes], draw: Draw
) -> tuple[Mapping[str, Mapping[str, Drawing]], Mapping[str, bytes]]:
    if before and all(before.known.plans.get(code) is plans for code, plans in known.plans.items()):
        return before.drawings, before.pictures
    if before:
        keys = (plan.key for plans in known.plans.values() for plan in plans)
        memory = {**{key: memory[key] for key in keys if key in memory}, **before.pictures}
    return charts.draw_charts(known.plans, memory, draw)


def _plan(known: Study, shelves: Mapping[str, Shelf], before: Glimpse | None) -> Mapping[str, Page]:
    """Where every page stands. Other claims are found without planning all the rest again."""
    if before is None or not _same_ground(known, before):
        some = shelves[known.first]
        drawings = {code: shelf.drawings for code, shelf in shelves.items()}
        planned = pages.plan_pages(
            some.dataset, some.content, some.theme, known.figures, known.verdicts, drawings, known.lineages
        )
        return {page.path: page for page in planned}
    of_claims = {page.path: page for code, shelf in shelves.items() for page in _places_of_claims(code, shelf)}
    rest = {path: page for path, page in before.pages.items() if page.values["about"][0] not in pages.OF_ONE_CLAIM}
    return {**rest, **of_claims}


def _places_of_claims(code: str, shelf: Shelf) -> Iterator[Page]:
    for slug, claim in shelf.claims.items():
        for scheme, place in pages.OF_ONE_CLAIM.items():
            title = claim.passages["title"].plain
            yield Page(f"{code}/{place.format(slug)}", "", code, title, {"about": (scheme, slug)})


def _same_ground(known: Study, before: Glimpse) -> bool:
    """True when no page but those of claims can have come or gone."""
    then = before.known
    return (
        known.dataset is then.dataset
        and known.theme is then.theme
        and known.plans.keys() == then.plans.keys()
        and all(known.plans[code] is then.plans[code] for code in known.plans)
        and [*known.content.languages] == [*then.content.languages]
        and all(known.content.pages[code].keys() == then.content.pages[code].keys() for code in known.content.pages)
        and known.content.frozen == then.content.frozen
    )


def assets_of(glimpse: Glimpse) -> Mapping[str, bytes]:
    """The stylesheet and the theme's other files, by path."""
    return render.render_assets(glimpse.known.theme) if glimpse.known.theme else {}

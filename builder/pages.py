"""Which page stands at which address, and what its template is given: a table, read from top to bottom.

Nothing is drawn here. A page's values hold the nouns themselves (a claim, a row, a figure) and the small ones below.
Every page says what it is about, `(scheme, id)`: links are made from that, so an address is written once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

from builder.cards import lay_card
from builder.downloads import CHECKSUMS, list_downloads
from builder.feeds import feeds_of, indexable
from builder.firmness import say_premise, say_verdict
from builder.history import Entry, entries_by, entries_of, entries_on
from builder.leaning import leaning_on
from builder.lineage import Lineage, node_of_row
from builder.linked import embed_height, speech_of
from builder.listings import cite_row, list_table, mention_table, page_of
from builder.model import (
    RECORDS,
    Claim,
    Content,
    Dataset,
    Drawing,
    Figure,
    Interval,
    Judgement,
    Page,
    Passage,
    PremiseResult,
    Row,
    Theme,
    Told,
    Verdict,
)
from builder.prose import outline
from builder.shelf import (
    Cell,
    Dispute,
    Key,
    Mention,
    Shelf,
    address_of_row,
    cell_of,
    cells_of,
    cite,
    columns_in,
    columns_of,
    data_date,
    fill_shelf,
    language_of_name,
    mention_claim,
    mention_figure,
    mention_row,
    mention_source,
    mention_user,
    name_row,
    sources_of,
    table_title,
    title_column,
    words_of,
)

MOST_SENTENCES = 40
"""That the page of a row or source shows; a figure's page shows all of its own."""

# --- what templates are given besides the nouns -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """A row behind a figure."""

    row: Row
    part: str
    """`full`, `partial` or `inside`."""
    reason: str
    """Why it counts only in part, or the group that already holds it."""
    value: Cell | None
    """What was measured."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline."""

    date: str
    precision: str
    kind: str
    """`statement`, `denial`, `event` or `shipment`."""
    row: Row
    who: str
    """Column of the row that tells who; empty where nobody is named."""
    what: str
    """Column of the row that tells what; of a shipment, its name."""
    checks: tuple[Mention, ...] = ()
    """Claims that rate it."""
    amount: Cell | None = None
    """How many units, of a shipment."""


@dataclass(frozen=True, slots=True)
class Basis:
    """One thing that a verdict rests on."""

    kind: str
    """`computed` or `judged`."""
    needs: Passage
    """What the claim needs to be true; or the judgement."""
    shows: Passage | None
    """What the records show; or the editor's reason."""
    figure: Figure | None = None
    label: str = ""
    """Of the figure."""
    operator: str = ""
    value: Told | None = None
    """What the figure is held against."""
    outcome: str = ""
    sources: tuple[Mention, ...] = ()
    firm: tuple[str, ...] = ()
    """How firmly it stands, in sentences."""


# --- figures ----------------------------------------------------------------------------------------


def members_of(shelf: Shelf, figure: Figure) -> tuple[Member, ...]:
    """The rows behind a figure, with the part that each has in it."""
    selection = figure.selection
    table = shelf.dataset.tables.get(selection.table)
    if table is None:
        return ()
    measured = next((column for column in table.columns if column.name == figure.definition.column), None)
    parts = [(row, "full", "") for row in selection.full]
    parts += [(row, "partial", reason) for row, reason in selection.partial]
    parts += [(row, "inside", group) for row, group in selection.inside]
    return tuple(
        Member(
            table.rows[row_id],
            part,
            reason,
            cell_of(shelf, table.rows[row_id], measured) if measured and measured.name != "id" else None,
        )
        for row_id, part, reason in parts
    )


def _row_names(shelf: Shelf, figure: Figure) -> dict[str, str]:
    table = shelf.dataset.tables.get(figure.selection.table)
    return {row: name_row(shelf, table.rows[row]) for row in figure.selection.rows} if table else {}


def _rounded(value: Fraction, up: bool) -> Fraction:
    """To one decimal, outward."""
    if value.denominator == 1:
        return value
    return Fraction(ceil(value * 10) if up else floor(value * 10), 10)


@dataclass(frozen=True, slots=True)
class Span:
    """An interval for words: its ends as told, and which sentence fits."""

    key: str
    """Of the sentence: `interval.exact`, `interval.from`, …"""
    low: Told | None
    high: Told | None


def span_of(interval: Interval, unit: str) -> Span:
    """The values that a figure may have, for a sentence. A share is told in per cent."""
    factor = 100 if unit == "%" else 1

    def tell(end: Fraction | None, up: bool) -> Told | None:
        return None if end is None else Told("exact", _rounded(end * factor, up), _rounded(end * factor, up), unit)

    low, high = tell(interval.low, False), tell(interval.high, True)
    if low and high:
        if interval.low == interval.high:
            return Span("interval.exact", low, high)
        if interval.low == 0:
            return Span("interval.above_nothing" if interval.low_open else "interval.up_to", low, high)
        return Span("interval.between", low, high)
    if low:
        if interval.low == 0 and high is None:
            return Span("interval.unknown", None, None)
        return Span("interval.over" if interval.low_open else "interval.from", low, None)
    return Span("interval.up_to" if high else "interval.unknown", None, high)


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of a definition: a column and the words for the values allowed in it."""

    label: str
    values: tuple[str, ...]
    limit: bool = False
    """True for the war-use label: the importer's own entry."""


def conditions_of(shelf: Shelf, figure: Figure) -> tuple[Condition, ...]:
    """What a row must be to count, in words."""
    table = shelf.dataset.tables.get(figure.definition.of)
    titles = {column.name: title_column(shelf, table.name, column) for column in table.columns} if table else {}
    return tuple(
        Condition(
            titles.get(column, column),
            tuple(shelf.value_word(column, value) for value in values),
            column == "label" and "war_use" in values,
        )
        for column, values in figure.definition.where
    )


def _figure_key(shelf: Shelf, figure: Figure) -> dict[str, Any]:
    words = words_of(shelf.content.figure_words, shelf, figure.id)
    return {"figure": figure, "label": words.get("label"), "labelled": is_labelled(shelf, figure)}


def is_labelled(shelf: Shelf, figure: Figure) -> bool:
    """True when the figure, or a part of it, counts by the label of war use: the limit must stand beside it."""
    own = any(column == "label" and "war_use" in values for column, values in figure.definition.where)
    parts = [shelf.figures[part] for part in figure.definition.parts if part in shelf.figures]
    return own or any(is_labelled(shelf, part) for part in parts)


# --- the page types ---------------------------------------------------------------------------------


_ALWAYS: Mapping[str, Any] = {
    "description": "",
    "trail": (),
    "noindex": False,
    "modified": "",
    "history": (),
    "card": "",
    "stale": False,
    "title_language": "",
}
"""What every page has besides what it is about. `modified` is the day on which its meaning last moved, where earned;
`card` the path of its share card, where there is one; `stale` is true of a translation whose original has other words
by now; `title_language` is that of a title in another language than the page's."""


def _page(shelf: Shelf, about: Key, address: str, template: str, title: str, **values: Any) -> Page:
    """A page of one language."""
    stale = (shelf.language.code, *about) in shelf.content.stale
    given = {**_ALWAYS, "about": about, "stale": stale, **values}
    return Page(f"{shelf.language.code}/{address}", template, shelf.language.code, title, given)


def _overview(shelf: Shelf, slug: str, template: str, **values: Any) -> Page:
    """A page of the site's own; a standing page of the same name gives its title and its opening words."""
    words = shelf.standing.get(slug)
    title = words.passages["title"].plain if words else shelf.word(f"title.{slug}")
    description = words.passages["description"].plain if words else shelf.word(f"description.{slug}")
    given = {"description": description, **_own_history(shelf, slug), **values}
    return _page(shelf, ("page", slug), f"{slug}/", template, title, words=words, **given)


def _own_history(shelf: Shelf, slug: str) -> dict[str, Any]:
    """The entries of a standing page, and the day on which it last changed."""
    words = shelf.standing.get(slug)
    entries = entries_by(entries_of(shelf), mention_user(shelf, ("page", slug)))
    return {"history": entries, "modified": words.front.changed if words else ""}


def _named_history(entries: tuple[Entry, ...], name: str) -> dict[str, Any]:
    """The entries that name a figure or record, and the day of the last one."""
    found = entries_on(entries, name)
    return {"history": found, "modified": found[0].change.date if found else ""}


def _plan_home(shelf: Shelf) -> Iterator[Page]:
    words = shelf.standing.get("index")
    bound = words.passages["body"].bindings if words else ()
    figures = dict.fromkeys(binding.target for binding in bound if binding.scheme == "figure")
    timeline = shelf.drawings.get("timeline")
    placed = {chart.target for chart in words.passages["body"].charts} if words else set()
    yield _page(
        shelf,
        ("home", ""),
        "",
        "home.html",
        words.passages["title"].plain if words else shelf.theme.name,
        words=words,
        description=words.passages["description"].plain if words else shelf.word("description.home"),
        key_figures=tuple(_figure_key(shelf, shelf.figures[name]) for name in figures if name in shelf.figures)[:3],
        timeline=timeline if timeline and "timeline" not in placed else None,
        claims=_claim_cards(shelf),
        stale=(shelf.language.code, "page", "index") in shelf.content.stale,
        **_own_history(shelf, "index"),
    )


def _claim_cards(shelf: Shelf) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "claim": claim,
            "rating": shelf.theme.ratings.get(claim.front.rating),
            "said": shelf.dataset.row("statements", claim.front.claim.statement),
            "computed": bool(shelf.verdicts[slug].premises) if slug in shelf.verdicts else False,
        }
        for slug, claim in shelf.claims.items()
    )


def _plan_claims(shelf: Shelf) -> Iterator[Page]:
    yield _overview(shelf, "claims", "claims.html", claims=_claim_cards(shelf))


def _bases(shelf: Shelf, claim: Claim) -> Iterator[Basis]:
    """What the verdict rests on, in the author's order."""
    verdict = shelf.verdicts.get(claim.slug)
    results = {result.index: result for result in verdict.premises} if verdict else {}
    for index, because in enumerate(claim.front.because):
        role = f"because.{index}"
        if isinstance(because, Judgement):
            sources = tuple(mention_source(shelf, source) for source in because.sources)
            passages = claim.passages
            yield Basis("judged", passages[f"{role}.judgement"], passages.get(f"{role}.reason"), sources=sources)
        else:
            yield from _computed(shelf, claim, role, results.get(index))


def _computed(shelf: Shelf, claim: Claim, role: str, result: PremiseResult | None) -> Iterator[Basis]:
    if result is None:  # the premise could not be evaluated, and its problem is already told
        return
    premise, unit = result.premise, result.figure.definition.unit
    value = Fraction(premise.value) * (100 if unit == "%" else 1)
    yield Basis(
        "computed",
        claim.passages[f"{role}.needs"],
        claim.passages.get(f"{role}.shows"),
        figure=result.figure,
        label=mention_figure(shelf, result.figure.id).text,
        operator=premise.operator,
        value=Told("exact", value, value, unit),
        outcome=result.outcome,
        firm=say_premise(result, shelf.dataset, shelf.tongue),
    )


def _passages(claim: Claim, role: str) -> tuple[Passage, ...]:
    """The texts of a list of the front matter, in order."""
    found: list[Passage] = []
    while passage := claim.passages.get(f"{role}.{len(found)}"):
        found.append(passage)
    return tuple(found)


OF_ONE_CLAIM = {"claim": "claims/{}/", "embed": "claims/{}/embed/"}
"""Where the pages of each claim stand in their language, by what they are about."""


def _plan_claim(shelf: Shelf) -> Iterator[Page]:
    return (_claim_page(shelf, claim) for claim in shelf.claims.values())


def _claim_page(shelf: Shelf, claim: Claim) -> Page:
    said = claim.front.claim
    row = shelf.dataset.row("statements", said.statement)
    repeated = tuple(other for one in said.repeated if (other := shelf.dataset.row("statements", one)))
    bases = tuple(_bases(shelf, claim))
    history = entries_by(entries_of(shelf), mention_claim(claim))
    keys = tuple(_figure_key(shelf, shelf.figures[name]) for name in claim.front.key_figures if name in shelf.figures)
    card = lay_card(shelf, claim, bool(keys) and keys[0]["labelled"])
    return _page(
        shelf,
        ("claim", claim.slug),
        OF_ONE_CLAIM["claim"].format(claim.slug),
        "claim.html",
        claim.passages["title"].plain,
        description=claim.passages["summary"].plain,
        trail=(Mention("page", "claims", shelf.word("title.claims")),),
        claim=claim,
        rating=shelf.theme.ratings.get(claim.front.rating),
        said=row,
        said_entity=shelf.dataset.row("entities", row.cells.get("entity", "")) if row else None,
        said_sources=sources_of(shelf, row),
        repeated=repeated,
        repeated_sources=tuple(cited for one in repeated for cited in sources_of(shelf, one)),
        changed=next((entry for entry in history if entry.change.kind == "verdict"), None),
        key_figures=keys,
        card="" if card.missing else card.path,
        share_card=card,
        computed=tuple(basis for basis in bases if basis.kind == "computed"),
        judged=tuple(basis for basis in bases if basis.kind == "judged"),
        firm=say_verdict(shelf.verdicts[claim.slug], shelf.dataset, shelf.tongue)
        if claim.slug in shelf.verdicts
        else "",
        cannot_show=_passages(claim, "cannot_show"),
        would_change=_passages(claim, "would_change"),
        sources=cite(shelf, claim.front.sources),
        history=history,
        modified=claim.front.changed,
        disputes=_disputes_of_claim(shelf, claim, bases),
        data_date=data_date(shelf),
        embed_height=_embed_height(shelf, claim, row),
    )


def _embed_height(shelf: Shelf, claim: Claim, said: Row | None) -> int:
    """Of the frame for the card of a claim, in CSS pixels."""
    texts = [claim.passages["title"].plain]
    if said:
        speech = speech_of(said, shelf.tongue, shelf.theme.name)
        ours = claim.passages["claim.says"].plain if speech.in_our_words else ""
        translated = "" if ours else speech.translation + speech.translator
        texts += [shelf.own(said, "speaker")[0], speech.quote, translated, ours]
    if key := _first_figure(shelf, claim):
        label = key["label"].plain if key["label"] else key["figure"].id
        texts += [label, shelf.word("limit.label_long") if key["labelled"] else ""]
    return embed_height(texts)


def _first_figure(shelf: Shelf, claim: Claim) -> dict[str, Any] | None:
    names = [name for name in claim.front.key_figures if name in shelf.figures]
    return _figure_key(shelf, shelf.figures[names[0]]) if names else None


def _plan_embeds(shelf: Shelf) -> Iterator[Page]:
    return (_embed_page(shelf, claim) for claim in shelf.claims.values())


def _embed_page(shelf: Shelf, claim: Claim) -> Page:
    """A card of each claim for the pages of others: it is the live page, so it tells of a withdrawal too."""
    row = shelf.dataset.row("statements", claim.front.claim.statement)
    history = entries_by(entries_of(shelf), mention_claim(claim))
    return _page(
        shelf,
        ("embed", claim.slug),
        OF_ONE_CLAIM["embed"].format(claim.slug),
        "embed.html",
        claim.passages["title"].plain,
        noindex=True,
        claim=claim,
        rating=shelf.theme.ratings.get(claim.front.rating),
        said=row,
        speech=speech_of(row, shelf.tongue, shelf.theme.name) if row else None,
        key=_first_figure(shelf, claim),
        changed=next((entry for entry in history if entry.change.kind == "verdict"), None),
        data_date=data_date(shelf),
    )


def _disputes_of_claim(shelf: Shelf, claim: Claim, bases: tuple[Basis, ...]) -> tuple[Dispute, ...]:
    """Conflicts that name the statement, or a row behind a figure that the verdict rests on."""
    rows = [claim.front.claim.statement]
    for basis in bases:
        rows += basis.figure.selection.rows if basis.figure else ()
    found = {dispute.id: dispute for row in rows for dispute in shelf.disputes.get(row, ())}
    return tuple(found.values())


def _plan_figures(shelf: Shelf) -> Iterator[Page]:
    keys = tuple(_figure_key(shelf, figure) for figure in shelf.figures.values())
    yield _overview(shelf, "figures", "figures.html", figures=keys)


def _plan_figure(shelf: Shelf) -> Iterator[Page]:
    entries = entries_of(shelf)
    for figure in shelf.figures.values():
        words = words_of(shelf.content.figure_words, shelf, figure.id)
        table = shelf.dataset.tables.get(figure.definition.of)
        column = next((c for c in table.columns if c.name == figure.definition.column), None) if table else None
        yield _page(
            shelf,
            ("figure", figure.id),
            f"figures/{figure.id}/",
            "figure.html",
            mention_figure(shelf, figure.id).text,
            description=words["about"].plain if "about" in words else "",
            trail=(Mention("page", "figures", shelf.word("title.figures")),),
            figure=figure,
            label=words.get("label"),
            about_words=words.get("about"),
            labelled=is_labelled(shelf, figure),
            span=span_of(figure.interval, figure.definition.unit),
            measured=title_column(shelf, table.name, column) if column and table else figure.definition.column,
            table_name=table_title(shelf, table.name)[0] if table else "",
            conditions=conditions_of(shelf, figure),
            parts=tuple(mention_figure(shelf, part) for part in figure.definition.parts),
            part_figures=tuple(shelf.figures[part] for part in figure.definition.parts if part in shelf.figures),
            members=members_of(shelf, figure),
            row_names=_row_names(shelf, figure),
            sources=cite(shelf, figure.sources),
            reporters=tuple(mention_source(shelf, one) for one in figure.reporters),
            disputes=_disputes_of_rows(shelf, figure.selection.rows),
            leaning=leaning_on(shelf, ("figure", figure.id)),
            data_date=data_date(shelf),
            **_named_history(entries, figure.id),
        )


def _disputes_of_rows(shelf: Shelf, rows: tuple[str, ...]) -> tuple[Dispute, ...]:
    found = {dispute.id: dispute for row in rows for dispute in shelf.disputes.get(row, ())}
    return tuple(found.values())


def _plan_records(shelf: Shelf) -> Iterator[Page]:
    entries = entries_of(shelf)
    for table in RECORDS:
        inside: dict[str, list[Mention]] = {}
        for row in shelf.rows(table):
            inside.setdefault(row.cells.get("part_of", ""), []).append(mention_row(shelf, table, row.id))
        for row in shelf.rows(table):
            title = name_row(shelf, row)
            yield _page(
                shelf,
                ("record", row.id),
                address_of_row(table, row.id),
                "record.html",
                title,
                title_language=language_of_name(shelf, row),
                description=shelf.word("description.record", kind=shelf.word(f"one.{table}"), name=title),
                trail=(
                    Mention("page", "data", shelf.word("title.data")),
                    Mention("table", table, *table_title(shelf, table)),
                ),
                row=row,
                kind=shelf.word(f"one.{table}"),
                cells=cells_of(shelf, row),
                sources=sources_of(shelf, row),
                stands=shelf.dataset.stands(row),
                disputes=shelf.disputes.get(row.id, ()),
                inside=tuple(inside.get(row.id, ())),
                leaning=leaning_on(shelf, ("record", row.id), MOST_SENTENCES),
                **_named_history(entries, row.id),
            )


def _plan_sources(shelf: Shelf) -> Iterator[Page]:
    rows = shelf.rows("sources")
    by_publisher = tuple(sorted(rows, key=lambda row: (row.cells["publisher"].casefold(), row.id)))
    yield _overview(shelf, "sources", "sources.html", sources=cite(shelf, (row.id for row in by_publisher)))


def _rows_on_source(shelf: Shelf, source_id: str) -> dict[str, tuple[Mention, ...]]:
    """By table, the rows that name the source."""
    named = [tie.user for tie in shelf.lineage.above.get(("source", source_id), ()) if tie.how == "reported_by"]
    found: dict[str, list[Mention]] = {}
    for table in (*RECORDS, "entities"):
        rows = shelf.dataset.tables[table].rows if table in shelf.dataset.tables else {}
        for kind, row_id in named:
            if row_id in rows and node_of_row(table, row_id)[0] == kind:
                found.setdefault(table, []).append(mention_row(shelf, table, row_id))
    return {table: tuple(rows) for table, rows in found.items()}


def _plan_source(shelf: Shelf) -> Iterator[Page]:
    repeats: dict[str, list[str]] = {}
    for row in shelf.rows("sources"):
        repeats.setdefault(row.cells.get("reports_on", ""), []).append(row.id)
    for row in shelf.rows("sources"):
        root = shelf.dataset.root(row.id)
        yield _page(
            shelf,
            ("source", row.id),
            address_of_row("sources", row.id),
            "source.html",
            name_row(shelf, row),
            description=shelf.word("description.source", name=name_row(shelf, row)),
            trail=(Mention("page", "sources", shelf.word("title.sources")),),
            row=row,
            cells=cells_of(shelf, row),
            root=mention_row(shelf, "sources", root) if root != row.id else None,
            repeated_by=tuple(mention_row(shelf, "sources", one) for one in repeats.get(row.id, ())),
            rows=_rows_on_source(shelf, row.id),
            stands=row.id not in shelf.dataset.withdrawn,
            leaning=leaning_on(shelf, ("source", row.id), MOST_SENTENCES),
        )


def _plan_companies(shelf: Shelf) -> Iterator[Page]:
    for row in shelf.rows("entities"):
        parts = {
            role: tuple(
                mention_row(shelf, "shipments", other.id)
                for other in shelf.rows("shipments")
                if other.cells.get(role) == row.id
            )
            for role in ("exporter", "importer", "maker")
        }
        statements = [other for other in shelf.rows("statements") if other.cells.get("entity") == row.id]
        labelled = any(
            other.cells.get("label") == "war_use" and row.id in (other.cells.get(role) for role in parts)
            for other in shelf.rows("shipments")
        )
        yield _page(
            shelf,
            ("company", row.id),
            address_of_row("entities", row.id),
            "company.html",
            row.cells["name"],
            description=shelf.word("description.company", name=row.cells["name"]),
            trail=(
                Mention("page", "data", shelf.word("title.data")),
                Mention("table", "entities", *table_title(shelf, "entities")),
            ),
            noindex=row.cells.get("public_role") == "no",
            row=row,
            cells=cells_of(shelf, row),
            parts={role: rows for role, rows in parts.items() if rows},
            statements=tuple(mention_row(shelf, "statements", other.id) for other in statements),
            labelled=labelled,
            sources=sources_of(shelf, row),
            disputes=shelf.disputes.get(row.id, ()),
        )


def _plan_charts(shelf: Shelf) -> Iterator[Page]:
    yield _overview(shelf, "charts", "charts.html", charts=tuple(shelf.drawings.values()))


def _plan_chart(shelf: Shelf) -> Iterator[Page]:
    for drawing in shelf.drawings.values():
        words = words_of(shelf.content.chart_words, shelf, drawing.id)
        yield _page(
            shelf,
            ("chart", drawing.id),
            f"charts/{drawing.id}/",
            "chart.html",
            drawing.title,
            description=words["alt"].plain if "alt" in words else drawing.title,
            trail=(Mention("page", "charts", shelf.word("title.charts")),),
            drawing=drawing,
            data_date=data_date(shelf),
            words=words,
            figures=tuple(mention_figure(shelf, name) for name in drawing.figures if name in shelf.figures),
            records=tuple(mention_row(shelf, table, row_id) for table, row_id in drawing.records),
            users=tuple(
                mention_claim(claim)
                for claim in shelf.claims.values()
                if any(chart.target == drawing.id for chart in claim.passages["body"].charts)
            ),
        )


def _moments(shelf: Shelf) -> Iterator[Moment]:
    checks: dict[str, list[Mention]] = {}
    for claim in shelf.claims.values():
        for statement in (claim.front.claim.statement, *claim.front.claim.repeated):
            checks.setdefault(statement, []).append(mention_claim(claim))
    for row in shelf.rows("statements"):
        cells = row.cells
        kind = "denial" if cells.get("denial") == "yes" else "statement"
        rated = tuple(checks.get(row.id, ()))
        yield Moment(cells["date"], cells["precision"], kind, row, "speaker", "gist", rated)
    for row in shelf.rows("events"):
        cells = row.cells
        yield Moment(cells["date"], cells["precision"], "event", row, "actor", "what")
    units = next((column for column in columns_in(shelf, "shipments") if column.name == "units"), None)
    for row in shelf.rows("shipments"):
        if date := row.cells["date_from"]:
            precision = "day" if date == row.cells["date_to"] else "period"
            amount = cell_of(shelf, row, units) if units and row.cells["units"] else None
            yield Moment(date, precision, "shipment", row, "", name_row(shelf, row), amount=amount)


def _plan_timeline(shelf: Shelf) -> Iterator[Page]:
    standing = (moment for moment in _moments(shelf) if shelf.dataset.stands(moment.row))
    moments = sorted(standing, key=lambda moment: (moment.date, moment.row.table, moment.row.id))
    years: dict[str, list[Moment]] = {}
    for moment in moments:
        years.setdefault(moment.date[:4], []).append(moment)
    drawing = shelf.drawings.get("timeline")
    yield _overview(
        shelf, "timeline", "timeline.html", years={y: tuple(found) for y, found in years.items()}, drawing=drawing
    )


def _plan_data(shelf: Shelf) -> Iterator[Page]:
    tables = tuple(table for table in shelf.dataset.tables.values())
    edition = _edition(shelf)
    words = shelf.standing.get("data")
    yield _overview(
        shelf,
        "data",
        "data.html",
        tables=tables,
        dataset=shelf.dataset,
        outline=outline(words.passages["body"]) if words else (),
        downloads=list_downloads(shelf.dataset),
        checksums=CHECKSUMS,
        citation=next((found for table in tables if (found := cite_row(shelf, table))), None),
        **edition,
    )
    for table in tables:
        columns = columns_of(table)
        rows = tuple((row, tuple(cell_of(shelf, row, column) for column in columns)) for row in table.rows.values())
        yield _page(
            shelf,
            ("table", table.name),
            f"data/{table.name}/",
            "table.html",
            table_title(shelf, table.name)[0],
            title_language=table_title(shelf, table.name)[1],
            description=table.description,
            trail=(Mention("page", "data", shelf.word("title.data")),),
            table=table,
            columns=columns,
            rows=rows,
            listing=list_table(shelf, table),
            page_of=page_of,
            **edition,
        )


def _edition(shelf: Shelf) -> dict[str, Any]:
    """What all pages of the dataset tell: its title, its version, the day of its data, its tables and its licence."""
    package = shelf.dataset.package
    licences = package.get("licenses", ())
    return {
        "dataset_title": str(package.get("title", "")),
        "version": str(package.get("version", "")),
        "data_date": data_date(shelf),
        "names": {table: mention_table(shelf, table) for table in shelf.dataset.tables},
        "licences": tuple({key: each.get(key, "") for key in ("name", "title", "path")} for each in licences),
    }


def _plan_ratings(shelf: Shelf) -> Iterator[Page]:
    used = [claim.front.rating for claim in shelf.claims.values()]
    yield _overview(
        shelf,
        "ratings",
        "ratings.html",
        ratings=tuple((rating, used.count(rating.id)) for rating in shelf.theme.ratings.values()),
    )


def _plan_corrections(shelf: Shelf) -> Iterator[Page]:
    yield _overview(shelf, "corrections", "corrections.html", entries=entries_of(shelf))


_WAYS = ("claims", "timeline", "charts", "figures", "sources", "data", "ratings", "corrections", "method", "about")
"""Pages from which everything can be reached without a search."""


def _plan_search(shelf: Shelf) -> Iterator[Page]:
    used = {claim.front.rating for claim in shelf.claims.values()}
    yield _overview(
        shelf,
        "search",
        "search.html",
        ways=tuple((slug, shelf.standing.get(slug)) for slug in _WAYS),
        ratings=tuple(rating for rating in shelf.theme.ratings.values() if rating.id in used),
    )


_OVERVIEWS = ("index", "claims", "figures", "sources", "charts", "timeline", "data", "ratings", "corrections", "search")


def _plan_standing(shelf: Shelf) -> Iterator[Page]:
    for slug in shelf.standing:
        if slug not in _OVERVIEWS:
            yield _overview(shelf, slug, "standing.html")


def _plan_frozen(shelf: Shelf) -> Iterator[Page]:
    """What is put into each frozen page at its address: the banner, and what its head must say."""
    for frozen in shelf.content.frozen:
        if frozen.language == shelf.language.code and frozen.slug in shelf.claims:
            claim = mention_claim(shelf.claims[frozen.slug])
            key = ("frozen", f"{frozen.slug}/{frozen.day}")
            given = {"noindex": True, "claim": claim, "day": frozen.day}
            yield _page(shelf, key, frozen.address, "frozen.html", claim.text, **given)


def _plan_removed(shelf: Shelf) -> Iterator[Page]:
    """A tombstone where the page of each removed row stood; it does not say what stood there."""
    title = shelf.word("title.removed")
    for row in shelf.rows("removals"):
        address = address_of_row(row.cells["table"], row.id)
        yield _page(shelf, ("removed", row.id), address, "removed.html", title, noindex=True, row=row)


def _plan_feeds(shelf: Shelf) -> Iterator[Page]:
    for feed in feeds_of(shelf, entries_of(shelf)):
        title = shelf.word(f"feed.{feed.name}", site=shelf.theme.name)
        yield _page(shelf, ("feed", feed.name), f"feeds/{feed.name}.xml", "feed.xml", title, noindex=True, feed=feed)


@dataclass(frozen=True, slots=True)
class PageType:
    """A row of the table of page types."""

    name: str
    about: str
    """The schemes of what its pages are about."""
    plan: Callable[[Shelf], Iterator[Page]]


PAGE_TYPES: tuple[PageType, ...] = (
    PageType("home", "home", _plan_home),
    PageType("claims", "page", _plan_claims),
    PageType("claim", "claim", _plan_claim),
    PageType("embed", "embed", _plan_embeds),
    PageType("figures", "page", _plan_figures),
    PageType("figure", "figure", _plan_figure),
    PageType("record", "record", _plan_records),
    PageType("sources", "page", _plan_sources),
    PageType("source", "source", _plan_source),
    PageType("company", "company", _plan_companies),
    PageType("charts", "page", _plan_charts),
    PageType("chart", "chart", _plan_chart),
    PageType("timeline", "page", _plan_timeline),
    PageType("data", "page table", _plan_data),
    PageType("ratings", "page", _plan_ratings),
    PageType("corrections", "page", _plan_corrections),
    PageType("search", "page", _plan_search),
    PageType("standing", "page", _plan_standing),
    PageType("frozen", "frozen", _plan_frozen),
    PageType("removed", "removed", _plan_removed),
    PageType("feeds", "feed", _plan_feeds),
)
"""Every kind of page, in each language. To add one: a row here and a template."""

_MAKE_FOR_CLAIM = {"claim": _claim_page, "embed": _embed_page}
"""Pages that are planned alone without planning those before them: there may be a thousand."""


def plan_page(shelf: Shelf, about: Key) -> Page | None:
    """The one page of a language that is about something, without planning the others; None where there is none."""
    scheme, name = about
    if scheme in _MAKE_FOR_CLAIM:
        return _MAKE_FOR_CLAIM[scheme](shelf, shelf.claims[name]) if name in shelf.claims else None
    kinds = (kind for kind in PAGE_TYPES if scheme in kind.about.split())
    return next((page for kind in kinds for page in kind.plan(shelf) if page.values["about"] == about), None)


def _plan_front(shelf: Shelf) -> Iterator[Page]:
    """The pages that belong to no language: what `/` leads to, and what stands where nothing does."""
    code = shelf.language.code
    given = {**_ALWAYS, "description": shelf.word("description.home"), "noindex": True}
    home = {**given, "about": ("front", ""), "target": f"{code}/index.html", "go": "front.go"}
    yield Page("", "front.html", code, shelf.theme.name, home)
    yield Page("404.html", "missing.html", code, shelf.word("title.missing"), {**given, "about": ("missing", "")})
    for old, new in shelf.theme.moved.items():
        told = {**given, "about": ("moved", old), "target": f"{new}index.html", "go": "moved.go"}
        yield Page(old, "front.html", code, shelf.word("title.moved"), told)


def _plan_for_engines(shelf: Shelf, pages: Iterable[Page]) -> Iterator[Page]:
    """What search engines read, once the site has an address."""
    if shelf.theme.url:
        code, name = shelf.language.code, shelf.theme.name
        given = {**_ALWAYS, "noindex": True}
        entries = indexable(pages)
        yield Page("sitemap.xml", "sitemap.xml", code, name, {**given, "about": ("sitemap", ""), "entries": entries})
        yield Page("robots.txt", "robots.txt", code, name, {**given, "about": ("robots", "")})


def plan_pages(
    dataset: Dataset,
    content: Content,
    theme: Theme,
    figures: Mapping[str, Figure],
    verdicts: Mapping[str, Verdict],
    drawings: Mapping[str, Mapping[str, Drawing]],
    lineages: Mapping[str, Lineage],
) -> tuple[Page, ...]:
    """Every page of the site, before it is drawn. `drawings` and `lineages` are by language."""
    known = (dataset, content, theme, figures, verdicts)
    shelves = {code: fill_shelf(code, *known, drawings[code], lineages) for code in content.languages}
    planned = [page for shelf in shelves.values() for kind in PAGE_TYPES for page in kind.plan(shelf)]
    first = shelves[theme.first_language]
    return (*_plan_front(first), *planned, *_plan_for_engines(first, planned))

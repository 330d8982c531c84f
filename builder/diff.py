"""What a change of the sources does: to verdicts, numbers, sentences, charts, rows and pages.

Compares two studies, so that a broken HEAD is still reported on, and two builds where there are any. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from builder.intervals import tell_amount
from builder.lineage import RECORDS
from builder.model import (
    Claim,
    Dataset,
    Figure,
    FigureDefinition,
    Location,
    PremiseResult,
    Row,
    Site,
    Told,
    Use,
)
from builder.numerals import format_date, format_told
from builder.study import Study

_VERDICT_RULES = ("V001", "V010")
_STALE_RULES = ("B003", "B004", "B005", "B006", "B007", "B011", "B013")
"""Rules whose breach says that a sentence no longer agrees with its number."""
_NOTES = ("note",)
"""Columns whose change moves no meaning of a sentence that leads to the row."""


UNKNOWN = "unknown"
"""What a report says of a number without limits."""
STATES = ("false", "rewritten", "unchecked", "agrees", "gone")
"""Of a sentence: it still tells the old number; its words changed; it leads to what moved, and only a person can tell;
its unchanged words agree with the new number; it is no longer there."""

# --- what is told ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that changed."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowMoved:
    """A row that was added, changed, removed, withdrawn, or that stands again."""

    table: str
    id: str
    kind: str
    """`added`, `corrected`, `removed`, `withdrawn` (its last source was) or `restored`."""
    cells: tuple[Cell, ...] = ()
    place: str = ""
    """`path:line` in HEAD; empty for one that is gone."""


@dataclass(frozen=True, slots=True)
class NumberMoved:
    """A figure or a bound total that is told otherwise than before."""

    scheme: str
    id: str
    label: str
    before: str
    """Empty where there was none."""
    after: str
    """Empty where there is none any more."""
    definitions: tuple[str, ...]
    """Its own id and those of its parts, where the definition itself changed."""
    causes: tuple[RowMoved, ...]
    through: tuple[str, ...]
    """The figures by which the causes reach it, for a ratio or a difference."""


@dataclass(frozen=True, slots=True)
class PremiseMoved:
    """A premise that gives another result than before, or rests on other ground."""

    test: str
    before: str
    after: str
    """`holds`, `fails`, `undecided`; empty where it is not there or cannot be evaluated."""


@dataclass(frozen=True, slots=True)
class VerdictMoved:
    """A claim whose verdict changed, or no longer follows from what it rests on."""

    slug: str
    title: str
    before: str
    """The rating; empty for a new claim."""
    after: str
    """The rating; empty for a claim that is gone."""
    stands: bool
    """False when what the verdict rests on no longer gives what it needs: a person must judge again."""
    premises: tuple[PremiseMoved, ...]
    problems: tuple[str, ...]
    """Why it no longer stands."""


@dataclass(frozen=True, slots=True)
class SentenceMoved:
    """A sentence to read again."""

    owner: str
    """`claim:x`, `page:x`, `chart:x` or `figure:x`."""
    role: str
    language: str
    place: str
    """`path:line:column` in HEAD, in BASE where it is gone."""
    before: str
    after: str
    state: str
    """One of `STATES`."""
    leans_on: tuple[str, ...]
    """`figure:x`, `total:x`, `record:x`, `source:x`: what moved under it."""
    words: tuple[str, ...]
    """The words of the sentence that lean on it."""


@dataclass(frozen=True, slots=True)
class ChartMoved:
    """A chart that looks otherwise than before."""

    id: str
    before: str
    """Its title; empty for a new one."""
    after: str
    """Its title; empty for one that is gone."""


@dataclass(frozen=True, slots=True)
class PagesMoved:
    """The published files, compared byte for byte."""

    identical: int
    changed: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """All that came of a change."""

    verdicts: tuple[VerdictMoved, ...]
    numbers: tuple[NumberMoved, ...]
    sentences: tuple[SentenceMoved, ...]
    charts: tuple[ChartMoved, ...]
    rows: tuple[RowMoved, ...]
    pages: PagesMoved | None
    """None when one of the two does not build."""
    could_not: tuple[str, ...]
    """What cannot be said, and why."""
    errors: int
    """Of HEAD."""

    @property
    def quiet(self) -> bool:
        """True when nothing moved that a reader could notice as meaning."""
        return not (self.verdicts or self.numbers or self.sentences or self.charts or self.rows)


def diff(before: Study, after: Study, old: Site | None, new: Site | None) -> Difference:
    """The difference that AFTER makes to BEFORE; `old` and `new` are their files, None where one does not build."""
    rows = tuple(_compare_rows(before, after))
    numbers = tuple(_compare_numbers(before, after, rows))
    verdicts = tuple(_compare_verdicts(before, after))
    sentences = _compare_sentences(before, after, numbers, rows)
    return Difference(
        verdicts=verdicts,
        numbers=numbers,
        sentences=sentences,
        charts=tuple(_compare_charts(before, after)),
        rows=rows,
        pages=_compare_pages(old, new) if old is not None and new is not None else None,
        could_not=tuple(_find_unsaid(before, after, old, new)),
        errors=sum(found.severity == "error" for found in after.problems),
    )


# --- rows --------------------------------------------------------------------------------------------


def _compare_rows(before: Study, after: Study) -> Iterator[RowMoved]:
    if before.dataset is None or after.dataset is None:
        return
    for name in dict.fromkeys((*before.dataset.tables, *after.dataset.tables)):
        yield from _compare_table(name, before.dataset, after.dataset)


def _compare_table(name: str, before: Dataset, after: Dataset) -> Iterator[RowMoved]:
    old = before.tables[name].rows if name in before.tables else {}
    new = after.tables[name].rows if name in after.tables else {}
    for row_id in old:
        if row_id not in new:
            secret = after.row("removals", row_id)  # taken out on request: a report must not tell it again
            yield RowMoved(name, row_id, "removed", () if secret else tuple(_cells_of(old[row_id], None)))
    for row_id, row in new.items():
        place = f"{after.tables[name].path}:{row.line}"
        was = old.get(row_id)
        if was is None:
            yield RowMoved(name, row_id, "added", tuple(_cells_of(None, row)), place)
            continue
        stood, stands = _stands(before, was), _stands(after, row)
        cells = tuple(_cells_of(was, row)) if was.cells != row.cells else ()
        if stood != stands:
            yield RowMoved(name, row_id, "restored" if stands else "withdrawn", cells, place)
        elif cells:
            yield RowMoved(name, row_id, "corrected", cells, place)


def _stands(dataset: Dataset, row: Row) -> bool:
    return row.id not in dataset.withdrawn if row.table == "sources" else dataset.stands(row)


def _cells_of(old: Row | None, new: Row | None) -> Iterator[Cell]:
    """The cells that differ; of a row that is new or gone, those that hold something."""
    names = dict.fromkeys((*(old.cells if old else ()), *(new.cells if new else ())))
    for name in names:
        was, now = old.cells.get(name, "") if old else "", new.cells.get(name, "") if new else ""
        if was != now:
            yield Cell(name, was, now)


# --- numbers -----------------------------------------------------------------------------------------


def _compare_numbers(before: Study, after: Study, rows: Iterable[RowMoved]) -> Iterator[NumberMoved]:
    moved = {(row.table, row.id): row for row in rows}
    if after.figures or not before.figures:
        for name in dict.fromkeys((*before.figures, *after.figures)):
            if found := _compare_figure(name, before, after, moved):
                yield found
    for name in dict.fromkeys(use.target for use in (*before.uses, *after.uses) if use.scheme == "total"):
        old, new = _told_total(before, name), _told_total(after, name)
        if old != new and after.dataset is not None:
            cause = moved.get(("totals", name))
            label = _label_of_total(before, after, name)
            yield NumberMoved("total", name, label, old, new, (), (cause,) if cause else (), ())


def _compare_figure(
    name: str, before: Study, after: Study, moved: Mapping[tuple[str, str], RowMoved]
) -> NumberMoved | None:
    old, new = before.figures.get(name), after.figures.get(name)
    was, now = tell_figure(before, old), tell_figure(after, new)
    if was == now and (old is None) == (new is None) and _same_limits(old, new):
        return None
    changed = tuple(dict.fromkeys(_redefined(name, before, after)))
    causes, through = _causes(name, before, after, moved)
    return NumberMoved("figure", name, label_of(after, before, name), was, now, changed, causes, through)


def _same_limits(old: Figure | None, new: Figure | None) -> bool:
    return old is None or new is None or (old.interval, old.day) == (new.interval, new.day)


def _redefined(name: str, before: Study, after: Study) -> Iterator[str]:
    """The figure and the parts of it whose definition is not what it was."""
    old, new = (study.dataset.figures.get(name) if study.dataset else None for study in (before, after))
    if old is None or new is None:
        return
    if _meaning(old) != _meaning(new):
        yield name
    for part in new.parts:
        yield from _redefined(part, before, after)


def _meaning(definition: FigureDefinition) -> tuple[object, ...]:
    """A definition without the place where it stands."""
    names = ("measure", "column", "of", "where", "between", "parts", "unit", "disjoint", "overlapping")
    return tuple(getattr(definition, name) for name in names)


def _causes(
    name: str, before: Study, after: Study, moved: Mapping[tuple[str, str], RowMoved]
) -> tuple[tuple[RowMoved, ...], tuple[str, ...]]:
    """The rows of a figure that moved, its parts' included; and the parts by which they reach it."""
    found: dict[RowMoved, None] = {}
    through: dict[str, None] = {}
    for study in (before, after):
        figure = study.figures.get(name)
        if figure is None:
            continue
        for row in figure.selection.rows:
            if cause := moved.get((figure.selection.table, row)):
                found[cause] = None
        for part in figure.definition.parts:
            causes, deeper = _causes(part, before, after, moved)
            found.update(dict.fromkeys(causes))
            if causes:
                through.update(dict.fromkeys((part, *deeper)))
    return tuple(found), tuple(through)


def tell_figure(known: Study, figure: Figure | None) -> str:
    """A figure as its pages tell it; UNKNOWN where its limits are open or no row is left, empty where there is none."""
    language = known.content.languages.get(known.first)
    if figure is None or language is None:
        return ""
    if figure.day:
        return format_date(figure.day, "day", language)
    return _tell(known, figure.told)


def _tell(known: Study, told: Told | None) -> str:
    return format_told(told, known.content.languages[known.first]) if told else UNKNOWN


def _told_total(known: Study, name: str) -> str:
    row = known.dataset.row("totals", name) if known.dataset else None
    amount = row.values.get("value") if row else None
    if row is None or amount is None or known.first not in known.content.languages:
        return ""
    assert known.dataset is not None
    return _tell(known, tell_amount(amount, row.cells.get("unit", ""))) if known.dataset.stands(row) else UNKNOWN


def _label_of_total(before: Study, after: Study, name: str) -> str:
    rows = [study.dataset.row("totals", name) for study in (after, before) if study.dataset]
    return next((row.cells.get("measure", name) for row in rows if row), name)


def label_of(after: Study, before: Study, name: str) -> str:
    """A figure's label, as HEAD gives it or else BASE."""
    for study in (after, before):
        words = study.content.figure_words.get(study.first, {}).get(name, {})
        if "label" in words:
            return words["label"].plain
    return name


# --- verdicts ----------------------------------------------------------------------------------------


def claims_of(known: Study) -> Mapping[str, Claim]:
    """The claims in the first language, drafts included."""
    return known.content.claims.get(known.first, {})


def _compare_verdicts(before: Study, after: Study) -> Iterator[VerdictMoved]:
    old, new = claims_of(before), claims_of(after)
    fallen = _fallen(after)
    for slug in dict.fromkeys((*old, *new)):
        was = old[slug].front.rating if slug in old else ""
        now = new[slug].front.rating if slug in new else ""
        premises = tuple(_compare_premises(slug, before, after))
        if was != now or slug in fallen or premises:
            title = (new.get(slug) or old[slug]).passages["title"].plain
            why = fallen.get(slug, ())
            yield VerdictMoved(slug, title, was, now, not why, premises, why)


def _fallen(known: Study) -> dict[str, tuple[str, ...]]:
    """By slug: why the verdict no longer follows, as the check says it."""
    slugs = {claim.path: claim.slug for claim in claims_of(known).values()}
    found: dict[str, tuple[str, ...]] = {}
    for told in known.problems:
        slug = slugs.get(told.location.path)
        statement = told.code == "B013" and told.message.startswith("The statement")
        if slug and (told.code in _VERDICT_RULES or statement):
            found[slug] = (*found.get(slug, ()), told.message)
    return found


def _compare_premises(slug: str, before: Study, after: Study) -> Iterator[PremiseMoved]:
    old, new = _outcomes(before, slug), _outcomes(after, slug)
    unknown = bool(before.verdicts) and not after.verdicts  # nothing could be computed, which is told by itself
    for test in dict.fromkeys((*old, *new)) if not unknown else ():
        if old.get(test, "") != new.get(test, "") and slug in before.verdicts:
            yield PremiseMoved(test, old.get(test, ""), new.get(test, ""))


def _outcomes(known: Study, slug: str) -> dict[str, str]:
    verdict = known.verdicts.get(slug)
    return {_test(result): result.outcome for result in (verdict.premises if verdict else ())}


def _test(result: PremiseResult) -> str:
    premise = result.premise
    return f"{premise.figure} {premise.operator} {premise.value}"


# --- sentences ---------------------------------------------------------------------------------------

_Spot = tuple[str, str, str, str, str, int]
"""Language, kind and name of the owner, role, `scheme:target`, and which of several."""


def _compare_sentences(
    before: Study, after: Study, numbers: Iterable[NumberMoved], rows: Iterable[RowMoved]
) -> tuple[SentenceMoved, ...]:
    ground = {(number.scheme, number.id) for number in numbers} | _moved_links(rows)
    stale = {found.location for found in after.problems if found.code in _STALE_RULES}
    old, new = _spots(before, ground), _spots(after, ground)
    found: dict[tuple[str, ...], SentenceMoved] = {}
    for spot in dict.fromkeys((*new, *old)):
        use, was = new.get(spot), old.get(spot)
        one = _sentence_of(use or was, was, use, stale)  # type: ignore[arg-type]
        key = (one.owner, one.role, one.language, one.after or f"gone: {one.before}")
        found[key] = _join(found[key], one) if key in found else one
    return tuple(sorted(found.values(), key=lambda one: (STATES.index(one.state), _by_place(one.place))))


def _by_place(place: str) -> tuple[str, int, int]:
    path, line, column = place.rsplit(":", 2)
    return path, int(line), int(column)


def _moved_links(rows: Iterable[RowMoved]) -> set[tuple[str, str]]:
    """Rows and sources that a sentence leads to, where more than a note moved; a source, where it fell or stands again."""
    found = set()
    for row in rows:
        if row.table == "sources" and row.kind in ("withdrawn", "restored", "removed"):
            found.add(("source", row.id))
        elif row.table in RECORDS and _means_something(row):
            found.add(("record", row.id))
    return found


def _means_something(row: RowMoved) -> bool:
    told = any(cell.column not in _NOTES for cell in row.cells)
    return row.kind in ("withdrawn", "restored") or (row.kind != "added" and told)


def _spots(known: Study, ground: set[tuple[str, str]]) -> dict[_Spot, Use]:
    """The uses in a sentence of what moved, each by its spot."""
    found: dict[_Spot, Use] = {}
    count: dict[tuple[str, ...], int] = {}
    for use in known.uses:
        if (use.scheme, use.target) in ground and use.sentence:
            key = (use.language, use.kind, use.name, use.role, f"{use.scheme}:{use.target}")
            count[key] = count.get(key, 0) + 1
            found[(*key, count[key])] = use
    return found


def _sentence_of(use: Use, was: Use | None, now: Use | None, stale: set[Location]) -> SentenceMoved:
    before, after = was.sentence if was else "", now.sentence if now else ""
    state = "gone"
    if now is not None:
        kept = "unchecked" if now.scheme in ("record", "source") else "agrees"
        state = "false" if now.location in stale else "rewritten" if before != after else kept
    place = f"{use.location.path}:{use.location.line}:{use.location.column}"
    owner, leans = f"{use.kind}:{use.name}", (f"{use.scheme}:{use.target}",)
    return SentenceMoved(owner, use.role, use.language, place, before, after, state, leans, (use.text,))


def _join(one: SentenceMoved, other: SentenceMoved) -> SentenceMoved:
    """One sentence that leans on several things that moved: the worst state counts."""
    state = min(one.state, other.state, key=STATES.index)
    leans = tuple(dict.fromkeys((*one.leans_on, *other.leans_on)))
    words = tuple(dict.fromkeys((*one.words, *other.words)))
    return replace(one, before=one.before or other.before, state=state, leans_on=leans, words=words)


# --- charts and pages --------------------------------------------------------------------------------


def _compare_charts(before: Study, after: Study) -> Iterator[ChartMoved]:
    old = {plan.job.chart: plan for plan in before.plans.get(before.first, ())}
    new = {plan.job.chart: plan for plan in after.plans.get(after.first, ())}
    if old and not new and after.broken:
        return  # they could not be laid out, which is told by itself
    for chart in dict.fromkeys((*old, *new)):
        was, now = old.get(chart), new.get(chart)
        if was is None or now is None or was.key != now.key or was.plot.rows != now.plot.rows:
            yield ChartMoved(chart, was.title if was else "", now.title if now else "")


def _compare_pages(old: Site, new: Site) -> PagesMoved:
    pages = [path for path in dict.fromkeys((*old, *new)) if path.endswith(".html")]
    return PagesMoved(
        identical=sum(old.get(path) == new.get(path) for path in pages),
        changed=tuple(sorted(path for path in pages if path in old and path in new and old[path] != new[path])),
        added=tuple(sorted(path for path in pages if path not in old)),
        removed=tuple(sorted(path for path in pages if path not in new)),
    )


def _find_unsaid(before: Study, after: Study, old: Site | None, new: Site | None) -> Iterator[str]:
    """What the report cannot say, in sentences."""
    for name, known in (("BASE", before), ("HEAD", after)):
        first = next((found for found in known.problems if found.severity == "error" and found.code[0] == "D"), None)
        why = f"{first.location.path}:{first.location.line}: {first.message}" if first else ""
        if known.dataset is None:
            yield f"The data of {name} cannot be read, so neither rows nor numbers are compared. {why}"
        elif not known.figures and known.dataset.figures:
            yield f"No number of {name} could be computed, so numbers and verdicts are not compared. {why}"
        elif missing := [figure for figure in known.dataset.figures if figure not in known.figures]:
            yield f"Not computed in {name}: {', '.join(missing)}. {why}"
        if known.dataset is not None and known.content.languages and not known.plans:
            yield f"The charts of {name} could not be laid out."
    for name, site in (("BASE", old), ("HEAD", new)):
        if site is None:
            yield f"{name} does not build, so pages are not compared."

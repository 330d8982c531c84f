"""What a change of the sources does: to verdicts, numbers, sentences, charts, rows and pages.

Compares two studies, so that a broken HEAD is still reported on, and two builds where there are any. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest

from builder.changes import (
    STATES,
    UNKNOWN,
    Cell,
    ChartMoved,
    Difference,
    Ground,
    NumberMoved,
    PagesMoved,
    PremiseMoved,
    RowMoved,
    SentenceMoved,
    VerdictMoved,
)
from builder.intervals import tell_amount
from builder.model import (
    RECORDS,
    Claim,
    Dataset,
    Figure,
    FigureDefinition,
    Judgement,
    Location,
    Premise,
    Row,
    Site,
    Told,
    Use,
)
from builder.numerals import format_date, format_told
from builder.study import Study

_VERDICT_RULES = ("V001", "V010", "V011")
"""Rules whose breach says that a verdict no longer follows from what it rests on."""
_STALE_RULES = ("B003", "B004", "B005", "B006", "B007", "B011", "B013")
"""Rules whose breach says that a sentence no longer agrees with its number."""
_NOTES = ("note", "confidence", "gone", "retrieved", "archive_url")
"""Columns whose change moves no meaning of a sentence that leads to the row."""
_ALWAYS_READ = ("id", "part_of", "record", "sources", "date", "date_from", "date_to", "category", "currency", "unit")
"""Columns that any figure may read, besides the measured one and those that it selects by."""
_SAID = ("date", "precision", "speaker", "occasion", "kind", "original", "english", "gist")
"""Columns of a statement that a claim's page shows as what was said."""


def diff(before: Study, after: Study, old: Site | None, new: Site | None) -> Difference:
    """The difference that AFTER makes to BEFORE; `old` and `new` are their files, None where one does not build."""
    rows = tuple(_compare_rows(before, after))
    numbers = tuple(_compare_numbers(before, after, rows))
    verdicts = tuple(_compare_verdicts(before, after, rows))
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
    if before.first not in before.content.languages or after.first not in after.content.languages:
        return  # there are no words to tell a number in
    if after.figures or not before.figures:
        for name in dict.fromkeys((*before.figures, *after.figures)):
            if found := _compare_figure(name, before, after, moved):
                yield found
    for name in dict.fromkeys((*_shown_totals(before), *_shown_totals(after))):
        old, new = tell_total(before, name), tell_total(after, name)
        if old != new and after.dataset is not None:
            cause = moved.get(("totals", name))
            label = _label_of_total(before, after, name)
            yield NumberMoved("total", name, label, old, new, (), (cause,) if cause else (), ())


def _shown_totals(known: Study) -> Iterator[str]:
    """The totals that a text binds or a chart draws."""
    yield from (use.target for use in known.uses if use.scheme == "total")
    for planned in known.plans.values():
        yield from (row for plan in planned for table, row in plan.plot.records if table == "totals")


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
            cause = moved.get((figure.selection.table, row))
            if cause and _reads(figure.definition, cause):
                found[cause] = None
        for part in figure.definition.parts:
            causes, deeper = _causes(part, before, after, moved)
            found.update(dict.fromkeys(causes))
            if causes:
                through.update(dict.fromkeys((part, *deeper)))
    return tuple(found), tuple(through)


def _reads(definition: FigureDefinition, row: RowMoved) -> bool:
    """True when the figure could tell the difference: it reads a cell that changed, or the row came or went."""
    if row.kind != "corrected":
        return True
    read = {column for column, _ in definition.where} | {definition.column, *_ALWAYS_READ}
    return any(cell.column in read or cell.column.rsplit("_", 1)[0] == definition.column for cell in row.cells)


def tell_figure(known: Study, figure: Figure | None) -> str:
    """A figure as its pages tell it; UNKNOWN where its limits are open or no row is left, empty where there is none."""
    language = known.content.languages.get(known.first)
    if figure is None or language is None:
        return ""
    if figure.day:
        return format_date(figure.day, "day", language)
    return _tell(known, figure.told)


def tell_total(known: Study, name: str) -> str:
    """A reported total as its pages tell it; UNKNOWN where it no longer stands, empty where there is none."""
    row = known.dataset.row("totals", name) if known.dataset else None
    amount = row.values.get("value") if row else None
    if row is None or amount is None or known.dataset is None or known.first not in known.content.languages:
        return ""
    return _tell(known, tell_amount(amount, row.cells.get("unit", ""))) if known.dataset.stands(row) else UNKNOWN


def _tell(known: Study, told: Told | None) -> str:
    return format_told(told, known.content.languages[known.first]) if told else UNKNOWN


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


def find_unread(known: Study) -> frozenset[str]:
    """The files of claims that are there and could not be read: what they say is unknown, not gone."""
    read = {claim.path for claims in known.content.claims.values() for claim in claims.values()}
    claims = {path for path in known.sources if re.fullmatch(r"content/[\w-]+/claims/.*\.md", path)}
    return frozenset(claims - read)


def tell_verdict(known: Study, slug: str) -> str:
    """A verdict as readers see it; empty for what is not public."""
    claim = claims_of(known).get(slug)
    if claim is None or not claim.front.public:
        return ""
    rating = known.theme.ratings.get(claim.front.rating) if known.theme else None
    word = rating.words.get(known.first, rating.id) if rating else claim.front.rating
    return f"{word}, withdrawn" if claim.front.status == "withdrawn" else word


def _compare_verdicts(before: Study, after: Study, rows: Iterable[RowMoved]) -> Iterator[VerdictMoved]:
    old, new = claims_of(before), claims_of(after)
    fallen = _fallen(after)
    moved = {(row.table, row.id): row for row in rows}
    unread = find_unread(after)
    for slug in dict.fromkeys((*old, *new)):
        claim = new.get(slug) or old[slug]
        was, now = tell_verdict(before, slug), tell_verdict(after, slug)
        if claim.path in unread or not (was or now):
            continue
        premises = tuple(_compare_premises(slug, before, after))
        grounds = (
            tuple(_compare_grounds(old[slug], new[slug], before, after, moved)) if slug in old and slug in new else ()
        )
        if was != now or slug in fallen or premises or grounds:
            yield VerdictMoved(slug, claim.passages["title"].plain, was, now, premises, grounds, fallen.get(slug, ()))


def _fallen(known: Study) -> dict[str, tuple[str, ...]]:
    """By slug: why the verdict no longer follows, as the check says it."""
    slugs = {claim.path: claim.slug for claim in claims_of(known).values()}
    found: dict[str, tuple[str, ...]] = {}
    for told in known.problems:
        slug = slugs.get(told.location.path)
        if slug and told.code in _VERDICT_RULES:
            found[slug] = (*found.get(slug, ()), told.message)
    return found


def _compare_premises(slug: str, before: Study, after: Study) -> Iterator[PremiseMoved]:
    """Premises that are written as before and give another result."""
    if before.verdicts and not after.verdicts:
        return  # nothing could be computed, which is told by itself
    written = [_tests(claims_of(known).get(slug)) for known in (before, after)]
    old, new = _outcomes(before, slug), _outcomes(after, slug)
    for test in written[0]:
        if test in written[1] and old.get(test, "") != new.get(test, ""):
            yield PremiseMoved(test, old.get(test, ""), new.get(test, ""))


def _tests(claim: Claim | None) -> list[str]:
    return [_test(entry) for entry in (claim.front.because if claim else ()) if isinstance(entry, Premise)]


def _outcomes(known: Study, slug: str) -> dict[str, str]:
    verdict = known.verdicts.get(slug)
    return {_test(result.premise): result.outcome for result in (verdict.premises if verdict else ())}


def _test(premise: Premise) -> str:
    return f"{premise.figure} {premise.operator} {premise.value}"


def _compare_grounds(
    was: Claim, now: Claim, before: Study, after: Study, moved: Mapping[tuple[str, str], RowMoved]
) -> Iterator[Ground]:
    """The statement, the premises as they are written, the judgements and their sources, what the rating means."""
    if was.front.claim.statement != now.front.claim.statement:
        yield Ground("statement", was.front.claim.statement, now.front.claim.statement, True)
    statement = moved.get(("statements", now.front.claim.statement))
    for cell in statement.cells if statement and statement.kind == "corrected" else ():
        if cell.column in _SAID:
            yield Ground(f"statement {statement.id}, {cell.column}", cell.before, cell.after, True)  # type: ignore[union-attr]
    yield from _differences("premise", _premises(was), _premises(now), True)
    yield from _differences("judgement", _judgements(was), _judgements(now), False)
    for source in dict.fromkeys(source for entry in now.front.because for source in getattr(entry, "sources", ())):
        row = moved.get(("sources", source))
        for cell in row.cells if row and row.kind == "corrected" else ():
            if cell.column not in _NOTES:
                yield Ground(f"source {source}, {cell.column}", cell.before, cell.after, False)
    if now.slug in before.verdicts and now.slug in after.verdicts and not _fell(now.slug, after):
        old, new = (list(known.verdicts[now.slug].needed) for known in (before, after))
        yield from _differences("a source that it cannot do without", old, new, False)
    if was.front.rating == now.front.rating:
        yield from _differences("meaning of the rating", _meaning_of(before, was), _meaning_of(after, now), True)


def _fell(slug: str, known: Study) -> bool:
    return any(not result.expected for result in known.verdicts[slug].premises)


def _differences(what: str, old: list[str], new: list[str], told: bool) -> Iterator[Ground]:
    gone, come = [one for one in old if one not in new], [one for one in new if one not in old]
    for was, now in zip_longest(gone, come, fillvalue=""):
        yield Ground(what, was, now, told)


def _premises(claim: Claim) -> list[str]:
    return [f"{_test(entry)}: {entry.expect}" for entry in claim.front.because if isinstance(entry, Premise)]


def _judgements(claim: Claim) -> list[str]:
    entries = enumerate(claim.front.because)
    return [
        f"{claim.passages[f'because.{at}.judgement'].plain} ({', '.join(entry.sources)})"
        for at, entry in entries
        if isinstance(entry, Judgement)
    ]


def _meaning_of(known: Study, claim: Claim) -> list[str]:
    rating = known.theme.ratings.get(claim.front.rating) if known.theme else None
    return [f"{rating.id}: {rating.means.get(known.first, '')} ({rating.number})"] if rating else []


# --- sentences ---------------------------------------------------------------------------------------

_Text = tuple[str, str, str, str, str]
"""Language, kind and name of the owner, role, `scheme:target`: within one, uses are paired."""


def _compare_sentences(
    before: Study, after: Study, numbers: Iterable[NumberMoved], rows: Iterable[RowMoved]
) -> tuple[SentenceMoved, ...]:
    ground = {(number.scheme, number.id) for number in numbers} | _moved_links(rows)
    stale = {found.location for found in after.problems if found.code in _STALE_RULES}
    old, new = _uses_of(before, ground), _uses_of(after, ground)
    still = {(use.kind, use.name, use.language, use.sentence) for use in after.uses}
    found: dict[tuple[str, ...], SentenceMoved] = {}
    for text in dict.fromkeys((*new, *old)):
        count: dict[str, int] = {}
        for was, now in _pairs(old.get(text, []), new.get(text, [])):
            if was and not now and (was.kind, was.name, was.language, was.sentence) in still:
                continue  # it stands there, and leans on something else
            one = _sentence_of(was, now, stale)
            words = one.after or f"gone: {one.before}"
            count[words] = count.get(words, 0) + 1
            key = (one.owner, one.role, one.language, words, str(count[words]))
            found[key] = _join(found[key], one) if key in found else one
    moved = [*found.values(), *_compare_labels(before, after)]
    return tuple(sorted(moved, key=lambda one: (STATES.index(one.state), _by_place(one.place))))


def _by_place(place: str) -> tuple[str, int, int]:
    path, line, column = place.rsplit(":", 2)
    return path, int(line), int(column)


def _moved_links(rows: Iterable[RowMoved]) -> set[tuple[str, str]]:
    """Rows and sources that a sentence leads to, where more than a note moved."""
    found = set()
    for row in rows:
        if row.table in (*RECORDS, "sources") and _means_something(row):
            found.add(("source" if row.table == "sources" else "record", row.id))
    return found


def _means_something(row: RowMoved) -> bool:
    told = any(cell.column not in _NOTES for cell in row.cells)
    return row.kind in ("withdrawn", "restored", "removed") or (row.kind != "added" and told)


def _uses_of(known: Study, ground: set[tuple[str, str]]) -> dict[_Text, list[Use]]:
    """The uses in a sentence of what moved, by text, in order."""
    found: dict[_Text, list[Use]] = {}
    for use in known.uses:
        if (use.scheme, use.target) in ground and use.sentence:
            key = (use.language, use.kind, use.name, use.role, f"{use.scheme}:{use.target}")
            found.setdefault(key, []).append(use)
    return found


def _pairs(old: list[Use], new: list[Use]) -> Iterator[tuple[Use | None, Use | None]]:
    """Each use with what it was: the same sentence first, the others in order."""
    left = list(old)
    same: dict[int, Use] = {}
    for at, use in enumerate(new):
        match = next((one for one in left if one.sentence == use.sentence), None)
        if match:
            left.remove(match)
            same[at] = match
    rest = iter(left)
    for at, use in enumerate(new):
        yield same.get(at) or next(rest, None), use
    yield from ((use, None) for use in rest)


def _sentence_of(was: Use | None, now: Use | None, stale: set[Location]) -> SentenceMoved:
    use = now or was
    assert use is not None
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


def _compare_labels(before: Study, after: Study) -> Iterator[SentenceMoved]:
    """What a figure is called, and what is said that it counts, where a figure of that id was there before."""
    for code, words in after.content.figure_words.items():
        for name, texts in words.items():
            old = before.content.figure_words.get(code, {}).get(name, {})
            for role, passage in texts.items():
                if role in old and old[role].plain != passage.plain:
                    place = f"{passage.text.path}:{passage.text.line}:{passage.text.column}"
                    leans = (f"figure:{name}",)
                    yield SentenceMoved(
                        f"figure:{name}", role, code, place, old[role].plain, passage.plain, "rewritten", leans, ()
                    )


# --- charts and pages --------------------------------------------------------------------------------


def _compare_charts(before: Study, after: Study) -> Iterator[ChartMoved]:
    if before.plans and not after.plans and after.broken:
        return  # they could not be laid out, which is told by itself
    told: dict[str, ChartMoved] = {}
    for code in dict.fromkeys((before.first, *before.plans, *after.plans)):
        old = {plan.job.chart: plan for plan in before.plans.get(code, ())}
        new = {plan.job.chart: plan for plan in after.plans.get(code, ())}
        for chart in dict.fromkeys((*old, *new)):
            was, now = old.get(chart), new.get(chart)
            if was is None or now is None or was.key != now.key or was.plot.rows != now.plot.rows:
                told.setdefault(chart, ChartMoved(chart, was.title if was else "", now.title if now else ""))
    yield from told.values()


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
        for path in sorted(find_unread(known)):
            yield f"{path} cannot be read in {name}, so nothing is said of its verdict."
        if known.first not in known.content.languages:
            yield f"The words of the first language cannot be read in {name}, so numbers are not compared."
        if known.dataset is not None and known.content.languages and not known.plans:
            yield f"The charts of {name} could not be laid out."
    for name, site in (("BASE", old), ("HEAD", new)):
        if site is None:
            yield f"{name} does not build, so pages are not compared."

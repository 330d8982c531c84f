"""Holds every number in the prose to the data, at the precision and with the bound that it is told with."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from builder import intervals, numerals
from builder.diagnostics import Diagnostic, closest, nearest, problem
from builder.instants import format_instant, parse_instant
from builder.memo import remembered
from builder.model import (
    RECORDS,
    Binding,
    Change,
    Claim,
    Content,
    Dataset,
    Figure,
    Judgement,
    Language,
    Location,
    Passage,
    Row,
    Told,
    Use,
)

OVERVIEWS = ("index", "claims", "figures", "sources", "charts", "timeline", "data", "ratings", "corrections")
"""Pages that the builder makes even where no standing page of that name gives their words."""
FROZEN = ("history.",)
"""Roles whose numbers are never held to the data again: they say what was said on their day."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One safe rewriting of digits: what `check --fix` does."""

    location: Location
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Held:
    """What came of holding all words to the data."""

    problems: tuple[Diagnostic, ...]
    edits: tuple[Edit, ...]
    uses: tuple[Use, ...]
    coverage: Mapping[str, int]
    """`bound`, `exempt`, `loose`."""


def passages_of(content: Content) -> Iterator[tuple[str, str, Passage]]:
    """Every passage with its kind of owner and the owner's name, each once: what stands in for a missing translation is its original."""
    for claims in content.claims.values():
        for claim in claims.values():
            for passage in claim.passages.values():
                if passage.language == claim.language:
                    yield "claim", claim.slug, passage
    for pages in content.pages.values():
        for page in pages.values():
            for passage in page.passages.values():
                if passage.language == page.language:
                    yield "page", page.slug, passage
    for kind, words in (("figure", content.figure_words), ("chart", content.chart_words)):
        for by_name in words.values():
            for name, by_role in by_name.items():
                for passage in by_role.values():
                    yield kind, name, passage


def check_bindings(
    content: Content, dataset: Dataset, figures: Mapping[str, Figure], charts: Iterable[str], first: str
) -> Held:
    """Every number that disagrees with its figure, every loose one, every link to nothing; and who uses what.

    `first` is the language that holds the claims and pages of which others are translations.
    """
    claims = content.claims.get(first, {})
    known = _known(
        dataset,
        figures,
        tuple(charts),
        content.unread.get(first, frozenset()).union(claims),
        frozenset((slug, _hidden_until(claim)) for slug, claim in claims.items() if not claim.front.public),
        frozenset(content.pages.get(first, {})),
    )
    problems: list[Diagnostic] = []
    edits: list[Edit] = []
    uses: list[Use] = []
    counts = {"bound": 0, "exempt": 0, "loose": 0}
    for kind, name, passage in passages_of(content):
        if passage.role.startswith(FROZEN):
            continue
        held = _hold_passage(passage, content.languages[passage.language], known, kind, name)
        problems += held.problems
        edits += held.edits
        uses += held.uses
        for how, count in held.coverage.items():
            counts[how] += count
    for claim in claims.values():  # of which the translations hold nothing but words
        found, more = _check_claim(claim, known)
        problems += found
        uses += more
    for page in content.pages.get(first, {}).values():
        problems += known.check_history(page.front.history, page.places)
    return Held(tuple(problems), tuple(edits), tuple(uses), counts)


@remembered(most=1 << 17)
def _hold_passage(passage: Passage, language: Language, known: _Known, kind: str, name: str) -> Held:
    """All that one passage of a claim, page, figure or chart has to do with the data."""
    problems = [problem("B001", loose.location, len(loose.text), text=loose.text) for loose in passage.loose]
    edits: list[Edit] = []
    uses = []
    counts = {"bound": 0, "exempt": 0, "loose": len(passage.loose)}
    for binding in passage.bindings + passage.charts:
        found, edit = known.check(binding, language)
        problems += found
        problems += known.check_public(binding, known.hidden.get(name, "") if kind == "claim" else "")
        edits += edit
        counts["bound"] += binding.scheme in ("figure", "total")
        counts["exempt"] += binding.scheme == "exempt"
        uses.append(_use_of(binding, passage, kind, name))
    return Held(tuple(problems), tuple(edits), tuple(uses), counts)


@remembered(most=1 << 13)
def _check_claim(claim: Claim, known: _Known) -> tuple[list[Diagnostic], list[Use]]:
    """What the front matter of a claim leans on, and what is wrong with that."""
    found, uses = known.check_front(claim)
    return [*found, *known.check_history(claim.front.history, claim.places)], uses


def _use_of(binding: Binding, passage: Passage, kind: str, name: str) -> Use:
    place, words, sentence = binding.location, binding.text, binding.sentence
    return Use(binding.scheme, binding.target, passage.language, kind, name, passage.role, place, words, sentence)


def check_unused(dataset: Dataset, uses: Iterable[Use], drawn: Iterable[str]) -> list[Diagnostic]:
    """Figures that no text, premise or chart uses, not even through another figure."""
    used = {use.target for use in uses if use.scheme in ("figure", "premise")} | set(drawn)
    waiting = list(used)
    while waiting:
        definition = dataset.figures.get(waiting.pop())
        for part in definition.parts if definition else ():
            if part not in used:
                used.add(part)
                waiting.append(part)
    return [
        problem("B010", definition.location, len(name), id=name)
        for name, definition in dataset.figures.items()
        if name not in used and not definition.intended
    ]


def check_placed(uses: Iterable[Use], drawn: Iterable[str]) -> list[Diagnostic]:
    """Charts that a text places and that cannot be drawn: without words, or without rows."""
    known = set(drawn)
    hint = "Give it its words in content/<language>/charts.yaml, or the rows that it draws."
    return [
        problem("B002", use.location, kind="drawing of the chart", id=use.target, hint=hint)
        for use in uses
        if use.scheme == "chart" and use.target not in known
    ]


def check_labels(content: Content, dataset: Dataset, first: str) -> list[Diagnostic]:
    """Figures without words in the first language, and words for figures that are not declared."""
    out = []
    known = content.figure_words.get(first, {})
    misspelt = {closest(name, dataset.figures) for name in known if name not in dataset.figures}
    for name, definition in dataset.figures.items() if known else ():  # else the file itself is what is wrong
        words = known.get(name, {})
        if not {"label", "about"} <= words.keys() and name not in misspelt:
            out.append(problem("C018", definition.location, len(name), id=name, language=first))
    for code, words_of in content.figure_words.items():
        for name, words in words_of.items():
            if name not in dataset.figures and words:
                text = next(iter(words.values())).text
                place = content.figure_places.get(code, {}).get(name, Location(text.path, text.line))
                hint = nearest(name, dataset.figures, "Take its words out.")
                out.append(problem("C013", place, len(name), id=name, what="a figure of data/figures.yaml", hint=hint))
    return out


class _Known:
    """All that a link may lead to."""

    def __init__(
        self,
        dataset: Dataset,
        figures: Mapping[str, Figure],
        charts: tuple[str, ...],
        claims: frozenset[str],
        hidden: frozenset[tuple[str, str]],
        pages: frozenset[str],
    ) -> None:
        self.dataset = dataset
        self.figures = figures
        self.hidden = dict(hidden)
        tables = dataset.tables
        self.targets: dict[str, set[str]] = {
            "figure": set(dataset.figures),
            "total": set(tables["totals"].rows) if "totals" in tables else set(),
            "record": {row for name in RECORDS if name in tables for row in tables[name].rows},
            "source": set(tables["sources"].rows) if "sources" in tables else set(),
            "claim": set(claims),
            "page": {*pages, *OVERVIEWS},
            "chart": set(charts),
        }
        removals = tables["removals"].rows.values() if "removals" in tables else ()
        self.removed = {row.id: row.cells["date"] for row in removals}

    def _missing(self, kind: str, name: str, known: Iterable[str], place: Location) -> Diagnostic:
        """What is wrong with a name that leads nowhere."""
        if kind in _REMOVABLE and name in self.removed:
            return problem("D035", place, len(name), id=name, date=self.removed[name])
        hint = nearest(name, known, _WHERE.get(kind, "Mend the id."))
        return problem("B002", place, len(name), kind=kind, id=name, hint=hint)

    def check(self, binding: Binding, language: Language) -> tuple[list[Diagnostic], list[Edit]]:
        if binding.scheme == "exempt":
            if not binding.title.strip():
                return [problem("B008", binding.location, len(binding.text), text=binding.text)], []
            return [], []
        if binding.scheme not in self.targets:
            return [], []
        if binding.target not in self.targets[binding.scheme]:
            known = self.targets[binding.scheme]
            return [self._missing(binding.scheme, binding.target, known, binding.target_location)], []
        if binding.scheme == "figure":
            figure = self.figures.get(binding.target)
            if figure is None:
                return [], []  # its definition has a problem of its own
            if figure.day:
                return self._check_day(binding, figure, language), []
            return _hold(binding, figure.told, figure.definition.unit, language)
        if binding.scheme == "total":
            row = self.dataset.tables["totals"].rows[binding.target]
            if gone := self._check_standing("B013", row, binding.location, len(binding.text)):
                return gone, []
            amount = row.values.get("value")
            if amount is None:
                return [], []
            unit = str(row.values.get("unit") or "")
            return _hold(binding, intervals.tell_amount(amount, unit), unit, language)
        return [], []

    def check_public(self, binding: Binding, since: str) -> list[Diagnostic]:
        """A page that readers see must not lead to one that they do not; `since` is when they first see it."""
        until = self.hidden.get(binding.target, "") if binding.scheme == "claim" else ""
        if until <= since:
            return []
        hint = "It is a draft: publish it first, or take the link out."
        if until != _NEVER:
            hint = f"It is embargoed until {until}: embargo this page as long, or take the link out."
        place, length = binding.target_location, len(binding.target)
        return [problem("B002", place, length, kind="published claim", id=binding.target, hint=hint)]

    @staticmethod
    def _check_day(binding: Binding, figure: Figure, language: Language) -> list[Diagnostic]:
        value = numerals.format_date(figure.day, "day", language)
        if binding.rest:
            told = {"text": binding.text, "rest": binding.rest, "value": value}
            return [problem("B012", binding.location, max(1, len(binding.text)), **told)]
        text = " ".join(_shown(binding.text).split())
        if found := re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text):
            if numerals.find_numbers(text[: found.start()] + text[found.end() :], language):
                named = {"kind": "figure", "id": binding.target, "value": value}
                return [problem("B009", binding.location, len(binding.text), text=binding.text, **named)]
            return []
        words = {"text": binding.text, "said": "another day", "kind": "figure", "id": binding.target, "value": value}
        return [problem("B003", binding.location, len(binding.text), hint=f'Write "{value}".', **words)]

    def check_front(self, claim: Claim) -> tuple[list[Diagnostic], list[Use]]:
        """The ids in a claim's front matter."""
        problems, uses = [], []
        front = claim.front
        ids = [("statement", "record", "claim.statement", front.claim.statement)]
        ids += [("statement", "record", f"claim.repeated.{i}", value) for i, value in enumerate(front.claim.repeated)]
        ids += [("source", "source", f"sources.{i}", value) for i, value in enumerate(front.sources)]
        ids += [("figure", "figure", f"key_figures.{i}", value) for i, value in enumerate(front.key_figures)]
        for i, entry in enumerate(front.because):
            role = f"because.{i}"
            if isinstance(entry, Judgement):
                ids += [("source", "judgement", f"{role}.sources.{j}", value) for j, value in enumerate(entry.sources)]
            else:
                test, place = f"{entry.figure} {entry.operator} {entry.value}", claim.places[f"{role}.figure"]
                uses.append(Use("premise", entry.figure, claim.language, "claim", claim.slug, role, place, test, test))
        statements = self.dataset.tables.get("statements")
        said = statements.rows.get(front.claim.statement) if statements else None
        day = said.values.get("date") if said else None
        if day and front.reviewed and front.reviewed < day:
            place = claim.places["reviewed"]
            problems.append(problem("C015", place, len(front.reviewed), when=day, reviewed=front.reviewed))
        if day and front.reply.when and front.reply.when < day:
            place, why = claim.places["reply.when"], f"before the statement was made ({day})"
            problems.append(problem("C051", place, len(front.reply.when), when=front.reply.when, why=why))
        problems += self._check_repetitions(claim, said)
        if said:
            problems += self._check_standing("V011", said, claim.places["claim.statement"], len(said.id))
        for kind, scheme, role, value in ids:
            place = claim.places[role]
            known = set(statements.rows if statements else ()) if kind == "statement" else self.targets[kind]
            if value not in known:
                problems.append(self._missing(kind, value, known, place))
            text = claim.passages.get(role.partition(".sources")[0] + ".judgement") if scheme == "judgement" else None
            sentence = text.plain if text else ""
            uses.append(Use(scheme, value, claim.language, "claim", claim.slug, role, place, "", sentence))
        return problems, uses

    def _check_repetitions(self, claim: Claim, said: Row | None) -> Iterator[Diagnostic]:
        """Each says the same as the statement, earlier or later: it is another row, named once, by a source that still stands."""
        statements, names = self.dataset.tables.get("statements"), claim.front.claim.repeated
        for i, name in enumerate(names):
            row = statements.rows.get(name) if statements else None
            if said is None or row is None:
                continue
            why = hint = ""
            if row is said:
                why, hint = "is the statement itself", "Take it out: a repetition is another row."
            elif name in names[:i]:
                why, hint = "is named twice", "Keep one of them."
            elif not self.dataset.stands(row):
                why = f"rests only on withdrawn sources ({', '.join(row.values['sources'])})"
                hint = "Take it out, or give its row a source that still stands."
            if why:
                yield problem("C052", claim.places[f"claim.repeated.{i}"], len(name), id=name, why=why, hint=hint)

    def check_history(self, history: Iterable[Change], places: Mapping[str, Location]) -> Iterator[Diagnostic]:
        """The figures, totals and records that a page's history names: their pages show its entries."""
        known = self.targets["figure"] | self.targets["record"]
        for i, change in enumerate(history):
            for j, name in enumerate(change.figures):
                place = places[f"history.{i}.figures.{j}"]
                if name in self.removed and name not in known:
                    yield problem("D035", place, len(name), id=name, date=self.removed[name])
                elif name not in known:
                    hint = nearest(name, known, "Name what moved by its id, or nothing.")
                    yield problem("C030", place, len(name), id=name, hint=hint)

    def _check_standing(self, rule: str, row: Row, place: Location, length: int) -> list[Diagnostic]:
        """What rests on withdrawn sources alone may be told of, and carries nothing."""
        if self.dataset.stands(row):
            return []
        return [problem(rule, place, length, id=row.id, sources=", ".join(row.values["sources"]))]


_NEVER = "never"
"""After every instant, in the order of texts."""


def _hidden_until(claim: Claim) -> str:
    """The instant at which a claim that is not public will be."""
    ends = parse_instant(claim.front.embargo) if claim.front.status == "embargoed" else None
    return format_instant(ends) if ends else _NEVER


_known = remembered(most=4)(_Known)

_REMOVABLE = ("total", "record", "source", "statement")
"""What may have been a row that was removed."""
_WHERE = {
    "figure": "Declare it in data/figures.yaml.",
    "total": "Use the id of a row of data/totals.csv.",
    "record": "Use the id of a row of shipments, totals, statements or events.",
    "source": "Add it to data/sources.csv.",
    "statement": "Add it to data/statements.csv.",
    "claim": "Use the file name of a claim without .md.",
    "page": "Use the file name of a standing page without .md.",
    "chart": "Use the name of a chart; the reference lists them.",
}


# --- one number ----------------------------------------------------------------------------------


def _hold(binding: Binding, true: Told | None, unit: str, language: Language) -> tuple[list[Diagnostic], list[Edit]]:
    """The text of one link against what it must tell."""
    where, length = binding.location, max(1, len(binding.text))
    words = {"kind": binding.scheme, "id": binding.target}
    if true is None:
        return [problem("B006", where, length, **words)], []
    value = numerals.format_told(true, language)
    if binding.rest:
        return [problem("B012", where, length, text=binding.text, rest=binding.rest, value=value)], []
    text = _shown(binding.text)
    told = numerals.parse_told(text, language)
    rounded = bool(binding.title) and not any(ch.isdigit() for ch in text)
    if rounded:
        meant = numerals.parse_told(binding.title, language)
        if len(told) == len(meant) == 1 and not _is_near(told[0], meant[0]):
            wording = {"text": binding.text, "said": binding.title, "value": value, **words}
            return [
                problem("B003", where, length, hint=f'The words stand for another number: write "{value}".', **wording)
            ], []
        told = meant
    if not told:
        if numerals.has_foreign_digits(text, language):
            return [_foreign(binding, value, language)], []
        hint = f', or give the number that the words stand for: [{text}]({binding.scheme}:{binding.target} "{value}")'
        hint = "" if any(ch.isdigit() for ch in text) else hint  # which would then be what is held to the figure
        return [problem("B005", where, length, text=binding.text, value=value, hint=hint, **words)], []
    if len(told) > 1:
        return [problem("B009", where, length, text=binding.text, value=value, **words)], []
    said = told[0]
    if said.bound != "range" and true.bound == "range":
        return [problem("B011", where, length, text=binding.text, value=value)], []
    if not _same_unit(said, true):
        names = {"said": _in_words(said.unit, language), "unit": _in_words(true.unit or unit, language)}
        return [problem("B007", where, length, text=binding.text, value=value, **names, **words)], []
    said = _in_unit_of(said, true)
    wrong_number = not _same_number(said, true, rounded)
    if wrong_number:
        edit = _rewrite(binding, said, true, language)
        if re.search(r"\d\D\d", said.text) and _digits(said.text) == _digits(value):
            return [_foreign(binding, value, language)], edit
        hint = f'Write "{value}"' + (
            ", or let declared check --fix do it; then read the sentence again." if edit else "."
        )
        found = problem("B003", where, length, text=binding.text, said=said.text, value=value, hint=hint, **words)
        return [found], edit
    if said.bound != true.bound and not (rounded and said.bound in ("exact", "about")):
        shown = {"exact": "exact", "range": "a range"}.get(said.bound, said.bound.replace("_", " "))
        return [problem("B004", where, length, text=binding.text, said=shown, value=value, **words)], []
    return [], []


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _foreign(binding: Binding, value: str, language: Language) -> Diagnostic:
    """The number is divided as in another language: a decimal comma in English."""
    marks = numerals.describe_marks(language)
    words = {"text": binding.text, "language": language.name, "marks": marks, "value": value}
    return problem("B020", binding.location, max(1, len(binding.text)), **words)


def _in_words(unit: str, language: Language) -> str:
    """How a number is told that has this unit: `in drones`."""
    named = language.units.get(unit, {})
    return f"in {named.get('other') or unit}" if unit else "without any unit"


def _shown(text: str) -> str:
    """The link's words as a reader sees them: without escapes, character codes and emphasis."""
    return re.sub(r"\\([!-/:-@\[-`{-~])|[*_`]", r"\1", html.unescape(text))


def _is_near(words: Told, meant: Told) -> bool:
    """True when number words stand for about the number that the link's title gives: "a third" for 33%."""
    scale = 100 if meant.unit == "%" and words.unit != "%" else 1
    return abs(words.low * scale - meant.low) * 10 <= abs(meant.low)


def _same_unit(said: Told, true: Told) -> bool:
    """A bare number fits any count; money, per cent and measures must be named."""
    if said.unit == true.unit:
        return True
    if true.unit == "%" and not said.unit:
        return said.low <= 1  # a half, a third
    if true.unit in ("USD", "GBP", "KZT", "km", "%") or said.unit in ("USD", "GBP", "%", "km"):
        return False
    return not said.unit or not true.unit


def _in_unit_of(said: Told, true: Told) -> Told:
    if true.unit == "%" and said.unit != "%":
        return Told(said.bound, said.low * 100, said.high * 100, "%", said.place + 2, said.text)
    return said


def _same_number(said: Told, true: Told, rounded: bool) -> bool:
    """True when the text's digits are the true number, rounded to the text's last place in the honest direction."""
    if true.bound == "range":
        low = intervals.round_out(true.low, said.place, up=False)
        high = intervals.round_out(true.high, said.place, up=True)
        return (said.low, said.high) == (low, high)
    return said.low == _told_to_place(true, said.place, rounded)


def _told_to_place(true: Told, place: int, rounded: bool) -> Fraction:
    if true.bound == "exact" and not rounded:
        return true.low
    if true.bound in ("at_least", "more_than"):
        return intervals.round_out(true.low, place, up=False)
    if true.bound in ("at_most", "less_than"):
        return intervals.round_out(true.low, place, up=True)
    return intervals.round_near(true.low, place)


def _rewrite(binding: Binding, said: Told, true: Told, language: Language) -> list[Edit]:
    """The digits to write instead, when only digits differ: never words, never a bound, never a range."""
    if said.bound != true.bound or said.bound == "range" or binding.title:
        return []
    old = said.text.strip()
    new = numerals.rewrite_digits(old, true.low, language)
    if new is None or binding.text.count(old) != 1:
        return []
    shift = binding.text.index(old)
    if "\n" in binding.text[:shift]:
        return []
    place = binding.location
    return [Edit(Location(place.path, place.line, place.column + shift), old, new)]

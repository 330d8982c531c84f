"""The files of `declared new`: what must be asked, whether an answer can stand, and what is written from the answers.

Nothing is invented: what nobody answered stays empty, is marked TODO in a draft, or is asked for.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from builder import documents, numerals
from builder.datapackage import FIGURES, MEASURED, read_dataset
from builder.diagnostics import Diagnostic, clean, nearest
from builder.figures import compute_figures
from builder.instants import EXAMPLE
from builder.model import Column, Files, Measure
from builder.questions import OF_STATEMENT, QUESTIONS, Question
from builder.study import Study, study

Answers = Mapping[str, str]
"""By the name of the question; empty where somebody was asked and left it empty."""

_ARITHMETIC = ("ratio", "difference")
_DATES = ("first", "last")
_REPORTERS = "D023"
"""The rule on figures that add rows of different reporters."""
_INTENDED = "  intended: It is new, and no page uses it yet.  # take this line out once one does\n"


@dataclass(frozen=True, slots=True)
class Made:
    """What `declared new` writes."""

    files: Files
    """Whole files, those that are only added to included."""
    then: str
    """What a person does next."""


def imply(given: Answers) -> Answers:
    """Whoever answers anything about a statement wants its row added."""
    return {"add": "yes", **given} if given.keys() & OF_STATEMENT.keys() else given


def check_name(kind: str, known: Study, name: str) -> str:
    """Why nothing new can be called so, in a sentence; empty when it can."""
    forms = {"figure": r"[a-z][a-z0-9_]*", "language": r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"}
    if not re.fullmatch(forms.get(kind, documents.SLUG), name):
        words = {
            "figure": "small letters, digits and _, and begins with a letter",
            "language": "the language's code: en, uk, zh-Hans",
        }
        return (
            f'"{clean(name)}" cannot be its id: that is {words.get(kind, "small letters, digits and single hyphens")}.'
        )
    stands = _find_taken(kind, known, name)
    return f'"{name}" is taken: {stands}. Ids are for ever; choose another.' if stands else ""


def _find_taken(kind: str, known: Study, name: str) -> str:
    """Where something of that kind has this id already; empty when nowhere."""
    assert known.dataset is not None
    if kind == "figure":
        return "data/figures.yaml" if name in known.dataset.figures else ""
    if kind == "source":
        if removed := known.dataset.row("removals", name):
            return f"it was removed on {removed.cells['date']}"
        row = known.dataset.row("sources", name)
        return f"data/sources.csv, line {row.line}" if row else ""
    folder = rf"content/(archive/)?[\w-]+/claims/{name}(\.md|/.*)" if kind == "claim" else f"content/{name}/.*"
    return next((path for path in sorted(known.sources) if re.fullmatch(folder, path, re.IGNORECASE)), "")


# --- what is asked -------------------------------------------------------------------------------


def next_question(kind: str, known: Study, name: str, answers: Answers) -> Question | None:
    """The first thing that is not answered yet; None when all is."""
    asked = {"claim": _ask_claim, "source": _ask_source, "figure": _ask_figure, "language": _ask_language}[kind]
    return next((question for question in asked(known, name, answers) if question.name not in answers), None)


def _ask_source(known: Study, name: str, answers: Answers) -> Iterable[Question]:
    return _ask_row("sources", QUESTIONS["source"], known)


def _ask_row(table: str, asks: Mapping[str, str], known: Study, needed: Iterable[str] = ()) -> list[Question]:
    """A question for each column, with what datapackage.json says of it."""
    assert known.dataset is not None
    columns = {column.name: column for column in known.dataset.tables[table].columns}
    return [
        Question(
            column.name,
            text,
            column.required or column.name in needed,
            column.enum,
            tuple(known.dataset.tables[column.refers_to].rows) if column.refers_to else (),
            bool(column.delimiter),
            column.missing,
        )
        for column, text in ((columns[each], text) for each, text in asks.items() if each in columns)
    ]


def _ask_claim(known: Study, name: str, answers: Answers) -> Iterable[Question]:
    assert known.dataset is not None
    asks, statements = QUESTIONS["claim"], known.dataset.tables["statements"].rows
    for each in ("title", "says", "statement"):
        yield Question(each, asks[each], True)
    statement = answers.get("statement", "")
    if not statement or statement in statements:
        return
    like = nearest(statement, statements)
    text = " ".join(filter(None, (f'There is no statement "{clean(statement)}".', like, asks["add"])))
    yield Question("add", text, True, ("yes", "no"), again=("statement",))
    needed = [] if answers.get("original") or answers.get("kind") == "reported_speech" else ["english"]
    needed += ["language"] if answers.get("original") else []
    told = [each for each in OF_STATEMENT if each != "language" or answers.get("original")]
    told = [each for each in told if each != "translator" or answers.get("english")]
    yield from _ask_row("statements", {each: OF_STATEMENT[each] for each in told}, known, needed)


def _ask_figure(known: Study, name: str, answers: Answers) -> Iterable[Question]:
    assert known.dataset is not None
    asks, tables = QUESTIONS["figure"], known.dataset.tables
    measure, units = answers.get("measure", ""), tuple(known.content.languages[known.first].units)
    yield Question("measure", asks["measure"], True, get_args(Measure))
    if measure in _ARITHMETIC:
        yield Question("unit", asks["unit"], True, units)
        yield Question("parts", asks["parts"], True, ids=tuple(known.dataset.figures), several=True, again=("unit",))
    else:
        yield Question("of", asks["of"], True, tuple(tables))
        table = tables.get(answers.get("of", ""))
        columns = table.columns if table else ()
        yield Question(
            "column",
            asks["column"],
            True,
            tuple(each.name for each in columns if each.type in MEASURED.get(measure, (each.type,))),
        )
        if measure not in _DATES:
            yield Question("unit", asks["unit"], True, units)
        offered = "; ".join(f"{column.name}={'|'.join(column.enum)}" for column in columns if column.enum)
        text = f"{asks['where']}. For instance: {offered}" if offered else asks["where"]
        yield Question("where", text, missing="all of them", again=("unit",))
        yield Question("between", asks["between"], missing="whenever")
        if "between" in answers and _has_several_reporters(known, name, answers):
            yield Question("disjoint", asks["disjoint"], missing="they may")
            if not answers.get("disjoint"):
                yield Question("overlapping", asks["overlapping"], True)
    yield Question("label", asks["label"], True)
    yield Question("about", asks["about"], True)


def _has_several_reporters(known: Study, name: str, answers: Answers) -> bool:
    told = {key: value for key, value in answers.items() if key not in ("disjoint", "overlapping")}
    found = _judge_definitions(known, _add(known.sources[FIGURES], _tell_figure(name, told)))
    return any(each.code == _REPORTERS and f'"{name}"' in each.message for each in found)


def _ask_language(known: Study, name: str, answers: Answers) -> Iterable[Question]:
    """Only what Babel does not know of it."""
    if numerals.describe_locale(name) is None:
        for each in ("name", "locale", "direction"):
            yield Question(each, QUESTIONS["language"][each], True, ("ltr", "rtl") if each == "direction" else ())


# --- whether an answer can stand -------------------------------------------------------------------


def find_fault(kind: str, known: Study, name: str, answers: Answers, question: Question, text: str) -> str:
    """Why an answer cannot stand, in a sentence with its cure; empty when it can."""
    if not text:
        return f"Nothing was answered, and {question.name} is needed." if question.needed else ""
    told = _split(text) if question.several else [text]
    offered = question.choices or question.ids
    for each in told if offered else ():
        if each not in offered:
            one_of = f"It is one of: {', '.join(question.choices)}." if question.choices else ""
            add = "Add it first, name one that is there, or leave this empty."
            add = "Add it first, or name one that is there." if question.needed else add
            return f'"{clean(each)}" is not known here. {nearest(each, offered, one_of or add)}'
    if question.name == "add":
        return "" if text == "yes" else "Then name a statement that is there."
    if any(mark in text for mark in "\r\n"):
        return f"{question.name} stands in one line."
    return _try(kind, known, name, answers, question, text)


def _try(kind: str, known: Study, name: str, answers: Answers, question: Question, text: str) -> str:
    """What the builder itself finds wrong with an answer: what is told with it, and is not told without it."""
    if kind == "figure" and question.name in ("measure", "of", "column", "unit"):
        return ""  # half a figure is nothing yet
    judge = _judge_study
    if kind == "source" or (kind == "claim" and question.name in OF_STATEMENT):
        judge = _judge_rows
    elif kind == "figure" and question.name not in ("label", "about"):
        judge = _judge_figure
    rest = {key: value for key, value in answers.items() if key != question.name}
    given = make(kind, known, name, fill(kind, known, name, {**rest, question.name: text})).files
    if judge is _judge_figure:  # by then it is whole: whatever is wrong with it is told
        without = known.sources
    else:
        without = make(kind, known, name, fill(kind, known, name, rest)).files
    told = {found.message for found in judge(known, without)}
    return next(
        (clean(f"{found.message} {found.cure}") for found in judge(known, given) if found.message not in told), ""
    )


_STAND_INS = {"date": "2000-01-01", "speaker": "x", "locale": "en", "where": "", "between": ""}


def fill(kind: str, known: Study, name: str, answers: Answers) -> Answers:
    """The answers, with stand-ins that are never written for those that are not there yet."""
    filled = dict(answers)
    while question := next_question(kind, known, name, filled):
        offered = (*question.choices, *question.ids, "x") if question.needed else ("",)
        stand_in = ", ".join(offered[:2]) if question.several else offered[0]
        filled[question.name] = _STAND_INS.get(question.name, stand_in)
    return filled


def _judge_rows(known: Study, files: Files) -> list[Diagnostic]:
    return _errors(read_dataset({**known.sources, **files})[1])


def _judge_figure(known: Study, files: Files) -> list[Diagnostic]:
    """Without the word of intent, which would excuse that no row is selected. Of different reporters it is asked apart."""
    found = _judge_definitions(known, files[FIGURES].replace(_INTENDED.encode(), b""))
    return [each for each in found if each.code != _REPORTERS]


def _judge_definitions(known: Study, definitions: bytes) -> list[Diagnostic]:
    dataset, problems = read_dataset({**known.sources, FIGURES: definitions})
    return _errors(problems + (compute_figures(dataset)[1] if dataset else []))


def _judge_study(known: Study, files: Files) -> list[Diagnostic]:
    return _errors(study({**known.sources, **files}, at=known.at).problems)


def _errors(problems: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [found for found in problems if found.severity == "error"]


def find_breaches(known: Study, made: Made) -> list[Diagnostic]:
    """What would be wrong with the site after writing, and is not now. Nothing may be, or nothing is written."""
    before = {(found.code, found.message) for found in known.problems}
    return [found for found in _judge_study(known, made.files) if (found.code, found.message) not in before]


# --- what is written -------------------------------------------------------------------------------


def make(kind: str, known: Study, name: str, answers: Answers) -> Made:
    """The files, from answers that are all there."""
    makers = {"claim": _make_claim, "source": _make_source, "figure": _make_figure, "language": _make_language}
    return makers[kind](known, name, answers)


def _make_source(known: Study, name: str, answers: Answers) -> Made:
    files = _add_row("sources", known, {**answers, "id": name})
    return Made(
        files, f"Now lean on it: [words](source:{name}) in a text, or its id under sources; then: declared check"
    )


def _add_row(table: str, known: Study, cells: Mapping[str, str]) -> Files:
    """The table with one row more; every other byte is kept."""
    assert known.dataset is not None
    found = known.dataset.tables[table]
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(
        [_cell(column, cells.get(column.name, "")) for column in found.columns]
    )
    return {found.path: _add(known.sources[found.path], line.getvalue())}


def _cell(column: Column, answer: str) -> str:
    return column.delimiter.join(_split(answer)) if column.delimiter else answer.strip()


def _split(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;]", text) if part.strip()]


def _add(raw: bytes, text: str) -> bytes:
    """The file with a text after its last line, in the line endings that it has."""
    end = b"\r\n" if b"\r\n" in raw else b"\n"
    before = raw if not raw or raw.endswith((b"\n", b"\r")) else raw + end
    return before + text.encode().replace(b"\n", end)


def _make_claim(known: Study, name: str, answers: Answers) -> Made:
    assert known.dataset is not None
    assert known.theme is not None
    row = known.dataset.row("statements", answers["statement"])
    sources = list(row.values["sources"]) if row else _split(answers["sources"])
    ratings = tuple(known.theme.ratings)
    path = f"content/{known.first}/claims/{name}.md"
    text = _CLAIM.format(
        title=format_scalar(answers["title"]),
        statement=answers["statement"],
        says=format_scalar(answers["says"]),
        rating="not_decided" if "not_decided" in ratings else ratings[-1],
        ratings=", ".join(ratings),
        sources=", ".join(sources),
        embargo=EXAMPLE,
    )
    files = {path: text.encode()}
    if row is None:
        files |= _add_row("statements", known, {**answers, "id": answers["statement"]})
    return Made(files, f"Now write what stands after each TODO in {path}; then: declared check")


_CLAIM = """\
---
# The title tells the finding. A number in it is a link to its figure, as everywhere: [at least …](figure:its_id)
title: {title}
claim:
  statement: {statement}  # what is checked: its id in data/statements.csv
  says: {says}  # in a sentence of ours; the page says that it is a paraphrase
  repeated: []  # ids of further statements that say the same
# What is right, what is not, and what is not known: two or three sentences.
summary: TODO what the records show, and what they leave open.
# One of: {ratings}. What each means stands in site/site.yaml.
rating: {rating}
# What the verdict rests on. What can be computed is a premise:
#   - figure: its_id  # from data/figures.yaml
#     operator: ">="
#     value: 1
#     expect: holds  # or fails, or undecided
#     needs: What the claim needs to be true.
#     shows: What the records show, with its [number](figure:its_id).
# What only a person can judge is a judgement, with its sources and its reason.
because:
  - judgement: TODO what only a person can judge.
    sources: [{sources}]
    reason: TODO why it is judged so.
cannot_show:
  - TODO what records like these can never show.
would_change:
  - TODO which record would change the rating.
# Once you asked: {{sought: yes, when: 2026-11-23, answer: what came}}
reply: {{sought: no}}
sources: [{sources}]  # all that the page leans on: ids of data/sources.csv
tags: []
# draft, in_review, embargoed (with "embargo: {embargo}"), published (with "published:" and the day), withdrawn
status: draft
reviewed: ""  # the day of the last review, as 2026-11-23
---
## What was said

TODO who said it, when, on what occasion, and where it can be read.

## What the records show

TODO the evidence. Each number is a link to its figure or to a reported total, and each source is named.

## What the records do not show

TODO the limits.

## Why this rating

TODO the reasons, and what speaks against them.
"""


def format_scalar(text: str, inside: bool = False) -> str:
    """A text as YAML reads it back: plain where it may be, else in single quotes. `inside` brackets fewer may be plain."""
    plain = re.fullmatch(r"[^\W\d_].*", text) and not re.search(r"[\[\]{},:#]" if inside else r":(\s|$)|\s#|\s$", text)
    kept = plain and text.lower() not in ("yes", "no", "true", "false", "null")
    return text if kept else "'" + text.replace("'", "''") + "'"


def _make_figure(known: Study, name: str, answers: Answers) -> Made:
    words = f"content/{known.first}/figures.yaml"
    label = f"\n{name}:\n  label: {format_scalar(answers['label'])}\n  about: {format_scalar(answers['about'])}\n"
    files = {
        FIGURES: _add(known.sources[FIGURES], _tell_figure(name, answers) + _INTENDED),
        words: _add(known.sources[words], label),
    }
    return Made(
        files,
        f"Now tell its number, [which](figure:{name}) declared trace {name} shows, and take out intended; then: declared check",
    )


def _tell_figure(name: str, answers: Answers) -> str:
    """An entry of data/figures.yaml."""
    lines = [f"{name}:"]
    if answers["measure"] in _ARITHMETIC:
        lines.append(f"  {answers['measure']}: [{', '.join(_split(answers['parts']))}]")
    else:
        lines += [f"  {answers['measure']}: {answers['column']}", f"  of: {answers['of']}"]
    if answers.get("where"):
        lines.append(
            f"  where: {{{', '.join(_tell_choice(each) for each in answers['where'].split(';') if each.strip())}}}"
        )
    if answers.get("between"):
        lines.append(f"  between: {answers['between']}")
    if answers.get("unit"):
        lines.append(f"  unit: {format_scalar(answers['unit'])}")
    lines += [f"  {key}: {format_scalar(answers[key])}" for key in ("disjoint", "overlapping") if answers.get(key)]
    return "\n" + "\n".join(lines) + "\n"


def _tell_choice(text: str) -> str:
    """`label=war_use|none` as `label: [war_use, none]`."""
    column, _, values = text.partition("=")
    told = [format_scalar(value.strip(), True) for value in values.split("|")]
    return f"{column.strip()}: {told[0]}" if len(told) == 1 else f"{column.strip()}: [{', '.join(told)}]"


def _make_language(known: Study, name: str, answers: Answers) -> Made:
    locale, own_name, direction = numerals.describe_locale(name) or ("", "", "")
    head = {
        "code": name,
        "name": answers.get("name") or own_name,
        "direction": answers.get("direction") or direction,
        "locale": answers.get("locale") or locale,
    }
    folder = f"content/{name}"
    original = documents.decode("", known.sources[f"content/{known.first}/words.yaml"])[0] or ""
    files = {
        f"{folder}/words.yaml": _untranslate(original, head, known.content.languages[known.first].name).encode(),
        f"{folder}/figures.yaml": _EMPTY.format(what="label and about of each figure", first=known.first).encode(),
        f"{folder}/charts.yaml": _EMPTY.format(what="words of each chart", first=known.first).encode(),
    }
    then = f"Now translate {folder}/words.yaml, and give the ratings their words in site/site.yaml; declared check lists what is missing"
    return Made(files, then)


_EMPTY = """\
# The {what}, as in content/{first}/; each entry with "translates:", whose value declared check tells.
# Take the brackets out with the first one.
{{}}
"""
_WAITING = {
    "numbers": "{}",
    "scales": "{}",
    "names": "[]",
    "units": "{}",
    "words": "{}",
    "values": "{}",
    "columns": "{}",
}


def _untranslate(text: str, head: Mapping[str, str], first: str) -> str:
    """The first language's words as a file to translate: they wait in comments, so that nothing passes for translated."""
    out = [
        f"# {head['name']}: to be translated from {first}. Words wait in comments: take the # before them out, and the"
    ]
    out.append("# brackets above them. declared check lists what is missing.")
    waiting, begun = False, False
    for line in text.split("\n"):
        key = re.match(r"(\w+):", line)
        begun = begun or bool(key)  # before that stands the heading of the original
        if key:
            waiting = key[1] in _WAITING and line.strip() == key[0]
        if key and key[1] == "bounds":
            out.append(f"# Still in {first}, because no number can be told without them: translate these first.")
        if key and (waiting or key[1] in head):
            out.append(f"{key[0]} {_WAITING[key[1]] if waiting else format_scalar(head[key[1]])}")
        elif waiting and line.startswith(" "):
            out.append(f"  # {line[2:]}")
        elif begun:
            out.append(line)
    return "\n".join(out)

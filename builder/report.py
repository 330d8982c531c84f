"""A difference in the forms that people and programs read: plain text, Markdown, JSON and one page of HTML."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from builder import render
from builder.changes import Difference, NumberMoved, RowMoved, SentenceMoved, VerdictMoved
from builder.diagnostics import Diagnostic, clean
from builder.review import Review

MOST = 40
"""Lines of one list in a comment; the page of HTML holds them all."""
_TEMPLATE = Path(__file__).with_name("report.html")


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def scoreboard(found: Difference) -> str:
    """The whole difference in one line."""
    fallen = sum(not verdict.stands for verdict in found.verdicts)
    changed = sum(verdict.before != verdict.after for verdict in found.verdicts)
    touched = len(found.verdicts) - len({v.slug for v in found.verdicts if v.before != v.after or not v.stands})
    again = sum(one.state != "gone" for one in found.sentences)
    parts = [
        _count(changed, "verdict changed", "verdicts changed") if changed or not fallen else "",
        _count(fallen, "verdict no longer decided", "verdicts no longer decided") if fallen else "",
        _count(touched, "verdict on other ground", "verdicts on other ground") if touched else "",
        _count(len(found.numbers), "number moved", "numbers moved"),
        _count(again, "sentence to read again", "sentences to read again"),
        _count(found.pages.identical, "page identical", "pages identical") if found.pages else "pages not compared",
    ]
    return ", ".join(part for part in parts if part)


# --- words for the parts, shared by all forms ---------------------------------------------------------

STATES = {
    "false": "still tells the old number",
    "rewritten": "rewritten",
    "unchecked": "leads to what moved: only a person can tell",
    "agrees": "unchanged, and agrees with the new number",
    "gone": "no longer there",
}


def say_verdict(verdict: VerdictMoved) -> str:
    """What happened to a verdict."""
    if verdict.before != verdict.after:
        return f"{verdict.before or 'new'} → {verdict.after or 'gone'}"
    return f"{verdict.after}, unchanged" if verdict.stands else f"{verdict.after} no longer follows: judge again"


def say_why(verdict: VerdictMoved) -> Iterator[str]:
    """Why: each premise that gives another result, whatever else changed under it, and each breach."""
    for premise in verdict.premises:
        yield f"{premise.test}: {premise.before or 'not there'} → {premise.after or 'not there'}"
    for ground in verdict.grounds:
        yield f"{ground.what}: {ground.before or 'nothing'} → {ground.after or 'nothing'}"
    yield from verdict.problems


def say_cause(row: RowMoved) -> str:
    """A row that moved, in a few words."""
    cells = ", ".join(f"{cell.column} {cell.before or 'empty'} → {cell.after or 'empty'}" for cell in row.cells[:4])
    more = f" and {len(row.cells) - 4} more" if len(row.cells) > 4 else ""
    told = f" ({cells}{more})" if cells and row.kind in ("corrected", "restored", "withdrawn") else ""
    return f"{row.table}/{row.id} {row.kind}{told}"


def say_number_cause(number: NumberMoved) -> str:
    """Why a number moved."""
    others = [name for name in number.definitions if name != number.id]
    parts = ["its definition changed"] if number.id in number.definitions else []
    parts += [f"the definition of {name} changed" for name in others]
    parts += [say_cause(row) for row in number.causes[:5]]
    if len(number.causes) > 5:
        parts.append(f"{len(number.causes) - 5} more rows")
    if number.through:
        parts.append(f"through {', '.join(number.through)}")
    return "; ".join(parts) or ("added" if not number.before else "taken out" if not number.after else "")


def say_words(one: SentenceMoved) -> str:
    """A sentence, with what it was where it changed."""
    if one.state == "gone":
        return one.before
    return f"{one.before} → {one.after}" if one.state == "rewritten" and one.before else one.after


# --- plain text --------------------------------------------------------------------------------------


def format_text(report: Review) -> str:
    """For a terminal."""
    found, lines = report.found, [f"{report.base} → {report.head}: {scoreboard(report.found)}."]
    for verdict in found.verdicts:
        lines.append(f"verdict   {verdict.slug}: {say_verdict(verdict)}")
        lines += [f"          {why}" for why in say_why(verdict)]
    for number in found.numbers:
        lines.append(f"number    {number.id}: {number.before or 'none'} → {number.after or 'none'}")
        lines.append(f"          {say_number_cause(number)}")
    for one in found.sentences:
        lines.append(f"sentence  {one.place}: {STATES[one.state]} ({', '.join(one.leans_on)})")
        lines.append(f"          {say_words(one)}")
    lines += [f"chart     {chart.id}: {chart.after or 'gone'}" for chart in found.charts]
    lines += [f"row       {say_cause(row)}" + (f"  {row.place}" if row.place else "") for row in found.rows]
    if found.pages:
        lines += [f"page      {path}" for path in (*found.pages.changed, *found.pages.added, *found.pages.removed)]
    lines += [f"not said  {told}" for told in found.could_not]
    return "\n".join(clean(line) for line in lines)


# --- Markdown ----------------------------------------------------------------------------------------


def format_markdown(report: Review) -> str:
    """For a pull request: the scoreboard first, long lists cut."""
    found, parts = report.found, [f"**{_md(scoreboard(report.found))}**"]
    if found.errors:
        parts.append(f"The change does not build yet: {_count(found.errors, 'error')}.")
    parts += _md_part("Verdicts", [_md_verdict(verdict) for verdict in found.verdicts])
    parts += _md_table(
        "Numbers",
        ("Number", "Id", "Before", "After", "Because"),
        [(n.label, n.id, n.before, n.after, say_number_cause(n)) for n in found.numbers],
    )
    parts += _md_part("Sentences to read again", [_md_sentence(one) for one in found.sentences])
    parts += _md_part("Charts", [f"`{chart.id}`: {_md(chart.after or 'gone')}" for chart in found.charts])
    parts += _md_part("Rows", [_md(say_cause(row)) for row in found.rows])
    parts += _md_part("What this change owes its readers", [_md_owed(due.found) for due in report.owed])
    if found.pages:
        moved = (*found.pages.changed, *found.pages.added, *found.pages.removed)
        parts += _md_part("Pages", [f"`{path}`" for path in moved], folded=True)
    parts += _md_part("What could not be said", [_md(told) for told in found.could_not])
    return "\n\n".join(parts) + "\n"


def _md(text: str) -> str:
    """The text as it is: no markup, no table, nobody called by name, nothing that a forge would make a link of.

    A comment of HTML parts what would be read as a mention, a number of an issue, an address or a commit.
    """
    text = " ".join(clean(text.replace("\n", " ")).split())
    text = re.sub(r"([\\`*_{}\[\]<>|~!])", r"\\\1", text)
    text = re.sub(r"(@|#(?=\d)|GH(?=-)|www(?=\.)|:(?=//)|\b[0-9a-f]{3}(?=[0-9a-f]{4,}\b))", r"\1<!-- -->", text)
    return text.replace("#", "&#35;")


def _md_part(title: str, lines: Sequence[str], folded: bool = False) -> Iterator[str]:
    if not lines:
        return
    shown = [f"- {line}" for line in lines[:MOST]]
    if len(lines) > MOST:
        shown.append(f"- and {len(lines) - MOST:,} more")
    body = "\n".join(shown)
    if folded:
        yield f"<details><summary>{title}: {len(lines):,}</summary>\n\n{body}\n\n</details>"
    else:
        yield f"### {title}\n\n{body}"


def _md_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if not rows:
        return
    lines = [" | ".join(header), " | ".join("---" for _ in header)]
    lines += [" | ".join(_md(cell) or "none" for cell in row) for row in rows[:MOST]]
    more = f"\n\nand {len(rows) - MOST:,} more" if len(rows) > MOST else ""
    yield f"### {title}\n\n" + "\n".join(f"| {line} |" for line in lines) + more


def _md_verdict(verdict: VerdictMoved) -> str:
    why = "".join(f"\n  - {_md(line)}" for line in say_why(verdict))
    return f"**{_md(say_verdict(verdict))}**: {_md(verdict.title)} (`{verdict.slug}`){why}"


def _md_sentence(one: SentenceMoved) -> str:
    return f"{_md(STATES[one.state])}: “{_md(say_words(one))}” `{one.place}`"


def _md_owed(one: Diagnostic) -> str:
    return f"`{one.location.path}:{one.location.line}` {one.code}: {_md(one.message)} {_md(one.cure)}"


# --- JSON and HTML -----------------------------------------------------------------------------------


def format_json(report: Review) -> str:
    """All of it, for a program."""
    told: dict[str, Any] = {
        "base": report.base,
        "head": report.head,
        "scoreboard": scoreboard(report.found),
        **asdict(report.found),
        "owed": [asdict(due.found) for due in report.owed],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def format_html(report: Review) -> bytes:
    """One page that needs nothing else: numbers, sentences old and new, charts side by side."""
    words = {
        "scoreboard": scoreboard,
        "states": STATES,
        "say_verdict": say_verdict,
        "say_why": say_why,
        "say_cause": say_cause,
        "say_number_cause": say_number_cause,
        "groups_of": groups_of,
        "changed_words": changed_words,
        "marked": marked,
    }
    pictures = {name: tuple(_as_data(svg) for svg in pair) for name, pair in report.pictures.items()}
    found = report.found
    parts = [
        ("verdicts", "Verdicts", found.verdicts),
        ("numbers", "Numbers", found.numbers),
        ("sentences", "Sentences", found.sentences),
        ("charts", "Charts", found.charts),
        ("rows", "Rows", found.rows),
        ("owed", "Owed", report.owed),
    ]
    given = {
        "report": report,
        "found": found,
        "owed": [due.found for due in report.owed],
        "pictures": pictures,
        "parts": parts,
        **words,
    }
    return render.render_alone(_TEMPLATE.read_text(encoding="utf-8"), given)


def _as_data(svg: str) -> str:
    """A picture as an address that holds it."""
    from base64 import b64encode

    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}" if svg else ""


def changed_words(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Runs of words that are the same, `was` or `is`, in reading order."""
    old, new = before.split(), after.split()
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", " ".join(old[a:b])
            continue
        if b > a:
            yield "was", " ".join(old[a:b])
        if d > c:
            yield "is", " ".join(new[c:d])


def marked(sentence: str, words: Iterable[str]) -> Iterator[tuple[bool, str]]:
    """The sentence in pieces, those that lean on what moved told apart."""
    known = sorted({" ".join(word.split()) for word in words if word.strip()}, key=len, reverse=True)
    pattern = "|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in known) or r"(?!)"
    for piece in re.split(f"({pattern})", sentence):
        yield piece in known, piece


def groups_of(rows: Iterable[RowMoved]) -> dict[str, list[RowMoved]]:
    """The rows by table."""
    out: dict[str, list[RowMoved]] = {}
    for row in rows:
        out.setdefault(row.table, []).append(row)
    return out

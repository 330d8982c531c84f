"""What stands beside a page while it is written: the numbers of a claim with what they stand on, its premises, what is missing.

For a preview alone; nothing of it is published. Everything is plain text, lists and mappings, ready to be sent as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.content import LONGEST, SHORTEST, count_words
from builder.firmness import say_premise, say_verdict
from builder.glimpse import CARD, Glimpse
from builder.intervals import tell_amount
from builder.model import Binding, Claim, Figure, Row
from builder.pages import conditions_of
from builder.shelf import Shelf, address_of_row, mention_figure, name_row, words_of

MOST_ROWS = 12
"""Rows behind a number that are named; more are counted."""

Told = Mapping[str, Any]


def prove_claim(glimpse: Glimpse, language: str, slug: str) -> Told | None:
    """All that is known of a claim in one of the site's languages; None where there is no such claim."""
    shelf = glimpse.shelves.get(language)
    claim = shelf.claims.get(slug) if shelf else None
    if shelf is None or claim is None:
        return None
    passages = [passage for role, passage in claim.passages.items() if not role.startswith("history.")]
    bindings = [binding for passage in passages for binding in passage.bindings]
    bound = [binding for binding in bindings if binding.scheme in ("figure", "total")]
    return {
        "slug": slug,
        "path": claim.path,
        "stage": glimpse.stages.get(slug, ""),
        "rating": claim.front.rating,
        "coverage": {
            "bound": len(bound),
            "exempt": sum(binding.scheme == "exempt" for binding in bindings),
            "loose": sum(len(passage.loose) for passage in passages),
        },
        "words": {"count": count_words(claim.passages["body"].plain), "least": SHORTEST, "most": LONGEST},
        "numbers": [_prove_number(shelf, binding) for binding in bound],
        "premises": list(_prove_premises(shelf, slug)),
        "whole": say_verdict(shelf.verdicts[slug], shelf.dataset, shelf.tongue) if slug in shelf.verdicts else "",
        "languages": list(_list_languages(glimpse, slug)),
        "card": f"{language}/claims/{slug}{CARD}",
    }


def list_bindable(glimpse: Glimpse, language: str) -> list[Told]:
    """Every figure and reported total, each with its value, its meaning and the Markdown that binds it."""
    shelf = glimpse.shelves.get(language) or glimpse.shelves[glimpse.known.first]
    figures = [_describe_figure(shelf, figure) for figure in shelf.figures.values()]
    return figures + [_describe_total(shelf, row) for row in shelf.rows("totals")]


def _prove_number(shelf: Shelf, binding: Binding) -> Told:
    figure = shelf.figures.get(binding.target) if binding.scheme == "figure" else None
    row = shelf.dataset.row("totals", binding.target) if binding.scheme == "total" else None
    told: dict[str, Any] = {
        "text": binding.text,
        "line": binding.location.line,
        "id": f"{binding.scheme}:{binding.target}",
    }
    if figure:
        return {**told, **_describe_figure(shelf, figure)}
    return {**told, **_describe_total(shelf, row)} if row else {**told, "value": "", "label": "", "rows": [], "more": 0}


def _describe_figure(shelf: Shelf, figure: Figure) -> dict[str, Any]:
    """A figure with its definition in words and the rows that it stands on."""
    words = words_of(shelf.content.figure_words, shelf, figure.id)
    value = shelf.tongue.date(figure.day, "day") if figure.day else shelf.tongue.tell(figure.told)
    table = shelf.dataset.tables.get(figure.selection.table)
    rows = [table.rows[name] for name in figure.selection.rows] if table else []
    conditions = [f"{each.label}: {', '.join(each.values)}" for each in conditions_of(shelf, figure)]
    parts = [mention_figure(shelf, part).text for part in figure.definition.parts]
    return {
        "id": f"figure:{figure.id}",
        "value": value,
        "label": mention_figure(shelf, figure.id).text,
        "about": words["about"].plain if "about" in words else "",
        "definition": [*conditions, *parts],
        "rows": [_point_to(shelf, row) for row in rows[:MOST_ROWS]],
        "more": max(0, len(rows) - MOST_ROWS),
        "page": f"{shelf.language.code}/figures/{figure.id}/index.html",
        "markdown": f"[{value}](figure:{figure.id})",
    }


def _describe_total(shelf: Shelf, row: Row) -> dict[str, Any]:
    amount, unit = row.values.get("value"), str(row.values.get("unit") or "")
    value = shelf.tongue.tell(tell_amount(amount, unit)) if amount else ""
    scope = [text for column in ("scope", "basis") if (text := shelf.own(row, column)[0])]
    return {
        "id": f"total:{row.id}",
        "value": value,
        "label": name_row(shelf, row),
        "about": "",
        "definition": scope,
        "rows": [_point_to(shelf, row)],
        "more": 0,
        "page": f"{shelf.language.code}/{address_of_row('totals', row.id)}index.html",
        "markdown": f"[{value}](total:{row.id})",
    }


def _point_to(shelf: Shelf, row: Row) -> Told:
    page = f"{shelf.language.code}/{address_of_row(row.table, row.id)}index.html"
    return {"id": row.id, "name": name_row(shelf, row), "page": page}


def _prove_premises(shelf: Shelf, slug: str) -> list[Told]:
    verdict = shelf.verdicts.get(slug)
    return [
        {
            "test": f"{result.premise.figure} {result.premise.operator} {result.premise.value}",
            "outcome": result.outcome,
            "expected": result.premise.expect,
            "firm": list(say_premise(result, shelf.dataset, shelf.tongue)),
        }
        for result in (verdict.premises if verdict else ())
    ]


def _list_languages(glimpse: Glimpse, slug: str) -> list[Told]:
    """In which languages the claim is told, and what each of them lacks."""
    found: list[Told] = []
    for code, language in glimpse.content.languages.items():
        claim = glimpse.content.claims.get(code, {}).get(slug)
        lacking = _lacking(claim) if claim else []
        stale = (code, "claim", slug) in glimpse.content.stale
        state = "missing" if claim is None else "stale" if stale else "partly" if lacking else "whole"
        found.append({"code": code, "name": language.name, "state": state, "lacking": lacking})
    return found


def _lacking(claim: Claim) -> list[str]:
    """The texts that stand in for missing translations."""
    return [
        role
        for role, passage in claim.passages.items()
        if passage.language != claim.language and not role.startswith("history.")
    ]

"""Evaluates what each verdict rests on. The rating is the editor's; whether its premises still hold is not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from builder import intervals, slips
from builder.diagnostics import Diagnostic, nearest, problem
from builder.model import (
    Claim,
    Dataset,
    Figure,
    Interval,
    Judgement,
    Location,
    Outcome,
    Premise,
    PremiseResult,
    Theme,
    Verdict,
)
from builder.robustness import Trials

_UNBOUNDED = Interval(Fraction(0), None)
"""Every value that a count, a sum or a ratio of them can have."""


def compute_verdicts(
    claims: Mapping[str, Claim], figures: Mapping[str, Figure], dataset: Dataset, theme: Theme | None
) -> tuple[dict[str, Verdict], list[Diagnostic]]:
    """The verdict of each claim, and every premise that no longer gives what its verdict needs."""
    verdicts, problems = {}, []
    trials = Trials(figures, dataset)
    for slug, claim in claims.items():
        results, found = _evaluate(claim, figures, dataset, trials)
        problems += found + _check_support(claim, results, dataset)
        if theme:
            problems += _check_rating(claim, dataset, theme)
        verdicts[slug] = Verdict(slug, claim.front.rating, tuple(results), _needed(claim, results, trials))
    return verdicts, problems


def _needed(claim: Claim, results: list[PremiseResult], trials: Trials) -> tuple[str, ...]:
    """Sources without which one of the premises falls, or one of the judgements rests on no source that stands."""
    needed = [source for result in results for source in result.robustness.needed]
    judgements = [entry for entry in claim.front.because if isinstance(entry, Judgement)]
    return trials.roots_first(needed + [source for entry in judgements for source in trials.grounds(entry.sources)])


def _evaluate(
    claim: Claim, figures: Mapping[str, Figure], dataset: Dataset, trials: Trials
) -> tuple[list[PremiseResult], list[Diagnostic]]:
    results, problems = [], []
    for index, premise in enumerate(claim.front.because):
        if not isinstance(premise, Premise):
            continue
        role = f"because.{index}"
        figure = figures.get(premise.figure)
        if figure is None and premise.figure in dataset.figures:
            continue  # its definition has a problem of its own
        if figure is None:
            hint = nearest(premise.figure, figures, "Declare it in data/figures.yaml.")
            place = claim.places[f"{role}.figure"]
            problems.append(problem("B002", place, len(premise.figure), kind="figure", id=premise.figure, hint=hint))
            continue
        value = _number(premise.value)
        if value is None:
            place = claim.places[f"{role}.value"]
            hint = slips.suggest_number(premise.value)
            problems.append(problem("V006", place, len(premise.value), value=premise.value, hint=hint))
            continue
        outcome = intervals.compare(figure.interval, premise.operator, value)
        robustness = trials.examine(premise.figure, premise.operator, value, premise.expect)
        results.append(PremiseResult(premise, index, outcome, figure, robustness))
        problems += _check_premise(claim, role, premise, figure, value, outcome)
    return results, problems


def _number(text: str) -> Fraction | None:
    return Fraction(text) if re.fullmatch(r"-?\d{1,18}(\.\d{1,9})?", text, re.ASCII) else None


def _check_premise(
    claim: Claim, role: str, premise: Premise, figure: Figure, value: Fraction, outcome: Outcome
) -> list[Diagnostic]:
    place, length = claim.places[f"{role}.figure"], len(premise.figure)
    always = intervals.compare(_UNBOUNDED, premise.operator, value)
    if always != "undecided" and figure.definition.measure != "difference":
        return [problem("V002", place, length, outcome=always)]
    found = []
    if outcome != premise.expect:
        found.append(
            problem(
                "V001",
                claim.places[f"{role}.expect"],
                len(premise.expect),
                figure=premise.figure,
                operator=premise.operator,
                value=premise.value,
                outcome=outcome if outcome != "undecided" else "is undecided",
                expect=premise.expect,
                told=_told(figure),
            )
        )
    if premise.expect == "holds" and premise.operator in ("<", "<=", "==") and _counts_rows(figure):
        found.append(problem("V003", place, length))
    if premise.expect == "fails" and premise.operator in (">", ">=") and _counts_rows(figure):
        found.append(problem("V003", place, length))
    above = premise.operator == "==" and intervals.compare(figure.interval, "<", value) == "holds"
    if premise.expect == "fails" and above and _counts_rows(figure):
        found.append(problem("V003", place, length))
    return found


def _counts_rows(figure: Figure) -> bool:
    """True when the figure grows with the rows that happen to be known: an upper limit to it would be their absence."""
    return figure.definition.measure in ("sum", "count", "count_distinct") and figure.definition.of != "totals"


def _told(figure: Figure) -> str:
    low, high = figure.interval.low, figure.interval.high
    if figure.told is None:
        return "open at both ends"
    if low == high and low is not None:
        return f"{float(low):g}"
    ends = [f"{'more than' if figure.interval.low_open else 'at least'} {float(low):g}"] if low else []
    ends += [f"{'less than' if figure.interval.high_open else 'at most'} {float(high):g}"] if high is not None else []
    return " and ".join(ends)


def _check_support(claim: Claim, results: list[PremiseResult], dataset: Dataset) -> list[Diagnostic]:
    judgements = [entry for entry in claim.front.because if isinstance(entry, Judgement)]
    problems = []
    for index, entry in enumerate(claim.front.because):
        if isinstance(entry, Judgement) and not entry.sources:
            problems.append(problem("V009", claim.places[f"because.{index}.sources"]))
        elif isinstance(entry, Judgement) and dataset.withdrawn.issuperset(entry.sources):
            place = claim.places[f"because.{index}.sources.0"]
            problems.append(problem("V010", place, len(entry.sources[0]), sources=", ".join(entry.sources)))
    undecided = results and all(result.outcome == "undecided" for result in results)
    if undecided and not judgements and claim.front.rating != "not_decided":
        place = claim.places["rating"]
        problems.append(problem("V008", place, len(claim.front.rating), rating=claim.front.rating))
    return problems


def _check_rating(claim: Claim, dataset: Dataset, theme: Theme) -> list[Diagnostic]:
    place: Location = claim.places["rating"]
    rating = theme.ratings.get(claim.front.rating)
    if rating is None:
        hint = nearest(claim.front.rating, theme.ratings, "It is one of: " + ", ".join(theme.ratings) + ".")
        return [problem("V004", place, len(claim.front.rating), rating=claim.front.rating, hint=hint)]
    statement = dataset.row("statements", claim.front.claim.statement)
    speaker = dataset.row("entities", statement.values.get("entity") or "") if statement else None
    if not rating.adverse or speaker is None or speaker.values.get("kind") != "company":
        return []
    sources = [dataset.row("sources", source) for source in claim.front.sources]
    missing = []
    if not any(row and row.values.get("seen") == "primary" for row in sources):
        missing.append("no primary source was seen")
    if claim.front.reply.sought == "no" and not claim.front.reply.answer:
        missing.append("its reply was not sought")
    if not missing:
        return []
    return [problem("V005", place, len(claim.front.rating), rating=claim.front.rating, missing=" and ".join(missing))]

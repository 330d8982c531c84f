"""How firmly a premise and a verdict stand, in sentences: the words of the page and of the check are the same."""

from __future__ import annotations

from fractions import Fraction

from builder.intervals import exact, tell
from builder.model import Dataset, Margin, PremiseResult, Slack, Verdict
from builder.tongues import Tongue


def say_premise(result: PremiseResult, dataset: Dataset, tongue: Tongue) -> tuple[str, ...]:
    """Margin, slack and the sources needed, each a sentence, for one premise."""
    found = result.robustness
    said = [_say_margin(found.margin, tongue)]
    if found.slack:
        said.append(_say_slack(found.slack, result.figure.definition.unit, tongue))
    return tuple(sentence for sentence in (*said, _say_needed(found.needed, dataset, tongue)) if sentence)


def say_verdict(verdict: Verdict, dataset: Dataset, tongue: Tongue) -> str:
    """The sources that the verdict, with its judgements, cannot do without; empty where there are none."""
    names = _names_of(verdict.needed, dataset, tongue)
    return tongue.word("needed.whole", names=names) if names else ""


def _say_margin(margin: Margin, tongue: Tongue) -> str:
    """How many entries must be wrong; what carries it where one reported total does."""
    single = margin.of - margin.groups - margin.totals
    if margin.never:
        return tongue.word("margin.never")
    if margin.groups + margin.totals == 1 and margin.of == 1:
        return tongue.word("margin.one_figure")
    if margin.groups + margin.totals == 1 and single == 1:
        return tongue.word("margin.figure_and_declaration")
    if margin.declarations and margin.of == 1:
        return tongue.word("margin.one_declaration")
    kind = "declarations" if margin.declarations else "entries"
    if margin.least is None:
        return tongue.word(f"margin.{kind}_more", n=margin.more_than, of=margin.of)
    if margin.least == margin.of:
        return tongue.word(f"margin.{kind}_all", of=margin.of)
    return tongue.word(f"margin.{kind}_some", n=margin.least, of=margin.of)


def _say_slack(slack: Slack, unit: str, tongue: Tongue) -> str:
    """How much of the amount must fall."""
    low, fall = (_amount(value, unit, tongue) for value in (slack.low, slack.fall))
    if slack.more_than and not slack.fall:
        return tongue.word("slack.any")
    if slack.whole and slack.fall == slack.low:
        return tongue.word("slack.all", low=_amount(slack.low, unit, tongue, noun=True))
    return tongue.word("slack.more_than" if slack.more_than else "slack.at_least", fall=fall, low=low)


def _amount(value: Fraction, unit: str, tongue: Tongue, noun: bool = False) -> str:
    told = tell(exact(value), unit)
    return tongue.tell(told, noun) if told else str(value)


def _say_needed(needed: tuple[str, ...], dataset: Dataset, tongue: Tongue) -> str:
    """The sources that a premise cannot do without: those that stand for themselves."""
    roots = [source for source in needed if dataset.root(source) == source]
    names = _names_of(needed, dataset, tongue)
    if len(roots) == 1:
        row = dataset.row("sources", roots[0])
        kind = row.cells.get("kind", "") if row else ""
        return tongue.word("needed.investigation" if kind == "investigation" else "needed.one", name=names)
    if roots:
        return tongue.word("needed.several", names=names)
    return tongue.word("needed.copies" if needed else "needed.none")


def _names_of(needed: tuple[str, ...], dataset: Dataset, tongue: Tongue) -> str:
    rows = [dataset.row("sources", source) for source in needed if dataset.root(source) == source]
    names = dict.fromkeys(row.cells.get("publisher") or row.id for row in rows if row)
    return tongue.word("list.comma").join(names)

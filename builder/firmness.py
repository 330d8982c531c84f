"""How firmly a premise and a verdict stand, in sentences: the words of the page and of the check are the same."""

from __future__ import annotations

from fractions import Fraction

from builder.intervals import exact, tell
from builder.model import Dataset, Language, Margin, PremiseResult, Slack, Verdict
from builder.numerals import fill_gaps, format_told


def say_premise(result: PremiseResult, dataset: Dataset, language: Language) -> tuple[str, ...]:
    """Margin, slack and the sources needed, each a sentence, for one premise."""
    found = result.robustness
    said = [_say_margin(found.margin, language)]
    if found.slack:
        said.append(_say_slack(found.slack, result.figure.definition.unit, language))
    return tuple(sentence for sentence in (*said, _say_needed(found.needed, dataset, language)) if sentence)


def say_verdict(verdict: Verdict, dataset: Dataset, language: Language) -> str:
    """The sources that the verdict, with its judgements, cannot do without; empty where there are none."""
    names = _names_of(verdict.needed, dataset, language)
    return _word(language, "needed.whole", names=names) if names else ""


def _word(language: Language, key: str, **filled: object) -> str:
    return fill_gaps(language.words.get(key, key), **filled)


def _say_margin(margin: Margin, language: Language) -> str:
    """How many entries must be wrong; what carries it where one reported total does."""
    single = margin.of - margin.groups - margin.totals
    if margin.never:
        return _word(language, "margin.never")
    if margin.groups + margin.totals == 1 and margin.of == 1:
        return _word(language, "margin.one_figure")
    if margin.groups + margin.totals == 1 and single == 1:
        return _word(language, "margin.figure_and_declaration")
    if margin.declarations and margin.of == 1:
        return _word(language, "margin.one_declaration")
    kind = "declarations" if margin.declarations else "entries"
    if margin.least is None:
        return _word(language, f"margin.{kind}_more", n=margin.more_than, of=margin.of)
    if margin.least == margin.of:
        return _word(language, f"margin.{kind}_all", of=margin.of)
    return _word(language, f"margin.{kind}_some", n=margin.least, of=margin.of)


def _say_slack(slack: Slack, unit: str, language: Language) -> str:
    """How much of the amount must fall."""
    low, fall = (_amount(value, unit, language) for value in (slack.low, slack.fall))
    if slack.more_than and not slack.fall:
        return _word(language, "slack.any")
    if slack.whole and slack.fall == slack.low:
        return _word(language, "slack.all", low=_amount(slack.low, unit, language, noun=True))
    return _word(language, "slack.more_than" if slack.more_than else "slack.at_least", fall=fall, low=low)


def _amount(value: Fraction, unit: str, language: Language, noun: bool = False) -> str:
    told = tell(exact(value), unit)
    return format_told(told, language, noun) if told else str(value)


def _say_needed(needed: tuple[str, ...], dataset: Dataset, language: Language) -> str:
    """The sources that a premise cannot do without: those that stand for themselves."""
    roots = [source for source in needed if dataset.root(source) == source]
    names = _names_of(needed, dataset, language)
    if len(roots) == 1:
        row = dataset.row("sources", roots[0])
        kind = row.cells.get("kind", "") if row else ""
        return _word(language, "needed.investigation" if kind == "investigation" else "needed.one", name=names)
    if roots:
        return _word(language, "needed.several", names=names)
    return _word(language, "needed.copies" if needed else "needed.none")


def _names_of(needed: tuple[str, ...], dataset: Dataset, language: Language) -> str:
    rows = [dataset.row("sources", source) for source in needed if dataset.root(source) == source]
    names = dict.fromkeys(row.cells.get("publisher") or row.id for row in rows if row)
    return language.words.get("list.comma", ", ").join(names)

"""All that can be known of the sources before anything is drawn: the common ground of a build, a trace and a diff.

Pure, like the build that goes on from it. With an error it still holds whatever could be read and computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from builder import archive, binding, charts, diagnostics, translations, verdicts
from builder.binding import Edit
from builder.charts import Planned
from builder.content import lift_embargoes, read_content
from builder.datapackage import FIGURES, read_dataset
from builder.diagnostics import Diagnostic
from builder.figures import compute_figures
from builder.lineage import Lineage, Lineages, make_lineage
from builder.model import Content, Dataset, Figure, Files, Location, Theme, Use, Verdict
from builder.theme import read_theme
from builder.tongues import chart_words_of, tongue_of

UNREAD = (
    *("D001", "D002", "D005", "D006", "D007", "D008", "D009", "D011", "D012", "D017", "D020", "D031"),
    *("D013", "D018", "D028", "D033"),  # of a row that cannot be counted as it stands
    *("C001", "D021", "D025"),  # of a figure's definition
)
"""Rules whose breach leaves a part of the data unread. A row that is gone is no such breach: its sentences must be named."""

Step = Callable[[str], None]
"""Told what is being done, so that a person who waits can be told too."""


def quietly(step: str) -> None:
    """A step that tells nobody."""


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """What the sources say, and what is wrong with them."""

    sources: Files
    at: datetime | None
    """The instant as of which they are read, where one was given."""
    dataset: Dataset | None
    """None when nothing of it can be read."""
    content: Content
    theme: Theme | None
    first: str
    """The language that holds the claims of which others are translations."""
    figures: Mapping[str, Figure]
    """Those that can be computed."""
    verdicts: Mapping[str, Verdict]
    uses: tuple[Use, ...]
    plans: Mapping[str, tuple[Planned, ...]]
    """By language: the charts, laid out and not drawn; none while something but the numbers in the words is wrong."""
    lineages: Mapping[str, Lineage]
    """By language: what stands on what, down to the sentences of that language."""
    coverage: Mapping[str, int]
    problems: tuple[Diagnostic, ...]
    edits: tuple[Edit, ...]
    """Digits that may safely be rewritten."""

    @property
    def lineage(self) -> Lineage:
        """That of the first language, which has everything."""
        return self.lineages.get(self.first) or Lineage({}, {})

    @property
    def broken(self) -> bool:
        """True when something must be mended before anything may be published."""
        return diagnostics.is_broken(self.problems)


def study(sources: Files, step: Step = quietly, at: datetime | None = None) -> Study:
    """Reads the three folders, computes every figure and verdict, holds every number to the data, lays out the charts.

    `at` is the instant as of which the site is read: what is embargoed until then is published. Without it nothing is.
    """
    step("reading")
    dataset, problems = read_dataset(sources)
    unread = any(found.code in UNREAD or found.location.path == FIGURES for found in problems)
    content, found = read_content(sources)
    problems += found
    theme, found_in_theme = read_theme(sources)
    problems += found_in_theme
    if theme and f"content/{theme.first_language}/words.yaml" not in sources:
        problems.append(_without_language(theme.first_language, sources))
    first = theme.first_language if theme else next(iter(content.claims), "")
    content, found = translations.fill_translations(lift_embargoes(content, at), first)
    problems += found
    problems += archive.check_frozen(content, sources, first)
    if dataset is None:
        return Study(sources, at, None, content, theme, first, {}, {}, (), {}, {}, {}, in_order(problems), ())
    figures: Mapping[str, Figure] = {}
    results: Mapping[str, Verdict] = {}
    if not unread:  # held to what could not be read, words and verdicts would only be told the same again
        step("computing figures")
        figures, found = compute_figures(dataset)
        problems += found
        results, found = verdicts.compute_verdicts(content.claims.get(first, {}), figures, dataset, theme)
        problems += found
    step("holding every number to the data")
    held = binding.check_bindings(content, dataset, figures, charts.CHARTS, first)
    problems += [found for found in held.problems if not unread or found.code != "B002"]
    misspelt = any(
        found.code == "C003" and found.location.path == f"content/{first}/figures.yaml" for found in problems
    )
    problems += binding.check_labels(content, dataset, first) if not unread and not misspelt else []
    problems += translations.check_record_words(content, dataset, first) if not unread else []
    words = {code: chart_words_of(content, code, first) for code in content.languages}
    problems += [found for texts in words.values() for found in charts.check_chart_words(texts)]
    # digits are rewritten only after data in which nothing is wrong
    edits = held.edits if not any(found.code[0] == "D" and found.severity == "error" for found in problems) else ()
    plans: dict[str, tuple[Planned, ...]] = {}
    if theme and not any(_hinders_charts(found) for found in problems):
        step("laying out charts")
        plans = {
            code: charts.plan_charts(dataset, figures, tongue_of(content, code, first), words[code])
            for code in content.languages
        }
    if plans and not diagnostics.is_broken(problems):
        drawn = [figure for planned in plans.values() for plan in planned for figure in plan.plot.figures]
        problems += binding.check_unused(dataset, held.uses, drawn)
        problems += binding.check_placed(held.uses, [plan.job.chart for plan in plans.get(first, ())])
    ground = {plan.job.chart: (plan.plot.figures, plan.plot.records) for plan in plans.get(first, ())}

    def lineage_of(code: str) -> Lineage:
        return make_lineage(dataset, figures, _uses_in(held.uses, code, first), ground)

    return Study(
        sources, at, dataset, content, theme, first, figures, results, held.uses, plans,
        Lineages(content.languages, lineage_of), held.coverage,
        in_order(problems), edits,
    )  # fmt: skip


def _uses_in(uses: Iterable[Use], code: str, first: str) -> list[Use]:
    """What leans on what in one language: its own texts, and those of the first language where it has none."""
    mine = [use for use in uses if use.language == code]
    if code == first:
        return mine
    own = {(use.kind, use.name, use.role) for use in mine}
    return mine + [use for use in uses if use.language == first and (use.kind, use.name, use.role) not in own]


def _hinders_charts(found: Diagnostic) -> bool:
    """A number that is told wrongly, a verdict that fell, a figure without rows, a link to what was removed: charts can be laid out all the same."""
    return found.severity == "error" and found.code[0] not in "BV" and found.code not in ("D022", "D034", "D035")


def _without_language(first: str, sources: Files) -> Diagnostic:
    lines = sources["site/site.yaml"].decode("utf-8", "replace").split("\n")
    line = next((i for i, text in enumerate(lines) if text.startswith("first_language:")), 0)
    place = Location("site/site.yaml", line + 1, max(lines[line].find(first), 0) + 1)
    hint = "Give the name of a folder of content/ that holds a words.yaml."
    return diagnostics.problem("C013", place, len(first), id=first, what="a language of this site", hint=hint)


def in_order(problems: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each once, errors and warnings together, by file and line."""
    return tuple(sorted(set(problems)))

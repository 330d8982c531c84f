"""The nouns of a change: what is told of verdicts, numbers, sentences, charts, rows and pages."""

from __future__ import annotations

from dataclasses import dataclass

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
class Ground:
    """Something that a verdict rests on, and that is not what it was."""

    what: str
    """`statement ex-denial, english`, `premise`, `judgement`, `judgement's sources`, `source ex-report, title`."""
    before: str
    after: str
    told: bool
    """True when readers must be told by an entry of history: the statement, a premise, the meaning of the rating."""


@dataclass(frozen=True, slots=True)
class VerdictMoved:
    """A claim whose verdict changed, or no longer follows from what it rests on."""

    slug: str
    title: str
    before: str
    """The verdict as readers saw it; empty where they saw none."""
    after: str
    """The verdict as readers would see it; empty where they would see none."""
    premises: tuple[PremiseMoved, ...]
    grounds: tuple[Ground, ...]
    """What else the verdict rests on and that is not what it was."""
    problems: tuple[str, ...]
    """Why it no longer follows from what it rests on: a person must judge again."""

    @property
    def stands(self) -> bool:
        """False when a person must judge again."""
        return not self.problems


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

"""The nouns of the trade: read this first.

Every value that travels between modules is one of these: frozen, slotted, complete when made.
This module imports nothing of ours, so every other module may import it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:  # pandas costs a third of a second: only the run that needs tables pays it
    import pandas as pd

Files = Mapping[str, bytes]
"""Posix paths relative to the site's root (`data/shipments.csv`) to their bytes."""

Bound = Literal["exact", "at_least", "more_than", "about", "at_most", "less_than", "range"]
"""How a number is told. `range` is only ever computed, never written in the data."""

Outcome = Literal["holds", "fails", "undecided"]

RECORDS = ("shipments", "totals", "statements", "events")
"""Tables whose rows have a page of their own under `records/`, and share one space of ids."""

UNIT_OF_CATEGORY = {"drone": "drone", "counter_drone": "device", "computer": "computer", "battery": "pack"}
"""What is counted of each category of goods: the unit that gives a number its noun."""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in an input file: what an editor can jump to."""

    path: str
    line: int = 1
    """Counted from 1."""
    column: int = 1
    """Counted from 1, in characters."""


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of an author's text that remembers where it stands."""

    value: str
    """What the author means: YAML quoting and folding undone, line breaks as written in Markdown."""
    path: str
    line: int
    """Line of the first character of `raw`, counted from 1."""
    column: int
    """Column of the first character of `raw`, counted from 1."""
    raw: str
    """The slice of the file that `value` was read from."""

    def __str__(self) -> str:
        return self.value


# --- numbers ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Interval:
    """All the values that a number may have. Exact arithmetic; `None` means without end."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    """True when `low` itself is excluded: "more than"."""
    high_open: bool = False


@dataclass(frozen=True, slots=True)
class Amount:
    """One number as a source reports it."""

    value: Fraction
    bound: Bound
    said: str
    """The source's own qualifier, verbatim ("nearly half", "just over"), or empty."""
    interval: Interval


@dataclass(frozen=True, slots=True)
class Told:
    """A number as it is written: in a sentence, or ready to be."""

    bound: Bound
    low: Fraction
    high: Fraction
    """Equal to `low` unless `bound` is `range`."""
    unit: str
    """`drone`, `USD`, `%`, … or empty when the text names none."""
    place: int = 0
    """Power of ten of the last digit written: 8.2 → -1, 12 million → 6."""
    text: str = ""
    """The words as written."""


# --- the data --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, as `data/datapackage.json` declares it."""

    name: str
    type: str
    title: str
    description: str
    required: bool = False
    unique: bool = False
    enum: tuple[str, ...] = ()
    pattern: str = ""
    delimiter: str = ""
    """Of a list."""
    refers_to: str = ""
    """The table whose ids this column holds."""
    amount: bool = False
    """True when `<name>_bound`, `_said`, `_low`, `_high` stand beside it."""
    missing: str = ""
    """What an empty cell means, in words."""
    unit: str = ""
    """What a number counts, where it is the same in every row."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    table: str
    id: str
    line: int
    cells: Mapping[str, str]
    """As written; missing is empty."""
    values: Mapping[str, Any]
    """By type: str, Fraction, date (as ISO text), tuple of str, Amount; missing is None."""
    columns: Mapping[str, int]
    """Column of the file where each cell begins, counted from 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One resource of the data package."""

    name: str
    path: str
    title: str
    description: str
    columns: tuple[Column, ...]
    rows: Mapping[str, Row]
    """By id, in the order of the file."""

    def frame(self) -> pd.DataFrame:
        """The values as a DataFrame of objects, one row a line, indexed by id."""
        import pandas as pd

        names = [column.name for column in self.columns]
        records = [[row.values[name] for name in names] for row in self.rows.values()]
        return pd.DataFrame(records, columns=names, index=list(self.rows), dtype=object)

    def place(self, row_id: str, column: str = "id") -> Location:
        """Where a cell stands."""
        row = self.rows[row_id]
        return Location(self.path, row.line, row.columns.get(column, 1))


Measure = Literal["sum", "count", "count_distinct", "min", "max", "first", "last", "value", "ratio", "difference"]


@dataclass(frozen=True, slots=True)
class FigureDefinition:
    """What a figure counts: a measure over a selection, or arithmetic on two figures."""

    id: str
    measure: Measure
    column: str
    """The column measured; empty for `ratio` and `difference`."""
    of: str
    """The table; empty for `ratio` and `difference`."""
    where: tuple[tuple[str, tuple[str, ...]], ...]
    """Columns, each with the value, or a list of values, allowed in it; all must match."""
    between: tuple[str, str] | None
    """First and last day, both included: 2022-12-01..2023-04-30."""
    parts: tuple[str, ...]
    """The two figures of a `ratio` or `difference`."""
    unit: str
    """What is counted: a unit of `words.yaml`, such as `drone`, `USD` or `%`."""
    disjoint: str = ""
    """Why rows of different reporters cannot overlap, so that their sum is right."""
    overlapping: str = ""
    """Why rows of different reporters may overlap: then only the largest floor counts."""
    intended: str = ""
    """Why it is right that no row is selected, or that no page uses the figure."""
    location: Location = Location("data/figures.yaml")


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """All of `data/`."""

    tables: Mapping[str, Table]
    figures: Mapping[str, FigureDefinition]
    package: Mapping[str, Any]
    """`datapackage.json`, as read."""
    raw: Files
    withdrawn: frozenset[str] = frozenset()
    """Sources that no longer stand: marked as withdrawn, or repeating one that is."""

    def row(self, table: str, row_id: str) -> Row | None:
        """The row, or None when there is no such table or row."""
        found = self.tables.get(table)
        return found.rows.get(row_id) if found else None

    def chain(self, source_id: str) -> tuple[str, ...]:
        """The source, the one that it repeats, and so on to the one that stands for itself."""
        found = [source_id]
        while (row := self.row("sources", found[-1])) and (repeated := row.values.get("reports_on")):
            if repeated in found:  # a circle, which is told elsewhere
                break
            found.append(repeated)
        return tuple(found)

    def root(self, source_id: str) -> str:
        """The source that a source in the end repeats (itself, if none): two reports of one record are one source."""
        return self.chain(source_id)[-1]

    def stands(self, row: Row) -> bool:
        """True while one of the row's sources does; a row without sources rests on none and stands."""
        sources = row.values.get("sources") or ()
        return not sources or any(source not in self.withdrawn for source in sources)


@dataclass(frozen=True, slots=True)
class Selection:
    """The exact rows behind a figure."""

    table: str
    full: tuple[str, ...] = ()
    """Rows that count fully."""
    partial: tuple[tuple[str, str], ...] = ()
    """Rows that count from nothing up to their upper bound, each with the reason."""
    inside: tuple[tuple[str, str], ...] = ()
    """Rows already counted in a selected group: the row and its group."""

    @property
    def rows(self) -> tuple[str, ...]:
        """Every row that has a part in the figure, each once, in the order of the table."""
        return self.full + tuple(row for row, _ in self.partial) + tuple(row for row, _ in self.inside)


@dataclass(frozen=True, slots=True)
class Figure:
    """A computed number with the rows that it stands on."""

    id: str
    definition: FigureDefinition
    interval: Interval
    told: Told | None
    """How it must be told; None when the interval says nothing."""
    day: str
    """ISO date for `first` and `last`; else empty."""
    selection: Selection
    """Empty for arithmetic on figures."""
    sources: tuple[str, ...]
    """Ids of the sources of its rows, those of its parts included."""
    reporters: tuple[str, ...]
    """The sources that those in the end repeat."""


# --- the words -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One language of the site: all of `content/<code>/words.yaml`."""

    code: str
    """BCP 47: `en`, `zh-Hans`."""
    name: str
    direction: Literal["ltr", "rtl"]
    locale: str
    """For Babel: `en_GB`."""
    words: Mapping[str, str]
    """The interface, by key; `{name}` is filled in."""
    bounds: Mapping[str, tuple[str, ...]]
    """Words that carry each bound; the first one is what the builder writes."""
    numbers: Mapping[str, Fraction]
    """Number words: `three` → 3."""
    scales: Mapping[str, int]
    """`million` → 6."""
    units: Mapping[str, Mapping[str, Any]]
    """By unit: `symbol`, `before` or `after`, `one`, `other`, `words` that name it in prose."""
    names: tuple[str, ...]
    """Patterns of names and codes whose digits are not numbers: `Mavic 3`, `G20`."""
    values: Mapping[str, Mapping[str, str]]
    """Words for the data's own terms: column → value → word (`outcome: {seized: held by customs}`)."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Titles of the data's columns, by `column` or `table.column`; those that are not here keep the title that the data give."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A link in an author's text: `[at least 37](figure:labelled_drones)`."""

    scheme: str
    """`figure`, `total`, `record`, `source`, `claim`, `chart`, `exempt`, `page`, or that of a URL."""
    target: str
    text: str
    title: str
    location: Location
    """Of the text's first character."""
    target_location: Location
    """Of the target's first character, after the scheme."""
    sentence: str = ""
    """The sentence in which it stands, as a reader sees it."""
    rest: str = ""
    """What belongs to its number and stands outside of it: `million`."""


@dataclass(frozen=True, slots=True)
class Loose:
    """A number in prose that nothing backs."""

    text: str
    location: Location


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """One text of an author that goes to a page, parsed once."""

    role: str
    """Which text it is: `title`, `body`, `because.0.needs`, …"""
    text: Text
    language: str
    block: bool
    """True for Markdown of several paragraphs, False for a line of it."""
    bindings: tuple[Binding, ...]
    charts: tuple[Binding, ...]
    """Charts placed, in order; the binding's text is the alt text."""
    loose: tuple[Loose, ...]
    tokens: Any
    """markdown-it's, for the renderer in `prose` alone."""
    plain: str
    """Without any markup: for titles, feeds and descriptions."""


@dataclass(frozen=True, slots=True)
class Use:
    """One place in the words that leans on a figure, a total, a record, a source, a claim or a chart."""

    scheme: str
    """As in a binding; `premise` where a verdict is computed from the figure, `judgement` where one rests on the source."""
    target: str
    language: str
    kind: str
    """Of the owner: `claim`, `page`, `figure` or `chart`."""
    name: str
    """Slug or id of the owner."""
    role: str
    """Which of its texts."""
    location: Location
    text: str = ""
    """The bound words."""
    sentence: str = ""
    """The whole sentence, as a reader sees it; of a premise, the test."""


Operator = Literal[">=", ">", "<=", "<", "=="]


@dataclass(frozen=True, slots=True)
class Premise:
    """What a verdict rests on and the builder can compute."""

    figure: str
    """Id in `data/figures.yaml`."""
    operator: Operator
    """How the figure is compared with the value."""
    value: str
    """The number that it is compared with, in digits."""
    expect: Outcome
    """What the comparison must give for the verdict to stand."""
    needs: str
    """What the claim needs to be true, in words."""
    shows: str
    """What the records show, in words."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a verdict rests on and only a person can judge."""

    judgement: str
    """What was judged, in a sentence."""
    sources: tuple[str, ...]
    """Ids in `sources.csv`; at least one."""
    reason: str
    """Why it was judged so."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is checked."""

    statement: str
    """Id in `statements.csv`."""
    says: str
    """The claim in a sentence of ours, marked as a paraphrase."""
    repeated: tuple[str, ...] = ()
    """Ids of further statements that say the same."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Whether the one who is criticised was asked."""

    sought: Literal["no", "yes"]
    """Whether we asked."""
    when: str = ""
    """Day on which we asked, as 2026-11-23; needed when `sought` is `yes`."""
    answer: str = ""
    """What was answered, in Markdown."""


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of a page's history. Frozen: its numbers are never held to the data again."""

    date: str
    """Day of the change, as 2026-11-23."""
    kind: Literal["correction", "data", "verdict"]
    """`correction`: we were wrong; `data`: a number moved; `verdict`: the rating changed."""
    before: str
    """What the page said before."""
    now: str
    """What it says now."""
    why: str
    """Why it changed, in words that a reader may see."""
    figures: tuple[str, ...] = ()
    """Ids of the figures, totals or records whose number moved."""


def last_change(published: str, history: tuple[Change, ...]) -> str:
    """The day on which a page's meaning last moved: nothing else moves it. Empty when no day is earned."""
    return max((published, *(change.date for change in history)))


@dataclass(frozen=True, slots=True)
class ClaimFront:
    """The front matter of a claim file. The field names are what a journalist writes."""

    title: str
    """The finding: who said what, and what the records show."""
    claim: Said
    """What is checked."""
    summary: str
    """The finding in two or three sentences."""
    rating: str
    """The verdict: a word of the scale in `site/site.yaml`."""
    because: tuple[Premise | Judgement, ...]
    """What the verdict rests on: premises that are computed, and judgements."""
    cannot_show: tuple[str, ...]
    """What the records cannot show."""
    would_change: tuple[str, ...]
    """What would change the verdict."""
    reply: Reply
    """Whether the one who is criticised was asked."""
    sources: tuple[str, ...]
    """Ids in `sources.csv` of what the page rests on."""
    reviewed: str
    """Day of the last review, as 2026-11-23."""
    status: Literal["draft", "in_review", "embargoed", "published", "withdrawn"]
    """Who may see the page."""
    published: str = ""
    """Day of publication, as 2026-11-23; needed when the status is `published` or `embargoed`."""
    embargo: str = ""
    """The instant from which on an embargoed claim is as good as published, with its zone: 2026-11-23T09:00+01:00."""
    key_figures: tuple[str, ...] = ()
    """Ids of the figures that stand out on the page; at most three."""
    right: str = ""
    """What is right in the claim."""
    then: str = ""
    """What was public by the day of the statement."""
    later: str = ""
    """What came later: it tests whether the statement was true, never whether it was honest."""
    tags: tuple[str, ...] = ()
    """Words by which claims are grouped."""
    history: tuple[Change, ...] = ()
    """What changed since publication; readers see it."""

    @property
    def public(self) -> bool:
        """True when readers may see it; of any other claim not even the name appears in what is published."""
        return self.status in ("published", "withdrawn")

    @property
    def unfinished(self) -> bool:
        """True while it is written and judged: it may be short, and needs no translation yet."""
        return self.status in ("draft", "in_review")

    @property
    def changed(self) -> str:
        """The day on which the page's meaning last moved."""
        return last_change(self.published, self.history)


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """One checked claim. In another language than the first: its original, with the words that are translated."""

    slug: str
    language: str
    path: str
    front: ClaimFront
    passages: Mapping[str, Passage]
    places: Mapping[str, Location]
    """Where each field of the front matter stands, by its role."""


@dataclass(frozen=True, slots=True)
class PageFront:
    """The front matter of a standing page."""

    title: str
    """Heading of the page."""
    description: str
    """What the page is about, in a sentence: for search engines and feeds."""
    nav: str = ""
    """Its word in the navigation; empty keeps it out."""
    published: str = ""
    """Day of publication, as 2026-11-23, where it is told."""
    history: tuple[Change, ...] = ()
    """What changed since publication; readers see it."""

    @property
    def changed(self) -> str:
        """The day on which the page's meaning last moved; empty when no day is earned."""
        return last_change(self.published, self.history)


@dataclass(frozen=True, slots=True, eq=False)
class StandingPage:
    """A page that is not a claim: method, about, …; `index` is the home page's words."""

    slug: str
    language: str
    path: str
    front: PageFront
    passages: Mapping[str, Passage]
    places: Mapping[str, Location] = field(default_factory=dict)
    """Where each field of the front matter stands, by its role."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """From which text a translation was made."""

    words: str
    """Hash of the words of the original, as they then stood."""
    rating: str
    """Of a claim: its rating, as it then stood; else empty."""
    location: Location


@dataclass(frozen=True, slots=True, eq=False)
class Translation:
    """A claim or standing page in another language than the first: words, and nothing else."""

    slug: str
    language: str
    path: str
    stamp: Stamp | None
    """None where it cannot be read, which is a problem of its own."""
    passages: Mapping[str, Passage]
    places: Mapping[str, Location]


@dataclass(frozen=True, slots=True, eq=False)
class FrozenPage:
    """A claim's page as it stood until its verdict changed: an input of its own, under `content/archive/`."""

    language: str
    slug: str
    day: str
    """ISO date: that of the change, until which it stood."""
    path: str
    raw: bytes

    @property
    def address(self) -> str:
        """Where it stands in its language."""
        return f"claims/{self.slug}/{self.day}/"


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """All of `content/`."""

    languages: Mapping[str, Language]
    claims: Mapping[str, Mapping[str, Claim]]
    """By language, then slug, in the order of their names."""
    pages: Mapping[str, Mapping[str, StandingPage]]
    figure_words: Mapping[str, Mapping[str, Mapping[str, Passage]]]
    """By language, then figure: `label` and `about`."""
    chart_words: Mapping[str, Mapping[str, Mapping[str, Passage]]]
    """By language, then chart: `title`, `alt`, `caption`, `how`."""
    record_words: Mapping[str, Mapping[str, Mapping[str, Text]]] = field(default_factory=dict)
    """By language, row and column: what the data say in words of their own, translated."""
    translations: Mapping[str, Mapping[tuple[str, str], Translation]] = field(default_factory=dict)
    """By language, then kind (`claim`, `page`) and slug: as read, before they are filled up from their originals."""
    stamps: Mapping[tuple[str, str, str], Stamp] = field(default_factory=dict)
    """By language, kind (`figure`, `chart`) and id: from which words those of another language were made."""
    stale: frozenset[tuple[str, str, str]] = frozenset()
    """Language, kind and name of each translation whose original has other words by now."""
    coverage: Mapping[str, int] = field(default_factory=dict)
    unread: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By language: claims whose file is there and cannot be read. What leads to one leads somewhere."""
    figure_places: Mapping[str, Mapping[str, Location]] = field(default_factory=dict)
    """By language and figure: where its words begin."""
    record_places: Mapping[str, Mapping[str, Location]] = field(default_factory=dict)
    """By language and row: where its translated words begin."""
    frozen: tuple[FrozenPage, ...] = ()
    """By language, slug and day."""
    frozen_styles: Files = field(default_factory=dict)
    """The stylesheets of the frozen pages, by path of the input."""


# --- the looks -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rating:
    """One word of the scale."""

    id: str
    number: int | None
    """For ClaimReview, 1 (contradicted) to 7 (supported); None where there is no number."""
    adverse: bool
    """True when it says that the speaker is wrong: rule on companies applies."""
    shape: str
    """Drawn beside the word, so that colour is never alone."""
    words: Mapping[str, str]
    """By language."""
    means: Mapping[str, str]
    """By language."""


@dataclass(frozen=True, slots=True)
class Theme:
    """All of `site/`."""

    name: str
    url: str
    """Absolute address of the site, or empty: then whatever must be absolute is left out."""
    publisher: str
    contact: str
    corrections: str
    funding: str
    first_language: str
    ratings: Mapping[str, Rating]
    templates: Mapping[str, str]
    """By name (`claim.html`, `parts/badge.html`)."""
    styles: str
    """The whole stylesheet."""
    assets: Files
    """By path in the site (`assets/icon.svg`)."""
    moved: Mapping[str, str] = field(default_factory=dict)
    """Old address of a page to its new one, both from the site's root."""

    @property
    def published(self) -> bool:
        """False until the owner has filled in who publishes: then every page says so."""
        return all((self.publisher, self.contact, self.corrections, self.funding))


# --- what is made ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart, drawn."""

    id: str
    title: str
    """The finding."""
    language: str
    """Of its words."""
    svg: str
    """To be inlined: ids prefixed, colours as CSS variables with a fallback."""
    standalone: str
    """To be downloaded, and what the PNG is made of: literal colours."""
    spec: str
    """Vega-Lite JSON."""
    header: tuple[str, ...]
    """Of the table under the chart."""
    rows: tuple[tuple[str, ...], ...]
    """Every number of the chart, as it is told on the page."""
    figures: tuple[str, ...]
    """Figures drawn."""
    records: tuple[tuple[str, str], ...]
    """Table and id of every row drawn."""
    view: str = ""
    """JSON from which the page's script makes the interactive view, where the chart has one."""

    @property
    def size(self) -> tuple[str, str]:
        """Width and height of the standalone picture in pixels, as its first tag says; its PNG is larger alike."""
        tag = self.standalone.partition(">")[0]
        width, height = (tag.partition(f' {side}="')[2].partition('"')[0] for side in ("width", "height"))
        return width, height


@dataclass(frozen=True, slots=True)
class Margin:
    """How many rows must be wrong before a premise falls."""

    least: int | None
    """The fewest rows without which it falls; 0 when it gives another result as it is, None when no such set is known."""
    of: int
    """All rows behind the figure, those of its parts included, each once."""
    rows: tuple[tuple[str, str], ...]
    """Table and id of one set of `least` rows, in the order of the figure."""
    more_than: int
    """It is proved that no set of so many rows, or of fewer, will do: one less than `least`, where that is known."""
    declarations: bool
    """True when there are rows and each is a single declaration."""
    groups: int
    """How many of the rows are groups."""
    totals: int
    """How many of the rows are reported totals."""

    @property
    def never(self) -> bool:
        """True when no removal of rows makes the premise fall."""
        return self.least is None and self.more_than == self.of


@dataclass(frozen=True, slots=True)
class Slack:
    """How much of an amount must fall before a premise that rests on its lower end does."""

    low: Fraction
    """The amount at its lower end."""
    fall: Fraction
    """By how much it must fall."""
    more_than: bool
    """True when it must fall by more than `fall`; `fall` 0 then means: by anything."""
    whole: bool
    """True when the amount is counted in whole things: `fall` is then the least whole number that will do."""


@dataclass(frozen=True, slots=True)
class Robustness:
    """What it would take for a premise to fall. "Wrong" means removed."""

    margin: Margin
    slack: Slack | None
    """None where the premise does not rest on the lower end of one amount."""
    needed: tuple[str, ...]
    """Sources without which, and without what merely repeats them, it falls: first those that stand for themselves."""


@dataclass(frozen=True, slots=True)
class PremiseResult:
    """A computed premise, evaluated."""

    premise: Premise
    index: int
    """Its place in `because`."""
    outcome: Outcome
    figure: Figure
    robustness: Robustness
    """What it would take for it to give another result."""

    @property
    def expected(self) -> bool:
        """True when the result is the one that the verdict needs."""
        return self.outcome == self.premise.expect


@dataclass(frozen=True, slots=True)
class Verdict:
    """A claim's rating with what it rests on."""

    slug: str
    rating: str
    premises: tuple[PremiseResult, ...]
    needed: tuple[str, ...]
    """Sources without which a premise falls or a judgement rests on nothing: first those that stand for themselves."""

    @property
    def computed(self) -> bool:
        """False when the page must say "judged, not computed"."""
        return bool(self.premises)


@dataclass(frozen=True, slots=True)
class Page:
    """Which page stands where, before it is drawn."""

    address: str
    """`en/claims/x/`: relative to the site's root, ending in `/` or in a file name."""
    template: str
    language: str
    title: str
    values: Mapping[str, Any]
    """What the template is given."""

    @property
    def path(self) -> str:
        """The file that it is written to."""
        return self.address + "index.html" if self.address.endswith("/") or not self.address else self.address


Site = Mapping[str, bytes]
"""What is published: posix paths relative to the output folder, to their bytes."""

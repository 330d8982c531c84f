"""What stands on what: source → row → figure → sentence, chart, premise → claim, walked both ways.

Made of what a study knows and of nothing else, so pages, `trace` and `diff` cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from builder.model import RECORDS, Dataset, Figure, Use

Node = tuple[str, str]
"""`("figure", "labelled_drones")`; the kinds are `source`, `record`, `company`, `figure`, `chart`, `claim`, `page`."""

WORDS = ("claim", "page")
"""Where a walk upwards ends: what leans on a page's words leans on the page, not on its ground."""
_NODES = {"total": "record", "premise": "figure", "judgement": "source"}
"""Kind of node that a scheme leads to, where it is not the scheme itself."""


@dataclass(frozen=True, slots=True)
class Tie:
    """One thing leans on another."""

    user: Node
    used: Node
    how: str
    """`repeats`, `reported_by`, `counts`, `counts_in_part`, `inside`, `part`, `draws`, or the scheme of `use`."""
    use: Use | None = None
    """The sentence, where it is one that leans."""


@dataclass(frozen=True, slots=True, eq=False)
class Lineage:
    """All ties, by their lower and by their upper end."""

    below: Mapping[Node, tuple[Tie, ...]]
    """By what leans: all that it leans on."""
    above: Mapping[Node, tuple[Tie, ...]]
    """By what is leant on: all that leans on it."""
    nodes: frozenset[Node] = field(default_factory=frozenset)

    def leaning(self, *nodes: Node) -> tuple[Tie, ...]:
        """Every tie by which something leans on the nodes, directly or through rows, figures and charts."""
        return tuple(self._walk(nodes, self.above, upwards=True))

    def ground(self, *nodes: Node) -> tuple[Tie, ...]:
        """Every tie by which the nodes stand on something, directly or through it."""
        return tuple(self._walk(nodes, self.below, upwards=False))

    def _walk(self, nodes: Iterable[Node], ties: Mapping[Node, tuple[Tie, ...]], upwards: bool) -> Iterator[Tie]:
        waiting, seen = list(nodes), set(nodes)
        for node in waiting:
            for tie in ties.get(node, ()):
                yield tie
                other = tie.user if upwards else tie.used
                if other not in seen and other[0] not in WORDS:
                    seen.add(other)
                    waiting.append(other)


class Lineages(Mapping[str, Lineage]):
    """Those of some languages, by code, each made when somebody first asks: a page that is looked at alone may need none."""

    def __init__(self, codes: Iterable[str], make: Callable[[str], Lineage]) -> None:
        self._codes, self._make = tuple(codes), make
        self._made: dict[str, Lineage] = {}

    def __getitem__(self, code: str) -> Lineage:
        if code not in self._codes:
            raise KeyError(code)
        if code not in self._made:
            self._made[code] = self._make(code)
        return self._made[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)


def make_lineage(
    dataset: Dataset,
    figures: Mapping[str, Figure],
    uses: Iterable[Use],
    drawn: Mapping[str, tuple[Iterable[str], Iterable[tuple[str, str]]]],
) -> Lineage:
    """The lineage of a site. `drawn` gives for each chart its figures and its rows (table and id)."""
    below: dict[Node, list[Tie]] = {}
    above: dict[Node, list[Tie]] = {}
    found = (*_ties_of_rows(dataset), *_ties_of_figures(figures), *_ties_of_charts(drawn), *_ties_of_words(uses))
    for tie in dict.fromkeys(found):
        below.setdefault(tie.user, []).append(tie)
        above.setdefault(tie.used, []).append(tie)
    nodes = frozenset((*_nodes_of(dataset, figures), *below, *above))
    return Lineage(_frozen(below), _frozen(above), nodes)


def _frozen(ties: Mapping[Node, list[Tie]]) -> dict[Node, tuple[Tie, ...]]:
    return {node: tuple(found) for node, found in ties.items()}


def node_of_row(table: str, row_id: str) -> Node:
    """The node of a row."""
    return {"sources": "source", "entities": "company"}.get(table, "record"), row_id


def _nodes_of(dataset: Dataset, figures: Mapping[str, Figure]) -> Iterator[Node]:
    for table in dataset.tables.values():
        if table.name in (*RECORDS, "sources", "entities"):
            for row_id in table.rows:
                yield node_of_row(table.name, row_id)
    for name in figures:
        yield "figure", name


def _ties_of_rows(dataset: Dataset) -> Iterator[Tie]:
    for name in (*RECORDS, "entities"):
        table = dataset.tables.get(name)
        for row in table.rows.values() if table else ():
            for source in row.values.get("sources") or ():
                yield Tie(node_of_row(name, row.id), ("source", source), "reported_by")
    sources = dataset.tables.get("sources")
    for row in sources.rows.values() if sources else ():
        if repeated := row.values.get("reports_on"):
            yield Tie(("source", row.id), ("source", repeated), "repeats")


def _ties_of_figures(figures: Mapping[str, Figure]) -> Iterator[Tie]:
    for figure in figures.values():
        node, selection = ("figure", figure.id), figure.selection
        for row in selection.full:
            yield Tie(node, node_of_row(selection.table, row), "counts")
        for row, _ in selection.partial:
            yield Tie(node, node_of_row(selection.table, row), "counts_in_part")
        for row, _ in selection.inside:
            yield Tie(node, node_of_row(selection.table, row), "inside")
        for part in figure.definition.parts:
            yield Tie(node, ("figure", part), "part")


def _ties_of_charts(drawn: Mapping[str, tuple[Iterable[str], Iterable[tuple[str, str]]]]) -> Iterator[Tie]:
    for chart, (names, rows) in drawn.items():
        for name in names:
            yield Tie(("chart", chart), ("figure", name), "draws")
        for table, row in rows:
            yield Tie(("chart", chart), node_of_row(table, row), "draws")


def _ties_of_words(uses: Iterable[Use]) -> Iterator[Tie]:
    for use in uses:
        kind = _NODES.get(use.scheme, use.scheme)
        if kind in ("figure", "record", "source", "claim", "chart", "page"):
            yield Tie((use.kind, use.name), (kind, use.target), use.scheme, use)

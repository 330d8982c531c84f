"""What leans on a row, a source or a figure, as its page shows it: verdicts, figures, charts, sentences. Only what is public."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from builder.lineage import Lineage, Node, Tie
from builder.shelf import Mention, Shelf, mention_chart, mention_figure, mention_user

_WORDS = ("figure", "total", "record", "source", "chart")
"""Schemes of the ties that stand in a sentence."""
_VERDICTS = ("premise", "judgement")


@dataclass(frozen=True, slots=True)
class Speaker:
    """A claim or page with its sentences that lean on something."""

    mention: Mention
    sentences: tuple[str, ...]
    """As a reader sees them, in the order of the text; none where it is named without one."""


@dataclass(frozen=True, slots=True)
class Leaning:
    """All that leans on something, directly or through rows and figures."""

    verdicts: tuple[Mention, ...]
    """Claims whose premises or judgements rest on it."""
    figures: tuple[Mention, ...]
    charts: tuple[Mention, ...]
    speakers: tuple[Speaker, ...]
    """Claims first, each with its sentences."""
    cut: bool
    """True when there are more sentences than are shown: the pages of the figures have them."""


def leaning_on(shelf: Shelf, node: Node, most: int | None = None) -> Leaning:
    """What leans on the node; with `most`, at most so many sentences, those nearest to it."""
    ground = _ground_of(shelf.lineage, node)
    ties = [tie for one in ground for tie in shelf.lineage.above.get(one, ()) if tie.use and _is_public(shelf, tie)]
    shown = ties[:most]
    figures, charts = ({name for kind, name in ground[1:] if kind == wanted} for wanted in ("figure", "chart"))
    return Leaning(
        verdicts=_mentions(shelf, (tie.user for tie in shown if tie.how in _VERDICTS)),
        figures=tuple(mention_figure(shelf, name) for name in shelf.figures if name in figures),
        charts=tuple(mention_chart(shelf, name) for name in shelf.drawings if name in charts),
        speakers=_speakers(shelf, shown),
        cut=len(shown) < len(ties),
    )


def _is_public(shelf: Shelf, tie: Tie) -> bool:
    """A draft must not even push a public sentence off the page."""
    kind, name = tie.user
    return (kind == "claim" and name in shelf.claims) or (kind == "page" and name in shelf.standing)


def _ground_of(lineage: Lineage, node: Node) -> tuple[Node, ...]:
    """The node, then all through which words can lean on it: rows, figures and charts."""
    found = {node: None}
    waiting = [node]
    for one in waiting:
        for tie in lineage.above.get(one, ()):
            user = tie.user
            if user not in found and (tie.use is None or user[0] == "chart"):
                found[user] = None
                waiting.append(user)
    return tuple(found)


def _mentions(shelf: Shelf, nodes: Iterable[Node]) -> tuple[Mention, ...]:
    found = (mention_user(shelf, node) for node in dict.fromkeys(nodes))
    return tuple(mention for mention in found if mention)


def _speakers(shelf: Shelf, ties: Iterable[Tie]) -> tuple[Speaker, ...]:
    told: dict[Node, dict[str, None]] = {}
    for tie in ties:
        if tie.use is None or tie.how not in _WORDS:
            continue
        sentences = told.setdefault(tie.user, {})
        if tie.use.sentence:
            sentences[tie.use.sentence] = None
    speakers = [
        Speaker(mention, tuple(sentences)) for user, sentences in told.items() if (mention := mention_user(shelf, user))
    ]
    return tuple(sorted(speakers, key=lambda speaker: speaker.mention.scheme != "claim"))

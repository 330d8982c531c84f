"""What `declared new` asks, in plain words. Each question is a flag of the command too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_LONGEST = 12
"""Ids that are shown beside a question; of more, only the one most like the answer is."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that only a person can say."""

    name: str
    """Of the answer; `--name` is its flag."""
    asks: str
    needed: bool = False
    choices: tuple[str, ...] = ()
    """The answer is one of these."""
    ids: tuple[str, ...] = ()
    """The answer names one of these, or several where `several`."""
    several: bool = False
    missing: str = ""
    """What an empty answer means."""
    again: tuple[str, ...] = ()
    """Answers that are asked for anew with this one, because the fault may be theirs."""

    @property
    def shown(self) -> str:
        """The question as a person reads it, with what may be answered."""
        offered = self.choices or self.ids
        listed = f" ({', '.join(offered)})" if 0 < len(offered) <= _LONGEST or self.choices else ""
        return self.asks + listed + ("" if self.needed else f" [empty: {self.missing or 'none'}]")


OF_STATEMENT = {
    "date": "On which day was it said? As 2023-04-19; of a month, its first day",
    "precision": "How exactly is that known?",
    "speaker": "Who said it?",
    "speaker_original": "The speaker's name in the original script?",
    "office": "In which office?",
    "entity": "Which company or body of data/entities.csv is that?",
    "side": "For whom does the speaker speak?",
    "about": "What is it about?",
    "denial": "Is it a denial?",
    "occasion": "On what occasion?",
    "kind": "Are the very words known (quotation), or does somebody report them (reported_speech)?",
    "original": "The original words, verbatim and without quotation marks?",
    "language": "In which language are the original words? As en, zh, ru",
    "english": "The words in English, as the translator has them?",
    "translator": "Who translated them?",
    "gist": "In short, in a sentence of ours?",
    "sources": "Which sources hold it? Ids of data/sources.csv, with commas between",
    "confidence": "What was seen of it?",
    "note": "Anything that a reader must know of it?",
}
"""About a statement that has no row yet."""
_SOURCE = {
    "kind": "What kind of source is it?",
    "publisher": "Who published it?",
    "title": "Its title, as it is printed?",
    "author": "Who wrote it?",
    "published": "When was it published? As 2023, 2023-04 or 2023-04-19",
    "url": "Its address, in full?",
    "archive_url": "The address of an archived copy?",
    "language": "In which language? As en, zh, ru",
    "seen": "Did you see it yourself (primary), or what others say of it (secondary)?",
    "saw": "What of it was seen?",
    "reports_on": "Does it only repeat another source? The id of that one",
    "note": "Anything that a reader must know of it?",
}
QUESTIONS: Mapping[str, Mapping[str, str]] = {
    "claim": {
        "title": "The title: the finding, in a sentence?",
        "says": "The claim, in a sentence of ours?",
        "statement": "Which statement is checked? Its id in data/statements.csv",
        "add": "Shall it be added to data/statements.csv?",
        **OF_STATEMENT,
    },
    "source": _SOURCE,
    "figure": {
        "measure": "What is measured?",
        "of": "In which table?",
        "column": "Which column is measured?",
        "parts": "Of which two figures? Their ids, with a comma between",
        "unit": "In what is it counted?",
        "where": "Which rows? As column=value, with ; between, and | between several values",
        "between": "In which period? As 2022-12-01..2023-04-30",
        "disjoint": "The rows are of different reporters. Why can they not overlap?",
        "overlapping": "Why may they overlap? Then only the largest floor counts",
        "label": "What is it called on its page?",
        "about": "What does it count, and what not? In a sentence or two",
    },
    "language": {
        "name": "What is the language called, in the language itself?",
        "locale": "Its locale, for numbers and dates? As en_GB, zh_Hans",
        "direction": "In which direction is it written?",
    },
}
"""By kind of thing: everything that may be asked, in its order. Each is a flag of the command too."""

"""Tells what a rule asks for and why, with an example before and after.

The examples stand in `examples.yaml` beside this module; the tests hold each to a broken site that raises its rule.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from builder import documents
from builder.diagnostics import RULES, Rule

_EXAMPLES = Path(__file__).with_name("examples.yaml")

LETTERS = {
    "D": "data",
    "C": "content",
    "B": "binding: numbers in texts",
    "V": "verdict",
    "T": "theme: settings and looks",
    "S": "site: finished pages",
    "H": "history: what a change owes its readers",
}
"""What the first letter of a code means, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Example:
    """How a rule is broken and kept: one entry of `examples.yaml`."""

    file: str
    """Which kind of file it is about."""
    wrong: str
    """As somebody would have written it, or what is wrong, in words."""
    right: str
    """The same, mended; empty where it is taken out."""
    why: str
    """Why the rule exists, and what to do."""


@cache
def read_examples() -> Mapping[str, Example]:
    """The example of each rule, by its code."""
    tree, problems = documents.read_yaml(_EXAMPLES.name, _EXAMPLES.read_bytes())
    assert tree is not None, problems
    examples, _, wrong = documents.read_as(tree, dict[str, Example])
    assert examples is not None, wrong
    return examples


def find_rule(code: str) -> Rule | None:
    """The rule of that code, in capital letters or small ones; None when there is none."""
    return RULES.get(code.strip().upper())


def readable(text: str) -> str:
    """A sentence of the table with each gap as a word that is plainly to be filled in: `{id}` as `‹id›`."""
    return re.sub(r"\{(\w+)\}", r"‹\1›", text)


def cure_of(rule: Rule) -> str:
    """The cure with readable gaps; empty where it is told only at the place itself."""
    return "" if re.fullmatch(r"\{\w+\}", rule.cure) else readable(rule.cure)


def format_text(rule: Rule) -> str:
    """All about one rule, for a terminal."""
    example = read_examples()[rule.code]
    parts = [f"{rule.code} {rule.severity}: {readable(rule.sentence)}"]
    if cure := cure_of(rule):
        parts.append(_indent(cure))
    parts.append(f"Why: {example.why}")
    parts.append(f"Wrong, in {example.file}:\n{_indent(example.wrong)}")
    parts.append(f"Right:\n{_indent(example.right or '(taken out)')}")
    return "\n\n".join(parts)


def format_list() -> str:
    """Every rule in one line, under what its letter means."""
    blocks = []
    for letter, meaning in LETTERS.items():
        rules = [rule for code, rule in RULES.items() if code[0] == letter]
        lines = [f"  {rule.code} {rule.severity:<7} {readable(rule.sentence)}" for rule in rules]
        blocks.append("\n".join([f"{letter}  {meaning}", *lines]))
    return "\n\n".join(blocks)


def format_json(rules: tuple[Rule, ...]) -> str:
    """A JSON list, one object a rule."""
    examples = read_examples()
    told = [
        {
            "code": rule.code,
            "severity": rule.severity,
            "sentence": readable(rule.sentence),
            "cure": cure_of(rule),
            "why": examples[rule.code].why,
            "file": examples[rule.code].file,
            "wrong": examples[rule.code].wrong,
            "right": examples[rule.code].right,
        }
        for rule in rules
    ]
    return json.dumps(told, ensure_ascii=False, indent=2)


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.splitlines())

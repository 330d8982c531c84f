"""Each rule is taught by an example that is held to what is true: the wrong text raises it, the right one does not."""

from __future__ import annotations

import json
import re
import textwrap
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from conftest import ROOT
from small_site import SITES, apply_changes, broken_site, build_from, past_site, small_site

from builder import explain
from builder.diagnostics import RULES
from builder.diff import diff
from builder.owed import check_owed
from builder.study import study

if TYPE_CHECKING:
    from collections.abc import Mapping

TOLD_IN_WORDS = {
    "D001": "a table that is not there",
    "D002": "bytes that are no text",
    "D003": "a mark that cannot be seen",
    "D015": "61 words",
    "D016": "line endings that cannot be seen",
    "D017": "a character that cannot be seen",
    "D030": "a character that cannot be seen",
    "D032": "where a file lies",
    "C007": "what is not there",
    "C008": "what is not there",
    "C010": "128 kB",
    "C016": "a body too short",
    "C017": "a line that is not there",
    "C021": "the name of a file",
    "C025": "thousands of brackets",
    "C026": "where a file lies",
    "C033": "the name of a file",
    "C034": "the name of a file",
    "C036": "a stylesheet that is not there",
    "C037": "a file that is not there",
    "C038": "a whole translation",
    "C042": "a line that is not there",
    "T001": "a file that is not there",
    "T003": "a file that is not there",
    "T008": "where a file lies",
    "S003": "where a file lies",
    "H003": "a page that is not kept",
    "H006": "a row that is gone",
    "H007": "a page that the builder must mend",
    "H009": "a page that the builder must put back",
}
"""Rules that no text can show, each with what would have to be shown."""
COMES_TO_LIGHT = {
    "D023": {"B003"},  # the figure is computed again, and a text tells what it was
    "D025": {"B003", "B005"},  # the same, and the text tells a day
    "V007": {"B010"},  # the site without its text uses few figures
}
"""What the right text lets the builder find, because it can read on."""
SHOWN = sorted(RULES.keys() - TOLD_IN_WORDS.keys())
UPDATES = sorted((ROOT / "tests" / "updates").iterdir())


@cache
def raised(name: str) -> list[str]:
    """The codes that a broken site raises: the expectations are held to the truth in test_diagnostics."""
    text = (SITES / "broken" / name / "expected.txt").read_text(encoding="utf-8")
    return re.findall(r"^\S+: ([A-Z]\d{3}) (?:error|warning): ", text, re.MULTILINE)


def mended(files: Mapping[str, bytes], kind: str, wrong: str, right: str) -> list[dict[str, bytes]]:
    """The files with the right text in the place of the wrong one, once for each file of that kind that holds it."""
    parts = re.split(r"<[a-z]+>", kind)
    pattern = re.compile("[^/]+".join(re.escape(part) for part in parts))
    out = []
    for path in filter(pattern.fullmatch, files):
        text = files[path].decode("utf-8", "replace")
        for depth in (0, 2, 4):
            found, put = (textwrap.indent(each, " " * depth) for each in (wrong, right))
            if found in text:
                out.append({**files, path: text.replace(found, put, 1).encode()})
                break
    return out


def owed(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[str]:
    old, new = study(before), study(after)
    return [due.found.code for due in check_owed(old, new, diff(old, new, None, None))]


def judge(name: str, code: str, before: list[str], after: list[str]) -> str:
    """Mended is what breaks the rule less often than before, and no other rule."""
    done = after.count(code) < before.count(code) and set(after) <= set(before) | COMES_TO_LIGHT.get(code, set())
    return f"{name} is {'mended' if done else f'still broken: {before} → {after}'}"


def proofs_of(code: str) -> list[str]:
    """Every place where the example stands, as it is told whether the right text mends it."""
    example = explain.read_examples()[code]
    out = []
    if code.startswith("H"):
        for folder in UPDATES:
            plan: dict[str, Any] = yaml.safe_load((folder / "change.yaml").read_text(encoding="utf-8"))
            if code in plan["owed"]:
                before = apply_changes(past_site() if plan.get("past") else small_site(), plan.get("before", []))
                after = apply_changes(dict(before), plan["changes"])
                for files in mended(after, example.file, example.wrong, example.right):
                    out.append(judge(folder.name, code, plan["owed"], owed(before, files)))
        return out
    for folder in sorted((SITES / "broken").iterdir()):
        if code in raised(folder.name):
            for files in mended(broken_site(folder)[0], example.file, example.wrong, example.right):
                left = [found.code for found in build_from(files).problems]
                out.append(judge(folder.name, code, raised(folder.name), left))
    return out


def test_every_rule_has_an_example_and_nothing_else_has() -> None:
    assert list(explain.read_examples()) == list(RULES)
    assert TOLD_IN_WORDS.keys() <= RULES.keys()


@pytest.mark.parametrize("code", SHOWN)
def test_the_wrong_text_raises_the_rule_and_the_right_one_does_not(code: str) -> None:
    proofs = proofs_of(code)
    assert proofs, "no broken site that raises the rule holds the wrong text"
    assert any(proof.endswith("is mended") for proof in proofs), proofs


@pytest.mark.parametrize("code", sorted(TOLD_IN_WORDS))
def test_what_is_told_in_words_stands_in_no_broken_site(code: str) -> None:
    assert proofs_of(code) == [], "it can be shown as text: take it off the list"


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_reason_is_one_or_two_plain_sentences(code: str) -> None:
    why = explain.read_examples()[code].why
    sentences = re.findall(r"[.?!](?= |$)", why)
    assert 1 <= len(sentences) <= 3, why
    assert len(why) <= 240, why
    assert why != RULES[code].cure
    assert not re.search(r"[{}\n]", why)


# --- how they are told --------------------------------------------------------------------------


def test_a_rule_is_told_whole() -> None:
    rule = explain.find_rule("b008")
    assert rule is not None
    assert explain.format_text(rule).split("\n") == [
        "B008 error: An exemption needs its reason.",
        "",
        '    Write [‹text›](exempt: "why this number needs no figure").',
        "",
        "Why: An exemption takes a number out of the check. Whoever reads the text later must see why that is right.",
        "",
        "Wrong, in content/<language>/claims/<claim>.md:",
        "    [26](exempt:)",
        "",
        "Right:",
        '    [26](exempt: "brands, as the invented report counts them")',
    ]


@pytest.mark.parametrize("code", ["C005", "D021"])
def test_a_cure_that_is_told_only_at_its_place_is_left_out(code: str) -> None:
    assert "‹hint›" not in explain.format_text(RULES[code])


@pytest.mark.parametrize(("code", "found"), [("B001", "B001"), (" b001 ", "B001"), ("B999", None), ("", None)])
def test_a_rule_is_found_in_any_letters(code: str, found: str | None) -> None:
    rule = explain.find_rule(code)
    assert (rule.code if rule else None) == found


def test_the_list_names_every_rule_once_under_its_letter() -> None:
    told = explain.format_list()
    assert re.findall(r"^  ([A-Z]\d{3}) ", told, re.MULTILINE) == [
        code for letter in explain.LETTERS for code in RULES if code[0] == letter
    ]
    assert {code[0] for code in RULES} == explain.LETTERS.keys()
    assert re.findall(r"^([A-Z])  ", told, re.MULTILINE) == list(explain.LETTERS)


def test_json_holds_all_that_the_text_tells() -> None:
    told = json.loads(explain.format_json(tuple(RULES.values())))
    assert [each["code"] for each in told] == list(RULES)
    for each in told:
        text = explain.format_text(RULES[each["code"]])
        shown = re.sub(r"\s+", " ", text)
        for words in each.values():
            assert re.sub(r"\s+", " ", words) in shown

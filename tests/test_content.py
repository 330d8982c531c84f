"""`content/` read: claims, pages and words as nouns, and what an author may get wrong in them."""

from __future__ import annotations

import pytest
from small_site import CLAIM, change, small_site

from builder.content import count_words, read_content
from builder.model import Claim, Judgement, Premise

WORDS = "content/en/words.yaml"


def claim() -> Claim:
    content, problems = read_content(small_site())
    assert problems == []
    return content.claims["en"]["example-denial"]


def told(files: dict[str, bytes]) -> list[str]:
    return [f"{found.location.line}:{found.location.column} {found.code}" for found in read_content(files)[1]]


def codes(files: dict[str, bytes]) -> list[str]:
    return [found.code for found in read_content(files)[1]]


def test_a_claim_is_read() -> None:
    front = claim().front
    assert front.claim.statement == "ex-denial"
    assert front.claim.repeated == ("ex-repeat",)
    premise, judgement = front.because
    assert isinstance(premise, Premise)
    assert (premise.figure, premise.operator, premise.value, premise.expect) == ("labelled_drones", ">=", "1", "holds")
    assert isinstance(judgement, Judgement)
    assert judgement.sources == ("ex-statement",)
    assert front.reply.sought == "no"
    assert front.status == "published"


def test_every_text_of_a_claim_is_a_passage() -> None:
    assert set(claim().passages) == {
        *("title", "summary", "body", "right", "claim.says", "cannot_show.0", "would_change.0"),
        *("because.0.needs", "because.0.shows", "because.1.judgement", "because.1.reason"),
    }
    assert claim().passages["right"].block
    assert not claim().passages["title"].block


def test_every_field_knows_its_place() -> None:
    lines = small_site()[CLAIM].decode().split("\n")
    places = claim().places
    for role, text in [
        ("claim.statement", "ex-denial"),
        ("rating", "contradicted"),
        ("because.0.figure", "labelled_drones"),
        ("because.1.sources.0", "ex-statement"),
        ("key_figures.1", "share_documented"),
        ("reviewed", "2026-11-23"),
    ]:
        place = places[role]
        assert lines[place.line - 1][place.column - 1 :].startswith(text), role


@pytest.mark.parametrize(
    ("find", "put", "problems"),
    [
        ("status: published\npublished: 2026-11-23\n", "status: draft\n", []),
        ("status: published\npublished: 2026-11-23\n", "status: withdrawn\n", []),
        ("published: 2026-11-23\n", 'published: ""\n', ["C014"]),
        ("published: 2026-11-23\n", "published: 2026-02-30\n", ["C009"]),
        ("reviewed: 2026-11-23\n", "reviewed: 20261123\n", ["C009"]),
        ("reviewed: 2026-11-23\n", "reviewed: 2026-W01-1\n", ["C009"]),
        ("reply: {sought: no}", "reply: {sought: no, when: soon}", ["C009"]),
        ("reply: {sought: no}", "reply: {sought: maybe}", ["C005"]),
        ("reply: {sought: no}", "reply: none", ["C005"]),
        ("tags: [drones]", "tags: [drones, [parts]]", ["C005"]),
        ("tags: [drones]", "tags: {drones: parts}", ["C005"]),
        ("tags: [drones]\n", "tags: [drones]\nhistory:\n  - {date: 2026-11-24, kind: data}\n", ["C004", "C004", "C004"]),
        ("    expect: holds", "    expect: hold", ["C005"]),
        ('    operator: ">="', '    operator: "=>"', ["C005"]),
        ("## Why this rating", "# Why this rating", ["C023"]),
    ],
)  # fmt: skip
def test_front_matter_is_held_to_its_schema(find: str, put: str, problems: list[str]) -> None:
    assert codes(change(small_site(), CLAIM, find, put)) == problems


@pytest.mark.parametrize(("words", "problems"), [(249, ["C016"]), (250, []), (600, []), (601, ["C016"]), (0, ["C016"])])
def test_a_body_has_a_length_that_is_read_to_the_end(words: int, problems: list[str]) -> None:
    files = small_site()
    front = files[CLAIM].decode().rpartition("---\n## ")[0]
    files[CLAIM] = f"{front}---\n{'word ' * words}".encode()
    assert codes(files) == problems


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("one two\nthree", 3),
        ("don’t split-hyphens", 2),
        ("中文没有空格", 3),
        ("中文 and English", 3),
        ("中", 0),
    ],
)
def test_words_are_counted(text: str, count: int) -> None:
    assert count_words(text) == count


@pytest.mark.parametrize("slug", ["Bad", "bad_name", "bad--name", "-bad", "bad-", "sub/folder", "bäd", "a b"])
def test_a_slug_is_an_address(slug: str) -> None:
    files = small_site()
    files[f"content/en/claims/{slug}.md"] = files[CLAIM]
    assert codes(files) == ["C021"]


@pytest.mark.parametrize(
    ("find", "put", "problems"),
    [
        ("code: en\n", "", ["C004"]),
        ("direction: ltr", "direction: down", ["C005"]),
        ("locale: en_GB", "locale: xx", ["C005"]),
        ("  million: 6\n", "  million: lots\n", ["C005"]),
        ("  million: 6\n", "  million: 999999999\n", ["C005"]),
        ("  seven: 7\n", "  seven: 1e9\n", ["C005"]),
        ("  seven: 7\n", "  seven: 1/0\n", ["C005"]),
        ("  seven: 7\n", "  seven: [7]\n", ["C005"]),
        ("  exact: [\"\"]\n", "  exact: []\n", ["C004"]),
        ("  exact: [\"\"]\n", "  exactly: [\"\"]\n", ["C005"]),
        ("  - '[Rr]ule \\d+'", "  - '*'", ["C022"]),
        ("  - '[Rr]ule \\d+'", "  - '(?P<digits>x)'", ["C022"]),
        ("  - '[Rr]ule \\d+'", "  - '(?i)x'", ["C022"]),
        ("  missing: not stated by the source\n", "  missing: not {0} stated\n", ["C005"]),
        ("  missing: not stated by the source\n", "  missing: 'not {stated'\n", ["C005"]),
        ("  missing: not stated by the source\n", "  missing: 'not }stated'\n", ["C005"]),
        ("  missing: not stated by the source\n", "  missing: 'not {a.b} stated'\n", ["C005"]),
        ("  missing: not stated by the source\n", "  missing: 'not {a!r} stated'\n", ["C005"]),
        ("  missing: not stated by the source\n", "  missing: [not]\n", ["C005"]),
        ("units:\n", "units: none\nx:\n", ["C003"]),
        ("  device: {one: device,", "  device: {ome: device,", ["C003"]),
    ],
)  # fmt: skip
def test_the_words_of_a_language_are_checked(find: str, put: str, problems: list[str]) -> None:
    found = codes(change(small_site(), WORDS, find, put))
    assert [code for code in problems if code not in found] == []
    assert found


@pytest.mark.parametrize(
    ("path", "text", "problems"),
    [
        ("content/en/figures.yaml", "labelled_drones: word", ["1:18 C005"]),
        ("content/en/figures.yaml", "labelled_drones: {labell: x}", ["1:19 C003"]),
        ("content/en/figures.yaml", "[]", ["1:1 C001"]),
        ("content/en/figures.yaml", "", ["1:1 C001"]),
        ("content/en/figures.yaml", "x: {label: a}\nx: {label: b}", ["2:1 C002"]),
        ("content/en/figures.yaml", "x: {label: '[a](foo:b)', about: b}", ["1:17 C020"]),
        ("content/en/charts.yaml", "documented: {title: x, titel: y}", ["1:24 C003"]),
        ("content/en/pages/about.md", "---\ntitle: x\n---\n", ["2:1 C004"]),
        ("content/en/pages/about.md", "---\n- x\n---\n", ["2:1 C001"]),
        ("content/en/pages/about.md", "", ["1:1 C007"]),
    ],
)
def test_other_words_are_checked(path: str, text: str, problems: list[str]) -> None:
    assert told({**small_site(), path: text.encode()}) == problems


def test_no_content_at_all_is_told() -> None:
    content, problems = read_content({})
    assert [found.code for found in problems] == ["D001"]
    assert not content.languages


def test_a_second_language_is_read_beside_the_first() -> None:
    files = small_site()
    for name in ("words.yaml", "figures.yaml", "charts.yaml"):
        files[f"content/uk/{name}"] = files[f"content/en/{name}"]
    files = change(files, "content/uk/words.yaml", "code: en\n", "code: uk\n")
    content, problems = read_content(files)
    assert problems == []
    assert list(content.languages) == ["en", "uk"]
    assert content.claims["uk"] == {}

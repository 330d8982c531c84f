"""Authors' Markdown: what is bound, what is loose, what is refused, where each stands, and what HTML comes of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from small_site import english

from builder.documents import read_yaml
from builder.model import Text
from builder.prose import Link, parse_passage, render_passage

if TYPE_CHECKING:
    from builder.diagnostics import Diagnostic
    from builder.model import Location, Passage


def parse(markdown: str, block: bool = True) -> tuple[Passage, list[Diagnostic]]:
    return parse_passage("body", Text(markdown, "a.md", 1, 1, markdown), english(), block)


def at(text: str, place: Location, length: int) -> str:
    return text.split("\n")[place.line - 1][place.column - 1 :][:length]


def codes(markdown: str, block: bool = True) -> list[str]:
    return [found.code for found in parse(markdown, block)[1]]


# --- loose numbers -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markdown", "loose"),
    [
        ("They sent 37 drones.", ["37"]),
        ("They sent [37](figure:x) drones.", []),
        ("They sent **37** drones.", ["37"]),
        ("They sent *3*7 drones.", ["3", "7"]),
        ("## All 37 drones", ["37"]),
        ("- 37\n- 38\n\n1. one of 39", ["37", "38", "39"]),
        ("| a | b |\n|---|---|\n| 37 | [38](figure:x) |", ["37"]),
        # what is not held to the data
        ("`37` and ``x 38``", []),
        ("    37 in code\n\n```\n38\n```", []),
        ("“37 drones” and \"38\" and ‘39’ and «40» and 「41」", []),
        ("> He said 37.\n\nBut 38.", ["38"]),
        ("Seen[^1] in 2023.\n\n[^1]: A note of 37.", ["37"]),
        ("[x](https://example.com/37 \"38\")", []),
        ("<https://example.com/37>", []),
        ("[37][a]\n\n[a]: figure:x", []),
        ("Mavic 3 and COVID-19", []),
        ("&#8211; and &amp;", []),
        # a quotation that is opened and never closed hides nothing
        ("“37 drones", ["37"]),
        ("it’s 37", ["37"]),
        ("‘it’s 37’ he said", ["37"]),
        # a link holds only its own text
        ("1[37](figure:x)", ["1"]),
        ("[37](figure:x)0", ["0"]),
        ("\\[37](figure:x)", ["37"]),
        # words for a picture
        ("![37 squares](chart:documented)", ["37"]),
        ("![[37](figure:x) squares](chart:documented)", []),
    ],
)  # fmt: skip
def test_loose_numbers_are_found(markdown: str, loose: list[str]) -> None:
    passage, _ = parse(markdown)
    assert [found.text for found in passage.loose] == loose


# --- bindings ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markdown", "binding"),
    [
        ("[at least 37](figure:x)", ("figure", "x", "at least 37", "")),
        ('[a third](figure:x "33%")', ("figure", "x", "a third", "33%")),
        (
            '[26](exempt: "brands, as the report counts them")',
            ("exempt", "", "26", "brands, as the report counts them"),
        ),
        ("[row](record:a-1)", ("record", "a-1", "row", "")),
        ("[at\nleast 37](figure:x)", ("figure", "x", "at\nleast 37", "")),
        ("[37](FIGURE:x)", ("figure", "x", "37", "")),
        ("[page](https://example.com/a?b=c#d)", ("https", "//example.com/a?b=c#d", "page", "")),
        ("[mail](mailto:a@example.com)", ("mailto", "a@example.com", "mail", "")),
        ("[part](#a-part)", ("", "#a-part", "part", "")),
        ("[37][a]\n\n[a]: figure:x", ("figure", "x", "37", "")),
        ("[a [b] c](figure:x)", ("figure", "x", "a [b] c", "")),
        ("[x](<figure:x>)", ("figure", "x", "x", "")),
    ],
)
def test_a_link_is_a_binding(markdown: str, binding: tuple[str, ...]) -> None:
    (found,) = parse(markdown)[0].bindings
    assert (found.scheme, found.target, found.text, found.title) == binding


def test_charts_are_placed_in_order() -> None:
    passage, problems = parse("![first](chart:a)\n\nText.\n\n![second](chart:b)")
    assert [(chart.target, chart.text) for chart in passage.charts] == [("a", "first"), ("b", "second")]
    assert not problems


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markdown", "problems"),
    [
        ("Plain *text* with [a link](https://example.com).", []),
        ("# Title", ["C023"]),
        ("Title\n=====", ["C023"]),
        ("## Part", []),
        ("<b>bold</b>", ["C012"]),
        ("<!-- note", ["C012"]),
        ("<script>alert(1)</script>", ["C012"]),
        ("a < b and c > d", []),
        ("[x](javascript:alert)", ["C020"]),
        ("[x](JavaScript:alert)", ["C020"]),
        ("[x](java&#115;cript:alert)", ["C020"]),
        ("[x](data:text/html,y)", ["C020"]),
        ("[x](vbscript:y)", ["C020"]),
        ("[x](file:///etc/passwd)", ["C020"]),
        ("[x](//example.com)", ["C020"]),
        ("[x](page.html)", ["C020"]),
        ("[x](https://example.com@example.org/)", ["C020"]),
        ("[x](https://a:b@example.org/)", ["C020"]),
        ("![x](https://example.com/a.png)", ["C020"]),
        ("![x](figure:y)", ["C020"]),
        ("[here](https://example.com)", ["C024"]),
        ("[Click  here](https://example.com)", ["C024"]),
        ("3&#55; and &frac12; and &#xFF17;", ["C019", "C019", "C019"]),
        ("&nbsp; &hellip;", []),
        ("> " * 8 + "x", []),
        ("> " * 9 + "x", ["C011"]),
        ("> " * 30 + "x", ["C011"]),
        ("\n".join("  " * i + "- x" for i in range(12)), ["C011"]),
        ("[" * 3000, ["C025"]),
    ],
)
def test_what_markdown_must_not_hold(markdown: str, problems: list[str]) -> None:
    assert codes(markdown) == problems


def test_a_chart_cannot_stand_in_a_line() -> None:
    assert codes("A title ![](chart:documented)", block=False) == ["C020"]


@pytest.mark.parametrize(
    "markdown",
    [
        "[" * 2000 + "a" + "](x" * 2000,
        "![a](" * 1900,
        "*a_ " * 12000,
        "**a " * 12000,
        "`" * 50000,
        "".join("`" * i + " " for i in range(300)),
        "“" * 15000,
        "<a " * 30000,
        "&" * 50000,
        "\\" * 100000,
        "| " * 40000 + "\n" + "|-" * 40000,
        "- " * 20000,
        "> " * 40000,
        "1. " * 30000,
        "[^a] " * 1900,
        "[a]: x\n" * 1900,
        "\n" * 100000,
        "37 " * 4000,
        "<https://x " * 10000,
        "a@" * 50000,
    ],
    ids=range(20),
)
def test_no_text_takes_for_ever(markdown: str) -> None:
    started = time.monotonic()
    parse(markdown[: 128 * 1024])
    assert time.monotonic() - started < 10


# --- places ------------------------------------------------------------------------------------

PARAGRAPHS = """\
## A heading of 41

A paragraph of 42 that
goes on to 43 and [44](figure:x) and 45.

- An item of 46
  that goes on to 47
- Another of 48
  - Nested 49

> Not a quotation's 40, but

1. First 51
2. Second 52

| a | b 53 | b 53 |
|---|---|---|
| 54 | 無人機 55 | 54 |
| `59` | *56* | 57 |

A 😀 note[^1] of 58.

[^1]: The note of 59.
"""


def test_each_loose_number_is_found_where_it_stands() -> None:
    passage, _ = parse(PARAGRAPHS)
    found = [(loose.text, at(PARAGRAPHS, loose.location, len(loose.text))) for loose in passage.loose]
    assert [text for text, there in found if text != there] == []
    assert [text for text, _ in found] == ("41 42 43 45 46 47 48 49 51 52 53 53 54 55 54 56 57 58 59".split())
    assert len({loose.location for loose in passage.loose}) == len(found)


@pytest.mark.parametrize(
    "field",
    [
        "right: They sent 77 drones.",
        "right: 'They didn''t send 77 drones.'",
        'right: "They \\"sent\\" 77 drones."',
        "right: >-\n  They sent many, and of\n  these 77 were drones.",
        "right: |\n  They sent many.\n\n  Of these 77 were drones.",
        "right: |\n  - 7 items\n  - 77 items",
        "right: They sent many,\n  of these 77 were drones.",
        "right: >-\n  They sent [7](figure:x) and\n  77 drones.",
        "right: 無人機 77 drones.",
        "x: {right: They sent 77 drones.}",
        "x:\n  - >-\n    They sent many, and\n    77 drones.\n",
        "right: |\n  | a | b |\n  |---|---|\n  | 7 | 77 |\n",
    ],
)
@pytest.mark.parametrize("block", [True, False])
def test_places_are_right_however_the_yaml_is_written(field: str, block: bool) -> None:
    tree, _ = read_yaml("a.md", field.encode())
    assert tree
    node = tree
    while not isinstance(node.value, Text):
        node = next(iter(node.value.values())) if isinstance(node.value, dict) else node.value[0]
    passage, _ = parse_passage("right", node.value, english(), block)
    (place,) = [loose.location for loose in passage.loose if loose.text == "77"]
    assert at(field, place, 2) == "77"


def test_a_link_tells_where_its_text_and_its_target_stand() -> None:
    markdown = 'A [b](source:s)\nand, 無, [at least 37](figure:labelled_drones "37") and ![of](chart:c).'
    passage, _ = parse(markdown)
    texts = [at(markdown, b.location, len(b.text)) for b in (*passage.bindings, *passage.charts)]
    targets = [at(markdown, b.target_location, len(b.target)) for b in (*passage.bindings, *passage.charts)]
    assert texts == ["b", "at least 37", "of"]
    assert targets == ["s", "labelled_drones", "c"]


# --- without markup, and as HTML ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("An **old** [link](page:x) and `code`.", "An old link and code."),
        ("one\ntwo\n\nthree", "one two three"),
        ("- a\n- b", "a b"),
        ("&amp; &lt;", "& <"),
        ("", ""),
    ],
)
def test_a_passage_has_a_plain_text(markdown: str, plain: str) -> None:
    assert parse(markdown)[0].plain == plain


def resolve(scheme: str, target: str, text: str, title: str) -> Link:
    if scheme == "exempt":
        return Link("", (("title", title),))
    if scheme == "chart":
        return Link("", block=f"<figure>{target}</figure>")
    return Link(f"to/{scheme}/{target}", (("class", 'a"b'),) if scheme == "figure" else ())


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("a *b* **c**", "<p>a <em>b</em> <strong>c</strong></p>"),
        ("[37](figure:x)", '<p><a href="to/figure/x" class="a&quot;b">37</a></p>'),
        ('[26](exempt: "as <they> count")', '<p><span title="as &lt;they&gt; count">26</span></p>'),
        ("![x](chart:c)", "<figure>c</figure>"),
        ("text ![x](chart:c)", "<p>text <figure>c</figure></p>"),
        ('<b>x</b> & "y"', "<p>&lt;b&gt;x&lt;/b&gt; &amp; &quot;y&quot;</p>"),
        ("## One part\n\n## One part", '<h2 id="one-part">One part</h2>\n<h2 id="one-part-2">One part</h2>'),
        ("## 無人機", '<h2 id="無人機">無人機</h2>'),
        ("## !!", '<h2 id="section">!!</h2>'),
        (
            '| a | "b" |\n|:-:|--:|\n| c | d |',
            '<section class="frame" tabindex="0" aria-label="a; &quot;b&quot;">\n<table>\n<thead>\n<tr>\n<th scope="col">a</th>\n'
            '<th scope="col" class="right">&quot;b&quot;</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>c</td>\n'
            '<td class="right">d</td>\n</tr>\n</tbody>\n</table>\n</section>',
        ),
    ],
)
def test_a_passage_becomes_html(markdown: str, html: str) -> None:
    assert render_passage(parse(markdown)[0], resolve) == html


def test_a_line_becomes_html_without_a_paragraph() -> None:
    assert render_passage(parse("a *b* [37](record:x)", block=False)[0], resolve) == (
        'a <em>b</em> <a href="to/record/x">37</a>'
    )


def test_a_passage_can_be_drawn_again() -> None:
    passage, _ = parse("[37](figure:x)\n\n## Part\n\n## Part")
    assert render_passage(passage, resolve) == render_passage(passage, resolve)

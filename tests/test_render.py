"""Pages drawn from small templates: what is escaped, where links lead, how a template's mistake is told."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from builder.diagnostics import Diagnostic
from builder.model import (
    Content,
    Figure,
    FigureDefinition,
    Interval,
    Language,
    Page,
    Passage,
    Selection,
    Text,
    Theme,
    Told,
)
from builder.prose import parse_passage
from builder.render import render_assets, render_pages

ENGLISH = Language(
    code="en",
    name="English",
    direction="ltr",
    locale="en_GB",
    words={
        "hello": "Hello, {who}",
        "period": "{start} to {end}",
        "date.about": "about {date}",
        "undecided.number": "?",
    },
    bounds={"exact": ("",), "at_least": ("at least",), "more_than": ("more than",), "about": ("about",)},
    numbers={},
    scales={"million": 6},
    units={"drone": {"one": "drone", "other": "drones", "words": ["drones"]}},
    names=(),
    values={"outcome": {"seized": "Held"}, "country": {"CN": "China"}},
)
CONTENT = Content(languages={"en": ENGLISH}, claims={}, pages={}, figure_words={}, chart_words={})


def theme_of(url: str = "", **templates: str) -> Theme:
    named = {name.replace("__", "/") + ".html": text for name, text in templates.items()}
    return Theme("Example", url, "", "", "", "", "en", {}, named, "p{}", {"assets/icon.svg": b"<svg/>"})


def page_at(address: str, about: tuple[str, str], template: str = "main.html", **values: Any) -> Page:
    return Page(address, template, "en", "Title", {"about": about, **values})


def figure_of(told: Told | None, name: str = "drones", day: str = "") -> Figure:
    definition = FigureDefinition(name, "sum", "units", "shipments", (), None, (), "drone")
    interval = Interval(told.low if told else None, None)
    return Figure(name, definition, interval, told, day, Selection("shipments"), (), ())


DRONES = figure_of(Told("at_least", Fraction(37), Fraction(37), "drone"))
OTHERS = [
    page_at("en/figures/drones/", ("figure", "drones")),
    page_at("en/records/a-row/", ("record", "a-row")),
    page_at("en/", ("home", "")),
]


def draw(template: str, url: str = "", **values: Any) -> tuple[str, tuple[Diagnostic, ...]]:
    """The one template as the page at `en/claims/x/`, with its problems."""
    pages = [page_at("en/claims/x/", ("claim", "x"), "it.html", **values), *OTHERS]
    files, problems = render_pages(pages, theme_of(url, it=template, main=""), CONTENT, {"drones": DRONES}, {})
    return files.get("en/claims/x/index.html", b"").decode().rstrip("\n"), problems


def passage_of(text: str, block: bool = False) -> Passage:
    passage, problems = parse_passage("body", Text(text, "it.md", 1, 1, text), ENGLISH, block)
    assert not problems
    return passage


@pytest.mark.parametrize(
    ("template", "html"),
    [
        ("{{ name }}", "&lt;b&gt;&#34;A&#34; &amp; B&lt;/b&gt;"),
        ('{{ t("hello", who=name) }}', "Hello, &lt;b&gt;&#34;A&#34; &amp; B&lt;/b&gt;"),
        ('{{ t("hello", who=date("2023-04")) }}', 'Hello, <time datetime="2023-04">April 2023</time>'),
        ('{{ date("2023-04-19") }}', '<time datetime="2023-04-19">19 April 2023</time>'),
        ('{{ date("2023-04-01", "month") }}', '<time datetime="2023-04">April 2023</time>'),
        ('{{ date("2023-04-19", "about") }}', 'about <time datetime="2023-04-19">19 April 2023</time>'),
        ('{{ date("2023") }}', '<time datetime="2023">2023</time>'),
        ('{{ period("2023-04-19", "2023-04-19") }}', '<time datetime="2023-04-19">19 April 2023</time>'),
        ('{{ word("outcome", "seized") }} {{ word("origin", "CN") }}', "Held China"),
        ('{{ to("figure", "drones") }}', "../../figures/drones/index.html"),
        ('{{ to("total", "a-row") }}', "../../records/a-row/index.html"),
        ('{{ to("page", "index") }}', "../../index.html"),
        ('{{ path("assets/style.css") }} {{ beside("rows.csv") }}', "../../../assets/style.css rows.csv"),
        ('{{ has("claim", "x") }} {{ has("claim", "y") }} {{ is_here("claim", "x") }}', "True False True"),
        ("{{ count(1234) }}", "<span data-count>1,234</span>"),
        ('<p{{ lang("ru") }}{{ lang("en") }}{{ lang("") }}>', '<p lang="ru">'),
        ('<p{{ lang("en", True) }}{{ lang("", True) }}>', '<p lang="en">'),
        ('<p{{ lang("ar") }}>', '<p lang="ar" dir="rtl">'),
        ("{{ mixed(name) }}", "&lt;b&gt;&#34;A&#34; &amp; B&lt;/b&gt;"),
        ('{{ mixed("Beijing News 新京报, <7>") }}', 'Beijing News <span lang="zh">新京报</span>, &lt;7&gt;'),
        ('{{ mixed("两用 物项, 7 月 x", "") }}', '<span lang="zh">两用 物项, 7 月</span> x'),
        ('{{ mixed("无人机 дрон", "zh-Hans") }}', '无人机 <span lang="ru">дрон</span>'),
        ('{{ mixed("дрони й дрон із") }}', '<span lang="uk">дрони й дрон із</span>'),
        ('{{ mixed("ドローン 輸入") }}', '<span lang="ja">ドローン 輸入</span>'),
        ('{{ mixed("שלום (7)") }}', '<span lang="he" dir="rtl">שלום (7)</span>'),
        ('{{ mixed("«新京报» 7") }}', '<span lang="zh">«新京报» 7</span>'),
        ('{{ mixed("a שלום (7)") }}', 'a <span lang="he" dir="rtl">שלום</span> (7)'),
        (
            "{{ bound(figure) }}",
            '<a class="bound" data-figure="drones" href="../../figures/drones/index.html">at least 37</a>',
        ),
        ("{{ datum(figure, True) }}", '<data class="bound" data-figure="drones" value="37">at least 37 drones</data>'),
        ("{{ datum(nothing) }}", '<span class="bound" data-figure="drones">?</span>'),
        (
            "{{ bound(dated) }}",
            'href="../../figures/drones/index.html"><time datetime="2023-04-19">19 April 2023</time></a>',
        ),
    ],
)
def test_what_templates_may_call(template: str, html: str) -> None:
    told, problems = draw(
        template, name='<b>"A" & B</b>', figure=DRONES, nothing=figure_of(None), dated=figure_of(None, day="2023-04-19")
    )
    assert problems == ()
    assert told.endswith(html)


@pytest.mark.parametrize(
    ("text", "linked", "html"),
    [
        (
            "[at least 37](figure:drones) flew",
            True,
            '<a href="../../figures/drones/index.html" class="bound" data-figure="drones">at least 37</a> flew',
        ),
        (
            "[at least 37](figure:drones) flew",
            False,
            '<span class="bound" data-figure="drones">at least 37</span> flew',
        ),
        ("[a row](record:a-row)", True, '<a href="../../records/a-row/index.html">a row</a>'),
        ("he said 一直 there", True, 'he said <span lang="zh">一直</span> there'),
        ("[более](record:a-row)", True, '<a href="../../records/a-row/index.html"><span lang="ru">более</span></a>'),
        ('[26](exempt: "as counted")', True, '<span data-exempt="" title="as counted">26</span>'),
        (
            "[the site](https://example.org/)",
            True,
            '<a href="https://example.org/" rel="noreferrer external">the site</a>',
        ),
    ],
)
def test_an_authors_links(text: str, linked: bool, html: str) -> None:
    told, problems = draw("{{ prose(text, linked) }}", text=passage_of(text), linked=linked)
    assert problems == ()
    assert told == html


@pytest.mark.parametrize(
    ("template", "line", "said"),
    [
        ("first\n{{ nobody }}", 2, "'nobody' is undefined"),
        ("first\nsecond\n{% if %}", 3, "Expected an expression"),
        ('{% include "parts/none.html" %}', 1, 'there is no template "parts/none.html"'),
        ('a\n{{ to("claim", "nobody") }}', 2, "no page is about claim:nobody"),
        ("{{ page.nothing }}", 1, "has no attribute 'nothing'"),
    ],
)
def test_a_templates_mistake_is_told_with_its_line(template: str, line: int, said: str) -> None:
    html, problems = draw(template)
    assert html == ""
    (problem,) = problems
    assert (problem.code, problem.location.path, problem.location.line) == ("T002", "site/templates/it.html", line)
    assert said in problem.message


def test_a_mistake_in_a_part_is_told_where_the_part_stands() -> None:
    theme = theme_of(it='{% include "parts/a.html" %}', parts__a="fine\n{{ nobody }}")
    _, problems = render_pages([page_at("x/", ("claim", "x"), "it.html")], theme, CONTENT, {}, {})
    assert [(p.location.path, p.location.line) for p in problems] == [("site/templates/parts/a.html", 2)]


@pytest.mark.parametrize(("template", "key"), [('{{ t("bye") }}', "bye"), ('{{ word("side", "x") }}', "values.side.x")])
def test_a_missing_word_is_told(template: str, key: str) -> None:
    _, problems = draw(template)
    assert [(p.code, p.location.path) for p in problems] == [("C017", "content/en/words.yaml")]
    assert f'"{key}"' in problems[0].message


def test_code_of_an_author_keeps_its_lines() -> None:
    html, problems = draw("{{ prose(text) }}", text=passage_of("    a\n\n    b", block=True))
    assert problems == ()
    assert html == "<pre><code>a\n\nb\n</code></pre>"


def test_pages_are_tidy_and_equal_values_give_equal_bytes() -> None:
    template = "\n<p>a</p>   \n\n  \n{% if True %}\n<p>b</p>\n{% endif %}\n\n"
    assert draw(template) == draw(template)
    assert draw(template)[0] == "<p>a</p>\n<p>b</p>"


@pytest.mark.parametrize(
    ("url", "href"),
    [
        ("", "en/index.html"),
        ("https://example.org", "/en/index.html"),
        ("https://example.org/a/b", "/a/b/en/index.html"),
    ],
)
def test_the_page_for_a_wrong_address_may_be_served_at_any_depth(url: str, href: str) -> None:
    pages = [Page("404.html", "missing.html", "en", "None", {"about": ("missing", "")}), *OTHERS]
    files, problems = render_pages(pages, theme_of(url, missing='{{ to("home", "") }}', main=""), CONTENT, {}, {})
    assert problems == ()
    assert files["404.html"].decode().strip() == href


def test_assets_are_the_stylesheet_and_the_themes_own() -> None:
    assert render_assets(theme_of()) == {"assets/style.css": b"p{}", "assets/icon.svg": b"<svg/>"}

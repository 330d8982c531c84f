"""A page whose verdict changed is kept as it stood, comes back at its address, and carries nothing that ours never have."""

from __future__ import annotations

import hashlib
import html
import re
from functools import cache

import pytest
from conftest import ROOT
from selectolax.lexbor import LexborHTMLParser
from small_site import (
    CHANGED,
    CLAIM,
    CLAIM_PAGE,
    PAST,
    build_from,
    change,
    past_build,
    past_site,
    small_build,
    small_site,
    without_row,
)

from builder.archive import POLICY, freeze, scrub
from builder.build import build
from builder.disk import read_sources
from builder.markup import read_pieces

INPUT = f"content/archive/en/claims/example-denial/{CHANGED}.html"
OUTPUT = f"en/claims/example-denial/{CHANGED}/index.html"
STYLE = re.compile(r"content/archive/assets/style-([0-9a-f]{12})\.css")


def frozen() -> str:
    return past_site()[INPUT].decode()


def restored() -> str:
    return past_build().files[OUTPUT].decode()


def text_of(page: str) -> str:
    body = LexborHTMLParser(page).body
    assert body
    return " ".join(body.text().split())


def codes(files: dict[str, bytes]) -> list[str]:
    return sorted({found.code for found in build_from(files).problems})


def put(find: str, what: str) -> dict[str, bytes]:
    """The site with a past, its frozen page edited by hand."""
    return change(past_site(), INPUT, find, what)


# --- freezing ------------------------------------------------------------------------------------


def test_a_page_is_frozen_with_its_stylesheet() -> None:
    made = freeze(small_build().files, CLAIM_PAGE, CHANGED)
    style = next(path for path in made if STYLE.fullmatch(path))
    assert list(made) == [INPUT, style]
    assert made[style] == small_build().files["assets/style.css"]
    assert STYLE.fullmatch(style)[1] == hashlib.sha256(made[style]).hexdigest()[:12]  # type: ignore[index]
    assert (
        f'href="site:/{style.removeprefix("content/").replace("archive/assets", "assets/archive")}"'
        in made[INPUT].decode()
    )


def test_the_text_stays_as_it_was_to_the_byte() -> None:
    def without_links(page: str) -> str:
        return re.sub(r'\shref="[^"]*"', "", page.partition("<body>")[2])

    page = small_build().files[CLAIM_PAGE].decode()
    loaded = '<svg class="chart-still"'  # a picture that would be today's
    assert loaded in page
    kept = "\n".join(line for line in page.split("\n") if not line.startswith(loaded))
    assert without_links(frozen()) == without_links(kept)


def test_no_link_depends_on_where_the_page_stands() -> None:
    links = re.findall(r'href="([^"]*)"', frozen())
    assert {link.partition(":")[0] if ":" in link else link[:1] for link in links} == {"site", "https", "mailto", "#"}
    assert "site:/en/figures/labelled_drones/index.html" in links
    assert "site:/en/ratings/index.html#contradicted" in links


def test_what_is_said_of_an_address_or_to_machines_stays_behind() -> None:
    page = small_build().files[CLAIM_PAGE].decode()
    assert 'rel="canonical"' in page
    more = '<meta name="robots" content="all">\n<script type="application/ld+json">{"a": "</b>"}</script>\n</head>'
    files = {
        **small_build().files,
        CLAIM_PAGE: page.replace("</head>", more).replace("<h1>", '<h1 style="x">').encode(),
    }
    made = freeze(files, CLAIM_PAGE, CHANGED)[INPUT].decode()
    assert made == frozen()
    assert not re.search(r"canonical|robots|<script|style=|og:|application/json|hreflang=\"x", made)


def test_later_pages_may_have_another_policy() -> None:
    page = small_build().files[CLAIM_PAGE].decode().replace("style-src 'self'", "style-src 'self'; script-src 'self'")
    assert freeze({**small_build().files, CLAIM_PAGE: page.encode()}, CLAIM_PAGE, CHANGED)[INPUT].decode() == frozen()
    assert f'content="{POLICY}"' in frozen()


@pytest.mark.parametrize("path", ["en/index.html", "en/method/index.html", OUTPUT, "index.html"])
def test_only_the_page_of_a_claim_is_frozen(path: str) -> None:
    with pytest.raises(ValueError, match="is not the page of a claim"):
        freeze(past_build().files, path, CHANGED)


# --- putting back --------------------------------------------------------------------------------


def test_a_frozen_page_comes_back_under_its_claim() -> None:
    assert past_build().problems == ()
    assert text_of(restored()).replace(text_of(banner()), "").split() == text_of(frozen()).split()


def banner() -> str:
    node = LexborHTMLParser(restored()).css_first("main > :first-child")
    return node.html or ""


def test_the_banner_is_the_first_thing_and_leads_to_the_page_as_it_stands() -> None:
    node = LexborHTMLParser(banner()).css_first("section")
    assert node.attributes["aria-labelledby"] == "part-frozen"
    assert node.css_first("#part-frozen").text() == "This is an earlier state of the page"
    assert node.css_first("time").attributes["datetime"] == CHANGED
    assert "The verdict has changed since." in node.text()
    assert node.css_first("a").attributes["href"] == "../index.html"


@pytest.mark.parametrize("name", ["head", "main"])
def test_a_frozen_page_without_its_banner_is_never_published(name: str) -> None:
    template = past_site()["site/templates/frozen.html"].decode()
    spoilt = re.sub(rf"<{name}>.*</{name}>", "", template, flags=re.DOTALL)
    made = build_from({**past_site(), "site/templates/frozen.html": spoilt.encode()})
    assert [(found.code, found.location.path) for found in made.problems] == [("T002", "site/templates/frozen.html")]


def test_a_language_has_words_for_what_was_removed() -> None:
    files = change(past_site(), "content/en/words.yaml", '  "removed.words": "[an entry that was removed]"\n', "")
    made = build_from(files)
    assert [(found.code, found.location.path) for found in made.problems] == [("C017", "content/en/words.yaml")]


def test_search_engines_are_led_to_the_page_as_it_stands() -> None:
    head = restored().partition("</head>")[0]
    assert '<meta name="robots" content="noindex">' in head
    assert head.count('rel="canonical"') == 1
    assert '<link rel="canonical" href="https://example.org/check/en/claims/example-denial/">' in head
    assert f'content="{POLICY}"' in head


def test_without_an_address_of_the_site_there_is_no_canonical_link() -> None:
    made = build_from(change(past_site(), "site/site.yaml", "url: https://example.org/check\n", ""))
    assert not made.broken, made.problems
    assert "canonical" not in made.files[OUTPUT].decode()
    assert "application/atom+xml" not in made.files[OUTPUT].decode()  # the feeds that it named are gone


def test_it_wears_the_stylesheet_that_it_had() -> None:
    files = change(past_site(), "site/styles/base.css", "--gap: 1.5rem;", "--gap: 3rem;")
    made = build_from(files)
    (style,) = [path for path in made.files if path.startswith("assets/archive/")]
    assert made.files[style] == small_build().files["assets/style.css"] != made.files["assets/style.css"]
    assert f'<link rel="stylesheet" href="../../../../{style}">' in made.files[OUTPUT].decode()


def test_links_lead_to_the_site_of_today_or_lose_their_address() -> None:
    files = past_site()
    files = change(files, CLAIM, "[about $103,000](figure:labelled_value)", "much")
    files = change(files, "content/en/pages/index.md", "[about $103,000](figure:labelled_value)", "much")
    for path in ("data/figures.yaml", "content/en/figures.yaml"):
        text = files[path].decode()
        files[path] = re.sub(r"(?m)^labelled_value:\n(  .*\n|\n)*", "", text).encode()
    made = build_from(files)
    assert not made.broken, made.problems
    page = made.files[OUTPUT].decode()
    assert '<a class="bound" data-figure="labelled_value">about $103,000</a>' in page
    assert 'href="../../../figures/labelled_drones/index.html"' in page
    assert 'href="../../../ratings/index.html#contradicted"' in page
    assert "site:" not in page


def test_a_part_that_is_gone_leaves_the_page() -> None:
    made = build_from(put("index.html#contradicted", "index.html#gone"))
    assert 'href="../../../ratings/index.html"' in made.files[OUTPUT].decode()
    made = build_from(put('href="#main"', 'href="#gone"'))
    assert '<a class="skip">' in made.files[OUTPUT].decode()


def test_the_page_of_today_leads_to_its_frozen_pages() -> None:
    page = LexborHTMLParser(past_build().files[CLAIM_PAGE].decode())
    for place in (".changed", ".history"):
        links = [node.attributes["href"] for node in page.css(f"{place} a")]
        assert links.count(f"{CHANGED}/index.html") == 1, place


def test_a_page_may_change_twice_and_be_frozen_twice() -> None:
    files = change(
        past_site(), CLAIM, PAST, PAST + "  - {date: 2026-11-30, kind: verdict, before: A., now: B., why: C.}\n"
    )
    files |= freeze(past_build().files, CLAIM_PAGE, "2026-11-30")
    made = build_from(files)
    assert made.problems == ()
    later = LexborHTMLParser(made.files["en/claims/example-denial/2026-11-30/index.html"].decode())
    assert [node.attributes["id"] for node in later.css(".changed .banner-title")] == ["part-frozen", "part-changed"]
    links = [node.attributes["href"] for node in later.css(".changed a")]
    assert links == ["../index.html", f"../{CHANGED}/index.html"]
    assert made.files[OUTPUT] == past_build().files[OUTPUT]


def test_a_frozen_page_of_a_draft_is_told_to_nobody() -> None:
    files = change(past_site(), CLAIM, "status: published", "status: in_review")
    files["content/en/claims/other.md"] = small_site()[CLAIM]
    made = build_from(files)
    assert not made.broken, made.problems
    assert [path for path, raw in made.files.items() if "example-denial" in path or b"example-denial" in raw] == []


def test_a_withdrawn_claim_keeps_its_frozen_pages() -> None:
    assert OUTPUT in build_from(change(past_site(), CLAIM, "status: published", "status: withdrawn")).files


def test_windows_line_endings_change_nothing() -> None:
    files = {path: raw.replace(b"\n", b"\r\n") if "archive" in path else raw for path, raw in past_site().items()}
    made = build_from(files)
    assert {found.code for found in made.problems} == {"D016"}
    changed = [path for path in past_build().files if made.files.get(path) != past_build().files[path]]
    assert changed == ["manifest.json"]


@cache
def real_with_address() -> dict[str, bytes]:
    files = read_sources(ROOT)
    return change(files, "site/site.yaml", 'url: ""', "url: https://example.org/check")


def test_every_claim_of_the_real_site_can_be_frozen_and_put_back() -> None:
    files = real_with_address()
    old = build(files)
    entry = "history:\n  - {date: 2030-01-01, kind: verdict, before: A., now: B., why: C.}\n"
    paths = [path for path in files if re.fullmatch(r"content/en/claims/[^/]+\.md", path)]
    changed = dict(files)
    for path in paths:
        text = re.sub(r"(?m)^reviewed: .*\n", f"reviewed: 2030-01-01\n{entry}", files[path].decode())
        changed[path] = text.encode()
        changed |= freeze(old.files, path.removeprefix("content/").replace(".md", "/index.html"), "2030-01-01")
    made = build(changed, old.memory)
    assert {found.code for found in made.problems} <= {"T006"}
    assert len([path for path in made.files if "/2030-01-01/" in path]) == len(paths) > 10


# --- what a frozen page may not hold -------------------------------------------------------------


@pytest.mark.parametrize(
    "what",
    [
        "<script>alert()</script>",
        '<script src="site:/assets/x.js"></script>',
        "<SCRIPT>alert()</SCRIPT>",
        "<style>p { color: red }</style>",
        '<p style="color: red">x</p>',
        '<p onclick="alert()">x</p>',
        '<p ONCLICK="alert()">x</p>',
        '<svg onload="alert()"></svg>',
        '<iframe title="x"></iframe>',
        '<iframe srcdoc="x"></iframe>',
        '<object data="x"></object>',
        "<embed>",
        '<form action="https://example.com/"></form>',
        "<input>",
        "<button>x</button>",
        '<base href="https://example.com/">',
        '<img src="https://example.com/x.png" alt="">',
        '<meta http-equiv="refresh" content="0; url=https://example.com/">',
        '<meta name="robots" content="all">',
        '<meta name="referrer" content="unsafe-url">',
        '<link rel="stylesheet" href="https://example.com/x.css">',
        '<link rel="canonical" href="https://example.com/">',
        '<link rel="preload" href="site:/assets/icon.svg">',
        '<a href="javascript:alert()">x</a>',
        '<a href="java&#115;cript:alert()">x</a>',
        '<a href="java&Tab;script:alert()">x</a>',
        '<a href=" javascript:alert()">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<a href="vbscript:x">x</a>',
        '<a href="//example.com/">x</a>',
        '<a href="../../x">x</a>',
        '<a href="/x">x</a>',
        '<a href="">x</a>',
        '<a href="site://example.com/">x</a>',
        '<a href="site:/../x">x</a>',
        '<a href="site:/en/%2e%2e/x">x</a>',
        '<a href="https://user@example.com/">x</a>',
        '<a href="https:example.com">x</a>',
        '<a ping="https://example.com/" href="https://example.org/">x</a>',
        '<a target="_blank" href="https://example.org/">x</a>',
        '<a href="https://example.org/"><a href="https://example.com/">x</a></a>',
        '<svg><path fill="url(https://example.com/x)"></path></svg>',
        '<svg><image href="https://example.com/x.png"></image></svg>',
        '<svg><use href="#x"></use></svg>',
        '<svg><set attributeName="href" to="javascript:alert()"></set></svg>',
        '<svg><text href="https://example.com/">x</text></svg>',
        "<math></math>",
        "<noscript>x</noscript>",
        "<template>x</template>",
        "<!-- x -->",
        "<main>x</main>",
        "<body>x</body>",
        "a < b",
        "<p>x",
        "x</p>",
        "<textarea>x</textarea>",
        "\u202ex",
    ],
)  # fmt: skip
def test_what_no_page_of_ours_has_is_refused_with_its_place(what: str) -> None:
    files = put('<main id="main">\n', f'<main id="main">\n{what}\n')
    made = build_from(files)
    found = [one for one in made.problems if one.severity == "error"]
    assert found, what
    assert {one.code for one in found} <= {"C035", "D030"}
    assert all(one.location.path == INPUT for one in found)
    assert made.files == {}


@pytest.mark.parametrize(
    ("find", "what"),
    [
        (f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n', ""),
        (POLICY, "default-src *"),
        (POLICY, f"{POLICY}; script-src 'unsafe-inline'"),
        ("http-equiv=", "name="),
        ("<html", "<html><html"),
        ("<!DOCTYPE html>", "<!DOCTYPE html SYSTEM x>"),
        ('<link rel="stylesheet"', '<link rel="icon"'),
    ],
)
def test_the_head_of_a_frozen_page_is_ours(find: str, what: str) -> None:
    assert "C035" in codes(put(find, what))


def test_a_policy_comes_before_anything_that_could_be_loaded() -> None:
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
    assert codes(change(put(policy, ""), INPUT, "</head>", f"{policy}</head>")) == ["C035"]
    assert codes(change(put(policy, ""), INPUT, "<body>\n", f"<body>\n{policy}")) == ["C035"]


def test_a_mistake_made_often_is_told_once() -> None:
    made = build_from(put('<main id="main">\n', '<main id="main">\n' + '<p onclick="x">x</p>\n' * 50))
    assert [found.code for found in made.problems] == ["C035"]


def test_a_frozen_page_has_a_bearable_size() -> None:
    files = put('<main id="main">\n', '<main id="main">\n' + f"<p>{'word ' * 450_000}</p>\n")
    assert codes(files) == ["C035"]


def test_a_stylesheet_from_elsewhere_is_refused() -> None:
    (style,) = [path for path in past_site() if STYLE.fullmatch(path)]
    raw = b"@import 'https://example.com/x.css';"
    name = f"content/archive/assets/style-{hashlib.sha256(raw).hexdigest()[:12]}.css"
    files = change(past_site(), INPUT, STYLE.fullmatch(style)[1], STYLE.fullmatch(name)[1])  # type: ignore[index]
    del files[style]
    assert codes({**files, name: raw}) == ["S005"]
    assert codes({**past_site(), style: raw}) == ["C036"]


def test_a_readme_may_lie_among_the_frozen_pages() -> None:
    assert codes({**past_site(), "content/archive/README.md": b"Frozen pages."}) == []


def test_a_frozen_page_in_another_language_belongs_to_the_claim_of_the_first() -> None:
    files = past_site()
    files["content/uk/words.yaml"] = files["content/en/words.yaml"]
    files.update(dict.fromkeys(("content/uk/figures.yaml", "content/uk/charts.yaml"), b"{}\n"))
    files = change(files, "content/uk/words.yaml", "code: en\n", "code: uk\n")
    files = change(
        files, "content/uk/words.yaml", '"frozen.now": The page as it stands now', '"frozen.now": Сторінка зараз'
    )
    path = INPUT.replace("/en/", "/uk/")
    made = build_from({**files, path: files[INPUT]})
    assert not made.broken, made.problems
    assert "Сторінка зараз" in made.files[OUTPUT.replace("en/", "uk/", 1)].decode()


# --- what was removed ----------------------------------------------------------------------------


def test_links_to_what_was_removed_lose_their_words_too() -> None:
    files = change(past_site(), CLAIM, "[row](record:ex-line)", "row")
    files = without_row(files, "events", "ex-order")
    link = '<a href="site:/en/records/ex-order/index.html#x"><span data-value>A telling <em>name</em></span></a>'
    other = '<a href="site:/uk/sources/ex-order/index.html">another</a>'
    files = change(files, INPUT, '<main id="main">\n', f'<main id="main">\n<p>See {link}, {other}.</p>\n')
    made = build_from(files)
    assert not made.broken, made.problems
    page = made.files[OUTPUT].decode()
    assert "<p>See [an entry that was removed], <a>another</a>.</p>" in page
    assert "telling" not in page
    assert "ex-order" not in page


NAME = "Example Trading 7"
LINK = '<a href="site:/en/companies/example-trading-7/index.html">that firm</a>'
NAMING = f"""<h2 id="example-trading-7-said">EXAMPLE TRADING 7 said</h2>
<p title="by Example Trading 7" class="x">Exa<em>mple Tra</em>ding&nbsp;&#55;, {LINK}, &quot;example trading 77&quot;, 赵立坚.</p>
<p><a href="#example-trading-7-said">above</a> <a href="https://example.org/example%20trading%207">there</a></p>
<svg aria-label="Example&#32;Trading 7" role="img"><title>Example Trading 7</title><text>Example</text><text>Trading 7</text></svg>
<section aria-labelledby="example-trading-7-said"><p>A &lt;tag&gt; stays.</p></section>
"""


def test_a_name_is_taken_out_of_a_frozen_page_wherever_it_stands() -> None:
    raw = put('<main id="main">\n', f'<main id="main">\n{NAMING}')[INPUT]
    left = scrub(raw, [NAME, "赵立坚"], "[gone & done]").decode()
    assert left == scrub(raw, ["赵立坚", NAME.lower()], "[gone & done]").decode()
    start = left.index('<main id="main">\n') + len('<main id="main">\n')
    assert left[start:].startswith(
        """<h2 id="removed-1">[gone &amp; done] said</h2>
<p title="by [gone &amp; done]" class="x">[gone &amp; done]<em></em>, [gone &amp; done], &quot;example trading 77&quot;, [gone &amp; done].</p>
<p><a href="#removed-1">above</a> [gone &amp; done]</p>
<svg aria-label="[gone &amp; done]" role="img"><title>[gone &amp; done]</title><text>[gone &amp; done]</text><text></text></svg>
<section aria-labelledby="removed-1"><p>A &lt;tag&gt; stays.</p></section>
"""
    )
    read = html.unescape(re.sub(r"<[^>]*>", "", left)).lower()
    assert "example trading 7" not in read.replace("example trading 77", "")
    assert "trading-7" not in left
    read_pieces(left)


def test_a_page_without_the_name_stays_as_it_is() -> None:
    raw = past_site()[INPUT]
    assert scrub(raw, ["Nobody Whom It Names"], "x") == raw
    assert scrub(raw, [], "x") == raw


def test_a_scrubbed_page_can_still_be_put_back() -> None:
    files = past_site()
    files[INPUT] = scrub(files[INPUT], ["Example Speaker 1", "invented"], "[gone]")
    made = build_from(files)
    assert made.problems == ()
    page = made.files[OUTPUT].decode()
    assert "[gone]" in page
    assert not re.search(r"\binvented\b", html.unescape(page.replace("<title>", " ")), re.IGNORECASE)

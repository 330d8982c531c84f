"""The finished site is read before it is written: links, anchors, ids, addresses, and what a page loads."""

from __future__ import annotations

import pytest

from builder.checks import check_paths, check_site


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def codes(body: str, head: str = "", url: str = "", **more: bytes) -> list[str]:
    files: dict[str, bytes] = {
        "en/a/index.html": page(body, head),
        "en/b/index.html": page('<h2 id="part">x</h2><h2 id="无人机">x</h2>'),
        "assets/style.css": b"",
        "data/x.csv": b"",
        **more,
    }
    return [found.code for found in check_site(files, url)]


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ('<a href="../b/index.html">x</a>', []),
        ('<a href="../b/index.html#part">x</a>', []),
        ('<a href="../b/index.html#%E6%97%A0%E4%BA%BA%E6%9C%BA">x</a>', []),
        ('<a href="../../data/x.csv">x</a>', []),
        ('<a href="#here">x</a><p id="here">x</p>', []),
        ('<a href="https://example.com/x">x</a>', []),
        ('<a href="mailto:a@example.com">x</a>', []),
        ('<a class="x" data-y="z" href="../b/index.html">x</a>', []),
        # dead links and anchors
        ('<a href="../c/index.html">x</a>', ["S001"]),
        ('<a href="../b/">x</a>', ["S001"]),
        ('<a href="../../../x">x</a>', ["S001"]),
        ('<a href="/en/b/index.html">x</a>', ["S001"]),
        ('<a href="../b/index.html#parts">x</a>', ["S002"]),
        ('<a href="#nowhere">x</a>', ["S002"]),
        ('<a href="https://[x">x</a>', ["S001"]),
        ('<a href="../c/index.html">x</a><a href="../c/index.html">y</a>', ["S001"]),
        ('<a href="../c/index.html?a=1&amp;b=2">x</a>', ["S001"]),
        # what is no address of the web
        ('<a href="tel:123">x</a>', ["S006"]),
        ('<a href="javascript:alert()">x</a>', ["S006"]),
        ('<a href="//example.com/">x</a>', ["S006"]),
        # ids used twice
        ('<p id="x">a</p><p id="x">b</p>', ["S004"]),
        ('<p id="x">a</p><p id="y">b</p>', []),
        # what a page loads
        ('<img src="https://example.com/a.png">', ["S005"]),
        ('<script src="//example.com/a.js"></script>', ["S005"]),
        ('<iframe src="https://example.com/"></iframe>', ["S005"]),
        ('<img alt="" src="../../assets/none.png">', ["S001"]),
    ],
)
def test_a_page_is_read_for_its_links(body: str, problems: list[str]) -> None:
    assert codes(body) == problems


@pytest.mark.parametrize(
    ("head", "problems"),
    [
        ('<link rel="stylesheet" href="../../assets/style.css">', []),
        ('<link rel="stylesheet" href="https://example.com/style.css">', ["S005"]),
        ('<link href="https://example.com/style.css" rel="stylesheet">', ["S005"]),
        ('<link rel="preconnect" href="https://example.com/">', ["S005"]),
        ('<link rel="canonical" href="https://example.org/check/en/a/">', []),
        ('<link rel="alternate" hreflang="uk" href="https://example.org/check/uk/a/">', []),
        # a page with its own address is no freer than others
        (
            '<link rel="canonical" href="https://example.org/"><script src="https://example.com/a.js"></script>',
            ["S005"],
        ),
    ],
)
def test_a_page_loads_only_its_own(head: str, problems: list[str]) -> None:
    assert codes("", head) == problems


@pytest.mark.parametrize(
    ("url", "href", "problems"),
    [
        ("https://example.org/check", "/check/en/b/index.html", []),
        ("https://example.org/check", "/check/en/c/index.html", ["S001"]),
        ("https://example.org/check", "/en/b/index.html", ["S001"]),
        ("https://example.org", "/en/b/index.html", []),
        ("", "/en/b/index.html", ["S001"]),
    ],
)
def test_the_page_for_a_wrong_address_links_from_the_root(url: str, href: str, problems: list[str]) -> None:
    assert codes("", url=url, **{"404.html": page(f'<a href="{href}">x</a>')}) == problems


@pytest.mark.parametrize(
    ("path", "text", "problems"),
    [
        ("feed.xml", '<link rel="self" href="https://example.org/check/feed.xml"/>', []),
        ("feed.xml", '<link href="https://example.org/check/en/b/#part"/>', []),
        ("feed.xml", '<link href="https://example.org/check/en/b/#parts"/>', ["S002"]),
        ("feed.xml", '<link href="https://example.org/check/en/c/"/>', ["S001"]),
        ("feed.xml", '<link href="https://example.org/other/"/>', []),
        (
            "sitemap.xml",
            "<loc>https://example.org/check/en/b/</loc><loc>https://example.org/check/en/c/</loc>",
            ["S001"],
        ),
        ("en/c/index.html", '<link rel="canonical" href="https://example.org/check/en/c/">', []),
        ("en/c/index.html", '<link rel="canonical" href="https://example.org/check/en/d/">', ["S001"]),
    ],
)
def test_an_address_in_full_leads_somewhere_too(path: str, text: str, problems: list[str]) -> None:
    assert codes("", url="https://example.org/check", **{path: text.encode()}) == problems
    assert codes("", **{path: text.encode()}) == []


def test_what_is_wrong_on_every_page_is_told_once() -> None:
    files = {f"en/{name}/index.html": page('<a href="../none.html">x</a>') for name in "abc"}
    (found,) = check_site(files)
    assert found.message.endswith("So do 2 other pages.")


def test_two_files_never_stand_at_one_place() -> None:
    paths = ("en/a/index.html", "en/A/index.html", "en/b/index.html", "en/b/index.html", "en/c/index.html")
    assert [(found.code, found.location.path) for found in check_paths(paths)] == [
        ("S003", "en/A/index.html"),
        ("S003", "en/b/index.html"),
    ]


@pytest.mark.parametrize(
    ("style", "problems"),
    [
        (b"a { background: url(icon.svg) }", []),
        (b"a { background: url(https://example.com/x.png) }", ["S005"]),
        (b'@import "//example.com/x.css";', ["S005"]),
        (b"a { color: red } /* https://example.com */", []),
    ],
)
def test_a_stylesheet_loads_nothing_from_elsewhere(style: bytes, problems: list[str]) -> None:
    assert codes("", **{"assets/style.css": style}) == problems

"""What a page shows of what leans on its matter: nothing that is not public, everything that is."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser
from small_site import CLAIM, build_from, change, small_build, small_site


def part(files: dict[str, bytes], page: str) -> str:
    tree = LexborHTMLParser(files[page].decode())
    found = next(node for node in tree.css("section") if node.attributes.get("aria-labelledby") == "part-users")
    return " ".join(found.text(separator=" ").split())


def test_a_row_shows_the_verdicts_figures_charts_and_sentences_that_lean_on_it() -> None:
    shown = part(dict(small_build().files), "en/records/ex-line/index.html")
    assert shown.startswith("What leans on it Verdicts that rest on it An invented report told of at least 37 drones")
    assert "Figures" in shown
    assert "In other words, at most 8.2% of the group can be read line by line." in shown


def test_a_source_shows_what_leans_on_it_through_rows() -> None:
    shown = part(dict(small_build().files), "en/sources/ex-report/index.html")
    assert "The same report gave more than $12 million for drones and their parts." in shown


def test_a_figure_does_not_lean_on_itself() -> None:
    tree = LexborHTMLParser(small_build().files["en/figures/labelled_drones/index.html"].decode())
    links = [node.attributes["href"] for node in tree.css("section[aria-labelledby=part-users] a")]
    assert "../share_documented/" in [link.removesuffix("index.html") for link in links]
    assert not [link for link in links if "labelled_drones/" in link and "undocumented" not in link]


def test_a_draft_leans_on_nothing_in_public() -> None:
    files = change(small_site(), CLAIM, "status: published", "status: draft")
    made = build_from(files)
    assert made.files
    for page in ("en/records/ex-line/index.html", "en/sources/ex-report/index.html"):
        assert "In other words" not in made.files[page].decode()
        assert "example-denial" not in made.files[page].decode()

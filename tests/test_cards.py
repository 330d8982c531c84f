"""Share cards: what they say is what the page says, nothing leaves its frame, and a picture with boxes is never published."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from conftest import ROOT
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from small_site import CLAIM, CLAIM_PAGE, SECOND, bilingual, build_from, change, read_folder, small_build, small_site

from builder import raster
from builder.build import build
from builder.cards import HEIGHT, LEGIBLE, MARGIN, WIDTH, Card, Line
from builder.pages import plan_pages
from builder.render import render_cards
from builder.study import study

if TYPE_CHECKING:
    from collections.abc import Mapping

CARD = CLAIM_PAGE.replace("index.html", "card.png")
STATEMENTS = "data/statements.csv"
LONG = " ".join(
    [
        "Inventedly long-winded representatives correspondingly overcommunicate extraordinarily, notwithstanding incomprehensibility"
    ]
    * 6
)


def drawn(files: Mapping[str, bytes]) -> dict[str, tuple[Card, str]]:
    """By path of the picture: every card of a site with its SVG."""
    known = study(files)
    assert known.dataset
    assert known.theme
    assert not known.broken, [str(found) for found in known.problems]
    none = {code: {} for code in known.content.languages}
    pages = plan_pages(known.dataset, known.content, known.theme, known.figures, known.verdicts, none, known.lineages)
    svgs, problems = render_cards(pages, known.theme)
    assert problems == ()
    cards = {page.values["share_card"].path: page.values["share_card"] for page in pages if page.values["card"]}
    return {path: (cards[path], svg) for path, svg in svgs.items()}


def card_of(files: Mapping[str, bytes], path: str = CARD) -> Card:
    return drawn(files)[path][0]


def said(card: Card, role: str) -> str:
    """All lines of a role, joined as they are read."""
    return " ".join(line.text for line in card.lines if line.role == role)


def quoted_in_english(words: str, speaker: str = "Example Speaker 1") -> dict[str, bytes]:
    """The small site, whose statement was made in English."""
    files = change(
        small_site(), STATEMENTS, "这是虚构的话,zh,these are invented words,the builder’s tests", f'"{words}",en,,'
    )
    return change(files, STATEMENTS, "Example Speaker 1", speaker, everywhere=True)


@cache
def real() -> dict[str, tuple[Card, str]]:
    folders = ("data", "content", "site")
    return drawn({f"{folder}/{path}": raw for folder in folders for path, raw in read_folder(ROOT / folder).items()})


# --- what it says -----------------------------------------------------------------------------------


def test_a_card_says_who_said_what_the_verdict_and_the_number_with_its_limit() -> None:
    card = card_of(small_site())
    assert said(card, "site") == "Example check"
    assert said(card, "who") == "Example Speaker 1"
    assert said(card, "when") == "19 April 2023"
    assert said(card, "verdict") == "Contradicted"
    assert said(card, "number") == "at least 37"
    assert said(card, "label").startswith("Verdict ")
    assert said(card, "label").endswith("(the importer's own entry)")
    assert said(card, "foot").startswith("Data to 23 November 2026")
    assert card.shape == "cross"


def test_words_of_another_language_are_not_shown_as_a_quotation() -> None:
    card = card_of(small_site())
    assert said(card, "told") == "The claim, in our words:"
    assert said(card, "words") == "No drones went there."


def test_a_quotation_in_the_language_of_the_page_is_shown_as_one() -> None:
    card = card_of(quoted_in_english("No drones, none at all"))
    assert said(card, "told") == ""
    assert said(card, "words") == "“No drones, none at all”"


def test_reported_speech_is_never_shown_as_a_quotation() -> None:
    files = change(
        quoted_in_english("No drones"),
        STATEMENTS,
        "Invented press conference,quotation",
        "Invented press conference,reported_speech",
    )
    card = card_of(files)
    assert said(card, "words") == "No drones went there."
    assert "“" not in said(card, "words")


def test_a_claim_without_a_number_says_what_its_rating_means() -> None:
    card = card_of(change(small_site(), CLAIM, "key_figures: [labelled_drones, share_documented]\n", ""))
    assert said(card, "number") == ""
    assert said(card, "means") == "What was declared shows the opposite of what was said."


def test_of_a_withdrawn_check_neither_verdict_nor_number_is_shown() -> None:
    card = card_of(change(small_site(), CLAIM, "status: published", "status: withdrawn"))
    assert said(card, "verdict") == "This check has been withdrawn"
    assert (card.shape, said(card, "number"), said(card, "means"), card.divider) == ("", "", "", 0)


def test_a_claim_that_is_not_public_has_no_card() -> None:
    made = build_from(change(small_site(), CLAIM, "status: published", "status: draft"))
    assert made.files
    assert [path for path in made.files if path.endswith("card.png")] == []


def test_only_an_unpublished_edition_says_that_it_is_one_and_only_an_edition_with_an_address_tells_it() -> None:
    published = card_of(small_site())
    assert said(published, "unpublished") == ""
    assert said(published, "foot") == "Data to 23 November 2026 example.org/check"
    files = change(small_site(), "site/site.yaml", "publisher: Example Press", 'publisher: ""')
    card = card_of(change(files, "site/site.yaml", "url: https://example.org/check", 'url: ""'))
    assert said(card, "unpublished") == "Unpublished edition"
    assert said(card, "foot") == "Data to 23 November 2026"


def test_each_language_has_cards_of_its_own() -> None:
    cards = drawn(bilingual(small_site()))
    mine = cards[CARD.replace("en/", f"{SECOND}/", 1)][0]
    assert set(cards) == {CARD, mine.path}
    assert said(mine, "words").startswith("§")
    assert "§" not in said(cards[CARD][0], "words")


# --- how it is drawn ----------------------------------------------------------------------------------


def only(svg: str, roles: Mapping[str, bool], view: tuple[float, float, float, float], card: Card) -> str:
    """The card's texts of some roles alone, in black, seen through a window."""
    root = ET.fromstring(svg)
    texts = root.findall("{http://www.w3.org/2000/svg}text")
    for child in list(root):
        root.remove(child)
    assert len(texts) == len(card.lines)
    for line, text in zip(card.lines, texts, strict=True):
        if roles.get(line.role, roles.get("*", False)):
            root.append(text)
    x, y, width, height = view
    root.attrib |= {"width": str(width), "height": str(height), "viewBox": f"{x} {y} {width} {height}"}
    return ET.tostring(root, encoding="unicode")


@cache
def blank(width: float, height: float) -> bytes:
    return raster.draw_png(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"></svg>')


def is_blank(svg: str, roles: Mapping[str, bool], view: tuple[float, float, float, float], card: Card) -> bool:
    return raster.draw_png(only(svg, roles, view, card)) == blank(*view[2:])


BOXES: dict[str, tuple[float, float]] = {"site": (0, 76), "unpublished": (0, 76), "who": (76, 413), "when": (76, 413)}
BOXES |= {"told": (76, 413), "words": (76, 413), "verdict": (413, 575), "number": (413, 575), "means": (413, 575)}
BOXES |= {"label": (413, 575), "foot": (575, HEIGHT)}
"""Of each role: the top and the bottom of the box that it must not leave."""


def leaves_its_frame(card: Card, svg: str) -> list[str]:
    """What is drawn outside of where it belongs."""
    found = []
    every = {"*": True}
    if not is_blank(svg, every, (-400, -200, 400 + MARGIN - 3, HEIGHT + 400), card):
        found.append("left")
    if not is_blank(svg, every, (WIDTH - MARGIN + 3, -200, 400, HEIGHT + 400), card):
        found.append("right")
    for top, bottom in sorted(set(BOXES.values())):
        outside = {role: box == (top, bottom) for role, box in BOXES.items()}
        above, below = (0, -200, WIDTH, top + 200), (0, bottom, WIDTH, 400)
        found += [
            f"{name} {top}"
            for name, view in (("above", above), ("below", below))
            if not is_blank(svg, outside, view, card)
        ]
    left = {"verdict": True}
    right = {"number": True, "means": True}
    if card.divider and not is_blank(svg, left, (card.divider, 0, WIDTH, HEIGHT), card):
        found.append("verdict over the divider")
    if card.divider and not is_blank(svg, right, (0, 0, card.divider, HEIGHT), card):
        found.append("number over the divider")
    lines = sorted((line for line in card.lines if line.role in ("number", "label", "means")), key=lambda line: line.y)
    stacked = [line for line in lines if line.x > card.divider > 0]
    found += ["lines on one another" for one, two in pairwise(stacked) if two.y - one.y < two.size]
    return found


def test_the_window_sees_what_leaves_the_frame() -> None:
    card, svg = drawn(small_site())[CARD]
    assert leaves_its_frame(card, svg) == []
    for old, new, told in (
        (r'<text x="56" y="612', '<text x="20" y="612', "left"),
        (r'y="612', 'y="570', "above 575"),
        (r'(<text x=")[\d.]+(" y="[\d.]+" font-size="56" fill="#131c24")', r"\g<1>1000\g<2>", "right"),
    ):
        broken = re.sub(old, new, svg)
        assert broken != svg, old
        assert told in leaves_its_frame(card, broken)


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.split("/")[0] + "-" + path.split("/")[2]) for path in real()]
)
def test_a_real_card_stays_in_its_frame_and_is_legible_when_small(path: str) -> None:
    card, svg = real()[path]
    assert card.missing == ""
    assert leaves_its_frame(card, svg) == []
    assert min(line.size for line in card.lines if line.role in ("verdict", "number")) >= LEGIBLE
    assert min(line.size for line in card.lines) >= 24
    assert said(card, "verdict")
    assert card.shape


@pytest.mark.parametrize(
    ("words", "speaker", "said_so"),
    [
        (LONG, "Example Speaker 1", "…”"),
        ("Longinventedwordwithoutanyspace" * 8, "Example Speaker 1", "…”"),
        (
            "Short",
            "A Spokesperson of an Invented Office With a Very Long Name Who Speaks for Many Other Offices",
            "“Short”",
        ),
        ("No & none <of> them", "A & B <c>", "“No & none <of> them”"),
    ],
    ids=["words", "word", "speaker", "signs"],
)
def test_long_words_are_cut_and_stay_in_the_frame(words: str, speaker: str, said_so: str) -> None:
    card, svg = drawn(quoted_in_english(words, speaker))[CARD]
    assert leaves_its_frame(card, svg) == []
    assert said(card, "words").endswith(said_so)
    assert said(card, "words").startswith("“")


def test_long_words_of_a_rating_a_label_and_chinese_stay_in_the_frame() -> None:
    long = "Contradicted by everything that was ever published anywhere"
    files = change(small_site(), "site/site.yaml", "en: Contradicted}", f"en: {long}}}")
    files = change(
        files,
        "content/en/figures.yaml",
        "label: ",
        "label: A label that is far too long for the place that it has, and that goes on, and on, until nobody would read it any more, for it says nothing, ",
        everywhere=True,
    )
    files = change(files, CLAIM, "says: No drones went there.", f"says: {'这是虚构的话，没有人说过。' * 30}")
    card, svg = drawn(files)[CARD]
    assert leaves_its_frame(card, svg) == []
    assert said(card, "label").endswith("… (the importer's own entry)")
    assert said(card, "verdict").startswith("Contradicted by everything")
    assert "…" in said(card, "words")


# --- letters that no font holds --------------------------------------------------------------------------


def test_a_card_with_boxes_is_left_out_and_told() -> None:
    made = build_from(change(small_site(), CLAIM, "says: No drones went there.", "says: No drones went to ᏣᎳᎩ."))
    assert [(found.code, found.location.path) for found in made.problems] == [("T010", CLAIM)]
    assert "Ꮳ Ꮃ Ꭹ" in made.problems[0].message
    assert CARD not in made.files
    page = made.files[CLAIM_PAGE].decode()
    assert "card.png" not in page


# --- the files of the site ---------------------------------------------------------------------------------


def test_every_claim_page_of_the_real_site_has_its_card(site: Mapping[str, bytes]) -> None:
    pages = [path for path in site if re.fullmatch(r"[\w-]+/claims/[\w-]+/index\.html", path)]
    assert pages
    for path in pages:
        card = site[path.replace("index.html", "card.png")]
        assert card[:8] == b"\x89PNG\r\n\x1a\n"
        assert (int.from_bytes(card[16:20], "big"), int.from_bytes(card[20:24], "big")) == (WIDTH, HEIGHT)
        assert len(card) < 120_000
        link = HTMLParser(site[path].decode()).css_first('a[href="card.png"][download]')
        assert link
        assert link.text()


def test_a_real_card_says_what_its_page_says(site: Mapping[str, bytes]) -> None:
    for path, (card, _) in real().items():
        page = HTMLParser(site[path.replace("card.png", "index.html")].decode())
        rating = page.css_first(".form-verdict .badge-word")
        assert rating
        assert said(card, "verdict") == rating.text()
        number = page.css_first(".key-figures .key-number")
        assert said(card, "number") == (number.text() if number else "")
        text = re.sub(r"\s+", " ", page.text())
        for role in ("who", "when", "words"):
            words = said(card, role).strip("“”«»").split("…")[0]
            assert words.replace(" ", "") in text.replace(" ", ""), (path, words)
        if page.css_first(".form-figures .note") and number:
            labelled = page.css_first(".key-figures a")
            assert labelled


def test_the_limit_stands_beside_every_number_of_the_label_of_war_use() -> None:
    labelled = [card for card, _ in real().values() if said(card, "number")]
    assert labelled
    with_limit = {card.path for card in labelled if "(the importer's own entry)" in said(card, "label")}
    assert "en/claims/reports-of-drone-exports-are-false/card.png" in with_limit
    assert "en/claims/twelve-million-in-drones/card.png" not in with_limit


def test_memory_gives_the_same_cards_and_draws_none_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    made = small_build()
    pieces = {key: raw for key, raw in made.memory.items() if not key.startswith("site-")}
    monkeypatch.setattr(raster, "draw_png", None)
    again = build(small_site(), pieces)
    assert again.files == made.files
    with pytest.raises(TypeError):
        build(small_site(), {key: raw for key, raw in pieces.items() if not key.startswith("png-")})


def test_a_line_knows_its_words() -> None:
    assert Line("who", 0, 0, 10, False, (("sans", "a "), ("han", "中")), 0).text == "a 中"

"""One number, one string, on every surface; and no page holds a number that stands nowhere in the data."""

from __future__ import annotations

import csv
import html
import io
import json
import posixpath
import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import count, takewhile
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, live_pages_of, report
from selectolax.lexbor import LexborHTMLParser

from builder.content import read_content
from builder.disk import read_sources
from builder.numerals import find_numbers, parse_told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from selectolax.lexbor import LexborNode

    from builder.model import Language, Told

LANGUAGE = "en"
MARKED = (
    *("[data-figure]", "[data-total]", "[data-exempt]", "[data-count]", "[data-value]"),
    *(
        "time",
        "blockquote",
        "q",
        "code",
        "figure.chart-block svg",
        "figure.chart-block table",
        "svg.shape",
        "span.address",
    ),
)
"""What says of itself where its number comes from. Pictures and the tables under them are looked at by themselves."""
QUOTED = re.compile(r"“[^”]*”|‘[^’]*’(?!\w)|«[^»]*»|「[^」]*」|\"[^\"]*\"")
MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
INNOCENT = re.compile(
    rf"\b\d{{1,2}}(?:[–-]\d{{1,2}})? {MONTH}(?: \d{{4}})?|{MONTH}(?: \d{{4}})?|\b(?:19|20)\d\d(?:[–-](?:19|20)?\d\d)?s?\b"
    r"|\b\d+(?:\.\d+)?(?: (?:to|or) \d+(?:\.\d+)?)? ?kg\b|\bMavic(?: Air)? [23]\b|\bAnnouncements? (?:No\. )?\d+(?: and \d+)?\b"
    r"|\b(?:No\.|[Dd]ecree|[Ss]ection|[Rr]ule|[Cc]hapter|HS(?: code)?) \d+[A-Z]?\b|\b[A-Z]+-?\d+\b"
)
"""Dates, years, weights, named documents and models, as a person would list them: not the builder's own grammar."""
DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


# --- pages ---------------------------------------------------------------------------------------


@dataclass
class Pages:
    """The pages of the site, each parsed once; what reading takes out of one is put back by reading it anew."""

    files: Mapping[str, bytes]
    parsed: dict[str, LexborHTMLParser] = field(default_factory=dict)

    def __getitem__(self, path: str) -> LexborHTMLParser:
        if path not in self.parsed:
            self.parsed[path] = LexborHTMLParser(self.files[path].decode())
        return self.parsed[path]

    def fresh(self, path: str) -> LexborHTMLParser:
        return LexborHTMLParser(self.files[path].decode())

    def of(self, *kinds: str, code: str = LANGUAGE) -> Iterator[str]:
        """The pages in one of these folders of a language."""
        for path in live_pages_of(self.files):
            parts = path.split("/")
            if len(parts) > 2 and parts[0] == code and parts[1] in kinds:
                yield path


@pytest.fixture(scope="module")
def pages(site: Mapping[str, bytes]) -> Pages:
    return Pages(site)


@cache
def languages() -> Mapping[str, Language]:
    return read_content(read_sources(ROOT))[0].languages


def english() -> Language:
    return languages()[LANGUAGE]


def language_at(path: str) -> Language:
    """Of a page; what belongs to no language is English."""
    return languages().get(path.partition("/")[0], english())


def plain(text: str | None) -> str:
    """A text as it is read: single blanks, no no-break ones, no soft hyphens."""
    return " ".join((text or "").replace("\u00ad", "").replace("\u2060", "").split())


def number_of(node: LexborNode) -> str:
    """What a marked element tells, without the label that may stand beside the number."""
    inner = node.css_first(".key-number")
    text = plain((inner or node).text())
    return text[:1].lower() + text[1:]


def told(text: str, path: str = "") -> Told | None:
    found = parse_told(text, language_at(path))
    return found[0] if len(found) == 1 else None


def spoken_in(node: LexborNode | None) -> str:
    """The language that an element or what holds it says it is in."""
    while node is not None and not node.attributes.get("lang"):
        node = node.parent
    return str(node.attributes["lang"]) if node is not None else ""


def same(one: Told | None, other: Told | None) -> bool:
    return bool(one and other) and (one.bound, one.low, one.high) == (other.bound, other.low, other.high)


# --- one string ----------------------------------------------------------------------------------


def figures_told(files: Mapping[str, bytes], code: str = LANGUAGE) -> dict[str, str | None]:
    """How `figure.json` tells each figure."""
    paths = [path for path in files if re.fullmatch(rf"{code}/figures/[^/]+/figure\.json", path)]
    return {path.split("/")[2]: json.loads(files[path])["told"] for path in paths}


def without_noun(text: str, figure: Mapping[str, str], name: str) -> str:
    """`at least 37 drones` without the drones."""
    unit = english().units.get(figure[name], {})
    for noun in (unit.get("other"), unit.get("one")):
        if noun and text.endswith(f" {noun}") and not unit.get("always"):
            return text.removesuffix(f" {noun}")
    return text


def test_a_figure_is_told_in_one_string_everywhere(pages: Pages, site: Mapping[str, bytes]) -> None:
    """In the first language in the very words; a translator may choose another of the words for the same bound."""
    told_in = {code: figures_told(site, code) for code in languages()}
    units = {name: json.loads(site[f"{LANGUAGE}/figures/{name}/figure.json"])["unit"] for name in told_in[LANGUAGE]}
    assert all(told_in.values())
    found, seen = [], set()
    for path in live_pages_of(site):
        language = language_at(path)
        wanted = told_in[language.code]
        for node in pages[path].css("[data-figure]"):
            name = node.attributes["data-figure"] or ""
            seen.add(name)
            shown = without_noun(number_of(node), units, name)
            right = plain(wanted[name] if wanted[name] is not None else language.words["undecided.number"])
            right = without_noun(right, units, name)
            alike = language.code != LANGUAGE and same(told(shown, path), told(right, path))
            if shown.lower() != right.lower() and not alike and not node.attributes.get("title"):
                found.append((path, f"{name} is told as “{shown}”, and in figure.json as “{right}”"))
            value = node.attributes.get("value")
            number = told(shown, path)
            if value and (number is None or Fraction(value) != number.low):
                found.append((path, f"{name} has the value {value} for “{shown}”"))
    report(found)
    assert seen == told_in[LANGUAGE].keys(), "a figure that no page tells"


def scale_of(text: str) -> int:
    return next(
        (
            10**power
            for word, power in (("thousand", 3), ("million", 6), ("billion", 9), ("trillion", 12))
            if word in text
        ),
        1,
    )


def test_a_reported_total_is_told_as_its_row_tells_it(pages: Pages, site: Mapping[str, bytes]) -> None:
    found, seen = [], set()
    for path in live_pages_of(site):
        for node in pages[path].css("[data-total]"):
            name = node.attributes["data-total"] or ""
            seen.add(name)
            code = language_at(path).code
            number = pages[f"{code}/records/{name}/index.html"].css_first("dl.boxes dd .number")
            shown, right = told(number_of(node), path), told(number_of(number), path)
            alike = same(shown, right)
            if shown and right and right.unit == "%" and not shown.unit:
                alike = (shown.bound, shown.low * 100) == (right.bound, right.low)
            if not alike:
                found.append(
                    (path, f"{name} is told as “{number_of(node)}”, and on its record as “{number_of(number)}”")
                )
    report(found)
    assert seen


def test_a_chart_tells_its_figures_as_the_pages_do(pages: Pages, site: Mapping[str, bytes]) -> None:
    """In the picture, in the table under it and in the file to take away."""
    wanted = figures_told(site)
    found, seen = [], 0
    for path in pages.of("charts"):
        if path == f"{LANGUAGE}/charts/index.html":
            continue
        page = pages[path]
        folder = path.removesuffix("index.html")
        linked = {target_of(path, node) for node in page.css("main section a[href]")}
        names = [name for name in wanted if f"{LANGUAGE}/figures/{name}/index.html" in linked]
        surfaces = {
            "the picture": " ".join(plain(node.text()) for node in page.css("figure svg text")),
            "the table": " ".join(plain(node.text()) for node in page.css("figure table td, figure table th")),
            "chart.csv": plain(site[f"{folder}chart.csv"].decode()),
            "chart.svg": svg_text(site[f"{folder}chart.svg"].decode()),
        }
        for name in names:
            text = wanted[name]
            if text is None:
                continue
            seen += 1
            found += [
                (path, f"{where} does not tell {name} as “{plain(text)}”")
                for where, words in surfaces.items()
                if plain(text) not in words
            ]
    report(found)
    assert seen, "no chart names its figures"


def svg_text(svg: str) -> str:
    return " ".join(drawn_texts(svg))


def test_a_table_and_its_file_hold_the_same_cells(pages: Pages, site: Mapping[str, bytes]) -> None:
    found = []
    for path in pages.of("charts"):
        name = path.split("/")[2]
        if name == "index.html":
            continue
        rows = list(csv.reader(io.StringIO(site[f"{LANGUAGE}/charts/{name}/chart.csv"].decode())))
        shown = [
            [plain(cell.text()) for cell in row.css("th, td")] for row in pages[path].css("figure.chart-block table tr")
        ]
        if shown != [[plain(cell) for cell in row] for row in rows]:
            found.append((path, "the table under the chart is not that of chart.csv"))
    report(found)


def test_the_description_of_a_page_is_its_text(pages: Pages) -> None:
    found = []
    for kind, selector in (("claims", ".verdict-reason"), ("figures", ".about")):
        for path in pages.of(kind):
            page = pages[path]
            text = page.css_first(selector)
            if path.count("/") != 3:  # an overview, or the card of a claim for the pages of others
                continue
            shown = plain(page.css_first('meta[name="description"]').attributes["content"])
            if not text or shown != plain(text.text()):
                found.append((path, f"its description is not the text of {selector}: {shown}"))
    report(found)


def test_every_number_in_a_title_or_description_stands_marked_on_the_page(
    pages: Pages, site: Mapping[str, bytes]
) -> None:
    """The head of a page has no links, so it must repeat what the page tells."""
    found = []
    for path in live_pages_of(site):
        page = pages[path]
        marked = {
            plain(node.text()).lower() for node in page.css("[data-figure], [data-total], [data-exempt], [data-value]")
        }
        heads = [plain(page.css_first("title").text())]
        heads += [plain(node.attributes["content"]) for node in page.css('meta[name="description"]')]
        for text in heads:
            hidden = QUOTED.sub(" ", text)
            for start, end in find_numbers(hidden, language_at(path)):
                if not any(hidden[start:end].strip().lower() in words for words in marked):
                    found.append((path, f"“{hidden[start:end]}” in “{text[:90]}” stands nowhere on the page"))
    report(found)


# --- nothing invented ----------------------------------------------------------------------------


def unmarked_text(page: LexborHTMLParser) -> Iterator[str]:
    """What is left of a page's blocks when all that is marked is taken out."""
    for selector in MARKED:
        for node in page.css(selector):
            node.replace_with(" ")
    body = page.body
    assert body
    blocks = "p, li, dt, dd, td, th, h1, h2, h3, h4, caption, figcaption, summary"
    seen = set()
    for node in body.css(blocks):
        if not node.css_first(blocks) or node.css(blocks) == [node]:
            yield plain(node.text())
            seen.add(node.mem_id)
    for node in body.css("body *"):
        own = plain(node.text(deep=False))
        if own:
            yield own
    for node in body.css("[alt], [aria-label], [title], [placeholder]"):
        for name in ("alt", "aria-label", "title", "placeholder"):
            yield plain(node.attributes.get(name) or "")


def loose_numbers(text: str, path: str = "") -> Iterator[str]:
    """Numbers that the builder's grammar finds, and in English digits that a plain look finds."""
    text = QUOTED.sub(" ", text)
    for start, end in find_numbers(text, language_at(path)):
        yield f"{text[start:end].strip()} in “{text[max(0, start - 40) : end + 40]}”"
    if language_at(path).code != LANGUAGE:
        return
    for match in DIGITS.finditer(INNOCENT.sub(lambda m: " " * len(m[0]), text)):
        yield f"{match[0]} in “{text[max(0, match.start() - 40) : match.end() + 40]}”"


def written_pages(pages: Pages) -> Iterator[str]:
    """Claims and the pages that an author wrote, in every language."""
    slugs = {path.stem for path in (ROOT / "content" / LANGUAGE / "pages").glob("*.md")}
    for code in languages():
        yield f"{code}/index.html"
        yield from pages.of("claims", *slugs, code=code)


def test_every_number_of_a_written_page_says_where_it_comes_from(pages: Pages) -> None:
    paths = [path for path in written_pages(pages) if path.split("/")[1] != "data"]
    assert len(paths) > 48
    report(
        (path, loose)
        for path in paths
        for text in unmarked_text(pages.fresh(path))
        for loose in loose_numbers(text, path)
    )


@pytest.mark.parametrize(
    ("body", "loose"),
    [
        ("<p>at least 37 drones</p>", True),
        ("<p>three drones</p>", True),
        ("<p>5<sup>th</sup></p>", True),
        ('<p title="12 more">x</p>', True),
        ("<p><a data-figure=x>at least 37</a> drones on 19 April 2023</p>", False),
        ("<p>He said: “37 drones”. Announcement 28; the Mavic 3; 25 kg</p>", False),
        ("<li><p><span data-count>4</span> rows</p></li>", False),
        ("<div>4 rows</div>", True),
    ],
)
def test_a_number_that_nothing_backs_is_found(body: str, loose: bool) -> None:
    found = [one for text in unmarked_text(LexborHTMLParser(body)) for one in loose_numbers(text)]
    assert bool(found) == loose, found


# --- what the data's own pages show --------------------------------------------------------------


def digits_of(text: str) -> set[str]:
    """Every run of digits, thousands commas and leading zeros taken out."""
    return {normal(match[0]) for match in DIGITS.finditer(text.replace("\u00a0", " "))}


def normal(digits: str) -> str:
    digits = re.sub(r",(?=\d{3}(?!\d))", "", digits)
    return digits.lstrip("0").removesuffix(".") or "0"


def forms_of(cell: str) -> set[str]:
    """The digits by which a cell may be shown: as it is, in millions, as a share, as a date."""
    out = digits_of(cell)
    if re.fullmatch(r"-?\d+(\.\d+)?", cell):
        value = Fraction(cell)
        for scale in (Fraction(1, 10**9), Fraction(1, 10**6), Fraction(1, 10**3), Fraction(1), Fraction(100)):
            shown = f"{float(value * scale):.6f}".rstrip("0").rstrip(".")
            out |= {normal(shown)} if Fraction(shown) == value * scale else set()
    if re.fullmatch(r"\d{4}(-\d\d){0,2}", cell):
        out |= {normal(part) for part in cell.split("-")}
    return out


@cache
def cells_by_id() -> Mapping[str, set[str]]:
    """The digits of all the cells of each row, by the row's id."""
    out: dict[str, set[str]] = {}
    for path in sorted((ROOT / "data").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                shown = set().union(*(forms_of(cell) for cell in row.values()))
                out.setdefault(row["id"], set()).update(shown)
    return out


@cache
def conflicts() -> list[dict[str, str]]:
    with (ROOT / "data" / "conflicts.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def target_of(path: str, node: LexborNode) -> str:
    href = (node.attributes.get("href") or "").partition("#")[0]
    return path if not href else posixpath.normpath(posixpath.join(posixpath.dirname(path), href))


def about_of(path: str) -> str:
    parts = path.split("/")
    return parts[2] if len(parts) > 3 else ""


def allowed_on(pages: Pages, path: str) -> set[str]:
    """The digits of what the page is about, and of all that it leads to."""
    own = about_of(path)
    out = set(cells_by_id().get(own, ()))
    links = pages[path].css("main a[href]")
    rows = {own} | {about_of(target_of(path, node)) for node in links}
    for row in conflicts():
        subjects = {part.split("/")[1] for part in row["subject"].split(";") if "/" in part}
        if rows & subjects or own in row["sources"].split(";"):
            out |= digits_of(" ".join(row.values()))
    for node in links:
        target = target_of(path, node)
        out |= cells_by_id().get(about_of(target), set())
        if target.endswith(".html") and target in pages.files:
            heading = pages[target].css_first("h1")
            out |= digits_of(heading.text() if heading else "")
        if target.startswith(f"{LANGUAGE}/figures/") and about_of(target):
            out |= digits_of(pages.files[f"{LANGUAGE}/figures/{about_of(target)}/figure.json"].decode())
    if path.startswith(f"{LANGUAGE}/figures/"):
        out |= digits_of(pages.files[f"{LANGUAGE}/figures/{own}/figure.json"].decode())
        out |= set().union(*(forms_of(day) for day in periods_of(own)))
    return out


@cache
def periods_of(figure: str) -> tuple[str, ...]:
    """The days that a figure's definition names."""
    text = (ROOT / "data" / "figures.yaml").read_text(encoding="utf-8")
    block = re.search(rf"^{figure}:\n((?:  .*\n)*)", text, re.MULTILINE)
    return tuple(re.findall(r"\d{4}-\d\d-\d\d", block[1])) if block else ("",)


def shown_on(page: LexborHTMLParser) -> Iterator[str]:
    """The texts of a page's main part, block by block; counts that the builder made are marked as such.

    Sentences and history entries that are shown of other pages are held to those pages by the next tests.
    """
    for selector in (
        "[data-count]",
        ".sentences",
        ".history",
        ".cite",
        "script",
        "style",
        "svg",
        "main a[href^='http']",
    ):
        for node in page.css(selector):
            node.replace_with(" ")
    for node in page.css("main h1, main h2, main p, main li, main dd, main td, main th, main caption"):
        yield plain(node.text())


def test_a_record_shows_no_number_but_its_own(pages: Pages) -> None:
    """Records, sources, companies and figures show the digits of their rows and of what they lead to, and no others."""
    found = []
    for path in pages.of("records", "sources", "companies", "figures"):
        if not about_of(path):
            continue
        allowed = allowed_on(pages, path)
        for text in shown_on(pages.fresh(path)):
            found += [(path, f"{digit} in “{text[:120]}”") for digit in sorted(digits_of(text) - allowed)]
    report(found)


def test_every_sentence_shown_as_leaning_stands_on_the_page_that_it_is_shown_from(pages: Pages) -> None:
    texts: dict[str, str] = {}
    found, seen = [], 0
    for path in pages.of("records", "sources", "figures"):
        for speaker in pages[path].css(".speakers > li"):
            target = target_of(path, speaker.css_first("a"))
            if target not in texts:
                head = " ".join(node.attributes.get("content") or "" for node in pages[target].css("meta"))
                texts[target] = plain(pages[target].css_first("main").text()) + head
            for sentence in speaker.css(".sentences > li"):
                seen += 1
                if plain(sentence.text()) not in texts[target]:
                    found.append((path, f"{plain(sentence.text())} does not stand in {target}"))
    report(found)
    assert seen > 500


def test_every_entry_of_a_history_stands_on_the_page_whose_history_it_is(pages: Pages) -> None:
    found = []
    for path in live_pages_of(pages.files):
        for entry in pages[path].css(".history > .entry[id]"):
            link = entry.css_first(".entry-head a")
            home = pages[target_of(path, link) if link else path].css_first(f"#{entry.attributes['id']} .entry-words")
            if not home or plain(home.text()) != plain(entry.css_first(".entry-words").text()):
                found.append((path, f"{entry.attributes['id']} does not stand on its own page as it stands here"))
    report(found)


def test_every_date_on_a_data_page_stands_in_the_data(pages: Pages) -> None:
    cells = (ROOT / "data").glob("*.csv")
    known = set(re.findall(r"\d{4}(?:-\d\d){0,2}", " ".join(path.read_text(encoding="utf-8") for path in cells)))
    known |= set(re.findall(r"\d{4}-\d\d-\d\d", (ROOT / "data" / "figures.yaml").read_text(encoding="utf-8")))
    histories = (ROOT / "content" / LANGUAGE).glob("*/*.md")
    known |= set(
        re.findall(r"date: (\d{4}-\d\d-\d\d)", " ".join(path.read_text(encoding="utf-8") for path in histories))
    )
    known |= {day[:7] for day in known} | {day[:4] for day in known}
    known.add(json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))["created"][:10])
    found = []
    for path in pages.of("records", "sources", "companies", "figures", "timeline"):
        for node in pages[path].css("time"):
            if node.attributes.get("datetime") not in known:
                found.append((path, f"{node.attributes.get('datetime')} stands nowhere in the data"))
    report(found)


def drawn_texts(svg: str) -> list[str]:
    found = re.findall(r"<text[^>]*>(.*?)</text>", svg, re.DOTALL)
    return [plain(html.unescape(re.sub(r"<[^>]*>", "", text))) for text in found]


def scale_in(texts: list[str]) -> set[str]:
    """The numbers of the axes: bare, from nothing upward, in equal steps."""
    axes: dict[str, dict[Fraction, str]] = {}
    for text in texts:
        match = re.fullmatch(
            r"([$£]?)([\d,]+(?:\.\d+)?)( (?:thousand|million|billion|trillion))?((?: ?[a-z%]+)?)", text
        )
        if match:
            value = Fraction(match[2].replace(",", "")) * scale_of(match[3] or "")
            axes.setdefault(match[1] + match[4], {})[value] = text
    out: set[str] = set()
    for ticks in axes.values():
        runs = [list(takewhile(ticks.__contains__, count(Fraction(0), step))) for step in ticks if step]
        longest = max(runs, key=len, default=[])
        out |= {ticks[value] for value in longest if len(longest) > 2}
    return out


def test_a_scale_is_known_by_its_equal_steps() -> None:
    assert scale_in(["$0", "$20 million", "$40 million", "At least 37"]) == {"$0", "$20 million", "$40 million"}
    assert scale_in(["0%", "25%", "41%", "50%", "60%", "75%"]) == {"0%", "25%", "50%", "75%"}
    assert scale_in(["0%", "25%", "60%", "7"]) == set()


def test_a_chart_shows_no_number_but_those_of_its_rows(pages: Pages, site: Mapping[str, bytes]) -> None:
    """The table under a picture and the words in it: from the rows and figures that the chart's page names."""
    found = []
    for path in pages.of("charts"):
        if not about_of(path):
            continue
        page = pages[path]
        allowed = allowed_on(pages, path)
        allowed |= digits_of(
            " ".join(plain(node.text()) for node in page.css("figure [data-figure], figure [data-total]"))
        )
        for node in page.css("figure table td, figure table th"):
            found += [
                (path, f"{d} in the cell “{plain(node.text())[:90]}”") for d in sorted(digits_of(node.text()) - allowed)
            ]
        drawn = drawn_texts(site[f"{path.removesuffix('index.html')}chart.svg"].decode())
        scale = scale_in(drawn)
        for text in (text for text in drawn if text not in scale):
            rest = {d for d in digits_of(text) - allowed if not re.fullmatch(r"20[12]\d", d)}
            found += [(path, f"{d} in the picture's “{text[:90]}”") for d in sorted(rest)]
    report(found)


def test_every_value_that_the_builder_marks_is_known(pages: Pages, site: Mapping[str, bytes]) -> None:
    """`data-value` is no way round: its digits stand in the data, in a figure, in an author's text or in the settings."""
    raw = read_sources(ROOT)
    known: set[str] = set().union(*cells_by_id().values())
    for path, content in raw.items():
        if path.startswith("content/") or path in ("site/site.yaml", "data/datapackage.json", "data/figures.yaml"):
            known |= digits_of(content.decode("utf-8"))
    for path, content in site.items():
        if path.endswith("figure.json"):
            figure = json.loads(content)
            known |= digits_of(f"{figure['told']} {figure['interval']['low']} {figure['interval']['high']}")
    values = {
        Fraction(digits) * scale for digits in known if re.fullmatch(r"\d+(\.\d+)?", digits) for scale in (1, 100)
    }
    found = []
    for path in live_pages_of(site):
        language = language_at(path)
        for node in pages[path].css("[data-value]"):
            text = plain(node.text())
            if LANGUAGE in (language.code, spoken_in(node)):
                found += [(path, f"{digit} in “{text[:90]}”") for digit in sorted(digits_of(text) - known)]
                continue
            for start, end in find_numbers(text, language):  # another language groups and scales its digits otherwise
                numbers = parse_told(text[start:end], language)
                if (
                    node.parent.attributes.get("class") != "address"
                    and not digits_of(text[start:end]) <= known
                    and not all(number.low in values for number in numbers)
                ):
                    found.append((path, f"{text[start:end]} in “{text[:90]}”"))
    report(found)

"""How charts and pages look, held to the pictures in `tests/looks/`: a change that nobody meant is shown side by side.

Charts and share cards are drawn with the site's own fonts, so their pictures hold everywhere. Pages are drawn by a browser
with the fonts of the machine: their pictures lie in a folder named after both, and elsewhere they prove nothing. After a
change that is meant run this module with `--regen-all`, look at the pictures, and commit them with the change.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import zlib
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from conftest import FLAGS, FROZEN, ROOT, kind_of, one_of_each_kind, pages_of
from likeness import Change, compare, pack, read_picture, write_report
from playwright.sync_api import sync_playwright

from builder.drawing import SHARPNESS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from likeness import Picture
    from playwright.sync_api import Browser, Page

LOOKS = ROOT / "tests" / "looks"
CHARTS = LOOKS / "charts"
MADE_WITH = "made-with.txt"
"""Says in words for which browser and fonts the pictures of a folder hold."""
FIRST = "en"
PHONE, DESK = 360, 1280
HEIGHT = 1600
"""Pixels of a page that are held, from its top."""
REDUCED = {PHONE: 1, DESK: 2}
"""Pixels of a page to one of its picture: a phone's can be read, and all together stay small."""
STEADY = ("--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb")
"""Flags that keep screen and machine out of a picture."""
ALL_CHARTS, ALL_PAGES = 1_500_000, 3_000_000
"""Bytes of all references of charts, and of all of pages for one machine."""


# --- which pictures there are -----------------------------------------------------------------------


@dataclass(frozen=True)
class View:
    """A page as it is looked at."""

    page: str
    width: int
    scheme: str = "light"

    @property
    def name(self) -> str:
        """The file of its picture, without its ending."""
        return f"{self.page.removesuffix('.html').removesuffix('/index').replace('/', '-')}-{self.width}-{self.scheme}"

    def told(self) -> str:
        """The view in words."""
        return f"{self.page} at {self.width} px, {self.scheme}"


@dataclass(frozen=True)
class Shown:
    """A picture as it is now: what it shows, in words, and of how many pixels each of its own is made."""

    told: str
    picture: Picture
    scale: int = 1


def languages_of(site: Mapping[str, bytes]) -> list[str]:
    """All languages of the site but the first."""
    return sorted({page.partition("/")[0] for page in pages_of(site) if "/claims/" in page} - {FIRST})


def heaviest_claim(site: Mapping[str, bytes]) -> str:
    """The address of the claim with the longest page, without its language."""
    pages = (page for page in pages_of(site) if kind_of(page) == f"{FIRST}/claims/*/index.html")
    return max(pages, key=lambda page: (len(site[page]), page)).removeprefix(f"{FIRST}/").removesuffix("index.html")


def plan_views(site: Mapping[str, bytes]) -> list[View]:
    """Each kind of page in the first language; home and a claim in each, and in the dark; frozen pages are none of ours."""
    of_first = [page for page in one_of_each_kind(site) if page.partition("/")[0] in (FIRST, "404.html")]
    claim = f"{heaviest_claim(site)}index.html"
    of_others = [f"{code}/{page}" for code in languages_of(site) for page in ("index.html", claim)]
    dark = [f"{FIRST}/{page}" for page in ("index.html", claim)]
    light = [page for page in (*of_first, *of_others) if not FROZEN.fullmatch(page)]
    return [
        *(View(page, width) for width in (PHONE, DESK) for page in light),
        *(View(page, PHONE, "dark") for page in dark),
    ]


def plan_charts(site: Mapping[str, bytes]) -> list[str]:
    """Every chart in the first language and in one other, which its name decides; a share card in the first and the last."""
    charts = sorted(path for path in site if re.fullmatch(rf"{FIRST}/charts/[^/]+/chart\.png", path))
    others = languages_of(site)
    in_another = [
        path.replace(f"{FIRST}/", f"{others[zlib.crc32(path.encode()) % len(others)]}/", 1) for path in charts if others
    ]
    cards = [f"{code}/{heaviest_claim(site)}card.png" for code in (FIRST, *others[-1:])]
    return [*charts, *in_another, *cards]


# --- looking ----------------------------------------------------------------------------------------


@contextmanager
def opened(browser: Browser, width: int, scheme: str, **settings: Any) -> Iterator[Page]:
    """A window of one width, in which nothing moves or blinks."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="UTC",
        service_workers="block",
        **settings,
    )
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def look(page: Page, reduced: int) -> Picture:
    """What stands in the window."""
    page.evaluate("document.fonts.ready.then(() => true)")
    return read_picture(page.screenshot(animations="disabled", caret="hide"), reduced)


def look_at(browser: Browser, address: str, views: Iterable[View]) -> dict[str, Shown]:
    """The picture of each view, by its name."""
    shown = {}
    groups: dict[tuple[int, str], list[View]] = {}
    for view in views:
        groups.setdefault((view.width, view.scheme), []).append(view)
    for (width, scheme), group in groups.items():
        with opened(browser, width, scheme) as page:
            for view in group:
                page.goto(address + view.page, wait_until="load")
                shown[view.name] = Shown(view.told(), look(page, REDUCED[width]), REDUCED[width])
    return shown


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, *STEADY])
        yield browser
        browser.close()


@cache
def made_with(chromium: str) -> str:
    """The browser's version and every font that it may draw with, one to a line; empty where fonts cannot be listed."""
    if not shutil.which("fc-list"):
        return ""
    list_fonts = ("fc-list", "--format", r"%{family} %{style} %{fontversion}\n")
    version, fonts = (
        subprocess.run(command, capture_output=True, text=True, check=True).stdout
        for command in ((chromium, "--version"), list_fonts)
    )
    return "\n".join((version.partition(" built on ")[0].strip(), *sorted(set(fonts.splitlines())))) + "\n"


def folder_for(made: str) -> Path:
    """Where the pictures lie that were made so."""
    return LOOKS / hashlib.sha256(made.encode()).hexdigest()[:12]


def why_not(made: str, folder: Path, renew: bool) -> str:
    """Why this machine's pictures of pages are not compared with any; empty where they are."""
    if not made:
        return (
            "fc-list is missing, so it is not known with which fonts pages are drawn: sudo apt-get install fontconfig"
        )
    if folder.is_dir() or renew:
        return ""
    browsers = [path.read_text("utf-8").partition("\n")[0] for path in sorted(folder.parent.glob(f"*/{MADE_WITH}"))]
    return (
        f"the pictures of pages are of {', '.join(browsers) or 'no browser'}, or of other fonts, and this is"
        f" {made.partition(chr(10))[0]}: where the looks are right, --regen-all makes some for this machine"
    )


# --- holding ----------------------------------------------------------------------------------------


def hold(folder: Path, shown: Mapping[str, Shown], tmp_path: Path, renew: bool = False) -> str:
    """What differs between the references in a folder and what is shown, and where it can be seen; empty if nothing.

    With `renew` the references become what is shown; one that still holds keeps its bytes.
    """
    kept = {path.stem: path for path in sorted(folder.glob("*.png"))}
    changes = {}
    for name in shown.keys() & kept.keys():
        was, now = read_picture(kept[name].read_bytes()), shown[name].picture
        if regions := compare(was, now):
            changes[name] = Change(shown[name].told, was, now, regions, shown[name].scale)
    new, gone = sorted(shown.keys() - kept.keys()), sorted(kept.keys() - shown.keys())
    if renew:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (*changes, *new):
            (folder / f"{name}.png").write_bytes(pack(shown[name].picture))
        for name in gone:
            kept[name].unlink()
    lines = [
        *(changes[name].told() for name in sorted(changes)),
        *(f"{shown[name].told}: there is no picture {name}.png yet" for name in new),
        *(f"{name}.png shows nothing that there is" for name in gone),
    ]
    if changes:
        lines.append(f"Side by side: {write_report(tmp_path, [changes[name] for name in sorted(changes)])}")
    return "\n".join(lines)


def hold_or_fail(folder: Path, shown: Mapping[str, Shown], tmp_path: Path, config: pytest.Config) -> None:
    """The same, with the options of pytest-regressions: `--regen-all` renews, `--force-regen` renews and fails."""
    everything, failing = config.getoption("regen_all"), config.getoption("force_regen")
    found = hold(folder, shown, tmp_path, renew=everything or failing)
    if found and not everything:
        cure = (
            "written anew" if failing else "If this is meant: --regen-all, look at them, commit them with the change."
        )
        pytest.fail(f"{found}\n{cure}", pytrace=False)


def test_every_chart_looks_as_it_did(site: Mapping[str, bytes], tmp_path: Path, pytestconfig: pytest.Config) -> None:
    paths = plan_charts(site)
    assert len(paths) > 2
    shown = {}
    for path in paths:
        name = path.removesuffix("/chart.png").removesuffix(".png").replace("/", "-")
        shown[name] = Shown(path, read_picture(site[path], SHARPNESS if path.endswith("/chart.png") else 1))
    hold_or_fail(CHARTS, shown, tmp_path, pytestconfig)


def test_every_kind_of_page_looks_as_it_did(
    site: Mapping[str, bytes],
    address: str,
    chromium: str,
    browser: Browser,
    tmp_path: Path,
    pytestconfig: pytest.Config,
) -> None:
    made = made_with(chromium)
    folder = folder_for(made)
    renew = pytestconfig.getoption("regen_all") or pytestconfig.getoption("force_regen")
    if reason := why_not(made, folder, renew):
        pytest.skip(reason)
    hold_or_fail(folder, look_at(browser, address, plan_views(site)), tmp_path, pytestconfig)
    if renew:
        (folder / MADE_WITH).write_text(made, encoding="utf-8")


def test_the_references_stay_small() -> None:
    assert weight(CHARTS) < ALL_CHARTS
    assert {folder.name: weight(folder) for folder in LOOKS.iterdir() if weight(folder) >= ALL_PAGES} == {}


def weight(folder: Path) -> int:
    """Bytes of all files of a folder."""
    return sum(path.stat().st_size for path in folder.iterdir())


# --- what would be found ----------------------------------------------------------------------------

STORY = "const main = document.querySelector('main'), title = document.querySelector('h1');"
CHANGED = {
    "nothing": "",
    "the whole page, moved right": "main.style.position = 'relative'; main.style.left = '1px'",
    "what follows the title, moved down": "title.style.marginBottom = `${parseFloat(getComputedStyle(title).marginBottom) + 1}px`",
    "a digit": """
        const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
        while (!/[1-8]/.test(texts.nextNode().data) || texts.currentNode.parentElement.getClientRects().length == 0) {}
        texts.currentNode.data = texts.currentNode.data.replace(/[1-8]/, digit => Number(digit) + 1)""",
    "the colour of links": "main.querySelectorAll('a').forEach(link => link.style.color = '#a0306a')",
    "a title in another weight": "title.style.fontWeight = '500'",
}


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_what_changes_on_a_page_is_found(address: str, browser: Browser, width: int) -> None:
    found = {}
    with opened(browser, width, "light") as page:
        page.goto(f"{address}{FIRST}/index.html", wait_until="load")
        was = read_picture(pack(look(page, REDUCED[width])))
        for what, script in CHANGED.items():
            page.reload(wait_until="load")
            page.evaluate(f"() => {{ {STORY} {script} }}")
            found[what] = bool(compare(was, look(page, REDUCED[width])))
    assert found == {what: what != "nothing" for what in CHANGED}


# --- references -------------------------------------------------------------------------------------


def plain(grey: int, told: str = "a picture") -> Shown:
    return Shown(told, np.full((40, 60, 3), grey, np.uint8))


def test_what_differs_is_told_and_shown(tmp_path: Path) -> None:
    folder = tmp_path / "references"
    assert hold(folder, {"one": plain(200), "other": plain(90)}, tmp_path, renew=True)
    assert hold(folder, {"one": plain(200), "other": plain(90)}, tmp_path) == ""
    told = hold(folder, {"one": plain(100, "one page"), "third": plain(7, "third page")}, tmp_path).splitlines()
    assert told == [
        "one page: 1 region differs: 0,0–60,40",
        "third page: there is no picture third.png yet",
        "other.png shows nothing that there is",
        f"Side by side: {tmp_path / 'looks.html'}",
    ]
    assert "one page" in (tmp_path / "looks.html").read_text(encoding="utf-8")


def test_renewing_writes_what_changed_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "references"
    hold(folder, {"one": plain(200), "other": plain(90), "third": plain(7)}, tmp_path, renew=True)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert hold(folder, {"one": plain(201), "other": plain(100)}, tmp_path, renew=True)
    assert {path.name for path in folder.iterdir()} == {"one.png", "other.png"}
    assert (folder / "one.png").read_bytes() == before["one.png"]
    assert (folder / "other.png").read_bytes() != before["other.png"]
    assert hold(folder, {"one": plain(201), "other": plain(100)}, tmp_path) == ""


def test_pictures_of_another_browser_or_of_other_fonts_are_not_compared(tmp_path: Path) -> None:
    then, now = "Chromium 1\nInvented Sans\n", "Chromium 1\nInvented Serif\n"
    assert folder_for(then) != folder_for(now)
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    assert "are of no browser" in why_not(now, ours, renew=False)
    theirs.mkdir()
    (theirs / MADE_WITH).write_text(then, encoding="utf-8")
    assert "are of Chromium 1, or of other fonts" in why_not(now, ours, renew=False)
    assert why_not(now, ours, renew=True) == why_not(then, theirs, renew=False) == ""
    assert "fc-list" in why_not("", ours, renew=True)


@pytest.mark.parametrize(
    ("options", "fails", "renewed"),
    [({}, True, False), ({"regen_all": True}, False, True), ({"force_regen": True}, True, True)],
    ids=["neither", "--regen-all", "--force-regen"],
)
def test_the_options_of_pytest_regressions_renew(
    tmp_path: Path, options: dict[str, bool], fails: bool, renewed: bool
) -> None:
    class Config:
        def getoption(self, name: str) -> bool:
            return options.get(name, False)

    folder = tmp_path / "references"
    hold(folder, {"one": plain(200)}, tmp_path, renew=True)
    with pytest.raises(pytest.fail.Exception) if fails else nullcontext():
        hold_or_fail(folder, {"one": plain(90)}, tmp_path, Config())  # type: ignore[arg-type]
    assert (hold(folder, {"one": plain(90)}, tmp_path) == "") == renewed

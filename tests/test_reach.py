"""Privacy and reach: nothing leaves, nothing is stored, nothing foreign runs, and the site works wherever it is put.

Also in Tor Browser, at its safest level: there JavaScript is off and no SVG is drawn, so each chart must show its PNG.
"""

from __future__ import annotations

import base64
import gzip
import re
import shutil
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, ClassVar, cast
from urllib.parse import unquote, urldefrag

import pytest
from conftest import FLAGS, TYPES, missing, one_of_each_kind, report
from extremes import extreme_build
from playwright.sync_api import sync_playwright
from small_site import past_build, small_build
from test_browser import DESK, PHONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

CLAIM = "en/claims/reports-of-drone-exports-are-false/index.html"
CHART = "en/charts/documented/index.html"


PACKED = (".html", ".css", ".js", ".json", ".svg", ".txt", ".xml")
"""Endings of files that hosts pack on the way."""


class Host(BaseHTTPRequestHandler):
    """A plain static host: a site below a prefix, its 404 page everywhere else; it remembers what it was asked."""

    protocol_version = "HTTP/1.1"
    files: ClassVar[Mapping[str, bytes]] = {}
    prefix: ClassVar[str] = "/"
    asked: ClassVar[list[tuple[str, str | None]]]
    """Path and `Referer` of each request."""

    def do_GET(self) -> None:
        address = unquote(self.path.partition("?")[0])
        self.asked.append((address, self.headers.get("Referer")))
        path = address.removeprefix(self.prefix) if address.startswith(self.prefix) else "404.html"
        path += "index.html" if path.endswith("/") or not path else ""
        found = path in self.files
        content = self.files.get(path) or self.files.get("404.html") or b"<title>elsewhere</title>"
        kind = PurePosixPath(path).suffix if found else ".html"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", TYPES.get(kind, "application/octet-stream"))
        if kind in PACKED and "gzip" in self.headers.get("Accept-Encoding", ""):
            content = gzip.compress(content, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the base class gives it
        pass


@contextmanager
def hosted(files: Mapping[str, bytes], prefix: str = "/") -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    """The address of a host on this machine alone, and the list of what it is asked."""
    asked: list[tuple[str, str | None]] = []
    handler = type("SiteHost", (Host,), {"files": files, "prefix": prefix, "asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}{prefix}", asked
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser, in which each test opens a window of its own."""
    with sync_playwright() as playwright:
        mapped = FLAGS[-1].replace("MAP *", "MAP *.onion.example 127.0.0.1 , MAP *")
        browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS[:-1], mapped])
        yield browser
        browser.close()


@contextmanager
def window(browser: Browser, **settings: Any) -> Iterator[BrowserContext]:
    """A window that has never seen the site."""
    context = browser.new_context(**{"viewport": DESK, **settings})
    context.set_default_timeout(60_000)
    yield context
    context.close()


# --- nothing leaves, nothing is stored --------------------------------------------------------------

STORED = """async () => ({
    cookie: document.cookie,
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).map(one => one.name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING = {"cookie": "", "local": [], "session": [], "databases": [], "caches": [], "workers": 0}
USE = """() => {
    for (const summary of document.querySelectorAll('summary')) summary.click();
    for (const field of document.querySelectorAll('input')) {
        field.focus();
        field.value = 'China';
        for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, {bubbles: true}));
    }
    for (const field of document.querySelectorAll('select')) {
        field.selectedIndex = field.options.length - 1;
        field.dispatchEvent(new Event('change', {bubbles: true}));
    }
    for (const button of document.querySelectorAll('main button')) button.click();
}"""
"""Whatever a page lets a reader do without leaving it."""


def test_nothing_leaves_and_nothing_is_kept(site: Mapping[str, bytes], browser: Browser) -> None:
    found = []
    with hosted(site, "/p/") as (home, _), window(browser) as context:
        requests: list[str] = []
        context.on("request", lambda request: requests.append(request.url))
        page = context.new_page()
        for path in one_of_each_kind(site):
            page.goto(home + path)
            page.evaluate(USE)
            page.wait_for_load_state("networkidle")
            found += [(path, f"asks {url}") for url in requests if not url.startswith((home, "blob:"))]
            stored = page.evaluate(STORED)
            found += [(path, f"keeps {stored}")] if stored != NOTHING else []
            requests.clear()
        found += [("all pages", f"set {cookie}") for cookie in context.cookies()]
    report(found)


def test_what_is_kept_would_be_seen(browser: Browser) -> None:
    raw = b"<script>localStorage.a = 1; document.cookie = 'b=1'; indexedDB.open('c')</script>"
    with hosted({"x.html": raw}) as (home, _), window(browser) as context:
        page = context.new_page()
        page.goto(f"{home}x.html")
        page.wait_for_function("async () => (await indexedDB.databases()).length > 0")
        assert page.evaluate(STORED) == {**NOTHING, "cookie": "b=1", "local": ["a"], "databases": ["c"]}


# --- nothing foreign runs ---------------------------------------------------------------------------

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
WATCH = """window.refused = [];
document.addEventListener('securitypolicyviolation', event => window.refused.push(event.effectiveDirective));"""
PWN = "document.documentElement.dataset.pwned = (document.documentElement.dataset.pwned || '') +"


def attack(evil: str) -> str:
    """What somebody who can write into a page would try, each try with a name of its own."""
    return f"""
<script>{PWN} ' inline'</script>
<img src="nothing.png" alt="" onerror="{PWN} ' onerror'">
<script src="{evil}script.js"></script>
<img src="{evil}pixel.png" alt="">
<iframe src="{evil}frame.html" title="x"></iframe>
<object data="{evil}object.html"></object>
<video src="{evil}video.mp4"></video>
<link rel="stylesheet" href="{evil}style.css">
<p id="styled" style="letter-spacing: 9px">x</p>
<style>main {{ letter-spacing: 9px }}</style>
<base href="{evil}">
<form action="{evil}form" method="get"><button id="send">x</button></form>
<a id="run" href="javascript:{PWN} ' link'">x</a>
"""


REFUSED = {"script-src-elem", "script-src-attr", "img-src", "frame-src", "object-src", "media-src"} | {
    "style-src-elem",
    "style-src-attr",
    "base-uri",
    "form-action",
}


def policies(site: Mapping[str, bytes]) -> dict[str, str]:
    """Each policy of the site, and of frozen pages, with the smallest page that has it."""
    pages = {path: raw for path, raw in {**past_build().files, **site}.items() if path.endswith(".html")}
    found: dict[str, str] = {}
    for path in sorted(pages, key=lambda path: -len(pages[path])):
        if policy := POLICY.search(pages[path].decode()):
            found[policy[1]] = path
    return found


def suffer(browser: Browser, page_raw: bytes, site: Mapping[str, bytes], path: str) -> tuple[str, set[str], list[str]]:
    """Attack a page: what ran, what was refused, what another host was asked for."""
    evil_files = {"script.js": f"{PWN} ' outside'".encode(), "frame.html": b"<title>f</title>", "style.css": b""}
    with hosted(evil_files) as (evil, asked):
        raw = re.sub(rb'<meta http-equiv="refresh"[^>]*>', b"", page_raw)
        files = {**site, path: raw.replace(b"</main>", attack(evil).encode() + b"</main>", 1)}
        with hosted(files) as (home, _), window(browser) as context:
            context.add_init_script(WATCH)
            page = context.new_page()
            page.goto(home + path)
            page.evaluate("() => { document.getElementById('run').click(); document.getElementById('send').click() }")
            page.wait_for_timeout(300)
            away = page.url if not page.url.startswith(home) else ""
            refused = set() if away else set(page.evaluate("() => window.refused"))
            ran = "" if away else page.evaluate("() => document.documentElement.dataset.pwned || ''")
            spaced = (
                "" if away else page.evaluate("() => getComputedStyle(document.querySelector('main')).letterSpacing")
            )
        return f"{ran} {'style' if spaced == '9px' else ''} {away}".strip(), refused, [one for one, _ in asked]


def test_a_page_into_which_somebody_wrote_runs_nothing_and_tells_nobody(
    site: Mapping[str, bytes], browser: Browser
) -> None:
    everything = {**past_build().files, **site}
    for policy, path in policies(site).items():
        ran, refused, asked = suffer(browser, everything[path], everything, path)
        assert (ran, asked) == ("", []), f"{path}: {policy}"
        assert refused >= REFUSED, f"{path}: {REFUSED - refused} were let pass by {policy}"


def test_without_the_policy_the_same_attack_succeeds(browser: Browser) -> None:
    files = small_build().files
    path = "en/claims/example-denial/index.html"
    ran, refused, asked = suffer(browser, POLICY.sub("", files[path].decode()).encode(), files, path)
    assert refused == set()
    assert {"/script.js", "/pixel.png", "/frame.html", "/style.css"} <= set(asked)
    assert ran


def test_on_every_page_the_policy_stands_before_all_that_could_be_loaded(site: Mapping[str, bytes]) -> None:
    first = re.compile(
        r'<!DOCTYPE html>\n<html lang="[^"]+" dir="(?:ltr|rtl)"(?: class="embed")?>\n<head>\n<meta charset="utf-8">\n'
        r"""<meta http-equiv="Content-Security-Policy" content="default-src 'none'; [^"]*base-uri 'none'; form-action 'none'">"""
    )
    pages = {path: raw.decode() for path, raw in {**past_build().files, **site}.items() if path.endswith(".html")}
    report(
        (path, "its policy is not the first thing in its head") for path, raw in pages.items() if not first.match(raw)
    )
    report(
        (path, f"a policy that lets in more than the site's own: {policy[1]}")
        for path, raw in pages.items()
        if (policy := POLICY.search(raw)) and re.search(r"unsafe|data:|https?:|\*|blob:", policy[1])
    )


# --- nobody is told where a reader came from ---------------------------------------------------------


def test_a_click_to_another_site_does_not_say_where_it_came_from(site: Mapping[str, bytes], browser: Browser) -> None:
    """Both the page and the link forbid it: either alone is enough."""
    text = site[CLAIM].decode()
    rule, mark = '<meta name="referrer" content="no-referrer">', ' rel="noreferrer external"'
    assert rule in text
    assert mark in text
    pages = {
        "whole": text,
        "by its rule alone": text.replace(mark, ""),
        "by the link alone": text.replace(rule, ""),
        "by neither": text.replace(rule, "").replace(mark, ""),
    }
    told = {}
    with hosted({"landing.html": b"<!doctype html><title>l</title>"}) as (other, asked):
        for name, page_text in pages.items():
            aimed = re.sub(
                r'(<p class="source-links"><a href=")http[^"]*', rf"\g<1>{other}landing.html", page_text, count=1
            )
            with hosted({**site, CLAIM: aimed.encode()}) as (home, _), window(browser) as context:
                page = context.new_page()
                page.goto(home + CLAIM)
                page.click(f'a[href="{other}landing.html"]')
                page.wait_for_url("**/landing.html")
            told[name] = next(referrer for path, referrer in reversed(asked) if path == "/landing.html")
    assert told.pop("by neither"), "the browser tells nobody by itself: the test shows nothing"
    assert told == dict.fromkeys(told)


# --- wherever it is put -----------------------------------------------------------------------------

LOADED = """() => [...document.querySelectorAll('a[href], link[href]')].map(node => node.href)
    .concat([...document.querySelectorAll('img, script[src], iframe')].map(node => node.src))"""


@pytest.mark.parametrize(
    ("host", "prefix"),
    [("127.0.0.1", "/project/"), ("127.0.0.1", "/a/b%20c/"), ("declared" * 7 + ".onion.example", "/")],
)
def test_every_address_of_a_page_leads_to_a_file_under_any_path_and_name(
    host: str, prefix: str, site: Mapping[str, bytes], browser: Browser
) -> None:
    """A project page, a mirror in a folder, an onion service: plain http, another name."""
    found = []
    with hosted(site, unquote(prefix)) as (local, asked), window(browser, viewport=PHONE) as context:
        home = local.replace("127.0.0.1", host).replace(" ", "%20")
        page = context.new_page()
        for path in (page_path for page_path in one_of_each_kind(site) if page_path.startswith(("en/", "404"))):
            page.goto(home + path)
            for url in page.evaluate(LOADED):
                target = unquote(urldefrag(url).url)
                if target.startswith("http") and (inside := target.removeprefix(unquote(home))) != target:
                    inside += "index.html" if inside.endswith("/") or not inside else ""
                    found += [(path, f"leads to no file: {inside}")] if inside not in site else []
                elif target.startswith(unquote(home).split("/", 3)[0] + "//" + host):
                    found.append((path, f"leads out of the site's folder: {target}"))
            styled = page.evaluate("() => [...document.styleSheets].some(sheet => sheet.cssRules.length > 9)")
            found += [] if styled else [(path, "has no looks")]
        assert all(path.startswith(unquote(prefix)) for path, _ in asked if path != "/favicon.ico"), asked
    report(found)


def test_the_page_for_a_wrong_address_has_its_looks_at_any_depth(browser: Browser) -> None:
    """Once the site knows its own address; without one it works beside the first page."""
    files = extreme_build().files
    with hosted(files, "/check/") as (home, _), window(browser) as context:
        page = context.new_page()
        answer = page.goto(f"{home}en/claims/there/is/no/such/page/")
        assert answer
        assert answer.status == 404
        assert page.evaluate("() => getComputedStyle(document.body).maxWidth") != "none"
        page.click("main a")
        assert page.url == f"{home}en/index.html"


def test_a_reader_without_javascript_gets_from_the_front_to_a_row_of_the_data(
    site: Mapping[str, bytes], browser: Browser
) -> None:
    with hosted(site, "/p/") as (home, _), window(browser, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(home)
        page.wait_for_url("**/en/index.html")
        page.click(f'.card-title a[href$="{CLAIM.removeprefix("en/")}"]')
        page.click("a.key-figure >> nth=0")
        page.click('main a[href*="records/"] >> nth=0')
        assert "/en/records/" in page.url
        page.click(".trail a >> nth=0")
        assert page.url == f"{home}en/data/index.html"
        csv = page.locator("a[download]").first.get_attribute("href") or ""
        assert (PurePosixPath("en/data") / csv).name.endswith(".csv")


# --- Tor Browser's safest level ---------------------------------------------------------------------

QUIET = {
    "app.update.enabled": "false",
    "browser.aboutwelcome.enabled": "false",
    "browser.shell.checkDefaultBrowser": "false",
    "datareporting.policy.dataSubmissionEnabled": "false",
    "network.captive-portal-service.enabled": "false",
    "network.connectivity-service.enabled": "false",
    "network.proxy.http": '"127.0.0.1"',
    "network.proxy.http_port": "9",
    "network.proxy.ssl": '"127.0.0.1"',
    "network.proxy.ssl_port": "9",
    "network.proxy.type": "1",  # all but this machine is asked through a door that is closed
    "toolkit.telemetry.enabled": "false",
}
SAFEST = {
    "gfx.downloadable_fonts.enabled": "false",
    "gfx.font_rendering.graphite.enabled": "false",
    "javascript.enabled": "false",
    "mathml.disabled": "true",
    "svg.disabled": "true",
}
"""What Tor Browser's safest level sets."""
COUNT = """async ([picture, colours]) => {
    const image = new Image();
    image.src = picture;
    await image.decode();
    const sheet = Object.assign(document.createElement('canvas'), {width: image.width, height: image.height});
    const ink = sheet.getContext('2d');
    ink.drawImage(image, 0, 0);
    const dots = ink.getImageData(0, 0, image.width, image.height).data;
    return colours.map(([r, g, b]) => {
        let count = 0;
        for (let i = 0; i < dots.length; i += 4) count += dots[i] === r && dots[i + 1] === g && dots[i + 2] === b;
        return count;
    });
}"""
BLUE = (0x1F, 0x5F, 0x99)
"""Of the solid squares of the chart."""


@pytest.fixture(scope="module")
def firefox() -> str:
    """The path of Firefox ESR, on which Tor Browser stands."""
    found = shutil.which("firefox-esr") or shutil.which("firefox")
    if not found:
        missing("Firefox", "sudo apt-get install firefox-esr")
    return str(found)


def photograph(firefox: str, folder: Path, url: str, settings: Mapping[str, str]) -> bytes:
    """What Firefox shows of a page."""
    profile = folder / "profile"
    profile.mkdir(parents=True)
    lines = (f'user_pref("{name}", {value});\n' for name, value in {**QUIET, **settings}.items())
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")
    picture = folder / "picture.png"
    command = [firefox, "--headless", "--no-remote", "--profile", profile, "--window-size=900,1000", "--screenshot"]
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    subprocess.run([*command, picture, url], capture_output=True, timeout=180, check=True, env=environment)
    return picture.read_bytes()


def count(page: Page, picture: bytes, *colours: tuple[int, int, int]) -> list[int]:
    """How many dots of a picture have each colour."""
    page.goto("about:blank")
    address = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    return cast("list[int]", page.evaluate(COUNT, [address, colours]))


STILL = re.compile(r'<svg class="chart-still".*?</svg>', re.DOTALL)
DRAWN = re.compile(r'(<svg xmlns[^>]*class="chart"[^>]*>).*?</svg>', re.DOTALL)


def test_where_no_svg_is_drawn_a_chart_shows_its_picture_and_no_jumble(
    site: Mapping[str, bytes], browser: Browser, firefox: str, tmp_path: Path
) -> None:
    text = site[CHART].decode()
    assert STILL.search(text)
    assert DRAWN.search(text)
    pages = {
        "whole": text,
        "without words in the drawing": DRAWN.sub(r"\1</svg>", text),
        "without the picture": STILL.sub("", text),
    }
    seen = {}
    with hosted({**site, **{f"en/charts/documented/{name}.html": raw.encode() for name, raw in pages.items()}}) as (
        home,
        asked,
    ):
        for name in pages:
            url = f"{home}en/charts/documented/{name}.html".replace(" ", "%20")
            seen[name] = photograph(firefox, tmp_path / name, url, SAFEST)
        assert ("/en/charts/documented/chart.png", None) in [(path, None) for path, _ in asked]
    with window(browser) as context:
        page = context.new_page()
        whole, without = (count(page, seen[name], BLUE)[0] for name in ("whole", "without the picture"))
        assert whole > 1000, "the chart is not to be seen"
        assert without < 100, "the colour is not the chart's own: the test shows nothing"
    assert seen["whole"] == seen["without words in the drawing"], "words of the drawing are shown beside its picture"


def test_where_svg_is_drawn_the_picture_is_neither_shown_nor_fetched(
    site: Mapping[str, bytes], browser: Browser, firefox: str, tmp_path: Path
) -> None:
    with hosted(site) as (home, asked):
        photograph(firefox, tmp_path, home + CHART, {})
        assert "/assets/style.css" in [path for path, _ in asked]
        with window(browser) as context:
            page = context.new_page()
            page.goto(home + CHART)
            page.evaluate("() => window.scrollTo(0, document.body.scrollHeight)")
            page.wait_for_load_state("networkidle")
            assert page.locator(".chart-still img").count() == 1
            assert not page.locator(".chart-still img").is_visible()
            assert "chart-still" not in page.locator("figure").aria_snapshot()
        assert [path for path, _ in asked if path.endswith(".png")] == []


def test_every_chart_has_its_picture_and_its_table_in_the_page(site: Mapping[str, bytes]) -> None:
    found = []
    for path in (path for path in site if path.endswith(".html")):
        text = site[path].decode()
        for figure in re.findall(r'<figure class="chart-block".*?</figure>', text, re.DOTALL):
            still = re.search(r'<img loading="lazy" src="([^"]*)" alt="" width="(\d+)" height="(\d+)">', figure)
            if not still:
                found.append((path, "a chart without its picture"))
                continue
            target = _joined(path, still[1])
            if target not in site:
                found.append((path, f"no picture at {target}"))
            elif (told := int(still[2]) / int(still[3])) and abs(_shape(site[target]) / told - 1) > 0.01:
                found.append((path, f"of another shape than {target}"))
            if "<table" not in figure or "<caption" not in figure:
                found.append((path, "a chart without its table"))
    report(found)


def _shape(png: bytes) -> float:
    """Width by height, as a PNG's header says."""
    return int.from_bytes(png[16:20]) / int.from_bytes(png[20:24])


def _joined(path: str, address: str) -> str:
    parts = list(PurePosixPath(path).parent.parts)
    for part in PurePosixPath(address).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)

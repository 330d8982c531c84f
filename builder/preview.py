"""`declared serve`: the site as it would be, from memory, while it is written. It listens on this machine alone.

A save is studied at once. What can be seen is shown at once, each page made when somebody looks at it; the whole site is made by a
second process meanwhile, which finds what only a whole site shows (a dead link) and makes what is no page (files to download, feeds,
the search). With an error the last good pages stay, and the problems lie over them.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, ClassVar, cast
from urllib.parse import parse_qs, unquote, urlsplit

from builder import diagnostics, glimpse, proofs
from builder.build import build_study
from builder.diagnostics import Diagnostic
from builder.drawing import Draw, draw_alone
from builder.glimpse import Glimpse
from builder.model import Files
from builder.study import study

OWN = "_declared/"
"""Below it stands what belongs to the preview and to no site."""
HOME = "127.0.0.1"
SETTLED, TICK = 50, 5
"""Milliseconds: for how long a flurry of saves is gathered at most, and how long it must have been quiet."""
PAUSE = 0.7
"""Seconds for which nobody saves before the whole site is made: whoever types is not kept waiting by it."""
PATIENCE = 15.0
"""Seconds after which a browser that waits is told that it still may."""
_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "csv": "text/csv; charset=utf-8",
    "xml": "application/xml",
    "txt": "text/plain; charset=utf-8",
}
_TOOLS = f'<link rel="stylesheet" href="/{OWN}preview-marks.css">\n<script src="/{OWN}preview.js" defer></script>\n'
_TAKES_SCRIPTS = "script-src 'self'"
_NOT_SHOWN = "Mend what is listed, and it appears by itself."
_NOTHING = (
    '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
    f"{_TOOLS}</head>\n<body>\n<main>\n<h1>{{title}}</h1>\n<p>{{words}}</p>\n</main>\n</body>\n</html>\n"
)
"""What stands where no page can: the problems lie over it."""


Server = ThreadingHTTPServer


class CannotReadError(Exception):
    """The sources cannot be read; the message says what to do about it."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What is known after one save."""

    number: int = 0
    sources: Files = field(default_factory=dict)
    problems: tuple[Diagnostic, ...] = ()
    trouble: str = ""
    """What no rule knows: sources that cannot be read, or a fault of ours."""
    coverage: Mapping[str, int] = field(default_factory=dict)
    glimpse: Glimpse | None = None
    """The last one that could be seen; an older one while something is wrong."""
    rest: Mapping[str, bytes] = field(default_factory=dict)
    """Of the last whole site, what is no page."""
    whole: bool = False
    """True once the whole site of these sources was made, or found wanting."""

    @property
    def broken(self) -> bool:
        """True when something must be mended before anything may be published."""
        return bool(self.trouble) or diagnostics.is_broken(self.problems)


class Board:
    """The one state that all browsers see; whoever waits is told of the next."""

    def __init__(
        self,
        read: Callable[[], Files],
        memory: Mapping[str, bytes] | None = None,
        draw: Draw = draw_alone,
    ) -> None:
        self.read, self.memory, self.draw = read, memory or {}, draw
        self.state = State()
        self.changed = threading.Condition()
        self.reading = threading.Lock()

    def refresh(self) -> State:
        """Reads the sources and studies them. What goes wrong is told and never raised, and the last good pages stay."""
        with self.reading:
            gc.disable()  # looking through all that is remembered would take longer than the study
            try:
                return self._refresh()
            finally:
                gc.freeze()  # what is remembered stays: it is not looked through again
                gc.enable()

    def _refresh(self) -> State:
        last = self.state
        state = replace(last, number=last.number + 1, problems=(), trouble="", whole=False)
        try:
            sources = self.read()
            known = study(sources)
            seen = last.glimpse
            if glimpse.can_be_seen(known):
                seen = glimpse.look_at(known, last.glimpse, self.memory, self.draw)
            state = replace(
                state,
                sources=sources,
                problems=known.problems,
                coverage=known.coverage,
                glimpse=seen,
                whole=known.broken,
            )
        except Exception as fault:
            state = replace(state, trouble=_say_fault(fault), whole=True)
        return self._put(state)

    def complete(self, number: int, problems: Iterable[Diagnostic], trouble: str, rest: Mapping[str, bytes]) -> None:
        """Takes in what the whole site showed, unless there is a newer state by now."""
        with self.changed:
            now = self.state
            if now.number == number:
                told = tuple(sorted({*now.problems, *problems}))
                self._put(replace(now, problems=told, trouble=trouble, rest=rest or now.rest, whole=True))

    def show(self, path: str) -> bytes | None:
        """A file of the site; None where there is none."""
        state = self.state
        if state.glimpse is None:
            return _say("The site cannot be shown yet", _NOT_SHOWN)
        try:
            made, problems = glimpse.show(state.glimpse, path)
        except Exception as fault:
            self._put(replace(state, trouble=_say_fault(fault)))
            return _say("This page cannot be shown", _NOT_SHOWN)
        if problems:
            self._put(replace(state, problems=tuple(sorted({*state.problems, *problems}))))
            return made or _say("This page cannot be shown", _NOT_SHOWN)
        return made if made is not None else glimpse.assets_of(state.glimpse).get(path, state.rest.get(path))

    def wait(self, seen: State, patience: float = PATIENCE) -> State:
        """The state, once it is another one than was seen; the same one after `patience` seconds."""
        with self.changed:
            self.changed.wait_for(lambda: self.state is not seen, patience)
            return self.state

    def _put(self, state: State) -> State:
        with self.changed:
            self.state = state
            self.changed.notify_all()
        return state


def _say(title: str, words: str) -> bytes:
    return _NOTHING.format(title=title, words=words).encode()


def _say_fault(fault: Exception) -> str:
    """Sources that cannot be read, in words; of a fault of ours, what helps whoever mends it."""
    if isinstance(fault, CannotReadError):
        return str(fault)
    if isinstance(fault, OSError):
        return f"{fault.filename or 'A file'} cannot be read: {fault.strerror}."
    where = traceback.extract_tb(fault.__traceback__)[-1]
    told = f"{type(fault).__name__}: {fault} ({Path(where.filename).name}, line {where.lineno})"
    return f"The builder failed, and that is no mistake of yours. Please report this: {told}"


# --- the whole site, made by a second process -----------------------------------------------------------


def make_wholes(pipe: Connection, memory: Mapping[str, bytes], versions: Mapping[str, str]) -> None:
    """What the second process does until the pipe is closed: sources in; problems, trouble and what is no page out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who presses Ctrl-C ends the first process, and that ends this one
    os.nice(10)  # what somebody is looking at goes before
    kept = memory
    while True:
        try:
            sources = pipe.recv()
        except EOFError:
            return
        try:
            made = build_study(study(sources), kept, versions)
            kept = {key: raw for key, raw in made.memory.items() if not key.startswith("site-")} or kept
            rest = {path: raw for path, raw in made.files.items() if not path.endswith(".html")}
            pipe.send((made.problems, "", rest))
        except Exception as fault:
            pipe.send(((), _say_fault(fault), {}))


def complete_always(board: Board, versions: Mapping[str, str]) -> None:
    """Has the whole site made of each state that can be seen, the newest first, for as long as the program lives."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    spawn.Process(target=make_wholes, args=(theirs, board.memory, versions), daemon=True).start()
    state = board.state
    while True:
        newer = board.wait(state, PATIENCE if state.whole or not state.number else PAUSE)
        if newer is not state or newer.whole or not newer.number:
            state = newer
            continue
        ours.send(state.sources)
        board.complete(state.number, *ours.recv())
        state = board.state


def watch_always(board: Board, folders: Iterable[Path]) -> None:
    """Studies the sources again after each save, for as long as the program lives."""
    from watchfiles import watch

    for _ in watch(*folders, debounce=SETTLED, step=TICK, raise_interrupt=False):
        board.refresh()


# --- what browsers are told ------------------------------------------------------------------------


def describe(state: State, path: str) -> dict[str, Any]:
    """All that lies beside a page: what is wrong, and of a claim what it stands on."""
    language, _, rest = path.partition("/")
    kind, _, name = rest.partition("/")
    slug = name.partition("/")[0] if kind == "claims" else ""
    seen = state.glimpse
    return {
        "number": state.number,
        "whole": state.whole,
        "broken": state.broken,
        "trouble": state.trouble,
        "errors": sum(found.severity == "error" for found in state.problems),
        "warnings": sum(found.severity == "warning" for found in state.problems),
        "problems": [
            _describe_problem(found, more, state.sources) for found, more in diagnostics.hold_back(state.problems)
        ],
        "coverage": dict(state.coverage),
        "stages": dict(seen.stages) if seen else {},
        "claim": proofs.prove_claim(seen, language, slug) if seen and slug else None,
    }


def _describe_problem(found: Diagnostic, more: int, sources: Files) -> dict[str, Any]:
    _, *line, cure = diagnostics.format_text(found, sources).split("\n")
    place = found.location
    return {
        "place": f"{place.path}:{place.line}:{place.column}",
        "code": found.code,
        "severity": found.severity,
        "message": found.message,
        "line": "\n".join(line),
        "cure": cure.strip(),
        "rest": diagnostics.format_rest(found, more) if more else "",
    }


class Handler(BaseHTTPRequestHandler):
    """Answers this machine's browsers, and nobody who calls it by another name."""

    board: ClassVar[Board]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """A page, a file, or what the preview says of them."""
        if not self._is_ours():
            self._answer(403, b"This preview is for this machine alone.", "text/plain; charset=utf-8")
            return
        asked = urlsplit(self.path)
        path = unquote(asked.path).lstrip("/")
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        if path.startswith(OWN):
            self._answer_own(path.removeprefix(OWN), query)
        else:
            self._answer_file(path)

    def _is_ours(self) -> bool:
        """False where a page from elsewhere asks, or asks by a name that was made to lead here."""
        port = cast("Server", self.server).server_port
        names = {f"{HOME}:{port}", f"localhost:{port}"}
        origin = self.headers.get("Origin")
        return self.headers.get("Host") in names and (origin is None or origin.removeprefix("http://") in names)

    def _answer_file(self, path: str) -> None:
        if path == "" or path.endswith("/"):
            path += "index.html"
        content = self.board.show(path)
        if content is None and self.board.show(f"{path}/index.html") is not None:
            self._send_head(301, 0, "text/plain", [("Location", f"/{path}/")])
            return
        status = 200 if content is not None else 404
        if content is None:
            content = self.board.show("404.html") or _say("There is no such page", "Look at its address.")
            path = "404.html"
        kind = _TYPES.get(path.rpartition(".")[2], "application/octet-stream")
        text = content.decode() if path.endswith(".html") else ""
        if _TAKES_SCRIPTS in text:
            content = text.replace("</head>", f"{_TOOLS}</head>", 1).encode()
        self._answer(status, content, kind)

    def _answer_own(self, name: str, query: Mapping[str, str]) -> None:
        state = self.board.state
        if name in ("preview.js", "preview.css", "preview-marks.css"):
            self._answer(200, (Path(__file__).parent / name).read_bytes(), _TYPES[name.rpartition(".")[2]])
        elif name == "state":
            self._answer_json(describe(state, query.get("path", "").lstrip("/")))
        elif name == "figures" and state.glimpse:
            self._answer_json(proofs.list_bindable(state.glimpse, query.get("language", "")))
        elif name == "events":
            self._tell_changes()
        else:
            self._answer(404, b"", "text/plain")

    def _answer_json(self, told: object) -> None:
        self._answer(200, json.dumps(told, ensure_ascii=False).encode(), _TYPES["json"])

    def _answer(self, status: int, content: bytes, kind: str) -> None:
        self._send_head(status, len(content), kind, [])
        self.wfile.write(content)

    def _send_head(self, status: int, length: int, kind: str, more: list[tuple[str, str]]) -> None:
        self.send_response(status)
        for name, value in (
            ("Content-Type", kind),
            ("Content-Length", str(length)),
            ("Cache-Control", "no-store"),
            *more,
        ):
            self.send_header(name, value)
        self.end_headers()

    def _tell_changes(self) -> None:
        """One line for each new state, for as long as the browser listens."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        seen = self.board.state
        try:
            while True:
                self.wfile.write(f"data: {seen.number} {int(seen.whole)}\n\n".encode())
                self.wfile.flush()
                seen = self.board.wait(seen)
        except OSError:
            return  # it has gone

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the base class gives it
        """Nothing: what matters is told by `serve`."""


def open_server(board: Board, port: int) -> Server:
    """A server of the board on this machine alone; any free port for 0. Raises OSError where the port is taken."""
    server = ThreadingHTTPServer((HOME, port), type("BoardHandler", (Handler,), {"board": board}))
    server.daemon_threads = True
    return server

"""Asks the sources' addresses whether they still answer. The only module that touches the network.

Only `gone` is evidence: the server says so, or the host's name does not exist. All else (silence, a closed door, a
fault) is `unsure`, since many sites refuse programs. The addresses come from a file that anybody may propose to
change: so nothing is asked that lies inside a network, wherever names and redirects lead.
"""

from __future__ import annotations

import csv
import functools
import http.client
import io
import ipaddress
import re
import socket
import ssl
import string
import time
from collections.abc import Iterable, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from typing import Literal
from urllib.parse import SplitResult, quote, urljoin, urlsplit

TABLE = "data/sources.csv"
COLUMNS = ("url", "archive_url")
"""The columns of the table that hold an address; `gone` speaks of the first."""
Outcome = Literal["answers", "gone", "unsure"]
Turns = dict[str, Lock]
"""A lock for each host, so that none is asked twice at once."""

_HEADERS = {"User-Agent": "declared-links", "Accept": "*/*", "Connection": "close"}
_LEADS_ON = frozenset({301, 302, 303, 307, 308})
_ASK_AGAIN = frozenset({403, 404, 405, 410, 501})
"""Servers that do not like HEAD answer so; with GET they may say something else."""
_GONE = frozenset({404, 410})
_IN_ADDRESSES = "!#$%&'()*+,-./:;=?@[]_~"
"""What may stand in an address beside letters and digits."""
_GLOBAL = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NO_SUCH_HOST = "the name of its host does not exist"


class TableError(Exception):
    """The table of sources cannot be read; the text says why."""


class _NotAskedError(Exception):
    """Why an address is not asked, or why what comes back is no answer."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How the addresses are asked."""

    timeout: float = 20.0
    """Seconds in which the head of one answer must have come, the connection included."""
    redirects: int = 5
    size: int = 65536
    """Bytes read of one answer at most."""
    workers: int = 8
    """Hosts asked at the same time."""
    private: bool = False
    """Whether this machine and its networks may be asked: only by the tests."""


MANNERS = Manners()


@dataclass(frozen=True, slots=True)
class Address:
    """One address that a source names."""

    source: str
    column: str
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of the question."""

    outcome: Outcome
    why: str
    """A plain phrase: the status that a server gave, or what stood in the way."""


# --- asking ------------------------------------------------------------------------------------


def ask_all(urls: Iterable[str], manners: Manners) -> dict[str, Answer]:
    """The answer of each address: several hosts at once, the addresses of one host one after the other."""
    by_host: dict[str, list[str]] = {}
    for url in dict.fromkeys(urls):
        by_host.setdefault(_host_of(url), []).append(url)
    turns: Turns = {}
    with ThreadPoolExecutor(manners.workers) as pool:
        groups = pool.map(lambda group: [(url, ask(url, manners, turns)) for url in group], by_host.values())
        return _doubt({url: answer for group in groups for url, answer in group})


def ask(url: str, manners: Manners, turns: Turns) -> Answer:
    """The answer of one address, at the end of its redirects. Raises nothing: what goes wrong is an answer too."""
    try:
        return _follow(url, manners, turns)
    except _NotAskedError as refused:
        return Answer("unsure", str(refused))
    except socket.gaierror as error:
        if error.errno == socket.EAI_NONAME:
            return Answer("gone", _NO_SUCH_HOST)
        return Answer("unsure", "the name of its host cannot be looked up now")
    except TimeoutError:
        return Answer("unsure", f"no answer within {manners.timeout:g} seconds")
    except ssl.SSLError:
        return Answer("unsure", "no safe connection to its host")
    except OSError:
        return Answer("unsure", "no connection to its host")
    except (ValueError, http.client.HTTPException):  # a name, port or path that cannot be
        return Answer("unsure", "not an address that can be asked")


def _follow(url: str, manners: Manners, turns: Turns) -> Answer:
    for _ in range(manners.redirects + 1):
        status, where = _ask_politely(url, manners, turns)
        if status not in _LEADS_ON or not where:
            return _judge(status)
        url = urljoin(url, quote(where, safe=string.punctuation, encoding="iso-8859-1"))
    return Answer("unsure", f"more than {manners.redirects} redirects")


def _judge(status: int) -> Answer:
    outcome: Outcome = "answers" if 200 <= status < 300 else "gone" if status in _GONE else "unsure"
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""  # the server's own words could be anything
    return Answer(outcome, f"{status} {phrase}".strip())


def _ask_politely(url: str, manners: Manners, turns: Turns) -> tuple[int, str]:
    """The status and where it leads: by HEAD, and by GET where HEAD is refused or finds nothing."""
    with turns.setdefault(_host_of(url), Lock()):
        status, where = _exchange("HEAD", url, manners)
        if status in _ASK_AGAIN:
            status, where = _exchange("GET", url, manners)
    return status, where


def _doubt(answers: dict[str, Answer]) -> dict[str, Answer]:
    """The same answers; but where most hosts seem not to exist the fault is here, and nothing heard is evidence."""
    lost = {_host_of(url) for url, answer in answers.items() if answer.why == _NO_SUCH_HOST}
    if 2 * len(lost) <= len({_host_of(url) for url in answers}):
        return answers
    return {
        url: Answer("unsure", f"{answer.why}; but most hosts cannot be found: the network here may be at fault")
        if answer.outcome == "gone"
        else answer
        for url, answer in answers.items()
    }


def _host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


# --- one exchange ------------------------------------------------------------------------------


def _exchange(method: str, url: str, manners: Manners) -> tuple[int, str]:
    """One question and the head of its answer: the status, and the header `Location`. The body is left unread."""
    parts = urlsplit(url)
    line = _Line(parts, manners)
    path = quote(parts.path or "/", safe=string.punctuation)
    query = quote(parts.query, safe=string.punctuation)
    try:
        line.request(method, f"{path}?{query}" if query else path, headers=_HEADERS)
        return _read_head(line.sock, line.until, manners.size)
    finally:
        line.close()


class _Line(http.client.HTTPConnection):
    """A connection to a host whose number was looked at first, so that no name leads inside."""

    def __init__(self, parts: SplitResult, manners: Manners) -> None:
        if parts.scheme not in ("http", "https"):
            raise _NotAskedError("it is, or leads to, no web address")
        self.default_port = 443 if parts.scheme == "https" else 80
        super().__init__(_read_host(parts), parts.port or self.default_port)
        self.until = time.monotonic() + manners.timeout
        self._manners = manners

    def connect(self) -> None:
        self.sock = _reach(_look_up(self.host, self.port, self._manners.private), self.port, self.until)
        if self.default_port == 443:
            self.sock.settimeout(_left(self.until))
            self.sock = _tls().wrap_socket(self.sock, server_hostname=self.host)


def _read_host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if ":" not in host:
        host = host.encode("idna").decode()
    if not re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:.]+", host):
        raise _NotAskedError("it is, or leads to, no web address")
    return host


def _look_up(host: str, port: int, private: bool) -> list[str]:
    """The numbers of a host; refused whole if one of them is not for the public."""
    numbers = [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not private and not all(map(is_public, numbers)):
        raise _NotAskedError("its host is no public one")
    return numbers


def is_public(number: str) -> bool:
    """Whether the number of a host (IPv4 or IPv6) is one that anybody on the internet could ask."""
    ip = ipaddress.ip_address(number)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip not in _GLOBAL or ip.sixtofour or ip.teredo:  # such wrap an IPv4 number that could be any
            return False
    return ip.is_global and not ip.is_multicast


def _reach(numbers: list[str], port: int, until: float) -> socket.socket:
    for number in numbers[:-1]:
        try:
            return socket.create_connection((number, port), _left(until))
        except OSError:
            continue
    return socket.create_connection((numbers[-1], port), _left(until))


def _read_head(sock: socket.socket, until: float, size: int) -> tuple[int, str]:
    """The status and the header `Location`; reads to the empty line after the headers, and no further than need be."""
    head = b""
    while not re.search(rb"\r?\n\r?\n", head) and len(head) < size:
        sock.settimeout(_left(until))
        piece = sock.recv(min(4096, size - len(head)))
        if not piece:
            break
        head += piece
    head = re.split(rb"\r?\n\r?\n", head)[0]
    status = re.match(rb"HTTP/1\.\d (\d{3})\b", head)
    if not status:
        raise _NotAskedError("what it sends is not HTTP")
    where = re.search(rb"^location:([^\r\n]*)", head, re.IGNORECASE | re.MULTILINE)
    return int(status[1]), where[1].decode("iso-8859-1").strip() if where else ""


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@functools.cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


# --- the table ---------------------------------------------------------------------------------


def read_addresses(raw: bytes) -> tuple[Address, ...]:
    """Every address of the table, row by row.

    Raises TableError where it cannot be read.
    """
    (header, _), *rows = _read_rows(raw)
    named = [dict(zip(header, cells, strict=False)) for cells, _ in rows]
    return tuple(
        Address(row.get("id", ""), column, row[column]) for row in named for column in COLUMNS if row.get(column)
    )


def find_moved(addresses: Iterable[Address], answers: Mapping[str, Answer]) -> tuple[set[str], set[str]]:
    """The sources whose own address is gone, and those whose own address answers; by id, for `mark_gone`."""
    own = [(answers[address.url].outcome, address.source) for address in addresses if address.column == COLUMNS[0]]
    gone, answering = ({source for said, source in own if said == outcome} for outcome in ("gone", "answers"))
    return gone, answering


def mark_gone(raw: bytes, gone: Set[str], answering: Set[str], day: str) -> bytes:
    """The table with `day` in `gone` for the sources (by id) whose address is gone and that had no day yet.

    The cell is emptied where the address answers again. Every other line keeps its bytes.
    Raises TableError where the table cannot be read.
    """
    (header, first), *rows = _read_rows(raw)
    at, name = header.index("gone"), header.index("id")
    lines = [first]
    for cells, line in rows:
        marked = list(cells)
        if len(cells) == len(header):
            marked[at] = _mark(cells[at], cells[name] in gone, cells[name] in answering, day)
        lines.append(line if marked == cells else _write_row(marked, line))
    return "".join(lines).encode("utf-8")


def _mark(marked: str, gone: bool, answers: bool, day: str) -> str:
    return "" if answers else marked or (day if gone else "")


def _read_rows(raw: bytes) -> list[tuple[list[str], str]]:
    """The header and each row: its cells, and the text of its line or lines."""
    try:
        lines = list(io.StringIO(raw.decode("utf-8"), newline=""))
        reader = csv.reader(lines, strict=True)
        rows, start = [], 0
        for cells in reader:
            rows.append((cells, "".join(lines[start : reader.line_num])))
            start = reader.line_num
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableError(f"{TABLE} is not a table in UTF-8: {error}") from None
    header = [name.removeprefix("\ufeff") for name in rows[0][0]] if rows else []
    if missing := [name for name in ("id", "url", "gone") if name not in header]:
        raise TableError(f"{TABLE} has no column {missing[0]}")
    return [(header, rows[0][1]), *rows[1:]]


def _write_row(cells: list[str], line: str) -> str:
    """The row anew, ended as its line was."""
    end = line[len(line.rstrip("\r\n")) :]
    text = io.StringIO()
    csv.writer(text).writerow(cells)  # ended by \r\n: with another end some Pythons leave these two unquoted
    return text.getvalue().removesuffix("\r\n") + end


# --- telling -----------------------------------------------------------------------------------


def format_lines(addresses: Iterable[Address], answers: Mapping[str, Answer]) -> list[str]:
    """A line for each address that is gone or unsure, in the order of the table."""
    return [
        f"{answer.outcome:6}  {_plain(url)} ({', '.join(sources)}): {answer.why}"
        for url, sources, answer in _group(addresses, answers)
        if answer.outcome != "answers"
    ]


def format_sum(answers: Mapping[str, Answer]) -> str:
    """How many addresses were asked, and what became of them."""
    counts = {"answers": 0, "gone": 0, "unsure": 0}
    for answer in answers.values():
        counts[answer.outcome] += 1
    asked = f"{len(answers)} address{'' if len(answers) == 1 else 'es'} asked"
    return f"{asked}: {counts['answers']} answered, {counts['gone']} gone, {counts['unsure']} unsure."


def format_report(addresses: Iterable[Address], answers: Mapping[str, Answer]) -> str:
    """The same in Markdown, for the text of a pull request."""
    told = {"gone": "Gone", "unsure": "Unsure, and so not marked: many sites refuse programs"}
    groups = _group(addresses, answers)
    out = [format_sum(answers), ""]
    for outcome, heading in told.items():
        items = [
            f"- {', '.join(f'`{source}`' for source in sources)}: <{_plain(url)}>: {answer.why}"
            for url, sources, answer in groups
            if answer.outcome == outcome
        ]
        out += [f"## {heading}", "", *items, ""] if items else []
    return "\n".join(out)


def _group(addresses: Iterable[Address], answers: Mapping[str, Answer]) -> list[tuple[str, list[str], Answer]]:
    """Each address once, with the sources that name it and its answer."""
    sources: dict[str, list[str]] = {}
    for address in addresses:
        sources.setdefault(address.url, []).append(_plain(address.source))
    return [(url, named, answers[url]) for url, named in sources.items()]


def _plain(text: str) -> str:
    """Text from the table with whatever could act on a terminal, a log or Markdown written as %XX."""
    return quote(text, safe=_IN_ADDRESSES)

"""The sources' addresses, asked of a server on this machine; and what is noted of the answers."""

from __future__ import annotations

import csv
import io
import shutil
import socket
import ssl
import subprocess
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from conftest import ROOT, missing
from hypothesis import given
from hypothesis import strategies as st

from builder import links
from builder.cli import main
from builder.links import Address, Answer, Manners, ask, ask_all, mark_gone, read_addresses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HERE = Manners(timeout=5, private=True)
"""How the tests ask: this machine may be asked."""
BRIEF = replace(HERE, timeout=0.4)
SOURCES = (ROOT / links.TABLE).read_bytes()


class Handler(BaseHTTPRequestHandler):
    """Answers as the path says: `/404`, `/head/405`, `/to/ADDRESS`, or one of the ways below."""

    server: Server
    visit: Any

    def setup(self) -> None:
        super().setup()
        self.connection.settimeout(10)

    def do_HEAD(self) -> None:
        with self.server.counting(self):
            self.answer()

    def do_GET(self) -> None:
        self.do_HEAD()

    def answer(self) -> None:
        way, _, rest = self.path.lstrip("/").partition("/")
        if way.isdecimal():
            self.say(int(way))
        elif way == "head":  # another answer to HEAD than to GET
            self.say(int(rest) if self.command == "HEAD" else 200)
        elif way == "to":
            self.say(302, rest)
        elif way == "chain":
            self.say(*((301, f"/chain/{int(rest) - 1}") if int(rest) else (200,)))
        else:
            getattr(self, f"way_{way}")()

    def say(self, status: int, where: str = "") -> None:
        self.send_response(status, "<b>what a server likes to say</b>")
        if where:
            self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.visit.leave()  # before the answer is out: whoever has it may come again at once
        self.end_headers()

    def way_slow(self) -> None:
        self.server.over.wait(10)

    def way_drip(self) -> None:
        for _ in range(60):
            self.server.over.wait(0.05)
            self.wfile.write(b"H")

    def way_endless(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.server.over.is_set():
            self.wfile.write(b"X-More: and more\r\n" * 100)

    def way_body(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not self.server.over.is_set():
            self.wfile.write(b"x" * 1000)

    def way_babble(self) -> None:
        self.wfile.write(b"220 this is another kind of server\r\n\r\n")

    def way_silence(self) -> None:
        pass

    def way_meet(self) -> None:
        self.server.meeting.wait(5)
        self.say(200)

    def way_linger(self) -> None:
        time.sleep(0.02)
        self.say(200)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the base class gives it
        pass


class Server(ThreadingHTTPServer):
    """What is asked, and what it saw."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.over = threading.Event()
        self.meeting = threading.Barrier(2)
        self.asked: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.here: list[str] = []
        self.crowds: list[list[str]] = []

    def counting(self, handler: Handler) -> Any:
        server, host = self, str(handler.headers["Host"]).partition(":")[0]

        class Visit:
            left = False

            def __enter__(self) -> None:
                handler.visit = self
                server.asked.append((handler.command, handler.path))
                server.headers.append(dict(handler.headers))
                server.here.append(host)
                server.crowds.append(list(server.here))

            def __exit__(self, *_: object) -> None:
                self.leave()

            def leave(self) -> None:
                if not self.left:
                    self.left = True
                    server.here.remove(host)

        return Visit()

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that went away is what several tests want."""

    def at(self, path: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.server_port}/{path}"


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on this machine alone."""
    made = Server()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    made.over.set()
    made.shutdown()
    made.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The names that exist, for these tests ask nobody: each to its numbers. Every look-up takes the first that is left."""
    known = {"a.test": ["127.0.0.1"], "b.test": ["127.0.0.1"]}
    look_up = socket.getaddrinfo

    def answer(host: str, port: int, *more: int, **named: int) -> Any:
        if host[:1].isdigit() or ":" in host:
            return look_up(host, port, *more, **named)
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        numbers = known[host]
        if numbers == ["?"]:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in numbers]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return known


def outcome(url: str, manners: Manners = HERE) -> str:
    return ask(url, manners, {}).outcome


# --- what an answer means ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "expected", "why"),
    [
        ("200", "answers", "200 OK"),
        ("204", "answers", "204 No Content"),
        ("404", "gone", "404 Not Found"),
        ("410", "gone", "410 Gone"),
        ("401", "unsure", "401 Unauthorized"),
        ("403", "unsure", "403 Forbidden"),
        ("429", "unsure", "429 Too Many Requests"),
        ("451", "unsure", "451 Unavailable For Legal Reasons"),
        ("500", "unsure", "500 Internal Server Error"),
        ("503", "unsure", "503 Service Unavailable"),
        ("999", "unsure", "999"),
        ("302", "unsure", "302 Found"),
        ("head/403", "answers", "200 OK"),
        ("head/405", "answers", "200 OK"),
        ("head/501", "answers", "200 OK"),
        ("head/404", "answers", "200 OK"),
        ("head/410", "answers", "200 OK"),
        ("head/500", "unsure", "500 Internal Server Error"),
        ("chain/5", "answers", "200 OK"),
        ("chain/6", "unsure", "more than 5 redirects"),
        ("to//404", "gone", "404 Not Found"),
        ("to/../404", "gone", "404 Not Found"),
        ("to/file:///etc/passwd", "unsure", "it is, or leads to, no web address"),
        ("to/ftp://a.test/", "unsure", "it is, or leads to, no web address"),
        ("to/gopher:", "unsure", "it is, or leads to, no web address"),
        ("to/http://", "unsure", "more than 5 redirects"),
        ("to/http://[", "unsure", "not an address that can be asked"),
        ("to/http://a.test:99999/", "unsure", "not an address that can be asked"),
        ("to/http://nowhere.test/", "gone", "the name of its host does not exist"),
        ("babble", "unsure", "what it sends is not HTTP"),
        ("silence", "unsure", "what it sends is not HTTP"),
        ("body", "answers", "200 OK"),
    ],
)
def test_what_an_answer_means(server: Server, path: str, expected: str, why: str) -> None:
    assert ask(server.at(path), HERE, {}) == Answer(expected, why)  # type: ignore[arg-type]


def test_a_redirect_loop_ends(server: Server) -> None:
    assert outcome(server.at("to//to/")) == "unsure"
    assert len(server.asked) <= 6


def test_get_is_used_only_where_head_is_refused_or_finds_nothing(server: Server) -> None:
    for path in ("200", "503", "405", "404"):
        outcome(server.at(path))
    assert server.asked == [
        ("HEAD", "/200"),
        ("HEAD", "/503"),
        ("HEAD", "/405"),
        ("GET", "/405"),
        ("HEAD", "/404"),
        ("GET", "/404"),
    ]


def test_who_asks_says_so_and_brings_nothing_along(server: Server) -> None:
    outcome(server.at("404"))
    for headers in server.headers:
        assert headers.keys() == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
        assert headers["User-Agent"] == "declared-links"
        assert headers["Host"] == f"127.0.0.1:{server.server_port}"


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("200/a b/ä?q=ü&x=%20#part", "/200/a%20b/%C3%A4?q=%C3%BC&x=%20"),
        ("200/`x`|\x00\x7f", "/200/`x`|%00%7F"),
        ("200/x\r\nX-Header: 1", "/200/xX-Header:%201"),
        ("200?q", "/200?q"),
    ],
)
def test_an_address_is_sent_as_a_browser_would(server: Server, path: str, sent: str) -> None:
    outcome(server.at(path))
    assert server.asked[0] == ("HEAD", sent)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "no address",
        "file:///etc/passwd",
        "ftp://a.test/",
        "http://",
        "http:///path",
        "http://a b/",
        "http://a%2etest/",
        "http://a..test/",
        "http://" + "a" * 300 + "/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://a.test:port/",
        "http://a\x00.test/",
    ],
)
def test_what_is_no_address_is_never_called_gone(url: str) -> None:
    assert outcome(url) == "unsure"


# --- what stands in the way --------------------------------------------------------------------


def test_a_name_that_does_not_exist_is_gone() -> None:
    assert ask("https://nowhere.test/x", HERE, {}) == Answer("gone", "the name of its host does not exist")


def test_a_name_that_cannot_be_looked_up_now_is_unsure(names: dict[str, list[str]]) -> None:
    names["busy.test"] = ["?"]
    assert outcome("https://busy.test/") == "unsure"


def test_a_closed_door_is_unsure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert ask(f"http://127.0.0.1:{port}/", HERE, {}) == Answer("unsure", "no connection to its host")


@pytest.mark.parametrize("path", ["slow", "drip"])
def test_time_is_bounded_for_the_whole_answer(server: Server, path: str) -> None:
    start = time.monotonic()
    assert ask(server.at(path), BRIEF, {}) == Answer("unsure", "no answer within 0.4 seconds")
    assert time.monotonic() - start < 3


def test_a_safe_connection_that_never_comes_about_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        bound = threading.Timer(3, silent.close)
        bound.start()
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/"
        assert ask(url, BRIEF, {}) == Answer("unsure", "no answer within 0.4 seconds")
        bound.cancel()


def test_what_is_read_is_bounded(server: Server) -> None:
    start = time.monotonic()
    assert outcome(server.at("endless")) == "answers"
    assert time.monotonic() - start < 3
    taken = []

    class Endless:
        def settimeout(self, _: float) -> None:
            pass

        def recv(self, size: int) -> bytes:
            taken.append(size)
            return b"x" * size

    with pytest.raises(links._NotAskedError):
        links._read_head(Endless(), time.monotonic() + 5, 10_000)  # type: ignore[arg-type]
    assert sum(taken) == 10_000


def test_another_number_of_the_host_is_tried(server: Server, names: dict[str, list[str]]) -> None:
    names["two.test"] = ["127.9.9.9", "127.0.0.1"]
    assert outcome(server.at("200", "two.test")) == "answers"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for a.test with its key, for these tests alone."""
    openssl = shutil.which("openssl")
    if not openssl:
        missing("openssl", "sudo apt-get install openssl")
    path = tmp_path_factory.mktemp("tls") / "a.pem"
    made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=a.test".split()
    more = ["-addext", "subjectAltName=DNS:a.test", "-keyout", path, "-out", path.with_suffix(".crt")]
    subprocess.run([str(openssl), *made, *more], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + path.with_suffix(".crt").read_bytes())
    return path


@pytest.fixture
def safe(server: Server, certificate: Path) -> Server:
    """The server behind TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server


def test_a_safe_connection_is_checked_against_the_name(
    safe: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate.with_suffix(".crt")))
    monkeypatch.setattr(links, "_tls", lambda: trusting)
    assert ask(safe.at("200", "a.test", "https"), HERE, {}) == Answer("answers", "200 OK")
    assert ask(safe.at("200", "b.test", "https"), HERE, {}) == Answer("unsure", "no safe connection to its host")


def test_a_certificate_that_nobody_vouches_for_is_unsure(safe: Server) -> None:
    assert ask(safe.at("200", "a.test", "https"), HERE, {}) == Answer("unsure", "no safe connection to its host")


def test_a_server_without_tls_is_unsure(server: Server) -> None:
    assert ask(server.at("200", scheme="https"), HERE, {}) == Answer("unsure", "no safe connection to its host")


# --- nobody is asked who is not public ---------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "a.test", "2130706433", "127.1", "0x7f000001"])
def test_this_machine_is_not_asked(server: Server, host: str) -> None:
    assert ask(server.at("200", host), Manners(timeout=5), {}) == Answer("unsure", "its host is no public one")
    assert server.asked == []


def test_manners_keep_away_from_networks_unless_told_otherwise() -> None:
    assert not Manners().private
    assert not links.MANNERS.private


def test_a_redirect_leads_nowhere_inside(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "is_public", lambda number: number == "127.0.0.1")
    inside = server.at("200", "127.0.0.2")
    assert ask(server.at(f"to/{inside}", "a.test"), Manners(timeout=5), {}).why == "its host is no public one"
    assert ask(server.at(f"to/{server.at('200')}", "a.test"), Manners(timeout=5), {}).outcome == "answers"


def test_a_host_with_one_number_inside_is_not_asked(
    server: Server, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "is_public", lambda number: number == "127.0.0.1")
    names["mixed.test"] = ["127.0.0.1", "127.0.0.2"]
    assert ask(server.at("200", "mixed.test"), Manners(timeout=5), {}).why == "its host is no public one"


def test_what_was_looked_at_is_what_is_asked(
    server: Server, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads elsewhere at its second look-up is not looked up a second time."""
    monkeypatch.setattr(links, "is_public", lambda number: names.update({"a.test": ["127.9.9.9"]}) is None)
    assert ask(server.at("200", "a.test"), Manners(timeout=5), {}).outcome == "answers"


@pytest.mark.parametrize(
    "number",
    """
    0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 169.254.169.254 172.16.0.1 192.0.2.1 192.168.1.1 198.18.0.1 224.0.0.1
    240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 fe80::1 fe80::1%1 fec0::1 fc00::1
    fd00:ec2::254 ff02::1 ff0e::1 2001:db8::1 2002:7f00:1:: 2001:0:1::1 64:ff9b::127.0.0.1 64:ff9b::10.0.0.1
    64:ff9b:1::1 100::1
    """.split(),
)
def test_numbers_inside(number: str) -> None:
    assert not links.is_public(number)


@pytest.mark.parametrize("number", "1.1.1.1 8.8.8.8 2606:4700::1111 2a00:1450:4001::1 64:ff9b::8.8.8.8".split())
def test_numbers_of_the_public(number: str) -> None:
    assert links.is_public(number)


# --- many at once ------------------------------------------------------------------------------


def test_one_host_is_never_asked_twice_at_once(server: Server) -> None:
    urls = [server.at(f"linger/{n}", "a.test") for n in range(4)]
    urls += [
        server.at(f"to/{server.at(f'linger/{n}', 'a.test')}", host) for n, host in enumerate(("b.test", "127.0.0.1"), 4)
    ]
    answers = ask_all(urls, HERE)
    assert {answer.outcome for answer in answers.values()} == {"answers"}
    assert sorted(path for _, path in server.asked if path.startswith("/linger")) == [f"/linger/{n}" for n in range(6)]
    assert max(crowd.count(host) for crowd in server.crowds for host in crowd) == 1


def test_several_hosts_are_asked_at_once(server: Server) -> None:
    """Each of the two is answered only once both are there."""
    answers = ask_all([server.at("meet", "a.test"), server.at("meet", "b.test")], HERE)
    assert {answer.outcome for answer in answers.values()} == {"answers"}


def test_an_address_is_asked_once(server: Server) -> None:
    assert len(ask_all([server.at("200")] * 3, HERE)) == 1
    assert len(server.asked) == 1


def test_where_most_hosts_are_lost_nothing_is_evidence(server: Server) -> None:
    """As on a machine whose network knows no names, and answers for others."""
    urls = ["http://x.test/", "http://y.test/", server.at("404"), server.at("200", "a.test")]
    assert [answer.outcome for answer in ask_all(urls, HERE).values()] == ["gone", "gone", "gone", "answers"]
    answers = ask_all([*urls, "http://z.test/"], HERE)
    assert [answer.outcome for answer in answers.values()] == ["unsure", "unsure", "unsure", "answers", "unsure"]
    assert answers["http://x.test/"].why.endswith("the network here may be at fault")


# --- the table ---------------------------------------------------------------------------------

TABLE = (
    b"id,title,url,archive_url,gone\r\n"
    b'one,"A title, quoted",https://a.test/1,https://b.test/1,\r\n'
    b'"two","Two\nlines",https://a.test/2,,2024-01-02\n'
    b'three,"It says ""so""",,https://b.test/3,\n'
    b"four,Bare,https://a.test/1,,"
)


def test_the_addresses_of_a_table() -> None:
    assert read_addresses(TABLE) == (
        Address("one", "url", "https://a.test/1"),
        Address("one", "archive_url", "https://b.test/1"),
        Address("two", "url", "https://a.test/2"),
        Address("three", "archive_url", "https://b.test/3"),
        Address("four", "url", "https://a.test/1"),
    )


def test_only_the_sources_own_address_decides() -> None:
    gone = Answer("gone", "404 Not Found")
    answers = {
        "https://a.test/1": Answer("answers", "200 OK"),
        "https://b.test/1": gone,
        "https://a.test/2": gone,
        "https://b.test/3": Answer("answers", "200 OK"),
    }
    assert links.find_moved(read_addresses(TABLE), answers) == ({"two"}, {"one", "four"})


def test_a_mark_changes_its_line_and_nothing_else() -> None:
    marked = mark_gone(TABLE, {"one", "two", "four"}, set(), "2026-01-31")
    assert marked == TABLE.replace(b"/1,\r\n", b"/1,2026-01-31\r\n") + b"2026-01-31"


def test_a_mark_is_emptied_where_the_address_answers_again() -> None:
    marked = mark_gone(TABLE, set(), {"two", "three"}, "2026-01-31")
    assert marked == TABLE.replace(b'"two"', b"two").replace(b"2024-01-02", b"")


def test_nothing_heard_changes_nothing() -> None:
    assert mark_gone(TABLE, set(), set(), "2026-01-31") == TABLE
    assert mark_gone(SOURCES, set(), set(), "2026-01-31") == SOURCES


def test_marks_in_the_real_table_leave_all_other_lines() -> None:
    rows = list(csv.DictReader(io.StringIO(SOURCES.decode(), newline="")))
    chosen = {row["id"] for row in rows[::40] if row["url"]}
    assert len(chosen) > 3
    before, after = SOURCES.splitlines(), mark_gone(SOURCES, chosen, set(), "2026-01-31").splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert {old.partition(b",")[0].decode() for old, _ in changed} == chosen
    assert {row["id"] for row in csv.DictReader(line.decode() for line in after) if row["gone"]} == chosen


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)


@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS, st.booleans()), max_size=5),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    mark=st.sampled_from(["", "\ufeff"]),
    last=st.booleans(),
)
def test_of_any_table_only_the_marked_lines_change(
    rows: list[tuple[str, str, str, bool]], end: str, quoting: Any, mark: str, last: bool
) -> None:
    """Whatever the cells hold, however lines end, with the last line's end or without it."""

    def line(*cells: str) -> str:
        text = io.StringIO()
        csv.writer(text, quoting=quoting).writerow(cells)
        return text.getvalue().removesuffix("\r\n") + end

    lines = [mark + line("note", "gone", "id", "url")]
    lines += [line(note, gone, str(n), url) for n, (note, gone, url, _) in enumerate(rows)]
    lines[-1] = lines[-1] if last else lines[-1].removesuffix(end)
    chosen = {str(n) for n, (_, gone, _, wanted) in enumerate(rows) if wanted and not gone}
    after = mark_gone("".join(lines).encode(), chosen, set(), "2026-01-31").decode()
    read = list(csv.reader(io.StringIO(after, newline="")))
    assert read[1:] == [
        [note, "2026-01-31" if str(n) in chosen else gone, str(n), url] for n, (note, gone, url, _) in enumerate(rows)
    ]
    for n, text in enumerate(lines[1:]):
        assert str(n) in chosen or text in after
    assert chosen or after == "".join(lines)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "data/sources.csv has no column id"),
        (b"id,url\n", "data/sources.csv has no column gone"),
        (b"id,url,gone\n\xff,,\n", "data/sources.csv is not a table in UTF-8"),
        (b'id,url,gone\n"a"b,,\n', "data/sources.csv is not a table in UTF-8"),
        (b'id,url,gone\n"a,,\n', "data/sources.csv is not a table in UTF-8"),
    ],
)
def test_a_broken_table_is_told(raw: bytes, why: str) -> None:
    for read in (read_addresses, lambda raw: mark_gone(raw, set(), set(), "2026-01-31")):
        with pytest.raises(links.TableError, match=why):
            read(raw)


def test_lines_of_another_length_are_left_alone() -> None:
    raw = b"id,url,gone\na,http://a.test/\n\nb\nc,,,,\n"
    assert read_addresses(raw) == (Address("a", "url", "http://a.test/"),)
    assert mark_gone(raw, {"a", "b", "c"}, set(), "2026-01-31") == raw


# --- telling -----------------------------------------------------------------------------------

ODD = "https://a.test/`x`\n::error::<b>@all|é\x1b[31m"
TOLD = [Address("x`\n", "url", ODD), Address("y", "archive_url", ODD), Address("z", "url", "https://b.test/")]
HEARD = {ODD: Answer("gone", "404 Not Found"), "https://b.test/": Answer("answers", "200 OK")}


def test_what_a_table_holds_cannot_act_where_it_is_told() -> None:
    shown = "https://a.test/%60x%60%0A::error::%3Cb%3E@all%7C%C3%A9%1B[31m"
    assert links.format_lines(TOLD, HEARD) == [f"gone    {shown} (x%60%0A, y): 404 Not Found"]
    assert links.format_report(TOLD, HEARD) == (
        f"2 addresses asked: 1 answered, 1 gone, 0 unsure.\n\n## Gone\n\n- `x%60%0A`, `y`: <{shown}>: 404 Not Found\n"
    )


# --- the command -------------------------------------------------------------------------------


@pytest.fixture
def root(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a table whose addresses lead to the server, one of each kind."""
    monkeypatch.setattr(links, "MANNERS", BRIEF)
    rows = [("fine", "200"), ("lost", "404"), ("shy", "403"), ("back", "200"), ("slow", "slow")]
    lines = [f'{name},"A, b",{server.at(path)},,{"2024-01-02" if name == "back" else ""}' for name, path in rows]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sources.csv").write_text("\n".join(["id,title,url,archive_url,gone", *lines, ""]))
    return tmp_path


def declared(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["links", *map(str, arguments)], prog_name="declared")


def test_the_command_tells_what_is_gone_and_what_is_unsure(root: Path, server: Server) -> None:
    before = (root / "data" / "sources.csv").read_bytes()
    done = declared("--root", root, "--report", root / "report.md")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        f"gone    {server.at('404')} (lost): 404 Not Found",
        f"unsure  {server.at('403')} (shy): 403 Forbidden",
        f"unsure  {server.at('slow')} (slow): no answer within 0.4 seconds",
        "4 addresses asked: 1 answered, 1 gone, 2 unsure.",
    ]
    assert (root / "data" / "sources.csv").read_bytes() == before
    assert (root / "report.md").read_text() == (
        "4 addresses asked: 1 answered, 1 gone, 2 unsure.\n\n"
        f"## Gone\n\n- `lost`: <{server.at('404')}>: 404 Not Found\n\n"
        "## Unsure, and so not marked: many sites refuse programs\n\n"
        f"- `shy`: <{server.at('403')}>: 403 Forbidden\n"
        f"- `slow`: <{server.at('slow')}>: no answer within 0.4 seconds\n"
    )


def test_the_command_notes_the_day_that_it_is_told(root: Path) -> None:
    table = root / "data" / "sources.csv"
    before = table.read_text()
    assert declared("--root", root, "--write", "--date", "2026-01-31").exit_code == 0
    expected = before.replace("2024-01-02", "").replace("/404,,\n", "/404,,2026-01-31\n")
    assert table.read_text() == expected.replace("/404,,\n", "/404,,2026-01-31\n")
    stamp = table.stat().st_ino
    assert declared("--root", root, "--write", "--date", "2026-02-28").exit_code == 0
    assert (table.read_text(), table.stat().st_ino) == (expected, stamp)
    assert [path.name for path in table.parent.iterdir()] == ["sources.csv"]


@pytest.mark.parametrize("more", [(), ("--date", "yesterday"), ("--date", "2026-02-30")])
def test_a_day_must_be_said_to_be_written(root: Path, server: Server, more: tuple[str, ...]) -> None:
    done = declared("--root", root, "--write", *more)
    assert done.exit_code == 2
    assert "--date" in done.output
    assert server.asked == []


def test_a_folder_without_the_table_is_told(tmp_path: Path) -> None:
    assert declared("--root", tmp_path).exit_code == 2
    (tmp_path / "data").mkdir()
    done = declared("--root", tmp_path)
    assert (done.exit_code, "sources.csv is missing." in done.stderr) == (1, True)
    (tmp_path / "data" / "sources.csv").write_text("id\n")
    done = declared("--root", tmp_path)
    assert (done.exit_code, "data/sources.csv has no column url." in done.stderr) == (1, True)


def test_a_report_that_cannot_be_written_is_told(root: Path) -> None:
    done = declared("--root", root, "--report", root / "nowhere" / "report.md")
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr

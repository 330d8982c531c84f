"""`declared`: the commands.

Exit code 0 is clean, 1 means problems were found, 2 means the command line was wrong, 3 that the builder failed.
"""

from __future__ import annotations

import gc
import json
import os
import re
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder import diagnostics, disk, drawing
from builder.binding import Edit
from builder.build import Build, Step, build
from builder.diagnostics import Diagnostic
from builder.drawing import Draw
from builder.instants import EXAMPLE, format_instant, parse_instant
from builder.model import Files
from builder.questions import QUESTIONS, Question

if TYPE_CHECKING:
    from builder import preview
    from builder.review import Review
    from builder.study import Study

FAULT = 3
"""Exit code where the builder itself fails."""
TRACEBACK = "DECLARED_TRACEBACK"
"""In the environment it asks for the traceback of a failure: so it reaches each command, in CI too."""
PATIENCE = 1.0
"""Seconds after which a person who waits is told what is going on."""

_ROOT = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="Folder that holds data/, content/ and site/.",
)


class _Instant(click.ParamType[datetime]):
    """An instant with its zone, as ISO 8601 has it."""

    name = "instant"

    def convert(self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        instant = value if isinstance(value, datetime) else parse_instant(value)
        if instant is None:
            self.fail(
                f'"{value}" is not an instant with a zone; write it like {EXAMPLE}, or with Z for UTC.', param, ctx
            )
        return instant


_AT = click.option(
    "--at",
    type=_Instant(),
    metavar="INSTANT",
    help=f"The instant as of which the site is built, as {EXAMPLE}: what is embargoed until then is published. Without it, nothing is.",
)


def _version() -> str:
    try:
        return metadata.version("declared")
    except metadata.PackageNotFoundError:  # run from its folder by a Python in which it is not installed
        return "not installed"


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(_version())
def main() -> None:
    """Builds and checks Declared: what was said, beside what was declared."""


def run() -> None:
    """The program `declared`. It ends without tidying its memory away, which after a build takes a third of a second."""
    code = 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except Exception as error:  # whatever it is, no journalist can mend it
        code = FAULT
        click.echo(_tell_fault(error), err=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _tell_fault(error: Exception) -> str:
    if os.environ.get(TRACEBACK):
        return "".join(traceback.format_exception(error))
    told = diagnostics.clean(f"{type(error).__name__}: {error}")[:300]
    return (
        f"The builder failed, and that is our fault, not yours ({told}).\n"
        f"    Nothing half-made was written. Please open an issue with this message, the command, and what you changed last. "
        f"Run again with {TRACEBACK}=1 in the environment, it shows where the builder failed."
    )


@main.command("build")
@_ROOT
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Where the site goes.  [default: public]")
@click.option("--no-memory", is_flag=True, help="Forget earlier builds; the result is the same, byte for byte.")
@_AT
def build_command(root: Path, out: Path | None, no_memory: bool, at: datetime | None) -> None:
    """Build the whole site. With an error nothing is written, and the last good site stays."""
    started = time.monotonic()
    made = _run(root, at, remember=not no_memory)
    _tell_problems(made, made.sources, "text")
    if made.build.broken:
        click.echo(f"{_count(made.build.problems)}. Nothing was written.", err=True)
        sys.exit(1)
    target = out or root / "public"
    try:
        count = disk.write_site(target, made.build.files)
    except disk.NotOursError as error:
        why = f"{target} holds {error}, which no build made; move it away, or name an empty folder with --out."
        raise click.UsageError(why) from None
    except OSError as error:
        raise click.ClickException(f"{_shown(target)} cannot be written: {error.strerror}.") from None
    if not no_memory:
        disk.write_memory(root, made.build.memory)
    seconds = time.monotonic() - started
    click.echo(f"{_coverage(made.build)}. {count} files in {_shown(target)}, {seconds:.1f} s.")


@main.command()
@_ROOT
@click.option("--fix", is_flag=True, help="Rewrite digits whose figure moved, and nothing else.")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True)
@click.option("--all", "every", is_flag=True, help="Name each problem, however many are of one kind in one file.")
@_AT
def check(root: Path, fix: bool, form: str, every: bool, at: datetime | None) -> None:
    """Check all that a build checks, and write nothing.

    With --fix, digits whose figure moved are rewritten. Also says how firmly each verdict stands.
    """
    made = _run(root, at)
    if fix and made.build.edits:
        before = made.sources
        try:
            done = disk.write_edits(root, made.build.edits)
        except OSError as error:
            raise click.ClickException(f"{error.filename} cannot be written: {error.strerror}.") from None
        made = _run(root, at)
        _tell_edits(done, before, made.sources)
    if not made.build.broken:
        disk.write_memory(root, made.build.memory)
    _tell_problems(made, made.sources, form, every)
    if form == "text":
        if made.build.problems:
            click.echo(f"{_EXPLAINED}{made.build.problems[0].code}", err=True)
        _tell_verdicts(made.build)
        click.echo(f"{_coverage(made.build)}. {_count(made.build.problems)}.")
    sys.exit(1 if made.build.broken else 0)


@main.command("trace")
@_ROOT
@click.argument("thing")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def trace_command(root: Path, thing: str, form: str) -> None:
    """What a thing stands on, and what leans on it.

    THING is the id of a claim, figure, record, source, chart, page or company. Write kind:id, as in figure:labelled_drones, where two things share an id.
    """
    from builder import trace
    from builder.study import study

    known = study(_read(root))
    try:
        found = trace.trace(known, thing)
    except trace.UnknownError as error:
        raise click.UsageError(str(error)) from None
    click.echo(trace.format_json(found) if form == "json" else trace.format_text(found))
    if known.broken:
        click.echo(f"The site has {_count(known.problems)}: declared check names them.", err=True)


@main.command("diff")
@_ROOT
@click.argument("base")
@click.argument("head", required=False)
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "json", "html"]), default="text", show_default=True
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Write diff.md, diff.json and diff.html there."
)
@click.option("--draft-history", is_flag=True, help="Write what the change owes, without its reasons.")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="Day of the drafted entries.")
@_AT
def diff_command(
    root: Path,
    base: str,
    head: str | None,
    form: str,
    out: Path | None,
    draft_history: bool,
    date: datetime | None,
    at: datetime | None,
) -> None:
    """What a change does to numbers and verdicts.

    From BASE to HEAD: verdicts, numbers with the rows that moved them, sentences to read again, charts, rows, pages. Each is a revision of git or a folder that holds data/, content/ and site/; HEAD is the working folder where it is
    left out. Exit code 1: HEAD does not build, or owes its readers an entry of history.
    """
    if draft_history and head:
        raise click.UsageError("--draft-history writes to the working folder: leave HEAD out.")
    before, after = _read_side(root, base), _read_side(root, head) if head else _read(root)
    found, known = _review(root, before, after, (base, head or "the working folder"), at)
    if draft_history:
        _write_drafts(root, found, known, date.date().isoformat() if date else "")
    _write_report(found, form, out)
    for due in found.owed if form == "text" and not draft_history else ():
        click.echo(diagnostics.format_text(due.found, after), err=True)
    sys.exit(1 if found.owed or found.found.errors else 0)


def _read_side(root: Path, name: str) -> Files:
    """The sources that BASE or HEAD names: a revision before a folder, so that no folder can pose as one."""
    try:
        return disk.read_revision(root, name)
    except disk.RevisionError as error:
        why = str(error)
    except disk.UnreadableError as error:
        raise click.ClickException(f"{error} of {name} is a link or no plain file.") from None
    if not disk.is_site(Path(name)):
        told = f'"{name}" is neither a revision ({why}) nor a folder that holds data/, content/ and site/.'
        raise click.UsageError(told)
    return _read(Path(name))


def _review(
    root: Path, before: Files, after: Files, names: tuple[str, str], at: datetime | None
) -> tuple[Review, Study]:
    """The review, and what is known of HEAD."""
    from builder.review import review
    from builder.study import study

    memory = disk.read_memory(root)
    gc.disable()
    try:
        with _progress() as step, _drawing(memory) as draw:
            studies = study(before, step, at), study(after, step, at)
            return review(*studies, names, memory, disk.read_versions(), step, draw), studies[1]
    finally:
        gc.enable()


def _write_drafts(root: Path, found: Review, after: Study, day: str) -> None:
    from builder.owed import draft_history

    drafts, left = draft_history(found.owed, after, day)
    disk.write_files(root, drafts)
    for path in drafts:
        kept = path.startswith("content/archive/")
        click.echo(f"{path}: {'kept as it stood' if kept else 'drafted; only you know the reason'}.", err=True)
    for due in left:
        click.echo("Not drafted, and left to you:", err=True)
        click.echo(diagnostics.format_text(due.found, after.sources), err=True)


def _write_report(report: Review, form: str, out: Path | None) -> None:
    from builder import report as forms

    if out:
        written = {
            "diff.md": forms.format_markdown(report).encode(),
            "diff.json": forms.format_json(report).encode(),
            "diff.html": forms.format_html(report),
        }
        disk.write_files(out, written)
    if form == "html":
        click.echo(forms.format_html(report), nl=False)
    else:
        told = {"text": forms.format_text, "markdown": forms.format_markdown, "json": forms.format_json}[form](report)
        click.echo(told.removesuffix("\n"))


@main.command("verify")
@_ROOT
@click.argument("copy", type=click.Path(exists=True, path_type=Path), default="public")
@_AT
def verify_command(root: Path, copy: Path, at: datetime | None) -> None:
    """Whether a published copy is what the sources build.

    COPY is a folder or its manifest.json, and public by default. Each file that differs is named. Without --at, the instant is the one that its manifest gives.
    """
    from builder import verify

    manifest = copy / verify.MANIFEST if copy.is_dir() else copy
    if at is None and manifest.is_file():
        with suppress(verify.NoManifestError):  # which is told below, with all that differs
            at = verify.read_instant(manifest.read_bytes())
    made = _run(
        root, at, remember=False
    )  # what a build remembers lies beside the copy, and could be tampered with like it
    if made.build.broken:
        _tell_problems(made, made.sources, "text")
        click.echo(f"{_count(made.build.problems)}. Nothing can be verified.", err=True)
        sys.exit(1)
    try:
        if copy.is_dir():
            found = verify.verify_files(made.build.files, disk.read_copy(copy))
        else:
            found = verify.verify_manifest(made.build.files, copy.read_bytes())
    except verify.NoManifestError as error:
        raise click.UsageError(f"{_shown(copy)} is neither a folder nor a manifest: {error}.") from None
    for one in found.mismatches:
        click.echo(diagnostics.clean(f"{one.path}: {one.kind}"))
    for told in found.made_with if found.mismatches else ():
        click.echo(diagnostics.clean(f"made with {told}"), err=True)
    for path in found.inputs if found.mismatches else ():
        click.echo(diagnostics.clean(f"made from another {path}"), err=True)
    if found.mismatches:
        click.echo(f"{_shown(copy)} is not what these sources build: files that differ: {len(found.mismatches)}.")
        sys.exit(1)
    when = f" as of {format_instant(at)}" if at else ""
    click.echo(f"{_shown(copy)} is what these sources build{when}: {found.count} files, every byte.")


@main.command("serve")
@_ROOT
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes any free one.")
def serve_command(root: Path, port: int) -> None:
    """Show the site while it is written: every save at once, drafts included, with what is wrong beside it.

    The preview is on this machine alone, and nothing is written. Ctrl-C ends it.
    """
    from builder import preview

    _read(root)  # a folder that is no site is a wrong command line

    def read() -> Files:
        try:
            return disk.read_sources(root)
        except disk.UnreadableError as error:
            raise preview.CannotReadError(f"{error} is a link or no plain file: put the file itself there.") from None

    memory, versions = disk.read_memory(root), disk.read_versions()
    with _drawing(memory) as draw:
        board = preview.Board(read, memory, draw)
        try:
            server = preview.open_server(board, port)
        except OSError as error:
            raise click.ClickException(
                f"Port {port} cannot be used: {error.strerror}. Name another with --port, or 0 for any free one."
            ) from None
        with server:
            _show_board(board, server, [root / name for name in disk.FOLDERS], versions)


def _show_board(board: preview.Board, server: preview.Server, folders: list[Path], versions: Mapping[str, str]) -> None:
    """Serves until Ctrl-C, and tells at the terminal what each save came to."""
    from builder import preview

    click.echo(f"http://{preview.HOME}:{server.server_address[1]}/ shows the site. Ctrl-C ends it.")
    present = [folder for folder in folders if folder.is_dir()]
    for work in (
        server.serve_forever,
        lambda: preview.watch_always(board, present),
        lambda: preview.complete_always(board, versions),
    ):
        threading.Thread(target=work, daemon=True).start()
    try:
        state = board.refresh()
        while True:
            _tell_state(state)
            told = (state.problems, state.trouble, state.number)
            while (state.problems, state.trouble, state.number) == told:
                state = board.wait(state)
    except KeyboardInterrupt:
        click.echo("")


def _tell_state(state: preview.State) -> None:
    """A block that an editor can read: its first and last line frame the problems."""
    click.echo("checking …")
    _tell_in_text(state.problems, state.sources, to_errors=False)
    if state.trouble:
        click.echo(diagnostics.clean(state.trouble))
    click.echo(f"checked: {_count(state.problems)}.")


@main.command("explain")
@click.argument("code", default="")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def explain_command(code: str, form: str) -> None:
    """Why a rule exists, how to keep it, and how it looks broken and mended.

    CODE is what stands before the word error or warning: B001. Without it, every rule in a line.
    """
    from builder import explain

    rule = explain.find_rule(code)
    if code and rule is None:
        near = diagnostics.nearest(code.strip().upper(), diagnostics.RULES, "Without a code, all of them are listed.")
        raise click.UsageError(f'No rule is called "{code}". {near}')
    if form == "json":
        click.echo(explain.format_json((rule,) if rule else tuple(diagnostics.RULES.values())))
    else:
        click.echo(explain.format_text(rule) if rule else explain.format_list())


@main.command("guide")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Where.  [default: the builder's folder]")
def guide_command(out: Path | None) -> None:
    """Write anew what is made from the builder itself: the reference, and the schemas for editors."""
    from builder import reference, schemas

    made = {**reference.format_reference(), **schemas.format_schemas()}
    target = out or Path(__file__).parent
    try:
        disk.write_files(target, made)
    except OSError as error:
        raise click.ClickException(f"{_shown(target)} cannot be written: {error.strerror}.") from None
    click.echo(f"{len(made)} files in {_shown(target)}.")


@main.command("links")
@_ROOT
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="The day that --write notes.")
@click.option("--write", is_flag=True, help="Note in data/sources.csv which addresses are gone; needs --date.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the list to a Markdown file too."
)
def links_command(root: Path, date: datetime | None, write: bool, report: Path | None) -> None:
    """Ask the sources' addresses which still answer. What is gone is news and no error."""
    from builder import links

    if write and not date:
        raise click.UsageError("--write needs --date: the day stands in the data, and no clock is asked for it.")
    raw = _read(root).get(links.TABLE)
    if raw is None:
        raise click.ClickException(f"{_shown(root / links.TABLE)} is missing.")
    try:
        addresses = links.read_addresses(raw)
    except links.TableError as error:
        raise click.ClickException(f"{error}.") from None
    with _progress() as step:
        step("asking the sources' addresses")
        answers = links.ask_all([address.url for address in addresses], links.MANNERS)
    for line in (*links.format_lines(addresses, answers), links.format_sum(answers)):
        click.echo(line)
    if report:
        _write(report, links.format_report(addresses, answers).encode())
    if date and write:
        marked = links.mark_gone(raw, *links.find_moved(addresses, answers), date.date().isoformat())
        if marked != raw:
            _write(root / links.TABLE, marked)


# --- new -------------------------------------------------------------------------------------------


@main.group("new")
def new_group() -> None:
    """Begin a claim, a source, a figure or a language: asks for what is missing, and writes the files."""


def _flags(kind: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A flag for each thing that may be asked; what no flag answers is asked for on a terminal."""

    def add(command: Callable[..., None]) -> Callable[..., None]:
        for name, asks in reversed(list(QUESTIONS[kind].items())):
            command = click.option(f"--{name.replace('_', '-')}", name, help=asks)(command)
        return _ROOT(command)

    return add


@new_group.command("claim")
@click.argument("slug")
@_flags("claim")
def new_claim(root: Path, slug: str, **flags: str | None) -> None:
    """A claim as a draft, and the row of its statement where there is none.

    SLUG becomes the address of its page: small letters, digits and hyphens.
    """
    _begin("claim", root, slug, flags)


@new_group.command("source")
@click.argument("id")
@_flags("source")
def new_source(root: Path, id: str, **flags: str | None) -> None:  # noqa: A002
    """A row of data/sources.csv."""
    _begin("source", root, id, flags)


@new_group.command("figure")
@click.argument("id")
@_flags("figure")
def new_figure(root: Path, id: str, **flags: str | None) -> None:  # noqa: A002
    """A figure in data/figures.yaml, with its label in the first language."""
    _begin("figure", root, id, flags)


@new_group.command("language")
@click.argument("code")
@_flags("language")
def new_language(root: Path, code: str, **flags: str | None) -> None:
    """A language to be translated into.

    CODE is that of the language: uk, zh-Hans.
    """
    _begin("language", root, code, flags)


def _begin(kind: str, root: Path, name: str, flags: Mapping[str, str | None]) -> None:
    """Asks for what no flag answers, and writes; nothing is written while anything is wrong with it."""
    from builder import scaffold
    from builder.study import study

    known = study(_read(root))
    if known.dataset is None or known.theme is None or known.first not in known.content.languages:
        raise click.ClickException("The site cannot be read: declared check says why. Mend that first.")
    if why := scaffold.check_name(kind, known, name):
        raise click.UsageError(why)
    given = {key: value.strip() for key, value in flags.items() if value is not None}
    made = scaffold.make(kind, known, name, _ask_all(kind, known, name, given))
    if breaches := scaffold.find_breaches(known, made):
        for found in breaches:
            click.echo(diagnostics.format_text(found, {**known.sources, **made.files}), err=True)
        raise click.ClickException("So the site would be broken; nothing was written.")
    try:
        disk.write_new(root, known.sources, made.files)
    except FileExistsError as error:
        raise click.ClickException(f"{error} is there, or changed meanwhile; nothing was written.") from None
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be written: {error.strerror}.") from None
    for path in made.files:
        click.echo(f"{path}: {'added to' if path in known.sources else 'written'}.")
    click.echo(f"{made.then}.")


def _ask_all(kind: str, known: Study, name: str, given: Mapping[str, str]) -> dict[str, str]:
    """An answer to each question: a flag's, a person's, or none where none is needed."""
    from builder import scaffold

    flags, answers = dict(scaffold.imply(given)), dict[str, str]()
    while question := scaffold.next_question(kind, known, name, answers):
        flag = f"--{question.name.replace('_', '-')}"
        told = flags.pop(question.name, None)
        if told is None and not _may_ask() and question.needed:
            raise click.UsageError(f"{flag} is needed. {question.shown}")
        text = told if told is not None else _ask(question) if _may_ask() else ""
        fault = scaffold.find_fault(kind, known, name, answers, question, text)
        if not fault:
            answers[question.name] = text
        elif _may_ask():
            click.echo(fault, err=True)
            answers = {key: value for key, value in answers.items() if key not in question.again}
        else:
            raise click.UsageError(f"{flag}: {fault}")
    if left := flags.keys() & given.keys():
        flag = f"--{min(left).replace('_', '-')}"
        raise click.UsageError(f"{flag} says nothing here, where nobody asks for it; nothing was written.")
    return answers


def _may_ask() -> bool:
    """True where a person sits at a terminal."""
    return sys.stdin.isatty()


def _ask(question: Question) -> str:
    wanted = None if question.needed else ""
    end = " " if question.shown.endswith("?") else ": "
    return str(click.prompt(question.shown, default=wanted, show_default=False, prompt_suffix=end, err=True)).strip()


# --- running -----------------------------------------------------------------------------------


class _Made:
    """A build with the files that it was made from."""

    def __init__(self, sources: Files, result: Build) -> None:
        self.sources = sources
        self.build = result


def _write(path: Path, content: bytes) -> None:
    try:
        disk.replace_file(path, content)
    except OSError as error:
        raise click.ClickException(f"{_shown(path)} cannot be written: {error.strerror}.") from None


def _run(root: Path, at: datetime | None = None, remember: bool = True) -> _Made:
    sources = _read(root)
    memory = disk.read_memory(root) if remember else {}
    gc.disable()  # what a build makes it keeps: looking through it for rubbish costs a tenth of the time
    try:
        with _progress() as step, _drawing(memory) as draw:
            return _Made(sources, build(sources, memory, disk.read_versions(), step, draw, at))
    finally:
        gc.enable()


def _read(root: Path) -> Files:
    """The authors' files, or an error of usage that says why they cannot be read."""
    if not disk.is_site(root):
        raise click.UsageError(
            f"{_shown(root)} holds none of data/, content/ and site/; name the site's folder with --root."
        )
    try:
        return disk.read_sources(root)
    except disk.UnreadableError as error:
        name = str(error).encode("utf-8", "backslashreplace").decode()
        raise click.ClickException(f"{name} is a link or no plain file: put the file itself there.") from None
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be read: {error.strerror}.") from None


@contextmanager
def _drawing(memory: Mapping[str, bytes]) -> Iterator[Draw]:
    """How charts are drawn: when none is remembered, with the help of a second process that gets ready meanwhile."""
    if (os.cpu_count() or 1) < 2 or any(key.startswith(drawing.REMEMBERED) for key in memory):
        yield drawing.draw_alone
        return
    try:
        helper = drawing.Helper()
    except OSError:  # no second process to be had: one does it all
        yield drawing.draw_alone
        return
    with helper:
        yield helper.draw


@contextmanager
def _progress() -> Iterator[Step]:
    """Tells a person at a terminal what is being done, once it has taken longer than a second."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    current = ["starting"]
    ended = threading.Event()

    def show() -> None:
        if ended.wait(PATIENCE):
            return
        from rich.console import Console

        console = Console(stderr=True)
        with console.status(current[0]) as status:
            while not ended.wait(0.1):
                status.update(current[0])

    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield lambda step: current.__setitem__(0, step)
    finally:
        ended.set()
        thread.join()


# --- telling -----------------------------------------------------------------------------------


def _tell_problems(made: _Made, sources: Files, form: str, every: bool = False) -> None:
    problems = made.build.problems
    if form == "json":
        told = {
            "problems": json.loads(diagnostics.format_json(problems)),
            "verdicts": {
                slug: {"rating": rating, "stands": lines} for slug, (rating, *lines) in made.build.verdicts.items()
            },
            "numbers": dict(made.build.coverage),
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    elif form == "github":
        for found, more in ((each, 0) for each in problems) if every else diagnostics.order_github(problems):
            click.echo(diagnostics.format_github(found, more))
    else:
        _tell_in_text(problems, sources, every)


def _tell_in_text(
    problems: tuple[Diagnostic, ...], sources: Files, every: bool = False, to_errors: bool = True
) -> None:
    """Each problem with its line; of many of one kind in one file a few, unless `every` one is wanted."""
    for found, more in ((each, 0) for each in problems) if every else diagnostics.hold_back(problems):
        click.echo(diagnostics.format_text(found, sources), err=to_errors)
        if more:
            click.echo(diagnostics.format_rest(found, more), err=to_errors)


def _tell_verdicts(made: Build) -> None:
    """How firmly each verdict stands that rests on something computed or on a source that it cannot do without."""
    for slug, (rating, *lines) in made.verdicts.items():
        click.echo(f"{slug}: {rating}")
        for line in lines:
            click.echo(f"    {line}")


def _tell_edits(done: tuple[Edit, ...], before: Files, after: Files) -> None:
    """What --fix rewrote, the sentences to read again, and a draft of the history entry."""
    for edit in done:
        place = edit.location
        line = after[place.path].decode("utf-8").split("\n")[place.line - 1].strip()
        click.echo(f"{place.path}:{place.line}:{place.column}: {edit.old} → {edit.new}", err=True)
        click.echo(diagnostics.clean(f"    read again: {line}"), err=True)
    for path in sorted({edit.location.path for edit in done if edit.location.path.endswith(".md")}):
        if re.search(rb"^translates:", after[path], re.MULTILINE):
            continue  # a translation has no history of its own
        pairs = list(dict.fromkeys((edit.old, edit.new) for edit in done if edit.location.path == path))
        click.echo(f"{path}: a draft for its history; only you know the date and why:", err=True)
        for line in _HISTORY:
            filled = line.format(before=", ".join(old for old, _ in pairs), now=", ".join(new for _, new in pairs))
            click.echo(f"    {filled}", err=True)


_EXPLAINED = "Why, and how it looks when it is right: declared explain "

_HISTORY = ("history:", "  - date:", "    kind: data", "    before: {before}", "    now: {now}", "    why:")


def _count(problems: tuple[Diagnostic, ...]) -> str:
    errors = sum(found.severity == "error" for found in problems)
    warnings = len(problems) - errors
    parts = [f"{n} {word}{'' if n == 1 else 's'}" for n, word in ((errors, "error"), (warnings, "warning")) if n]
    return ", ".join(parts) or "No problems"


def _coverage(made: Build) -> str:
    counts = {"bound": 0, "exempt": 0, "loose": 0, **made.coverage}
    return f"Numbers: {counts['bound']} bound, {counts['exempt']} exempt, {counts['loose']} loose"


def _shown(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)

"""`declared`: the commands. Exit code 0 is clean, 1 means problems were found, 2 means the command line was wrong."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

import click

from builder import diagnostics, disk, drawing
from builder.binding import Edit
from builder.build import Build, Step, build
from builder.diagnostics import Diagnostic
from builder.drawing import Draw
from builder.model import Files

PATIENCE = 1.0
"""Seconds after which a person who waits is told what is going on."""

_ROOT = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="Folder that holds data/, content/ and site/.",
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
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@main.command("build")
@_ROOT
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Where the site goes.  [default: public]")
@click.option("--no-memory", is_flag=True, help="Forget earlier builds; the result is the same, byte for byte.")
def build_command(root: Path, out: Path | None, no_memory: bool) -> None:
    """Build the whole site. With an error nothing is written, and the last good site stays."""
    started = time.monotonic()
    made = _run(root, remember=not no_memory)
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
def check(root: Path, fix: bool, form: str) -> None:
    """Check everything that a build checks, and write nothing but what --fix rewrites."""
    made = _run(root)
    if fix and made.build.edits:
        before = made.sources
        try:
            done = disk.write_edits(root, made.build.edits)
        except OSError as error:
            raise click.ClickException(f"{error.filename} cannot be written: {error.strerror}.") from None
        made = _run(root)
        _tell_edits(done, before, made.sources)
    if not made.build.broken:
        disk.write_memory(root, made.build.memory)
    _tell_problems(made, made.sources, form)
    if form == "text":
        click.echo(f"{_coverage(made.build)}. {_count(made.build.problems)}.")
    sys.exit(1 if made.build.broken else 0)


# --- running -----------------------------------------------------------------------------------


class _Made:
    """A build with the files that it was made from."""

    def __init__(self, sources: Files, result: Build) -> None:
        self.sources = sources
        self.build = result


def _run(root: Path, remember: bool = True) -> _Made:
    if not any((root / folder).is_dir() for folder in disk.FOLDERS):
        raise click.UsageError(
            f"{_shown(root)} holds none of data/, content/ and site/; name the site's folder with --root."
        )
    try:
        sources = disk.read_sources(root)
    except disk.UnreadableError as error:
        name = str(error).encode("utf-8", "backslashreplace").decode()
        raise click.ClickException(f"{name} is a link or no plain file: put the file itself there.") from None
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be read: {error.strerror}.") from None
    memory = disk.read_memory(root) if remember else {}
    gc.disable()  # what a build makes it keeps: looking through it for rubbish costs a tenth of the time
    try:
        with _progress() as step, _drawing(memory) as draw:
            return _Made(sources, build(sources, memory, disk.read_versions(), step, draw))
    finally:
        gc.enable()


@contextmanager
def _drawing(memory: Mapping[str, bytes]) -> Iterator[Draw]:
    """How charts are drawn: when none is remembered, with the help of a second process that gets ready meanwhile."""
    if (os.cpu_count() or 1) < 2 or any(key.startswith(drawing.REMEMBERED) for key in memory):
        yield drawing.render_all
        return
    try:
        helper = drawing.Helper()
    except OSError:  # no second process to be had: one does it all
        yield drawing.render_all
        return
    with helper:
        yield helper.render_all


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


def _tell_problems(made: _Made, sources: Files, form: str) -> None:
    problems = made.build.problems
    if form == "json":
        click.echo(diagnostics.format_json(problems))
    elif form == "github":
        for found in problems:
            click.echo(diagnostics.format_github(found))
    else:
        for found in problems:
            click.echo(diagnostics.format_text(found, sources), err=True)


def _tell_edits(done: tuple[Edit, ...], before: Files, after: Files) -> None:
    """What --fix rewrote, the sentences to read again, and a draft of the history entry."""
    for edit in done:
        place = edit.location
        line = after[place.path].decode("utf-8").split("\n")[place.line - 1].strip()
        click.echo(f"{place.path}:{place.line}:{place.column}: {edit.old} → {edit.new}", err=True)
        click.echo(f"    read again: {line}", err=True)
    for path in sorted({edit.location.path for edit in done if edit.location.path.endswith(".md")}):
        pairs = list(dict.fromkeys((edit.old, edit.new) for edit in done if edit.location.path == path))
        click.echo(f"{path}: a draft for its history; only you know the date and why:", err=True)
        for line in _HISTORY:
            filled = line.format(before=", ".join(old for old, _ in pairs), now=", ".join(new for _, new in pairs))
            click.echo(f"    {filled}", err=True)


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

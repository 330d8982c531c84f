"""How long a diff takes beside the two builds that it compares: `python tests/bench_diff.py 1000 100000`.

All in one process and one run, without memory; prints seconds, and the ratio that counts.
"""

from __future__ import annotations

import gc
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))

from many import many
from small_site import change

from builder.build import build
from builder.drawing import draw_alone
from builder.report import format_html, format_markdown, scoreboard
from builder.review import review
from builder.study import study


def clock(what: str, started: float) -> float:
    seconds = time.monotonic() - started
    print(f"{what}: {seconds:.1f} s", flush=True)
    return seconds


def main(claims: int, rows: int) -> None:
    gc.disable()  # as the commands do
    before = many(claims, rows)
    after = change(before, "data/shipments.csv", ",37,at_least,at least,", ",37,at_least,no fewer than,")
    builds = 0.0
    for name, sources in (("build BASE", before), ("build HEAD", after)):
        started = time.monotonic()
        made = build(sources)
        assert not made.broken, made.problems[:3]
        builds += clock(
            f"{name}, {len(made.files):,} files, {sum(map(len, made.files.values())) / 1e6:,.0f} MB", started
        )
        del made
        gc.collect()
    started = time.monotonic()
    report = review(study(before), study(after), ("BASE", "HEAD"), {}, {}, lambda step: None, draw_alone)
    text = format_markdown(report) + format_html(report).decode()
    whole = clock("diff, with the two builds in it and its report written", started)
    print(scoreboard(report.found), f"({len(text):,} characters)")
    print(f"diff / two builds: {whole / builds:.2f}")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

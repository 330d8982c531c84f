"""Makes a site of any size out of the small one, plainly invented, to measure on: `python tests/many.py FOLDER 1000 100000`.

Every claim is a copy of the small site's, under another name. Rows are single declarations of invented firms, spread over
sources that partly repeat one another.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from small_site import CLAIM, english, small_site

from builder.datapackage import read_dataset
from builder.figures import compute_figures
from builder.numerals import format_told

SOURCES = 400
FIGURES = 20
SEED = 20230419


def many(claims: int, rows: int) -> dict[str, bytes]:
    """The files of a site with so many claims and so many further rows."""
    dice = random.Random(SEED)
    files = small_site()
    text = files[CLAIM].decode()
    files["data/sources.csv"] += "".join(_source(number, dice) for number in range(SOURCES)).encode()
    files["data/shipments.csv"] += "".join(_row(number, dice) for number in range(rows)).encode()
    files["data/figures.yaml"] += "".join(_figure(number) for number in range(FIGURES)).encode()
    labels = (
        f"\nmany_{number}:\n  label: Invented goods {_letters(number)}\n  about: Invented.\n"
        for number in range(FIGURES)
    )
    files["content/en/figures.yaml"] += "".join(labels).encode()
    told = _told(files)
    for number in range(1, claims):
        figure = f"many_{number % FIGURES}"
        claim = text.replace("the invented office denied it", f"the invented office {_letters(number)} denied it")
        claim = claim.replace("  - figure: labelled_drones", f"  - figure: {figure}")
        claim = claim.replace("A lower limit is not a count", f"A list has [{told[figure]}](figure:{figure}) computers")
        files[f"content/en/claims/example-denial-{number}.md"] = claim.encode()
    return files


def _letters(number: int) -> str:
    """A name without digits: A, B, … Z, BA, …"""
    return ("" if number < 26 else _letters(number // 26)) + chr(65 + number % 26)


def _told(files: dict[str, bytes]) -> dict[str, str]:
    """How each figure must be told."""
    dataset, _ = read_dataset(files)
    assert dataset
    figures, _ = compute_figures(dataset)
    return {name: format_told(figure.told, english()) for name, figure in figures.items() if figure.told}


def _source(number: int, dice: random.Random) -> str:
    repeats = f"ex-many-{dice.randrange(number)}" if number and dice.random() < 0.5 else ""
    return f"ex-many-{number},secondary_report,Example Paper {number},,,2023,https://example.com/{number},,,en,secondary,,{repeats},,,,\n"


def _row(number: int, dice: random.Random) -> str:
    sources = ";".join(f"ex-many-{dice.randrange(SOURCES)}" for _ in range(dice.choice((1, 1, 1, 2, 3))))
    day = f"2023-{dice.randrange(3, 13):02}-{dice.randrange(1, 29):02}"
    cells = {
        "id": f"ex-many-{number}-row",
        "record": "declaration",
        "sources": sources,
        "date_from": day,
        "date_to": day,
        "origin": "CN",
        "dispatch": "CN",
        "destination": "RU",
        "category": "computer",
        "outcome": "cleared",
        "units": str(dice.randrange(1, 40)),
        "units_bound": dice.choice(("exact", "exact", "at_least")),
        "value": str(dice.randrange(100, 9000)),
        "value_bound": "exact",
        "currency": "USD",
        "label": "none",
        "confidence": "secondary_report",
        "model": f"Example {number % FIGURES}",
    }
    header = small_site()["data/shipments.csv"].decode().split("\n")[0].split(",")
    return ",".join(cells.get(name, "") for name in header) + "\n"


def _figure(number: int) -> str:
    return (
        f"\nmany_{number}:\n  sum: units\n  of: shipments\n  where: {{category: computer, model: Example {number}}}\n"
        "  disjoint: All rows are invented one by one.\n  unit: computer\n"
    )


if __name__ == "__main__":
    folder, claims, rows = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    for path, raw in many(claims, rows).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(raw)

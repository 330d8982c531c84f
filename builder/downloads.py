"""The files in which readers take the dataset away, with what they need to know that a copy is whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from builder.model import Dataset

FIGURES = "data/figures.yaml"
PACKAGE = "data/datapackage.json"
CHECKSUMS = "data/sha256sums.txt"
"""For `sha256sum --check`, run in the folder that holds the files."""


@dataclass(frozen=True, slots=True)
class Download:
    """One file of the dataset."""

    path: str
    """From the site's root."""
    table: str
    """The table that it holds; empty for the other files."""
    rows: int
    """Of the table, without the header."""
    size: int
    """Bytes."""
    sha256: str
    """In hexadecimal."""

    @property
    def name(self) -> str:
        """Of the file, without its folder."""
        return self.path.rpartition("/")[2]

    @property
    def ending(self) -> str:
        """`csv`, `json` or `yaml`."""
        return self.name.rpartition(".")[2]


def publish_data(dataset: Dataset) -> dict[str, bytes]:
    """By path: the tables and the figures' definitions as they are, the package with sizes and hashes, and the checksums."""
    package = json.loads(json.dumps(dataset.package))
    files = {}
    for resource in package["resources"]:
        path = f"data/{resource['path']}"
        files[path] = raw = dataset.raw[path]
        resource["bytes"] = len(raw)
        resource["hash"] = f"sha256:{_hash(raw)}"
    files[PACKAGE] = (json.dumps(package, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()
    files[FIGURES] = dataset.raw[FIGURES]
    lines = (f"{_hash(raw)}  {path.removeprefix('data/')}\n" for path, raw in files.items())
    return {**files, CHECKSUMS: "".join(lines).encode()}


def list_downloads(dataset: Dataset) -> tuple[Download, ...]:
    """Every file of the dataset but the checksums: first the tables, in the order of the package."""
    tables = {table.path: table for table in dataset.tables.values()}
    return tuple(
        Download(
            path,
            tables[path].name if path in tables else "",
            len(tables[path].rows) if path in tables else 0,
            len(raw),
            _hash(raw),
        )
        for path, raw in publish_data(dataset).items()
        if path != CHECKSUMS
    )


def _hash(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()

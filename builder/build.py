"""The whole way from an author's files to the published ones, in the order in which it happens.

Pure: it opens nothing, prints nothing and knows no clock. Equal sources give equal bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from builder import diagnostics
from builder.binding import Edit
from builder.diagnostics import Diagnostic
from builder.drawing import Draw, render_all
from builder.model import Content, Figure, Files, Location, Site, Use, Verdict

UNREAD = (
    *("D001", "D002", "D005", "D006", "D007", "D008", "D009", "D011", "D012", "D017", "D020", "D031"),
    *("D013", "D018", "D028", "D033"),  # of a row that cannot be counted as it stands
    *("C001", "D021", "D025"),  # of a figure's definition
)
"""Rules whose breach leaves a part of the data unread. A row that is gone is no such breach: its sentences must be named."""

Step = Callable[[str], None]
"""Told what is being done, so that a person who waits can be told too."""


def _quietly(step: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Build:
    """What came of a build."""

    files: Site
    """Empty when there is an error: nothing half-made is ever published."""
    problems: tuple[Diagnostic, ...]
    edits: tuple[Edit, ...] = ()
    """Digits that may safely be rewritten."""
    uses: tuple[Use, ...] = ()
    coverage: Mapping[str, int] = field(default_factory=dict)
    memory: Mapping[str, bytes] = field(default_factory=dict)
    """What to remember for the next build."""

    @property
    def broken(self) -> bool:
        """True when something must be mended before anything may be published."""
        return diagnostics.is_broken(self.problems)


def build(
    sources: Files,
    memory: Mapping[str, bytes] | None = None,
    versions: Mapping[str, str] | None = None,
    step: Step = _quietly,
    draw: Draw = render_all,
) -> Build:
    """The site that `sources` make. `memory` saves time and changes no byte; `versions` name what builds.

    `draw` makes pictures of charts: those of a caller may be faster, and never others.
    """
    memory = memory or {}
    key = _key_of(sources, versions or {})
    if known := memory.get(key):
        return _recall(known, memory)
    made = _build(sources, memory, versions or {}, step, draw)
    if made.broken:
        return made
    remembered = {**made.memory, key: _remember(made)}
    return Build(made.files, made.problems, made.edits, made.uses, made.coverage, remembered)


def _build(sources: Files, memory: Mapping[str, bytes], versions: Mapping[str, str], step: Step, draw: Draw) -> Build:
    # imported here, so that a build that is wholly remembered pays for none of them
    from builder import binding, charts, checks, exports, pages, render, verdicts
    from builder.content import read_content
    from builder.datapackage import read_dataset
    from builder.figures import compute_figures
    from builder.theme import read_theme

    step("reading")
    dataset, problems = read_dataset(sources)
    unread = any(found.code in UNREAD for found in problems)
    content, found = read_content(sources)
    problems += found
    theme, found_in_theme = read_theme(sources)
    problems += found_in_theme
    if theme and f"content/{theme.first_language}/words.yaml" not in sources:
        problems.append(_without_language(theme.first_language, sources))
    if dataset is None:
        return Build({}, _in_order(problems))
    first = theme.first_language if theme else next(iter(content.claims), "")
    figures: Mapping[str, Figure] = {}
    results: Mapping[str, Verdict] = {}
    if not unread:  # held to what could not be read, words and verdicts would only be told the same again
        step("computing figures")
        figures, found = compute_figures(dataset)
        problems += found
        results, found = verdicts.compute_verdicts(content.claims.get(first, {}), figures, dataset, theme)
        problems += found
    step("holding every number to the data")
    held = binding.check_bindings(content, dataset, figures, charts.CHARTS, first)
    problems += [found for found in held.problems if not unread or found.code != "B002"]
    problems += binding.check_labels(content, dataset, first) if not unread else []
    chart_words = {
        code: {**content.chart_words.get(first, {}), **content.chart_words.get(code, {})} for code in content.languages
    }
    problems += [found for words in chart_words.values() for found in charts.check_chart_words(words)]
    # digits are rewritten only after data in which nothing is wrong
    edits = held.edits if not any(found.code[0] == "D" and found.severity == "error" for found in problems) else ()
    if diagnostics.is_broken(problems) or theme is None:
        return Build({}, _in_order(problems), edits, held.uses, held.coverage)
    drawings = {}
    remembered: dict[str, bytes] = {}
    for code, language in content.languages.items():
        step(f"drawing charts ({code})")
        drawings[code], kept = charts.draw_charts(dataset, figures, language, chart_words[code], memory, draw)
        remembered.update(kept)
    drawn = [figure for by_id in drawings.values() for drawing in by_id.values() for figure in drawing.figures]
    problems += binding.check_unused(dataset, held.uses, drawn)
    problems += binding.check_placed(held.uses, drawings[first])
    step("laying out pages")
    usage: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
    for use in held.uses:
        if use.kind in ("claim", "page", "chart") and use.language == first:
            key = (use.scheme, use.target)
            usage[key] = (*usage.get(key, ()), (f"{use.kind}:{use.name}", use.role))
    planned = pages.plan_pages(dataset, content, theme, figures, results, drawings[first], usage)
    step(f"drawing {len(planned)} pages")
    files, found_in_pages = render.render_pages(planned, theme, content, figures, drawings[first])
    problems += found_in_pages
    exported = exports.make_exports(dataset, content, theme, figures, drawings)
    own = ("manifest.json", render.STYLESHEET, *theme.assets, *exported)
    problems += checks.check_paths((*(page.path for page in planned), *own))
    files.update(render.render_assets(theme))
    files.update(exported)
    if not diagnostics.is_broken(problems):
        step("checking every link")
        problems += checks.check_site(files, theme.url)
    if diagnostics.is_broken(problems):
        return Build({}, _in_order(problems), edits, held.uses, held.coverage)
    files["manifest.json"] = exports.make_manifest(_without_drafts(sources, content, first), files, versions)
    ordered = dict(sorted(files.items()))
    return Build(ordered, _in_order(problems), edits, held.uses, held.coverage, remembered)


def _without_drafts(sources: Files, content: Content, first: str) -> Files:
    """The sources without the claims that are not public, nor translations of them: not even their names are told."""
    secret = {slug for slug, claim in content.claims[first].items() if not claim.front.public}
    hidden = {
        claim.path
        for claims in content.claims.values()
        for claim in claims.values()
        if claim.slug in secret or not claim.front.public
    }
    return {path: raw for path, raw in sources.items() if path not in hidden}


def _without_language(first: str, sources: Files) -> Diagnostic:
    lines = sources["site/site.yaml"].decode("utf-8", "replace").split("\n")
    line = next((i for i, text in enumerate(lines) if text.startswith("first_language:")), 0)
    place = Location("site/site.yaml", line + 1, max(lines[line].find(first), 0) + 1)
    hint = "Give the name of a folder of content/ that holds a words.yaml."
    return diagnostics.problem("C013", place, len(first), id=first, what="a language of this site", hint=hint)


def _in_order(problems: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each once, errors and warnings together, by file and line."""
    return tuple(sorted(set(problems)))


# --- remembering a whole build -----------------------------------------------------------------------


def _key_of(sources: Files, versions: Mapping[str, str]) -> str:
    digest = hashlib.sha256(json.dumps(sorted(versions.items())).encode())
    for path in sorted(sources):
        digest.update(f"\0{path}\0{len(sources[path])}\0".encode())
        digest.update(sources[path])
    return f"site-{digest.hexdigest()}"


def _remember(made: Build) -> bytes:
    """A build without errors as the bytes of an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        warnings = json.loads(diagnostics.format_json(made.problems))
        kept = {"problems": warnings, "coverage": dict(made.coverage), "memory": sorted(made.memory)}
        archive.writestr(zipfile.ZipInfo("build.json"), json.dumps(kept))
        for path, raw in made.files.items():
            archive.writestr(zipfile.ZipInfo(f"site/{path}"), raw)
    return out.getvalue()


def _recall(raw: bytes, memory: Mapping[str, bytes]) -> Build:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        kept = json.loads(archive.read("build.json"))
        files = {name.removeprefix("site/"): archive.read(name) for name in archive.namelist() if name != "build.json"}
    problems = tuple(diagnostics.read_json(found) for found in kept["problems"])
    return Build(files, problems, (), (), kept["coverage"], memory)

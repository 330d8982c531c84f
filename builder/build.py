"""The whole way from an author's files to the published ones, in the order in which it happens.

Pure: it opens nothing, prints nothing and knows no clock. Equal sources give equal bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from builder import diagnostics
from builder.diagnostics import Diagnostic
from builder.drawing import Draw, Plate, draw_alone, draw_plates
from builder.instants import format_instant
from builder.model import Content, Files, Site, Use

if TYPE_CHECKING:  # a build that is wholly remembered imports none of what these need
    from builder.binding import Edit
    from builder.study import Study

LARGEST = 1 << 30
"""Bytes of a site that is remembered whole: of a larger one only the charts are."""

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
    verdicts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By claim: its rating, then in sentences how firmly each premise and the whole stand."""

    @property
    def broken(self) -> bool:
        """True when something must be mended before anything may be published."""
        return diagnostics.is_broken(self.problems)


def build(
    sources: Files,
    memory: Mapping[str, bytes] | None = None,
    versions: Mapping[str, str] | None = None,
    step: Step = _quietly,
    draw: Draw = draw_alone,
    at: datetime | None = None,
) -> Build:
    """The site that `sources` make. `memory` saves time and changes no byte; `versions` name what builds.

    `draw` makes pictures of charts: those of a caller may be faster, and never others. `at` is the instant as of which the
    site is built: without one, whatever is embargoed stays hidden.
    """
    memory = memory or {}
    key = _key_of(sources, versions or {}, at)
    if known := _recall(memory, key):
        return known
    from builder.study import study

    return build_study(study(sources, step, at), memory, versions, step, draw)


def build_study(
    known: Study,
    memory: Mapping[str, bytes] | None = None,
    versions: Mapping[str, str] | None = None,
    step: Step = _quietly,
    draw: Draw = draw_alone,
) -> Build:
    """The site of what is known already; `memory` may still give the pictures."""
    if known.broken or known.theme is None or known.dataset is None:
        return Build({}, known.problems, known.edits, known.uses, known.coverage, {}, _say_verdicts(known))
    memory, key = memory or {}, _key_of(known.sources, versions or {}, known.at)
    if remembered := _recall(memory, key):
        return remembered
    made = _build(known, memory, versions or {}, step, draw)
    if made.broken or sum(map(len, made.files.values())) > LARGEST:
        return made
    return replace(made, memory={**made.memory, key: _remember(made)})


def _build(known: Study, memory: Mapping[str, bytes], versions: Mapping[str, str], step: Step, draw: Draw) -> Build:
    from builder import archive, cards, charts, checks, exports, linked, pages, render, search

    dataset, content, theme, figures, first = known.dataset, known.content, known.theme, known.figures, known.first
    assert dataset is not None
    assert theme is not None
    problems = list(known.problems)
    step("drawing charts")
    drawings, remembered = charts.draw_charts(known.plans, memory, draw)
    step("laying out pages")
    planned_pages = pages.plan_pages(dataset, content, theme, figures, known.verdicts, drawings, known.lineages)
    problems += cards.check_cards(planned_pages)
    problems += [found for planned in known.plans.items() for found in charts.check_letters(*planned)]
    svgs, found = render.render_cards(planned_pages, theme)
    problems += found
    plates = {path: Plate(svg) for path, svg in svgs.items()} | exports.make_plates(drawings)
    draw_rest = draw_plates(plates, memory, draw)
    step(f"drawing {len(planned_pages)} pages")
    files, found = render.render_pages(planned_pages, theme, content, figures, drawings)
    problems += found
    exported = exports.make_exports(dataset, content, theme, figures, drawings)
    step("drawing share cards and PNGs of the charts")
    pngs, kept = draw_rest()
    exported.update(pngs)
    remembered.update(kept)
    exported |= search.make_indexes(planned_pages, content, first)
    exported |= linked.make_linked(planned_pages, theme, content)
    own = ("manifest.json", render.STYLESHEET, *theme.assets, *exported)
    problems += checks.check_paths((*(page.path for page in planned_pages), *own))
    files.update(render.render_assets(theme))
    files.update(exported)
    if not diagnostics.is_broken(problems):
        restored, wrong = archive.restore(content, dataset, files)
        files.update(restored)
        problems += wrong
    if not diagnostics.is_broken(problems):
        step("checking every link")
        problems += checks.check_site(files, theme.url)
    told, verdicts = tuple(sorted(set(problems))), _say_verdicts(known)
    if diagnostics.is_broken(told):
        return Build({}, told, known.edits, known.uses, known.coverage, {}, verdicts)
    files["manifest.json"] = exports.make_manifest(
        _without_drafts(known.sources, content, first), files, versions, known.at
    )
    return Build(dict(sorted(files.items())), told, known.edits, known.uses, known.coverage, remembered, verdicts)


def _say_verdicts(known: Study) -> dict[str, tuple[str, ...]]:
    """What the check tells of each verdict, in the words of the first language."""
    from builder.firmness import say_premise, say_verdict
    from builder.tongues import tongue_of

    tongue = tongue_of(known.content, known.first, known.first) if known.first in known.content.languages else None
    told = {}
    for slug, verdict in known.verdicts.items() if known.dataset and tongue else ():
        assert known.dataset is not None
        assert tongue is not None
        lines = [verdict.rating]
        for result in verdict.premises:
            premise = result.premise
            test = f"{premise.figure} {premise.operator} {premise.value}: {result.outcome}."
            lines.append(" ".join((test, *say_premise(result, known.dataset, tongue))))
        whole = say_verdict(verdict, known.dataset, tongue)
        told[slug] = (*lines, *([whole] if whole else []))
    return told


def _without_drafts(sources: Files, content: Content, first: str) -> Files:
    """The sources without the claims that are not public, translations and frozen pages included: no name is told."""
    from builder import archive

    secret = {slug for slug, claim in content.claims[first].items() if not claim.front.public}
    hidden = {
        claim.path
        for claims in content.claims.values()
        for claim in claims.values()
        if claim.slug in secret or not claim.front.public
    }
    claims_of = {page: archive.claim_of(page, content, first) for page in content.frozen}
    hidden |= {
        page.path for page, claim in claims_of.items() if page.slug in secret or claim is None or not claim.front.public
    }
    return {path: raw for path, raw in sources.items() if path not in hidden}


# --- remembering a whole build -----------------------------------------------------------------------


def _key_of(sources: Files, versions: Mapping[str, str], at: datetime | None) -> str:
    digest = hashlib.sha256(json.dumps([sorted(versions.items()), at and format_instant(at)]).encode())
    for path in sorted(sources):
        digest.update(f"\0{path}\0{len(sources[path])}\0".encode())
        digest.update(sources[path])
    return f"site-{digest.hexdigest()}"


def _remember(made: Build) -> bytes:
    """A build without errors as the bytes of an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        warnings = json.loads(diagnostics.format_json(made.problems))
        kept = {"problems": warnings, "coverage": dict(made.coverage), "verdicts": dict(made.verdicts)}
        archive.writestr(zipfile.ZipInfo("build.json"), json.dumps(kept))
        for path, raw in made.files.items():
            archive.writestr(zipfile.ZipInfo(f"site/{path}"), raw)
    return out.getvalue()


def _recall(memory: Mapping[str, bytes], key: str) -> Build | None:
    """The remembered build; None where there is none, or none that can be read."""
    raw = memory.get(key)
    if raw is None:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            kept = json.loads(archive.read("build.json"))
            names = [name for name in archive.namelist() if name != "build.json"]
            files = {name.removeprefix("site/"): archive.read(name) for name in names}
    except (zipfile.BadZipFile, KeyError, ValueError):
        return None
    problems = tuple(diagnostics.read_json(found) for found in kept["problems"])
    verdicts = {slug: tuple(lines) for slug, lines in kept["verdicts"].items()}
    return Build(files, problems, (), (), kept["coverage"], memory, verdicts)

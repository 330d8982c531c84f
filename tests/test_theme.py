"""`site/` read: settings, ratings, templates, stylesheet."""

from __future__ import annotations

import pytest
from conftest import ROOT

from builder.theme import TEMPLATES, read_theme

SETTINGS = """\
name: Example check
first_language: en
url: https://example.org/check/
publisher: Example Press
contact: desk@example.org
corrections: errors@example.org
funding: nobody
ratings:
  wrong:
    number: 1
    adverse: true
    shape: cross
    words: {en: Wrong}
    means: {en: It is not so.}
  open:
    number: null
    adverse: false
    shape: ring
    words: {en: Open}
    means: {en: Nobody knows.}
"""


def files_with(settings: str = SETTINGS, **others: str) -> dict[str, bytes]:
    names = (*TEMPLATES, "parts/shapes/cross.html", "parts/shapes/ring.html")
    files = {f"site/templates/{name}": "" for name in names} | {"site/site.yaml": settings} | others
    return {path: text.encode() for path, text in files.items()}


def codes(files: dict[str, bytes]) -> list[str]:
    return [problem.code for problem in read_theme(files)[1]]


def test_a_whole_theme_has_no_problem() -> None:
    theme, problems = read_theme(files_with())
    assert problems == ()
    assert theme is not None
    assert (theme.name, theme.url, theme.published) == ("Example check", "https://example.org/check", True)
    assert [rating.number for rating in theme.ratings.values()] == [1, None]
    assert theme.ratings["wrong"].adverse
    assert not theme.ratings["open"].adverse


def test_styles_are_one_sheet_with_the_base_first() -> None:
    sheets = {"site/styles/parts/a.css": "a{}", "site/styles/base.css": "base{}", "site/styles/parts/b.css": "b{}"}
    theme, _ = read_theme(files_with(**sheets))
    assert theme is not None
    assert theme.styles == "base{}\n\na{}\n\nb{}\n"


def test_assets_keep_their_bytes() -> None:
    theme, _ = read_theme(files_with(**{"site/assets/icon.svg": "<svg/>"}))
    assert theme is not None
    assert theme.assets == {"assets/icon.svg": b"<svg/>"}


def test_without_settings_there_is_no_theme() -> None:
    theme, problems = read_theme({})
    assert theme is None
    assert [problem.code for problem in problems] == ["T001"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("url: https://example.org/check/", 'url: ""', "T005"),
        ("publisher: Example Press", 'publisher: ""', "T006"),
        ("funding: nobody\n", "", "T006"),
        ("words: {en: Open}", "words: {zh: 未定}", "T004"),
        ("means: {en: Nobody knows.}", "means: {}", "T004"),
        ("shape: ring", "shape: heart", "T003"),
        ("name: Example check", "nmae: Example check", "C003"),
        ("number: 1", "number: many", "C005"),
    ],
)
def test_a_mistake_is_told(old: str, new: str, code: str) -> None:
    assert old in SETTINGS
    assert code in codes(files_with(SETTINGS.replace(old, new)))


def test_a_missing_template_is_told_by_its_name() -> None:
    files = files_with()
    del files["site/templates/claim.html"]
    (problem,) = read_theme(files)[1]
    assert (problem.code, problem.location.path) == ("T003", "site/templates/claim.html")


def test_the_real_theme_lacks_only_what_the_owner_fills_in() -> None:
    paths = [path for path in (ROOT / "site").rglob("*") if path.is_file()]
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}
    assert set(codes(files)) <= {"T005", "T006"}

"""Reads `content/`: each language's words, its claims, its standing pages, its labels for figures and charts.

Every text that goes to a page becomes a `Passage` here, parsed once, with its role: which text of which file it is.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any, Literal, get_args

from builder import documents, numerals, prose, slips
from builder.diagnostics import Diagnostic, closest, nearest, problem
from builder.documents import Node
from builder.instants import EXAMPLE, parse_instant
from builder.memo import remembered
from builder.model import (
    Bound,
    Change,
    Claim,
    ClaimFront,
    Content,
    Files,
    FrozenPage,
    Language,
    Location,
    PageFront,
    Passage,
    Stamp,
    StandingPage,
    Text,
    Translation,
)

WORDS = "words.yaml"
ARCHIVE = "content/archive/"
"""Folder of the pages whose verdict changed, as they stood until then."""
SHORTEST, LONGEST = 250, 600
"""Words of a claim's body: a reader must get to the end."""
MOST_KEY_FIGURES = 3

TRANSLATES = "translates"
"""The field by which a translation names the words that it was made from."""

TODO = "TODO"
"""Stands in a scaffold before what a person must write."""
_HELD = ("published", "embargoed")
"""Status of a claim that is held to everything: an embargo ends when nobody may be there to mend it."""
_LINE, _BLOCK = False, True
_HISTORY = "history."
HISTORY_TEXTS = {"history.*.before": _LINE, "history.*.now": _LINE, "history.*.why": _LINE}
"""The texts of a history, which no translation has."""
CLAIM_TEXTS = {
    "title": _LINE,
    "summary": _LINE,
    "claim.says": _LINE,
    "because.*.needs": _LINE,
    "because.*.shows": _LINE,
    "because.*.judgement": _LINE,
    "because.*.reason": _LINE,
    "cannot_show.*": _LINE,
    "would_change.*": _LINE,
    "right": _BLOCK,
    "then": _BLOCK,
    "later": _BLOCK,
    "reply.answer": _BLOCK,
    **HISTORY_TEXTS,
}
"""The texts of a claim's front matter, each with whether it may have several paragraphs."""
PAGE_TEXTS = {"title": _LINE, "description": _LINE, "nav": _LINE, **HISTORY_TEXTS}
"""Those of a standing page."""
RECORD_TEXTS = (
    "speaker",
    "office",
    "occasion",
    "gist",
    "what",
    "actor",
    "translation",
    "measure",
    "scope",
    "basis",
    "question",
    "values",
    "chosen",
    "reason",
)
"""Columns of the data whose words may be translated; `translation` is of a quotation."""
WORDS_TEXTS = {
    "figure": {"*.label": _LINE, "*.about": _LINE},
    "chart": {"*.title": _LINE, "*.alt": _LINE, "*.caption": _LINE, "*.how": _LINE, "*.words.*": _LINE},
}
"""Those of a figure and of a chart, under their ids."""


def read_content(files: Files) -> tuple[Content, list[Diagnostic]]:
    """All of `content/`, and everything that is wrong with it."""
    problems: list[Diagnostic] = []
    languages: dict[str, Language] = {}
    claims: dict[str, dict[str, Claim]] = {}
    pages: dict[str, dict[str, StandingPage]] = {}
    figure_words: dict[str, Mapping[str, Mapping[str, Passage]]] = {}
    chart_words: dict[str, Mapping[str, Mapping[str, Passage]]] = {}
    record_words: dict[str, Mapping[str, Mapping[str, Text]]] = {}
    figure_places: dict[str, Mapping[str, Location]] = {}
    record_places: dict[str, Mapping[str, Location]] = {}
    unread: dict[str, frozenset[str]] = {}
    translations: dict[str, Mapping[tuple[str, str], Translation]] = {}
    stamps: dict[tuple[str, str, str], Stamp] = {}
    for path in sorted(path for path in files if re.fullmatch(rf"content/(?!archive/)[\w-]+/{WORDS}", path)):
        language, found = _read_language(path, files[path])
        problems += found
        if language is None:
            continue
        code = PurePosixPath(path).parent.name
        languages[code] = language
        told, found = _read_folder(files, f"content/{code}/claims/", language, _read_claim)
        problems += found
        claims[code] = {slug: claim for slug, claim in told.items() if isinstance(claim, Claim)}
        folder = f"content/{code}/claims/"
        names = (path.removeprefix(folder).removesuffix(".md") for path in files if path.startswith(folder))
        unread[code] = frozenset(names).difference(told)
        pages_told, found = _read_folder(files, f"content/{code}/pages/", language, _read_page)
        problems += found
        pages[code] = {slug: page for slug, page in pages_told.items() if isinstance(page, StandingPage)}
        translations[code] = {
            (kind, slug): text
            for kind, texts in (("claim", told), ("page", pages_told))
            for slug, text in texts.items()
            if isinstance(text, Translation)
        }
        for kind, words in (("figure", figure_words), ("chart", chart_words)):
            path_of_words = f"content/{code}/{kind}s.yaml"
            words[code], places, made_from, found = _read_words(path_of_words, files.get(path_of_words), language, kind)
            if kind == "figure":
                figure_places[code] = places
            stamps.update({(code, kind, one): stamp for one, stamp in made_from.items()})
            problems += found
        path_of_words = f"content/{code}/records.yaml"
        record_words[code], record_places[code], found = _read_record_words(path_of_words, files.get(path_of_words))
        problems += found
    if not languages and not problems:
        problems.append(problem("D001", Location(f"content/en/{WORDS}"), path=f"content/en/{WORDS}"))
    frozen, styles, found = _read_archive(files)
    problems += [*found, *_check_read(files)]
    content = Content(
        languages, claims, pages, figure_words, chart_words, record_words, translations, stamps,
        unread=unread, figure_places=figure_places, record_places=record_places,
        frozen=frozen, frozen_styles=styles,
    )  # fmt: skip
    return content, problems


def _check_read(files: Files) -> Iterator[Diagnostic]:
    """Files that would be lost in silence: in the wrong folder, with the wrong ending, of no language."""
    read = re.compile(rf"content/([\w-]+)/({WORDS}|(figures|charts|records)\.yaml|(claims|pages)/.*\.md)")
    for path in sorted(path for path in files if path.startswith("content/")):
        match = read.fullmatch(path)
        told = match and f"content/{match[1]}/{WORDS}" in files
        if not told and not path.startswith(ARCHIVE) and not path.endswith(documents.README):
            yield problem("C026", Location(path), path=path, hint=_name_place(path, files))


def _name_place(path: str, files: Files) -> str:
    """Where the file would be read, where that can be guessed from its place."""
    parts, languages = path.split("/"), [name.split("/")[1] for name in files if name.endswith(f"/{WORDS}")]
    name = re.sub(r"(\.(md|markdown|mdx|txt))+$", ".md", parts[-1], flags=re.IGNORECASE)
    folder = next(
        (closest(part, ("claims", "pages")) for part in parts[1:-1] if closest(part, ("claims", "pages"))), ""
    )
    code = next((part for part in parts[1:-1] if part in languages), languages[0] if len(languages) == 1 else "")
    better = f"content/{code}/{folder}/{name}"
    return f" Here perhaps: {better}" if code and folder and name.endswith(".md") and better != path else ""


_FROZEN_PAGE = re.compile(rf"{ARCHIVE}([\w-]+)/claims/({documents.SLUG})/(\d{{4}}-\d\d-\d\d)\.html")
_FROZEN_STYLE = re.compile(rf"{ARCHIVE}assets/style-[0-9a-f]{{12}}\.css")


def _read_archive(files: Files) -> tuple[tuple[FrozenPage, ...], Files, list[Diagnostic]]:
    """The frozen pages and their stylesheets, by their names; `archive` looks into them."""
    pages, styles, problems = [], {}, []
    for path in sorted(path for path in files if path.startswith(ARCHIVE)):
        page = _FROZEN_PAGE.fullmatch(path)
        if page and _is_day(page[4]):
            pages.append(FrozenPage(page[1], page[2], page[4], path, files[path]))
        elif _FROZEN_STYLE.fullmatch(path):
            styles[path] = files[path]
        elif not path.endswith(documents.README):
            problems.append(problem("C033", Location(path), path=path))
    return tuple(pages), styles, problems


# --- a language --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of `words.yaml`: the counted noun in the plural forms that the language has, or a symbol."""

    one: str = ""
    """The noun after one: `drone`."""
    few: str = ""
    """The noun after a few, where the language has such a form."""
    many: str = ""
    """The noun after many, where the language has such a form."""
    other: str = ""
    """The noun after all other numbers: `drones`."""
    words: tuple[str, ...] = ()
    """Words by which prose names the unit."""
    symbol: str = ""
    """What is written instead of a noun: `$`, `%`."""
    side: Literal["before", "after", ""] = ""
    """On which side of the number the symbol stands."""
    always: Literal["yes", ""] = ""
    """`yes` where a number is never written without the noun."""


@dataclass(frozen=True, slots=True)
class LanguageFile:
    """All of `words.yaml`: the field names are what a translator writes."""

    code: str
    """The language's code, and the name of its folder: `en`, `zh-Hans`."""
    name: str
    """What the language calls itself."""
    direction: Literal["ltr", "rtl"]
    """Which way it is written: `ltr` from left to right, `rtl` from right to left."""
    locale: str
    """How numbers and dates are written: `en_GB`."""
    bounds: Mapping[Bound, tuple[str, ...]]
    """Words that carry each bound; the first one is what the builder writes."""
    numbers: Mapping[str, str]
    """Number words and what they stand for: digits or a fraction."""
    scales: Mapping[str, int]
    """Words for powers of ten: `million: 6`."""
    names: tuple[str, ...]
    """Patterns of names and codes whose digits are not numbers: `Mavic 3`."""
    units: Mapping[str, Unit]
    """What is counted: by unit, its nouns or its symbol."""
    words: Mapping[str, str]
    """The interface, by key; `{gaps}` are filled by the builder."""
    values: Mapping[str, Mapping[str, str]]
    """Words for the data's own terms, by column and value."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Titles of the data's columns, by `column` or `table.column`."""


@remembered(most=32)
def _read_language(path: str, raw: bytes) -> tuple[Language | None, list[Diagnostic]]:
    tree, problems = documents.read_yaml(path, raw)
    if tree is None or not isinstance(tree.value, dict):
        return None, problems or [documents.unreadable(Location(path), "it must list the language's words")]
    file, places, found = documents.read_as(tree, LanguageFile)
    problems += found
    if file is None:
        return None, problems
    problems += _check_language(file, places, path)
    if any(found.severity == "error" for found in problems):
        return None, problems
    language = Language(
        code=file.code,
        name=file.name,
        direction=file.direction,
        locale=file.locale,
        words=file.words,
        bounds={str(bound): words for bound, words in file.bounds.items()},
        numbers={word.lower(): Fraction(value) for word, value in file.numbers.items()},
        scales=file.scales,
        units={name: asdict(unit) for name, unit in file.units.items()},
        names=file.names,
        values=file.values,
        columns=file.columns,
    )
    return language, problems


def _check_language(file: LanguageFile, places: Mapping[str, Location], path: str) -> Iterator[Diagnostic]:
    """What the types of the fields cannot show."""
    folder = PurePosixPath(path).parent.name
    if file.code != folder or not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", folder):
        message = f'The language "{file.code}" stands in the folder "{folder}".'
        hint = "Both are the language's code, and the same: en, uk, zh-Hans."
        yield problem("C005", places["code"], len(file.code), message=message, hint=hint)
    if not numerals.is_locale(file.locale):
        message = f'The locale "{file.locale}" is not known.'
        yield problem(
            "C005", places["locale"], len(file.locale), message=message, hint="Write it like en_GB or zh_Hans."
        )
    for bound in get_args(Bound):
        if not file.bounds.get(bound):
            yield problem("C004", places["bounds"], key=bound, hint=f"the words of the language for {bound}.")
    for word, value in file.numbers.items():
        if not re.fullmatch(r"\d{1,15}(\.\d{1,6}|/[1-9]\d{0,5})?", value, re.ASCII):
            message = f'The number word "{word}" stands for "{value}", which is not a number.'
            hint = "Write digits, or a fraction: 1/2."
            yield problem("C005", places[f"numbers.{word}"], len(value), message=message, hint=hint)
    for word, power in file.scales.items():
        if not 1 <= power <= 15:
            message = f'"{word}" has the power {power}.'
            yield problem(
                "C005", places[f"scales.{word}"], message=message, hint="Write 3 for a thousand, 6 for a million."
            )
    for i, name in enumerate(file.names):
        why = ""
        try:
            if re.compile(f"x|(?<!\\w)(?:{name})(?!\\w)").groupindex:
                why = "groups must have no names"
        except re.error as error:
            why = error.msg
        if why:
            yield problem("C022", places[f"names.{i}"], len(name), pattern=name, why=why)
    for key, text in file.words.items():
        if not _has_sound_gaps(text):
            message = f'The gaps in "{text}" cannot be read.'
            hint = "A gap is a name in curly brackets, {name}; there are no others."
            yield problem("C005", places.get(f"words.{key}", Location(path)), message=message, hint=hint)


def _has_sound_gaps(text: str) -> bool:
    try:
        gaps = list(string.Formatter().parse(text))
    except ValueError:
        return False
    return all(name is None or (name.isidentifier() and not form and not how) for _, name, form, how in gaps)


# --- passages ----------------------------------------------------------------------------------


def _pattern(role: str) -> str:
    return ".".join("*" if part.isdigit() else part for part in role.split("."))


def _read_passages(
    tree: Node, kinds: Mapping[str, bool], language: Language, generic: Callable[[str], str] = _pattern
) -> tuple[dict[str, Passage], list[Diagnostic]]:
    passages, problems = {}, []
    for role, node in documents.walk(tree):
        kind = kinds.get(generic(role))
        if kind is None or not isinstance(node.value, Text):
            continue
        passages[role], found = prose.parse_passage(role, node.value, language, kind)
        problems += found
        empty = not passages[role].plain and not passages[role].charts
        if empty and not role.startswith(_HISTORY):  # an entry that waits for its words is told of as such
            problems.append(problem("C004", node.location, key=role, hint="its words."))
    return passages, problems


def _one_of(names: Iterable[str]) -> str:
    return f"It is one of: {', '.join(sorted(names))}."


@remembered(most=64)
def _read_words(
    path: str, raw: bytes | None, language: Language, kind: str
) -> tuple[dict[str, dict[str, Passage]], dict[str, Location], dict[str, Stamp], list[Diagnostic]]:
    """A file of id → texts for each `kind`, where each begins, and from which words each was translated."""
    if raw is None:
        return {}, {}, {}, [problem("D001", Location(path), path=path)]
    kinds = WORDS_TEXTS[kind]
    tree, problems = documents.read_yaml(path, raw)
    if tree is None or not isinstance(tree.value, dict):
        wrong = problems or [documents.unreadable(Location(path), "it must list its texts by their ids")]
        return {}, {}, {}, wrong
    out: dict[str, dict[str, Passage]] = {}
    stamps: dict[str, Stamp] = {}
    allowed = {*(kind.split(".")[1] for kind in kinds), TRANSLATES}
    for name, node in tree.value.items():
        if not isinstance(node.value, dict):
            hint = "Give it " + ", ".join(sorted(allowed)) + "."
            problems.append(problem("C005", node.location, message=f"{name} has no fields.", hint=hint))
            continue
        for key, place in node.keys.items():
            if key not in allowed:
                problems.append(problem("C003", place, len(key), key=key, hint=nearest(key, allowed, _one_of(allowed))))
        passages, found = _read_passages(
            node, {kind.partition(".")[2]: block for kind, block in kinds.items()}, language, _words_pattern
        )
        problems += found
        out[name] = {role.removeprefix("words."): passage for role, passage in passages.items()}
        if (stamp := node.value.get(TRANSLATES)) and isinstance(stamp.value, Text):
            stamps[name] = Stamp(stamp.value.value, "", stamp.location)
    return out, dict(tree.keys), stamps, problems


@remembered(most=32)
def _read_record_words(
    path: str, raw: bytes | None
) -> tuple[dict[str, dict[str, Text]], dict[str, Location], list[Diagnostic]]:
    """Row → column → its words in this language, and where each row is named; a language may have none."""
    if raw is None:
        return {}, {}, []
    tree, problems = documents.read_yaml(path, raw)
    if tree is None or not isinstance(tree.value, dict):
        return {}, {}, problems or [documents.unreadable(Location(path), "it must list its texts by the ids of rows")]
    out: dict[str, dict[str, Text]] = {}
    for row, node in tree.value.items():
        cells = node.value if isinstance(node.value, dict) else {}
        for column, cell in cells.items():
            if column not in RECORD_TEXTS:
                place, hint = node.keys[column], nearest(column, RECORD_TEXTS, _one_of(RECORD_TEXTS))
                problems.append(problem("C003", place, len(column), key=column, hint=hint))
            elif isinstance(cell.value, Text) and cell.value.value.strip():
                out.setdefault(row, {})[column] = cell.value
            else:
                problems.append(problem("C004", cell.location, key=column, hint="its words."))
    return out, dict(tree.keys), problems


def _words_pattern(role: str) -> str:
    return "words.*" if role.startswith("words.") else role


# --- claims and pages ---------------------------------------------------------------------------


def _read_folder(
    files: Files,
    folder: str,
    language: Language,
    read: Callable[[str, str, bytes, Language], tuple[Any, list[Diagnostic]]],
) -> tuple[dict[str, Any], list[Diagnostic]]:
    out, problems = {}, []
    for path in sorted(path for path in files if path.startswith(folder) and path.endswith(".md")):
        slug = path.removeprefix(folder).removesuffix(".md")
        if not re.fullmatch(documents.SLUG, slug):
            better = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")
            hint = f'Call it "{better}.md": small letters, digits and single hyphens.'
            problems.append(problem("C021", Location(path), name=slug, hint=hint))
            continue
        value, found = read(path, slug, files[path], language)
        problems += found
        if value is not None:
            out[slug] = value
    return out, problems


def _read_document(path: str, raw: bytes) -> tuple[Node | None, Text, list[Diagnostic]]:
    nothing = Text("", path, 1, 1, "")
    if len(raw) > documents.LARGEST:
        return None, nothing, [problem("C010", Location(path), size=len(raw) // 1024)]
    text, problems = documents.decode(path, raw)
    if text is None:
        return None, nothing, problems
    front, body, line, found = documents.split_front_matter(path, text)
    problems += found
    if front is None:
        return None, nothing, problems
    tree, found = documents.read_yaml_text(path, front, 2)
    problems += found
    if (tree is None and not found) or (tree is not None and not isinstance(tree.value, dict)):
        problems.append(documents.unreadable(Location(path, 2), "it must list fields, each with a colon"))
        tree = None
    return tree, Text(body, path, line, 1, body), problems


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """What the `translates` of a translated claim says."""

    words: str
    """Hash of the words of the original: the check tells it."""
    rating: str
    """The rating of the original."""


def _read_translation(
    tree: Node, body: Text, path: str, slug: str, language: Language, kinds: Mapping[str, bool]
) -> tuple[Translation, list[Diagnostic]]:
    """The words of a claim or page, and from which words they were made; whatever else is written is refused."""
    passages, problems = _read_passages(tree, kinds, language)
    passages["body"], found = prose.parse_passage("body", body, language, _BLOCK)
    problems += found
    places = {role: node.location for role, node in documents.walk(tree)}
    said = tree.value[TRANSLATES]
    if isinstance(said.value, dict):
        made_from, _, found = documents.read_as(said, MadeFrom)
        problems += found
    else:
        made_from = MadeFrom(said.value.value if isinstance(said.value, Text) else "", "")
    for role, node in documents.walk(tree):
        if isinstance(node.value, Text) and role not in passages and not role.startswith(TRANSLATES):
            hint = "A translation holds words alone: ids, dates, sources and history stand in the original."
            name = role.split(".")[-1]
            problems.append(problem("C003", node.location, len(node.value.value), key=name, hint=hint))
    place = places.get(f"{TRANSLATES}.words", places[TRANSLATES])
    stamp = Stamp(made_from.words, made_from.rating, place) if made_from else None
    return Translation(slug, language.code, path, stamp, passages, places), problems


def _is_translation(tree: Node) -> bool:
    return isinstance(tree.value, dict) and TRANSLATES in tree.value


@remembered(most=8192)
def _read_claim(
    path: str, slug: str, raw: bytes, language: Language
) -> tuple[Claim | Translation | None, list[Diagnostic]]:
    tree, body, problems = _read_document(path, raw)
    if tree is None:
        return None, problems
    if _is_translation(tree):
        kinds = {role: kind for role, kind in CLAIM_TEXTS.items() if role not in HISTORY_TEXTS}
        translation, found = _read_translation(tree, body, path, slug, language, kinds)
        return translation, problems + found
    passages, found = _read_passages(tree, CLAIM_TEXTS, language)
    problems += found
    passages["body"], found = prose.parse_passage("body", body, language, _BLOCK)
    problems += found
    front, places, found = documents.read_as(tree, ClaimFront)
    problems += found
    if front is None:
        return None, problems
    claim = Claim(slug, language.code, path, front, passages, places)
    return claim, problems + _check_claim(claim)


def _check_claim(claim: Claim) -> list[Diagnostic]:
    front = claim.front
    out: list[Diagnostic] = []
    dates = {"reviewed": front.reviewed, "published": front.published, "reply.when": front.reply.when}
    out += _check_days(dates, claim.places)
    out += _check_history(front.published, front.history, claim.passages, claim.places)
    out += _check_review(claim)
    out += _check_reply(claim)
    out += _check_embargo(claim)
    out += _check_waiting(claim)
    if len(front.key_figures) > MOST_KEY_FIGURES:
        message = f"There are {len(front.key_figures)} key figures; a reader can keep {MOST_KEY_FIGURES}."
        out.append(problem("C005", claim.places["key_figures"], message=message, hint="Leave the others to the text."))
    if front.status in _HELD and not front.published:
        out.append(problem("C014", claim.places["status"], len(front.status), status=front.status))
    if not front.unfinished and not front.reviewed:
        out.append(problem("C004", claim.places["reviewed"], key="reviewed", hint="the day of the last review."))
    if not front.because:
        out.append(problem("V007", claim.places["because"]))
    count = count_words(claim.passages["body"].plain)
    body = claim.passages["body"].text
    unread = body.value.strip() and not claim.passages["body"].tokens  # and that is told already
    if front.status in _HELD and not unread and not SHORTEST <= count <= LONGEST:
        out.append(problem("C016", Location(claim.path, body.line), count=count))
    return out


def _check_days(dates: Mapping[str, str], places: Mapping[str, Location]) -> Iterator[Diagnostic]:
    for role, value in dates.items():
        if value and not _is_day(value):
            yield problem("C009", places[role], len(value), value=value, hint=slips.suggest_day(value))


def _check_history(
    published: str, history: tuple[Change, ...], passages: Mapping[str, Passage], places: Mapping[str, Location]
) -> Iterator[Diagnostic]:
    """Each entry says when, what and why; a correction or a new verdict changed something, after publication."""
    yield from _check_days({f"history.{i}.date": change.date for i, change in enumerate(history)}, places)
    for i, change in enumerate(history):
        said = {key: passages[f"history.{i}.{key}"].plain for key in ("before", "now", "why")}
        for key, words in {"date": change.date, **said}.items():
            if not words.strip():
                yield problem("C028", places[f"history.{i}.{key}"], key=key)
        if change.kind != "data" and said["before"] and said["before"] == said["now"]:
            yield problem("C029", places[f"history.{i}.now"], len(said["now"]), kind=change.kind)
        if said["why"] and said["why"] in (said["before"], said["now"]):
            yield problem("C058", places[f"history.{i}.why"], len(said["why"]), date=change.date)
        if _is_day(published) and _is_day(change.date) and change.date < published:
            place = places[f"history.{i}.date"]
            yield problem("C031", place, len(change.date), date=change.date, published=published)


def _check_review(claim: Claim) -> Iterator[Diagnostic]:
    """Whoever changes a verdict has reviewed the page on that day."""
    newest = max((change.date for change in claim.front.history if change.kind == "verdict"), default="")
    reviewed = claim.front.reviewed
    if _is_day(newest) and _is_day(reviewed) and reviewed < newest:
        yield problem("C032", claim.places["reviewed"], len(reviewed), date=newest, reviewed=reviewed)


def _check_reply(claim: Claim) -> Iterator[Diagnostic]:
    """An answer has a day on which it was asked for, and a day means that somebody asked."""
    reply, place = claim.front.reply, claim.places["reply"]
    if not reply.when and (reply.sought == "yes" or reply.answer):
        yield problem("C004", place, key="when", hint="when: the day on which you asked.")
    if _is_day(reply.when) and reply.sought == "no":
        yield problem("C050", claim.places["reply.sought"], len(reply.sought), when=reply.when)
    if _is_day(reply.when) and _is_day(claim.front.reviewed) and claim.front.reviewed < reply.when:
        why = f"after the page was last reviewed ({claim.front.reviewed})"
        yield problem("C051", claim.places["reply.when"], len(reply.when), when=reply.when, why=why)


def _check_embargo(claim: Claim) -> Iterator[Diagnostic]:
    """An embargo ends at an instant that the whole world understands alike, and goes with the status."""
    front = claim.front
    if not front.embargo:
        if front.status == "embargoed":
            yield problem("C053", claim.places["status"], len(front.status), example=EXAMPLE)
        return
    place, length = claim.places["embargo"], len(front.embargo)
    if parse_instant(front.embargo) is None:
        yield problem("C054", place, length, value=front.embargo, example=EXAMPLE)
    elif front.status == "published":
        yield problem("C055", place, length, embargo=front.embargo)
    elif front.published and front.published < front.embargo[:10]:
        where, length = claim.places["published"], len(front.published)
        yield problem("C056", where, length, published=front.published, embargo=front.embargo)


def _check_waiting(claim: Claim) -> Iterator[Diagnostic]:
    """Words that a scaffold left to be replaced may wait in a draft, and nowhere else."""
    if claim.front.unfinished:
        return
    for role, passage in claim.passages.items():
        if TODO in passage.text.value and not role.startswith(_HISTORY):
            at = documents.place_in(passage.text, passage.text.value.index(TODO))
            yield problem("C057", at, len(TODO), role=role, word=TODO, status=claim.front.status)


def lift_embargoes(content: Content, at: datetime | None) -> Content:
    """The content with each claim published whose embargo has ended by `at`: the one place that judges it."""
    if at is None:
        return content
    claims = {
        code: {slug: _lift(claim) if _has_ended(claim.front, at) else claim for slug, claim in by_slug.items()}
        for code, by_slug in content.claims.items()
    }
    return replace(content, claims=claims)


def _has_ended(front: ClaimFront, at: datetime) -> bool:
    ends = parse_instant(front.embargo)
    return front.status == "embargoed" and ends is not None and ends <= at


@remembered(most=512)
def _lift(claim: Claim) -> Claim:
    return replace(claim, front=replace(claim.front, status="published"))


def count_words(text: str) -> int:
    """Words of a text; where none are divided by spaces, two Han characters count as one."""
    han = len(re.findall(r"[\u4e00-\u9fff]", text))
    return len(re.sub(r"[\u4e00-\u9fff]", " ", text).split()) + han // 2


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


@remembered(most=512)
def _read_page(
    path: str, slug: str, raw: bytes, language: Language
) -> tuple[StandingPage | Translation | None, list[Diagnostic]]:
    tree, body, problems = _read_document(path, raw)
    if tree is None:
        return None, problems
    if _is_translation(tree):
        kinds = {role: kind for role, kind in PAGE_TEXTS.items() if role not in HISTORY_TEXTS}
        translation, found = _read_translation(tree, body, path, slug, language, kinds)
        return translation, problems + found
    passages, found = _read_passages(tree, PAGE_TEXTS, language)
    problems += found
    passages["body"], found = prose.parse_passage("body", body, language, _BLOCK)
    problems += found
    front, places, found = documents.read_as(tree, PageFront)
    problems += found
    if front is None:
        return None, problems
    problems += _check_days({"published": front.published}, places)
    problems += _check_history(front.published, front.history, passages, places)
    return StandingPage(slug, language.code, path, front, passages, places), problems

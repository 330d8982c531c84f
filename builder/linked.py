"""What programs read of a page: JSON-LD in it, its twin `index.json` beside it, `claims.json`, and how to cite it.

Pure: a page's own values become plain dicts, so a twin tells what its page tells, in the same strings. An `address` in
them is written from the site's root; a `url` is absolute, and stands there only once the site has an address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from builder.downloads import Download
from builder.model import RECORDS, Content, Dataset, Figure, Language, Page, Rating, Row, Theme
from builder.raster import is_wide
from builder.tongues import Tongue, tongue_of

Json = dict[str, Any]
"""An object of JSON: strings, numbers, lists and further objects."""

BEST, WORST = 7, 1
"""Ends of the numeric scale in `site.yaml`: 7 is best (supported), 1 is worst (contradicted)."""
TWIN, CITATION = "index.json", "cite.json"
"""Files beside a page: its facts, and how to cite it."""
_OWN_PUBLICATION = frozenset(("official_statement", "company_statement", "primary_record"))
"""Kinds of sources in which a speaker's own words come out first; any other report only carries them on."""
_LD_ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}
"""What could end the script element, or a line of it, is written so that no parser sees it."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a page's facts are told with."""

    theme: Theme
    tongue: Tongue
    address_of: Callable[[str, str], str]
    """From the site's root, of the page about `(scheme, id)`; empty where there is none."""

    def whole(self, address: str) -> str:
        """The absolute address of a file or page of the site."""
        return f"{self.theme.url}/{address}"


def format_ld(things: Iterable[Json]) -> str:
    """Things as the inside of one `application/ld+json` script element; empty where there are none.

    Raises ValueError for a number that JSON has not.
    """
    found = list(things)
    if not found:
        return ""
    graph = {"@context": "https://schema.org", **(found[0] if len(found) == 1 else {"@graph": found})}
    return json.dumps(graph, ensure_ascii=False, allow_nan=False).translate(_LD_ESCAPES)


def _as_json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _filled(**parts: Any) -> Json:
    """The parts that say something; a 0, a False and a None of their own meaning are put in by hand."""
    return {key: part for key, part in parts.items() if part not in ("", None, (), [], {})}


# --- JSON-LD ----------------------------------------------------------------------------------------


def things_of(page: Page, ground: Ground) -> Iterator[Json]:
    """What a page says of itself in the words of schema.org; nothing while the site has no address."""
    if not ground.theme.url:
        return
    if page.template == "claim.html" and ground.theme.published and page.values["claim"].front.status == "published":
        yield review_of(page, ground)
    if page.template == "data.html" and page.values.get("dataset"):
        yield dataset_of(page, page.values["dataset"], ground)
    if page.values["trail"]:
        yield _breadcrumbs(page, ground)


def _breadcrumbs(page: Page, ground: Ground) -> Json:
    steps = [(step.text, ground.address_of(step.scheme, step.id)) for step in page.values["trail"]]
    items = [
        {"@type": "ListItem", "position": i, "name": name, "item": ground.whole(address)}
        for i, (name, address) in enumerate([*steps, (page.title, page.address)], 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def review_of(page: Page, ground: Ground) -> Json:
    """ClaimReview of a claim's page. `claimReviewed` is verbatim only where the statement is a quotation."""
    values = page.values
    claim, said = values["claim"], values["said"]
    publisher = {"@type": "Organization", "name": ground.theme.publisher, "url": ground.whole("")}
    speech = speech_of(said, ground.tongue, ground.theme.name) if said else None
    return _filled(
        **{"@type": "ClaimReview"},
        url=ground.whole(page.address),
        name=page.title,
        claimReviewed=speech.nearest if speech and speech.quote else claim.passages["claim.says"].plain,
        inLanguage=claim.language,
        datePublished=claim.front.published,
        dateModified=claim.front.changed,
        author=publisher,
        publisher=publisher,
        reviewRating=_rating(values["rating"], claim.passages["summary"].plain, ground),
        itemReviewed=_claim(page, ground),
    )


def _rating(rating: Rating, why: str, ground: Ground) -> Json:
    """The word is what is shown; the number is optional, and one that no reader was given would say true or false.

    So a rating without a number has no ends of a scale either: they would be the ends of nothing.
    """
    told: Json = {"@type": "Rating", "alternateName": ground.tongue.choose(rating.words)[0], "ratingExplanation": why}
    if rating.number is not None:
        told |= {"ratingValue": rating.number, "bestRating": BEST, "worstRating": WORST}
    return told


def _claim(page: Page, ground: Ground) -> Json:
    """What is reviewed: the words as they are known, our own marked as ours."""
    values = page.values
    claim, said = values["claim"], values["said"]
    in_our_words = f"{ground.tongue.word('said.paraphrase')} {claim.passages['claim.says'].plain}"
    if said is None:
        return {"@type": "Claim", "abstract": in_our_words}
    sources = [cited.row for cited in values["said_sources"]]
    sources += [cited.row for cited in values.get("repeated_sources", ())]
    works = [_work(row) for row in sources if row.cells.get("url")]
    first = sources[0] if sources and sources[0].cells.get("kind") in _OWN_PUBLICATION else None
    return _filled(
        **{"@type": "Claim"},
        abstract=in_our_words,
        **_words(said, ground),
        author=author_of(
            said, values.get("said_entity"), ground.tongue.own(said, "speaker")[0], ground.tongue.own(said, "office")[0]
        ),
        datePublished=_day(said),
        firstAppearance=_work(first) if first and first.cells.get("url") else None,
        appearance=works,
    )


def _words(said: Row, ground: Ground) -> Json:
    """Verbatim words of a statement with their language and translation; of reported speech, that it is no quotation."""
    speech = speech_of(said, ground.tongue, ground.theme.name)
    if not speech.quote:
        return {"description": ground.tongue.word("said.reported")}
    unseen = not said.cells["original"]
    told = _filled(
        text=speech.quote,
        inLanguage=speech.language,
        description=ground.tongue.word("said.original_not_seen") if unseen else "",
    )
    if speech.translation:
        told["workTranslation"] = {
            "@type": "CreativeWork",
            "text": speech.translation,
            "inLanguage": speech.translated_into,
            "description": _translated(speech, ground),
        }
    return told


def _translated(speech: Speech, ground: Ground) -> str:
    who = speech.translator
    return ground.tongue.word("said.translated", who=who) if who else ground.tongue.word("said.translated_by_unknown")


@dataclass(frozen=True, slots=True)
class Speech:
    """A statement in few words: verbatim where it is a quotation, else ours, and marked as ours."""

    quote: str
    """Empty where nothing is quoted."""
    language: str
    """Of the quotation."""
    translation: str = ""
    """Into the page's language, or into English where the page has none in its own."""
    translated_into: str = ""
    translator: str = ""
    """Empty where it is not stated."""
    in_our_words: bool = False
    """True when no words stand there that a reader of the page can read: then our paraphrase must."""

    @property
    def nearest(self) -> str:
        """The words that a reader of the page can read, or else the original's."""
        return self.translation if self.translation and not self.in_our_words else self.quote


def speech_of(said: Row, tongue: Tongue, site: str) -> Speech:
    """What a statement's own words are, for readers of the tongue. Translations in `records.yaml` are those of `site`."""
    cells, code = said.cells, tongue.language.code
    if cells["kind"] != "quotation":
        return Speech("", "", in_our_words=True)
    quote, language = (cells["original"], cells["language"]) if cells["original"] else (cells["english"], "en")
    if _is_near(language, code):
        return Speech(quote, language)
    if tongue.has_own(said, "translation"):
        return Speech(quote, language, tongue.own(said, "translation")[0], code, site)
    far = not _is_near("en", code)
    if cells["original"] and cells["english"]:
        return Speech(quote, language, cells["english"], "en", cells["translator"], in_our_words=far)
    return Speech(quote, language, in_our_words=True)


def _is_near(language: str, code: str) -> bool:
    """True when the one reads as the other: `zh` and `zh-Hans`."""
    return language.partition("-")[0] == code.partition("-")[0]


def embed_height(texts: Iterable[str]) -> int:
    """CSS pixels of a frame that holds a card of these texts, and the note of a changed verdict, at 300 of width.

    Rather too high: a browser test measures each card. Han counts as two letters.
    """
    letters = sum(1 + is_wide(letter) for text in texts for letter in text)
    return ceil((_BARE_CARD + letters * _PER_LETTER) / 20) * 20


_BARE_CARD, _PER_LETTER = 315, 0.72


_NAMED = re.compile(r"\w{3,}")
_OF_NO_BODY = frozenset(("the", "and", "for"))


def author_of(said: Row, entity: Row | None, speaker: str, office: str) -> Json:
    """Who said it. A speaker who is called by the name of the body ("DJI spokesperson") is nobody but the body.

    `speaker` and `office` are the row's in the page's language.
    """
    body = entity.cells["name"] if entity else ""
    if {*_names(said.cells["speaker"])} & {*_names(body)}:
        return {"@type": "Organization", "name": body}
    return _filled(**{"@type": "Person"}, name=speaker, jobTitle=office)


def _names(text: str) -> Iterator[str]:
    return (word for word in _NAMED.findall(text.casefold()) if word not in _OF_NO_BODY)


def _day(said: Row) -> str:
    """ISO date to the precision that is known; empty where the day is only about right, which JSON-LD cannot say."""
    precision = said.cells["precision"]
    return "" if precision == "about" else _known(said.cells["date"], precision)


def _work(row: Row) -> Json:
    cells = row.cells
    return _filled(
        **{"@type": "CreativeWork"}, url=cells["url"], name=cells["title"], inLanguage=cells.get("language", "")
    )


# --- the dataset ------------------------------------------------------------------------------------


def dataset_of(page: Page, dataset: Dataset, ground: Ground) -> Json:
    """Dataset of the data page: its tables with sizes and hashes as the published package has them."""
    package, theme = dataset.package, ground.theme
    maker = {"@type": "Organization", "name": theme.publisher, "url": ground.whole("")} if theme.publisher else None
    return _filled(
        **{"@type": "Dataset"},
        name=package.get("title", ""),
        description=package.get("description", ""),
        url=ground.whole(page.address),
        version=package.get("version", ""),
        dateModified=str(package.get("created", ""))[:10],
        license=[licence["path"] for licence in package.get("licenses", ()) if licence.get("path")],
        isAccessibleForFree=True,
        temporalCoverage=coverage_of(dataset),
        creator=maker,
        distribution=[_distribution(file, ground) for file in page.values["downloads"]],
    )


_FORMATS = {"csv": "text/csv", "json": "application/json", "yaml": "application/yaml"}


def _distribution(file: Download, ground: Ground) -> Json:
    return {
        "@type": "DataDownload",
        "name": file.name,
        "contentUrl": ground.whole(file.path),
        "encodingFormat": _FORMATS[file.ending],
        "contentSize": f"{file.size} B",
        "sha256": file.sha256,
    }


def coverage_of(dataset: Dataset) -> str:
    """First and last day of which the records tell, `2022-03-14/2026-11-23`; empty where there is none."""
    days = [
        row.cells[column]
        for table in RECORDS
        if table in dataset.tables
        for row in dataset.tables[table].rows.values()
        for column in ("date", "date_from", "date_to")
        if row.cells.get(column)
    ]
    return f"{min(days)}/{max(days)}" if days else ""


# --- how to cite ------------------------------------------------------------------------------------


def citation_of(page: Page, ground: Ground) -> list[Json] | None:
    """The page in CSL-JSON, for reference managers; None for a page that nobody cites so."""
    make = _CITATIONS.get(page.template)
    return [make(page, ground)] if make else None


def _cite_claim(page: Page, ground: Ground) -> Json:
    front = page.values["claim"].front
    reviewed = front.reviewed and ground.tongue.word("verdict.reviewed", date=ground.tongue.date(front.reviewed, "day"))
    withdrawn = ground.tongue.word("withdrawn") if front.status == "withdrawn" else ""
    kept = _cite(page, ground, "webpage", page.title, page.values["claim"].language, front.changed)
    return {**kept, "note": ". ".join(filter(None, (reviewed, withdrawn)))}


def _cite_data(page: Page, ground: Ground) -> Json:
    package = page.values["dataset"].package
    kept = _cite(page, ground, "dataset", package.get("title", ""), "", str(package.get("created", ""))[:10])
    return {**kept, **_filled(version=package.get("version", ""))}


_CITATIONS: Mapping[str, Callable[[Page, Ground], Json]] = {"claim.html": _cite_claim, "data.html": _cite_data}


def _cite(page: Page, ground: Ground, kind: str, title: str, language: str, day: str) -> Json:
    """Everything that a reference needs; `day` is earned, so the day of reading is for the reader to add."""
    theme = ground.theme
    publisher = [{"literal": theme.publisher}] if theme.publisher else []
    return _filled(
        id=page.address.strip("/").replace("/", "-"),
        type=kind,
        title=title,
        author=publisher,
        publisher=theme.publisher,
        **{"container-title": theme.name},
        issued={"date-parts": [[int(part) for part in day.split("-")]]} if day else None,
        language=language,
        URL=ground.whole(page.address) if theme.url else "",
    )


# --- twins ------------------------------------------------------------------------------------------


def has_twin(page: Page) -> bool:
    """True when `index.json` stands beside the page."""
    return page.template in TWINS


def twin_of(page: Page, ground: Ground) -> Json:
    """The facts of a page, as it tells them. Raises KeyError for a page that has no twin."""
    kind, name = page.values["about"]
    return {
        **_filled(
            kind=kind,
            id=name,
            title=page.title,
            description=page.values["description"],
            language=page.language,
            address=page.address,
            url=ground.whole(page.address) if ground.theme.url else "",
            site=ground.theme.name,
            edition="" if ground.theme.published else ground.tongue.word("unpublished.name"),
            modified=page.values["modified"],
        ),
        **TWINS[page.template](page.values, ground),
        **_filled(history=[_entry(entry) for entry in page.values["history"]]),
    }


def _entry(entry: Any) -> Json:
    change = entry.change
    told = {"date": change.date, "kind": change.kind, "before": entry.before, "now": entry.now, "why": entry.why}
    return {"anchor": entry.anchor, "page": entry.page.id, **told}


def _mention(one: Any, ground: Ground) -> Json:
    """A link to another page, with its words; of a source, its publisher and what it published."""
    named = {"kind": one.scheme, "id": one.id, "title": one.text, **_filled(work=one.title)}
    return {**named, "address": ground.address_of(one.scheme, one.id)}


def _mentions(found: Iterable[Any], ground: Ground) -> list[Json]:
    return [_mention(one, ground) for one in found]


def _limit(ground: Ground) -> str:
    """What a label of war use cannot show, in the words of the page: it goes wherever such a label goes."""
    return ground.tongue.word("limit.label_long")


def _figure(figure: Figure, label: str, labelled: bool, ground: Ground) -> Json:
    """A figure in short: its number as told, or its day."""
    told = {"day": figure.day} if figure.day else {"told": ground.tongue.tell(figure.told)}
    address = ground.address_of("figure", figure.id)
    return {
        "id": figure.id,
        "label": label or figure.id,
        **told,
        "address": address,
        **_filled(limit=_limit(ground) if labelled else ""),
    }


def _key_figures(keys: Iterable[Mapping[str, Any]], ground: Ground) -> list[Json]:
    return [_figure(key["figure"], key["label"].plain if key["label"] else "", key["labelled"], ground) for key in keys]


def _rating_told(rating: Rating, ground: Ground) -> Json:
    word, means = ground.tongue.choose(rating.words)[0], ground.tongue.choose(rating.means)[0]
    return {"id": rating.id, "word": word, "number": rating.number, "means": means}


def _statement(said: Row, ground: Ground) -> Json:
    """Who said it, when and where, and the words."""
    cells = said.cells
    return _filled(
        id=said.id,
        speaker=ground.tongue.own(said, "speaker")[0],
        office=ground.tongue.own(said, "office")[0],
        occasion=ground.tongue.own(said, "occasion")[0],
        date=_known(cells["date"], cells["precision"]),
        precision=cells["precision"],
        address=ground.address_of("record", said.id),
        **_speech(said, ground),
    )


def _speech(said: Row, ground: Ground) -> Json:
    """The words of a statement: quoted, each with its language, or reported, and then marked as no quotation."""
    speech, kind = speech_of(said, ground.tongue, ground.theme.name), said.cells["kind"]
    if not speech.quote:
        return {"kind": kind, "reported": _reported(said, ground), "note": ground.tongue.word("said.reported")}
    note = "" if said.cells["original"] else ground.tongue.word("said.original_not_seen")
    told = _filled(kind=kind, quotation={"text": speech.quote, "language": speech.language}, note=note)
    if speech.translation:
        by = _translated(speech, ground)
        told["translation"] = {"text": speech.translation, "language": speech.translated_into, "note": by}
    return told


def _reported(said: Row, ground: Ground) -> str:
    """What a report says that somebody said, in the words nearest to a reader of the page."""
    tongue = ground.tongue
    if tongue.has_own(said, "translation"):
        return tongue.own(said, "translation")[0]
    english = said.cells["english"]
    return english if english and not tongue.has_own(said, "gist") else tongue.own(said, "gist")[0]


def _known(date: str, precision: str) -> str:
    """An ISO date to the precision that is known."""
    return date[:7] if precision == "month" else date


def _basis(basis: Any, ground: Ground) -> Json:
    if basis.kind == "judged":
        return _filled(
            kind=basis.kind,
            judgement=basis.needs.plain,
            reason=basis.shows.plain if basis.shows else "",
            sources=_mentions(basis.sources, ground),
        )
    return _filled(
        kind=basis.kind,
        needs=basis.needs.plain,
        shows=basis.shows.plain if basis.shows else "",
        figure=basis.figure.id,
        label=basis.label,
        test=ground.tongue.word(f"test.{basis.operator}", value=ground.tongue.tell(basis.value)),
        outcome=basis.outcome,
        firm=list(basis.firm),
    )


def describe_claim(values: Mapping[str, Any], ground: Ground) -> Json:
    """A checked claim: what was said, the verdict, what it rests on, and what the records cannot show."""
    front = values["claim"].front
    said, passages = values["said"], values["claim"].passages
    return _filled(
        status=front.status,
        notice=ground.tongue.word("withdrawn") if front.status == "withdrawn" else "",
        says=passages["claim.says"].plain,
        says_note=ground.tongue.word("said.paraphrase").removesuffix(ground.tongue.word("colon")),
        statement=_statement(said, ground) if said else None,
        rating=_rating_told(values["rating"], ground),
        summary=passages["summary"].plain,
        key_figures=_key_figures(values["key_figures"], ground),
        because=[_basis(basis, ground) for basis in (*values["computed"], *values["judged"])],
        firm=values["firm"],
        right=passages["right"].plain if "right" in passages else "",
        cannot_show=[passage.plain for passage in values["cannot_show"]],
        would_change=[passage.plain for passage in values["would_change"]],
        sources=_sources(values["sources"], ground),
        published=front.published,
        modified=front.changed,
        reviewed=front.reviewed,
        data_date=values["data_date"],
    )


def _sources(found: Iterable[Any], ground: Ground) -> list[Json]:
    return [_source(cited, ground) for cited in found]


def _source(cited: Any, ground: Ground) -> Json:
    cells = cited.row.cells
    return _filled(
        id=cited.row.id,
        publisher=cells["publisher"],
        title=cells["title"],
        published=cells["published"],
        page=cells["url"],
        archived=cells["archive_url"],
        repeats=cited.repeats.id if cited.repeats else "",
        address=ground.address_of("source", cited.row.id),
    )


def _field(cell: Any, ground: Ground) -> Json:
    """One field of a row as its page shows it; `value` is null where the source does not state it."""
    told: Json = {"name": cell.name, "label": cell.label, "value": cell.value}
    kind = cell.kind
    if kind == "missing":
        told |= {"value": None, "missing": cell.value}
    elif kind == "number":
        told |= {"value": ground.tongue.tell(cell.value, True), **_filled(said=cell.detail)}
    elif kind in ("word", "country"):
        told |= {"value": ground.tongue.value_word(cell.name, cell.value), "code": cell.value}
    elif kind == "links":
        told["value"] = _mentions(cell.value, ground)
    elif kind == "date":
        told |= {"value": _known(cell.value, cell.detail), "precision": cell.detail}
    elif kind == "verbatim":
        told |= _filled(language=cell.detail)
    if (cell.name, cell.value) == ("label", "war_use") or (cell.name == "label_text" and kind != "missing"):
        told["limit"] = _limit(ground)
    return told


def _fields(cells: Iterable[Any], ground: Ground) -> list[Json]:
    return [_field(cell, ground) for cell in cells]


def _is_labelled(row: Row) -> bool:
    return row.cells.get("label") == "war_use"


def _leaning(leaning: Any, ground: Ground) -> Json:
    return _filled(
        verdicts=_mentions(leaning.verdicts, ground),
        figures=_mentions(leaning.figures, ground),
        charts=_mentions(leaning.charts, ground),
        texts=_mentions((speaker.mention for speaker in leaning.speakers), ground),
    )


def _twin_record(values: Mapping[str, Any], ground: Ground) -> Json:
    row = values["row"]
    spoken = row.table == "statements"
    shown = [cell for cell in values["cells"] if not (spoken and cell.name in ("original", "english"))]
    return {
        "table": row.table,
        "stands": values["stands"],
        **({"statement": _speech(row, ground)} if spoken else {}),
        "fields": _fields(shown, ground),
        **_filled(
            limit=_limit(ground) if _is_labelled(row) else "",
            inside=_mentions(values["inside"], ground),
            disputes=_disputes(values["disputes"]),
            leaning=_leaning(values["leaning"], ground),
        ),
    }


def _disputes(found: Iterable[Any]) -> list[Json]:
    return [
        {"id": one.id, "question": one.question, "values": list(one.values), "chosen": one.chosen, "reason": one.reason}
        for one in found
    ]


def _twin_source(values: Mapping[str, Any], ground: Ground) -> Json:
    shown = values["cells"]
    if not values["row"].cells.get("withdrawn"):  # a page does not say either that it was not withdrawn
        shown = tuple(cell for cell in shown if cell.name not in ("withdrawn", "withdrawn_why"))
    return {
        "stands": values["stands"],
        "fields": _fields(shown, ground),
        **_filled(
            repeats=_mention(values["root"], ground) if values["root"] else None,
            repeated_by=_mentions(values["repeated_by"], ground),
            rows={table: _mentions(found, ground) for table, found in values["rows"].items()},
            leaning=_leaning(values["leaning"], ground),
        ),
    }


def _twin_company(values: Mapping[str, Any], ground: Ground) -> Json:
    return {
        "fields": _fields(values["cells"], ground),
        **_filled(
            limit=ground.tongue.word("limit.company") if values["labelled"] else "",
            rows={role: _mentions(found, ground) for role, found in values["parts"].items()},
            statements=_mentions(values["statements"], ground),
            disputes=_disputes(values["disputes"]),
        ),
    }


def _twin_figure(values: Mapping[str, Any], ground: Ground) -> Json:
    figure, span = values["figure"], values["span"]
    names = values["row_names"]
    told = {"day": figure.day} if figure.day else {"told": ground.tongue.tell(figure.told)}
    between = figure.definition.between
    return {
        **told,
        "unit": figure.definition.unit,
        "measure": figure.definition.measure,
        **_filled(
            may_be="" if figure.day else _span(span, ground),
            limit=_limit(ground) if values["labelled"] else "",
            where=[{"column": one.label, "values": list(one.values)} for one in values["conditions"]],
            between=list(between) if between else None,
            parts=_mentions(values["parts"], ground),
            rows=[_member(member, names[member.row.id], ground) for member in values["members"]],
            sources=_sources(values["sources"], ground),
            reporters=_mentions(values["reporters"], ground),
            disputes=_disputes(values["disputes"]),
            leaning=_leaning(values["leaning"], ground),
        ),
    }


def _span(span: Any, ground: Ground) -> str:
    ends = {name: ground.tongue.tell(end) for name, end in (("low", span.low), ("high", span.high)) if end}
    return ground.tongue.word(span.key, **ends)


def _member(member: Any, name: str, ground: Ground) -> Json:
    row = member.row
    value = _field(member.value, ground)["value"] if member.value else None
    return _filled(
        id=row.id,
        title=name,
        part=member.part,
        reason=member.reason,
        value=value,
        limit=_limit(ground) if _is_labelled(row) else "",
        address=ground.address_of("record", row.id),
    )


def _twin_chart(values: Mapping[str, Any], ground: Ground) -> Json:
    drawing = values["drawing"]
    return _filled(
        header=list(drawing.header),
        rows=[list(row) for row in drawing.rows],
        figures=_mentions(values["figures"], ground),
        records=_mentions(values["records"], ground),
        texts=_mentions(values["users"], ground),
    )


def _twin_table(values: Mapping[str, Any], ground: Ground) -> Json:
    """What a table is and which rows it has; the rows themselves are in the CSV, byte for byte as they were read."""
    table = values["table"]
    columns = [
        _filled(name=one.column.name, title=one.title, description=one.column.description, missing=one.column.missing)
        for one in values["listing"].meanings
    ]
    return {
        "csv": f"data/{table.name}.csv",
        "columns": columns,
        "rows": [row.id for row, _ in values["rows"]],
        **_filled(limit=_limit(ground) if any(column["name"] == "label" for column in columns) else ""),
    }


def _twin_home(values: Mapping[str, Any], ground: Ground) -> Json:
    return _filled(key_figures=_key_figures(values["key_figures"], ground), **_twin_claims(values, ground))


def _twin_claims(values: Mapping[str, Any], ground: Ground) -> Json:
    return {"claims": [_card(card, ground) for card in values["claims"]]}


def _card(card: Mapping[str, Any], ground: Ground) -> Json:
    claim, said = card["claim"], card["said"]
    return _filled(
        id=claim.slug,
        title=claim.passages["title"].plain,
        says=claim.passages["claim.says"].plain,
        speaker=ground.tongue.own(said, "speaker")[0] if said else "",
        date=_known(said.cells["date"], said.cells["precision"]) if said else "",
        rating=ground.tongue.choose(card["rating"].words)[0],
        status=claim.front.status,
        address=ground.address_of("claim", claim.slug),
    )


def _twin_figures(values: Mapping[str, Any], ground: Ground) -> Json:
    return {"figures": _key_figures(values["figures"], ground)}


def _twin_sources(values: Mapping[str, Any], ground: Ground) -> Json:
    return {"sources": _sources(values["sources"], ground)}


def _twin_charts(values: Mapping[str, Any], ground: Ground) -> Json:
    charts = [
        {"id": one.id, "title": one.title, "address": ground.address_of("chart", one.id)} for one in values["charts"]
    ]
    return {"charts": charts}


def _twin_timeline(values: Mapping[str, Any], ground: Ground) -> Json:
    return {"moments": [_moment(one, ground) for found in values["years"].values() for one in found]}


def _moment(moment: Any, ground: Ground) -> Json:
    row = moment.row
    return _filled(
        id=row.id,
        kind=moment.kind,
        date=_known(moment.date, moment.precision),
        until=row.cells["date_to"] if moment.precision == "period" else "",
        precision=moment.precision,
        who=ground.tongue.own(row, moment.who)[0] if moment.who else "",
        what=ground.tongue.own(row, moment.what)[0] if moment.who else moment.what,
        amount=_field(moment.amount, ground)["value"] if moment.amount else "",
        limit=_limit(ground) if _is_labelled(row) else "",
        checks=_mentions(moment.checks, ground),
        address=ground.address_of("record", row.id),
    )


def _twin_data(values: Mapping[str, Any], ground: Ground) -> Json:
    tables = [
        {
            "id": table.name,
            "title": values["names"][table.name].text,
            "description": table.description,
            "csv": f"data/{table.name}.csv",
            "address": ground.address_of("table", table.name),
        }
        for table in values["tables"]
    ]
    return _filled(data_date=values["data_date"], package="data/datapackage.json", tables=tables)


def _twin_ratings(values: Mapping[str, Any], ground: Ground) -> Json:
    return {"ratings": [{**_rating_told(rating, ground), "claims": used} for rating, used in values["ratings"]]}


def _twin_corrections(values: Mapping[str, Any], ground: Ground) -> Json:
    return {"entries": [_entry(entry) for entry in values["entries"]]}


def _twin_standing(values: Mapping[str, Any], ground: Ground) -> Json:
    """Its words are an author's: what it is called, and when it changed, every page says of itself."""
    return {}


TWINS: Mapping[str, Callable[[Mapping[str, Any], Ground], Json]] = {
    "home.html": _twin_home,
    "claims.html": _twin_claims,
    "claim.html": describe_claim,
    "figures.html": _twin_figures,
    "figure.html": _twin_figure,
    "record.html": _twin_record,
    "sources.html": _twin_sources,
    "source.html": _twin_source,
    "company.html": _twin_company,
    "charts.html": _twin_charts,
    "chart.html": _twin_chart,
    "timeline.html": _twin_timeline,
    "data.html": _twin_data,
    "table.html": _twin_table,
    "ratings.html": _twin_ratings,
    "corrections.html": _twin_corrections,
    "standing.html": _twin_standing,
}
"""Which pages have a twin, by their template, and what is in it besides what every page says of itself."""


# --- files ------------------------------------------------------------------------------------------


def make_linked(pages: Iterable[Page], theme: Theme, content: Content) -> dict[str, bytes]:
    """The twins, the citations and each language's `claims.json`, by path."""
    planned = tuple(pages)
    addresses = {(page.language, *page.values["about"]): page.address for page in planned}
    grounds = {
        code: Ground(theme, tongue_of(content, code, theme.first_language), _finder(addresses, code, theme))
        for code in content.languages
    }
    files: dict[str, bytes] = {}
    claims: dict[str, list[Json]] = {code: [] for code in grounds}
    for page in planned:
        ground = grounds[page.language]
        if has_twin(page):
            twin = twin_of(page, ground)
            files[page.address + TWIN] = _as_json(twin)
            if page.template == "claim.html":
                claims[page.language].append(twin)
        if citation := citation_of(page, ground):
            files[page.address + CITATION] = _as_json(citation)
    for code, found in claims.items():
        files[f"{code}/claims.json"] = _as_json(_all_claims(found, grounds[code]))
    return files


def _finder(addresses: Mapping[tuple[str, str, str], str], code: str, theme: Theme) -> Callable[[str, str], str]:
    def find(scheme: str, name: str) -> str:
        own = addresses.get((code, scheme, name))
        return own if own is not None else addresses.get((theme.first_language, scheme, name), "")

    return find


def _all_claims(found: list[Json], ground: Ground) -> Json:
    return {
        **_filled(
            site=ground.theme.name,
            url=ground.theme.url,
            language=ground.tongue.language.code,
            publisher=ground.theme.publisher,
            edition="" if ground.theme.published else ground.tongue.word("unpublished.name"),
        ),
        "claims": found,
    }


def og_locale(language: Language) -> str:
    """The language as Open Graph writes it, `zh_CN`: without the script that BCP 47 and CLDR put between."""
    parts = language.locale.split("_")
    return "_".join(part for part in parts if len(part) != 4)

"""Trouble, told so that a person can mend it: the rules, and one record for each breach.

A breach is never an exception. Rules are rows of one table; a code is never used again.
Letters: D data, C content, B binding, V verdict, T theme, S site, H history (what a change owes).
"""

from __future__ import annotations

import difflib
import functools
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from builder import slips
from builder.model import Files, Location

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong."""

    code: str
    severity: Severity
    sentence: str
    """With `{words}` filled in for each breach."""
    cure: str


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One breach of a rule, at its place."""

    location: Location
    code: str
    severity: Severity
    message: str
    cure: str
    length: int = 1
    """How many characters the caret marks."""


_TABLE = """
D001 error   | {path} is missing. | Put it back; a table may also be taken out of datapackage.json.
D002 error   | This is not UTF-8: {why}. | Save it as UTF-8: in an editor by "Save with encoding", in a spreadsheet as "CSV UTF-8".
D003 warning | The file begins with a byte order mark. | Save it as UTF-8 without BOM; it is read as if it had none.
D004 error   | This is not JSON: {why}. | {hint}
D005 error   | The header has {found}, where datapackage.json declares {declared}. | {hint}
D006 error   | This line has {found} cells; the header has {declared}. | {hint}
D007 error   | "{value}" is not {kind}. | {hint}
D008 error   | {column} is empty, and every row needs it. | Fill it in; it cannot be missing.
D009 error   | The id "{id}" is already used on line {line}. | Give this row an id of its own; ids are for ever.
D010 error   | No row of {table} has the id "{id}". | {hint}
D011 error   | {column} has a number but no bound. | Say in {column}_bound how the source gives it: exact, at_least, more_than, about, at_most or less_than.
D012 error   | The lower end {low} lies above the upper end {high}. | Look at the source again and mend one of them.
D013 error   | The last day {to} comes before the first day {start}. | Mend one of the dates.
D014 error   | The sources repeat one another in a circle: {chain}. | Let the one that holds the record itself stand alone: empty its reports_on.
D015 error   | The original words are {count} words long; at most 60 may be quoted. | Shorten the quotation and mark the cut with an ellipsis.
D016 warning | The file has Windows line endings. | Save it with LF line endings; it is read as if it had them.
D017 error   | {path} has a NUL character. | Delete it; it cannot be seen in most editors.
D018 error   | The row is part of "{group}", which is not a group. | {hint}
D019 error   | Reported speech must not wear quotation marks. | Take the quotation marks out, or make it a quotation if the words are verbatim.
D020 error   | {message} | {hint}
D021 error   | The figure "{id}" {why}. | {hint}
D022 error   | The figure "{id}" selects no row. | Check its where and between; if it is right that nothing is selected, say why with "intended: …".
D023 error   | The figure "{id}" adds rows of different reporters ({reporters}), which may overlap. | Say "disjoint: why they cannot overlap", or "overlapping: why they may": then only the largest floor counts.
D024 error   | The figure "{id}" mixes {what}: {found}. | Narrow its where to one of them; units and currencies never mix.
D025 error   | The figure "{id}" would add reported totals. | Totals of different reporters measure different things: use "value: value" with the id of one row.
D026 error   | The id "{id}" is used in {table} and in {other}. | Records of all tables share one space of addresses: change the newer id.
D027 error   | The ledger names {row}, which does not exist. | {hint}
D028 error   | The currency of this value is missing. | Give its ISO 4217 code in the column currency.
D029 error   | The quotation has no words. | Fill in original or english, verbatim; or make it reported speech.
D030 error   | The invisible character {name} stands here. | Delete it; it can make a text read otherwise than it is written.
D031 error   | A spreadsheet would run this cell as a formula: it begins with {sign}. | Begin it with another character: readers open the tables in spreadsheets.
D032 error   | {path} is not declared in datapackage.json. | Declare it as a resource, or move it out of data/: what is not declared is neither read nor published.
D033 error   | The group is part of "{group}". | Groups are not nested: give the declarations themselves their part_of.
D034 error   | The figure "{id}" has no row left to stand on: the sources of {rows} are withdrawn. | Take the figure out of the texts, or give a row a source that still stands.
D035 error   | "{id}" was removed on {date}. | Empty the cell, or take the link out: what was removed is not named again.
D036 error   | {column} is empty, and the source is marked as withdrawn. | Say in {column} why, in words that a reader may see.
D037 error   | "{id}" is listed as removed, and still stands in {table}. | Take the row out of {path}, or the line out of data/removals.csv.
C001 error   | This is not YAML: {why}. | {hint}
C002 error   | "{key}" is written twice. | Keep one of them; nothing here is ever overwritten in silence.
C003 error   | "{key}" is not a field here. | {hint}
C004 error   | "{key}" is missing. | Add it: {hint}
C005 error   | {message} | {hint}
C006 error   | YAML's {what} are not used here. | Write the value out in full.
C007 error   | The file has no front matter. | {hint}
C008 error   | The front matter is not closed. | {hint}
C009 error   | "{value}" is not a date. | {hint}
C010 error   | The file is {size} kB long; at most 128 kB are read. | Split it.
C011 error   | Quotations or lists are nested {depth} deep; beyond 8 text would be lost. | Nest less.
C012 error   | Raw HTML is not used here, and would be shown as text. | {hint}
C013 error   | "{id}" is not {what}. | {hint}
C014 error   | A claim that is {status} needs the date of its publication. | Add "published: 2026-11-23", with the right date.
C015 error   | The claim is about {when}, but this page was reviewed on {reviewed}. | Mend the date.
C016 error   | The body is {count} words long. | A claim's body has 250 to 600 words: a reader must get to the end.
C017 error   | The words file has no entry "{key}". | Add it to content/{language}/words.yaml.
C018 error   | The figure "{id}" has no label. | Add it to content/{language}/figures.yaml: label and about.
C019 error   | "{text}" hides a digit behind a character code. | Write the digit itself, and bind it.
C020 error   | "{address}" is no address that a {what} may have. | {hint}
C021 error   | The file name "{name}" cannot be a page's address. | {hint}
C022 error   | The pattern "{pattern}" is not a regular expression: {why}. | Mend it in words.yaml.
C023 error   | A heading of the first rank is the page's title. | Begin headings in the text with ##.
C024 error   | The link text "{text}" says nothing by itself. | Say where the link leads: readers who listen hear only the link.
C025 error   | The file cannot be read whole: {count} opening brackets. | Split it, or take the stray brackets out.
C026 error   | Nothing reads {path}. | Claims stand in content/<language>/claims/, pages in content/<language>/pages/, each as a .md file; mend its place or its name.{hint}
C027 error   | The link text "{text}" is shown as "{shown}". | Write it plainly inside the link, without character codes, backslashes or emphasis; those may stand around the link.
C028 error   | The history entry has no "{key}" yet. | Fill it in: only a person knows when the page changed, and why.
C029 error   | The entry of kind {kind} changes nothing: before and now are the same. | Say what the page said before, and what it says now.
C030 warning | The history names "{id}", which is no figure, total or record. | {hint}
C031 error   | The entry is dated {date}, but the page was published on {published}. | Mend the date; what changed before publication needs no entry.
C032 error   | The verdict changed on {date}, but the page was last reviewed on {reviewed}. | Whoever changes a verdict reviews the page: mend the date.
C033 error   | {path} does not have the name of a frozen page. | Call it by its claim and its day, content/archive/<language>/claims/<claim>/2026-11-23.html; its stylesheet stands in content/archive/assets/.
C034 error   | The frozen page {why}. | {hint}
C035 error   | The frozen page is not made as ours are: {what}. | Freeze the page again; a frozen page is never written by hand.
C036 error   | The stylesheet {path} {why}. | {hint}
C037 error   | {path} is a translation, and there is no original. | Write the original in content/{first}/ first, or take the file out.
C038 error   | {path} does not say what it translates. | Only content/{first}/ holds ratings, ids, dates and history; write the words alone, with "translates: {words}".
C039 warning | The original has other words than those that this was translated from. | Read it against the original; when it says the same again, write "{words}" here.
C040 error   | This was translated for the verdict "{was}", and the verdict is "{now}" now. | Translate the page again, and write "rating: {now}" here.
C041 error   | The original has no text "{role}". | Take it out; a translation has the texts that its original has.
C042 warning | Not translated into {language}: {what}. | Readers meet these in the first language, marked as such. Translate them in content/{folder}/.
C043 error   | The row "{id}" does not tell {number} in "{column}". | A translation of the data tells the numbers that the row tells, and no others.
C050 error   | An answer was asked for on {when}, and "sought" says no. | Write "sought: yes", or take the date out.
C051 error   | The answer was asked for on {when}, {why}. | Mend one of the dates.
C052 error   | The repetition "{id}" {why}. | {hint}
C053 error   | The claim is embargoed, and nothing says until when. | Add "embargo: {example}": day, hour and zone.
C054 error   | "{value}" is not an instant with a zone. | Write day, hour and zone: {example}, or with Z for the zone of Greenwich.
C055 error   | The claim is published, and its embargo ({embargo}) still stands here. | Write "status: embargoed" while it must be kept back; take "embargo" out once readers may see it.
C056 error   | The date of publication, {published}, comes before the embargo ends ({embargo}). | Mend one of them: a page is dated by the day on which readers first see it.
C057 error   | The text "{role}" still has the word {word}, and the claim is {status}. | Write what it asks for, or set "status: draft".
C058 error   | The entry of {date} gives as its reason only what it says before or now. | Say what was wrong, and how it was found.
C060 error   | "{text}" is not read as {what}: {why}. | Write: {mended}
C061 error   | "{text}" is not read: what follows a # is a comment. | {hint}
B001 error   | The number {text} is not backed by any figure. | Bind it, [{text}](figure:…) or [{text}](total:…); or exempt it with a reason, [{text}](exempt: "why").
B002 error   | There is no {kind} "{id}". | {hint}
B003 error   | "{text}" says {said}, but {kind}:{id} is {value}. | {hint}
B004 error   | "{text}" is told as {said}, but {kind}:{id} is known only as {value}. | Write "{value}".
B005 error   | "{text}" names no number that can be read for certain, and {kind}:{id} is {value}. | Write "{value}"{hint}.
B006 error   | {kind}:{id} says nothing: its limits are open. | It cannot be told as a number; say in words what is not known.
B007 error   | "{text}" is told {said}, but {kind}:{id} is told {unit}. | Write "{value}".
B008 error   | An exemption needs its reason. | Write [{text}](exempt: "why this number needs no figure").
B009 error   | "{text}" holds more than one number, and {kind}:{id} is {value}. | Bind each number by itself.
B010 error   | The figure "{id}" is used nowhere. | Use it in a text, a chart or a premise; or say "intended: why" in data/figures.yaml; or delete it.
B011 error   | "{text}" reads as one number, but stands for the range {value}. | Write "{value}".
B012 error   | "{text}" goes on outside its link: "{rest}". | Put sign, unit and words like "at least" into the link: they are held to the data too. Here it must say "{value}".
B013 error   | The total "{id}" rests only on withdrawn sources ({sources}). | Take it out of the text, or give the row a source that still stands.
B020 error   | "{text}" divides its digits as {language} does not: {marks}. | Write "{value}".
V001 error   | The premise no longer gives what the verdict needs: {figure} {operator} {value} {outcome}, and {expect} was expected ({figure} is {told}). | A person must judge again: look at the claim, then at its rating, then mend "expect".
V002 error   | The premise is decorative: it {outcome} whatever the data say. | Choose a value that the data could miss, or make it a judgement.
V003 error   | The premise is decided only by the absence of rows. | Absence is never evidence: turn it round, or make it a judgement.
V004 error   | "{rating}" is not a rating. | {hint}
V005 error   | The rating "{rating}" is adverse to a company, and {missing}. | Without a primary source seen and a reply that was sought the rating stays not_decided.
V006 error   | The value "{value}" of the premise is not a number. | {hint}
V007 error   | The verdict rests on nothing. | Give at least one premise or judgement under "because".
V008 error   | The verdict "{rating}" rests only on premises that are undecided. | Give the judgement that it rests on, or rate the claim not_decided.
V009 error   | The judgement rests on no source. | Name its sources; a judgement without one is an opinion.
V010 error   | Every source of the judgement is withdrawn ({sources}). | A person must judge again: name a source that still stands, or take the judgement out and look at the rating.
V011 error   | The statement "{id}" rests only on withdrawn sources ({sources}). | There is nothing left to judge: give the statement a source that still stands, or withdraw the claim.
T001 error   | site/site.yaml is missing. | Put it back: it names the site and its ratings.
T002 error   | The template does not work: {why}. | Mend it at this line.
T003 error   | The template "{name}" is missing. | Put it back under site/templates.
T004 error   | The rating "{rating}" has no {what} in {language}. | Add it in site/site.yaml.
T005 warning | The site's address is not set, so what must be absolute is left out: canonical links, feeds, sitemap. | Fill in url in site/site.yaml when the site has an address.
T006 warning | The publisher is not named, so every page says "Unpublished edition". | Fill in publisher, contact, corrections and funding in site/site.yaml; never invent them.
T007 error   | "{url}" is not the address of a site. | Write it in full: https://example.org or https://example.org/path.
T008 error   | Nothing reads {path}. | Templates (.html, .xml, .svg, robots.txt) stand in site/templates, styles (.css) in site/styles, all other files of the site in site/assets.
T009 error   | "{address}" is not the address of a page that moved, or of the one that it moved to. | Write both from the site's root, each ending in a slash, and not the same: en/figures/old_id/: en/figures/new_id/
T010 warning | {what} needs letters that none of the site's own fonts holds: {letters}. | Add them with builder/fonts/make.py, or use other words. Until then a share card is left out, and the PNG of a chart shows boxes.
S001 error   | {page} links to {target}, which does not exist. | Mend the link, or restore the page.
S002 error   | {page} links to {target}, where nothing has the id "{fragment}". | Mend the part after #.
S003 error   | Two files of the site would stand at {path}. | Rename one of them; some disks know no difference between capital and small letters.
S004 error   | {page} has the id "{id}" twice. | Rename one of them; most often two headings are the same.
S005 error   | {page} loads {target} from another place. | Everything that a page loads must be its own.
S006 error   | {page} links to {target}, which is no address that a reader may follow. | Links lead to pages of the site, or begin with https://, http:// or mailto:.
H001 error   | What this published page prints moved, and no new entry of its history says so: {numbers}. | Add one that names each id and gives the old and the new number: declared diff BASE --draft-history drafts it; only you know the reason.
H002 error   | The verdict changed from {before} to {after}, and no new entry of kind "verdict" says why. | Add one: declared diff BASE --draft-history drafts it; only you know the reason.
H003 error   | The page as it stood until {day} is not kept. | declared diff BASE --draft-history writes it to content/archive/; commit it with the change.
H004 error   | The entry of {date} ({kind}: "{before}") was published, and is changed, gone or in another place among those of its day. | Put it back as it was; a wrong entry is corrected by a new one, below those of the same day.
H005 error   | The claim "{slug}" was published, and readers can no longer see it. | Keep the file and set "status: withdrawn": its address stays and says so.
H006 error   | {page} was published, and nothing stands there any more. | Put back what made it; say under moved in site/site.yaml where it went; or list a row in data/removals.csv with the reason.
H007 error   | The frozen copy {path} still names what was removed. | declared diff BASE --draft-history takes the names out; commit it with the change.
H008 error   | What the verdict rests on changed ({what}), and no new entry of its history says so. | Add one: declared diff BASE --draft-history drafts it; only you know the reason.
H009 error   | The frozen copy {path} {why}. | A page is kept byte for byte as it stood: declared diff BASE --draft-history writes it; put back what was changed or deleted.
"""


def _read_rules() -> dict[str, Rule]:
    rules = {}
    for line in _TABLE.strip().splitlines():
        head, sentence, cure = (part.strip() for part in line.split(" | "))
        code, severity = head.split()
        rules[code] = Rule(code, severity, sentence, cure)  # type: ignore[arg-type]
    return rules


RULES: Mapping[str, Rule] = _read_rules()


def problem(code: str, location: Location, length: int = 1, **words: object) -> Diagnostic:
    """A breach of the rule `code`; `words` fill its sentence and its cure."""
    rule = RULES[code]
    return Diagnostic(
        location, code, rule.severity, rule.sentence.format(**words), rule.cure.format(**words), max(length, 1)
    )


def nearest(name: str, names: Iterable[str], otherwise: str = "") -> str:
    """A sentence that suggests the name most like `name`; `otherwise` when none is like it."""
    found = closest(name, names)
    before, colon, after = name.partition(":")
    if colon and before == found:
        return f'A space is missing after the colon: write "{before}: {after}".'
    return f'Did you mean "{found}"?{slips.name_odd(name, found)}' if found else otherwise


def closest(name: str, names: Iterable[str]) -> str:
    """The name that `name` most likely stands for; empty when none is like it."""
    return _closest(name, tuple(sorted(names)))


@functools.lru_cache(maxsize=4096)
def _closest(name: str, known: tuple[str, ...]) -> str:
    same = [each for each in known if each.casefold() in (name.casefold(), name.casefold().partition(":")[0])]
    return next(iter(same or difflib.get_close_matches(name, known, n=1, cutoff=0.6)), "")


def is_broken(problems: Iterable[Diagnostic]) -> bool:
    """True when something must be mended before anything may be published."""
    return any(found.severity == "error" for found in problems)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 0 if unicodedata.combining(ch) else 1 for ch in text)


@functools.lru_cache(maxsize=4)
def _lines(raw: bytes) -> list[str]:
    return raw.decode("utf-8", "replace").removeprefix("\ufeff").split("\n")


def _line_of(files: Files, location: Location) -> str:
    raw = files.get(location.path)
    if raw is None:
        return ""
    lines = _lines(raw)
    return lines[location.line - 1].rstrip("\r") if 0 < location.line <= len(lines) else ""


FEW = 5
"""Problems of one rule that are told of one file, so that a wrong column drowns nothing else."""


def hold_back(problems: Iterable[Diagnostic], few: int = FEW) -> Iterator[tuple[Diagnostic, int]]:
    """The first few of each rule in each file, the last of them with how many more there are."""
    listed = list(problems)
    left = Counter((found.location.path, found.code) for found in listed)
    told: Counter[tuple[str, str]] = Counter()
    for found in listed:
        kind = found.location.path, found.code
        told[kind] += 1
        if told[kind] <= few:
            yield found, max(0, left[kind] - few) if told[kind] == few else 0


_CONTROLS = dict.fromkeys((*range(32), *range(127, 160), *range(8234, 8239), *range(8294, 8298)), "�")
"""What could make a terminal show something else than is written."""


def clean(text: str) -> str:
    """The text without what could make a terminal show something else than is written."""
    return text.translate(_CONTROLS)


def format_text(found: Diagnostic, files: Files) -> str:
    """`path:line:column: CODE severity: message`, the line, a caret, the cure."""
    place = found.location
    head = f"{place.path}:{place.line}:{place.column}: {found.code} {found.severity}: {found.message}"
    head = clean(head)
    line = _line_of(files, place)
    out = [head]
    if line:
        start = max(0, place.column - 1)
        first = max(0, start - 60) if len(line) > 110 else 0
        shown = line[first : first + 110]
        mark = line[start : start + found.length]
        out.append("    " + clean(shown.replace("\t", " ")))
        out.append("    " + " " * _width(line[first:start]) + "^" * max(1, min(_width(mark), 110)))
    out.append("    " + clean(found.cure))
    return "\n".join(out)


def format_json(problems: Iterable[Diagnostic]) -> str:
    """A JSON list, one object a breach."""
    return json.dumps(
        [
            {
                "path": p.location.path,
                "line": p.location.line,
                "column": p.location.column,
                "length": p.length,
                "code": p.code,
                "severity": p.severity,
                "message": p.message,
                "cure": p.cure,
            }
            for p in problems
        ],
        ensure_ascii=False,
        indent=2,
    )


def format_rest(found: Diagnostic, more: int) -> str:
    """How many more there are of a breach's kind, and how to see them."""
    many = (
        f"{more:,} more of {found.code} in this file are not shown"
        if more > 1
        else f"One more of {found.code} in this file is not shown"
    )
    return clean(f"{found.location.path}: {many}: declared check --all names each.")


def order_github(problems: Iterable[Diagnostic]) -> list[tuple[Diagnostic, int]]:
    """GitHub shows ten annotations of a step and no more: first one of each kind and file, then the others."""
    rank: Counter[tuple[str, str]] = Counter()
    ranked = []
    for found, more in hold_back(problems):
        kind = found.location.path, found.code
        ranked.append((found.severity != "error", rank[kind], found, more))
        rank[kind] += 1
    return [(found, more) for _, _, found, more in sorted(ranked)]


def format_github(found: Diagnostic, more: int = 0) -> str:
    """A workflow command, so that the breach is marked in the change under review."""
    rest = f" {format_rest(found, more)}" if more else ""

    def escape(text: str, more: bool = False) -> str:
        text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        return text.replace(":", "%3A").replace(",", "%2C") if more else text

    place = found.location
    return (
        f"::{found.severity} file={escape(place.path, True)},line={place.line},col={place.column},"
        f"title={found.code}::{escape(found.message + ' ' + found.cure + rest)}"
    )


def read_json(found: Mapping[str, object]) -> Diagnostic:
    """A diagnostic from the object that `format_json` made of it."""
    place = Location(str(found["path"]), int(str(found["line"])), int(str(found["column"])))
    severity: Severity = "warning" if found["severity"] == "warning" else "error"
    length = int(str(found["length"]))
    return Diagnostic(place, str(found["code"]), severity, str(found["message"]), str(found["cure"]), length)

"""Turns each page into bytes. The only room where Jinja2 is used.

Templates are given the page's values and a few functions; they compute nothing. What a template must not forget
(escaping, the tag around a date, the link behind a number) is made here once.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup, escape

from builder import linked, numerals
from builder.diagnostics import Diagnostic, problem
from builder.model import Content, Drawing, Figure, Language, Location, Page, Passage, Row, Theme, Told
from builder.prose import WEB_SCHEMES, Link, render_passage
from builder.tongues import COUNTRIES, Tongue, chart_words_of, tongue_of

STYLESHEET = "assets/style.css"

_Directory = Mapping[tuple[str, str, str], Page]
"""Language, scheme and id of what a page is about, to the page."""

_ALIASES = {"total": "record", "entity": "company"}


_RIGHT_TO_LEFT = ("ar", "fa", "he", "ps", "ug", "ur", "yi")
_SCRIPTS = {
    "han": ("\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff", ("zh", "ja", "ko")),
    "hangul": ("\uac00-\ud7af", ("ko",)),
    "cyrillic": ("\u0400-\u052f", ("ru", "uk", "be", "bg", "kk", "ky", "mk", "sr")),
    "arabic": ("\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff", ("ar", "fa", "ps", "ug", "ur")),
    "hebrew": ("\u0590-\u05ff\ufb1d-\ufb4f", ("he", "yi")),
}
"""Letters of a script, and the languages that are written in it; the first is the likeliest."""
_RUN = re.compile("|".join(rf"(?P<{name}>[{own}]+(?:[\W\d_]+[{own}]+)*)" for name, (own, _) in _SCRIPTS.items()))
"""Words of one script, with what stands between them."""
_LETTER = re.compile(r"[^\W\d_]")
_KANA = re.compile("[\u3040-\u30ff]")
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")


def _direction(code: str) -> str:
    return "rtl" if code.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def _tongue(found: re.Match[str], home: str) -> str:
    """The likeliest language of words in one script; empty where `home`, the language around them, is written in it."""
    script = found.lastgroup or ""
    known = _SCRIPTS[script][1]
    if home.partition("-")[0] in known:
        return ""
    if script == "han" and _KANA.search(found.group()):
        return "ja"
    return "uk" if script == "cyrillic" and _UKRAINIAN.search(found.group()) else known[0]


@lru_cache(maxsize=65536)
def _relative(start: str, target: str) -> str:
    here, there = start.split("/") if start else [], target.split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    return "../" * (len(here) - shared) + "/".join(there[shared:])


@dataclass
class _Desk:
    """What one page's template may call. It notes what it could not find, so that nothing is lost in silence."""

    page: Page
    theme: Theme
    tongue: Tongue
    languages: Mapping[str, Language]
    figures: Mapping[str, Figure]
    drawings: Mapping[str, Drawing]
    chart_words: Mapping[str, Mapping[str, Passage]]
    directory: _Directory
    draw_part: Callable[..., str]
    drawn: dict[tuple[Any, ...], Markup]
    """What `shared` has drawn, for all pages."""
    unknown: dict[str, None] = field(default_factory=dict)
    """Keys of words that the language does not have."""
    folder: str = field(init=False)
    """Where the page stands."""

    def __post_init__(self) -> None:
        self.folder = posixpath.dirname(self.page.path)

    @property
    def language(self) -> Language:
        """That of the page."""
        return self.tongue.language

    def shared(self, name: str) -> Markup:
        """A part of the frame of every page, drawn once for all pages of a folder and language that are no overview."""
        about = self.page.values["about"]
        here = about if about[0] in ("page", "home", "front", "missing") else None
        key = (name, self.language.code, self.page.path.count("/"), posixpath.dirname(self.folder), here)
        if key not in self.drawn:
            self.drawn[key] = Markup(self.draw_part(name))  # a template of ours has escaped it
        return self.drawn[key]

    # -- words --

    def t(self, key: str, **words: object) -> Markup:
        """A word of the interface, its `{gaps}` filled and escaped; marked where it is the first language's."""
        text, language = self._find_word(key)
        html = escape(text)
        return self._mark(html.format(**words) if words else html, language)

    def plain(self, key: str, **words: object) -> str:
        """A word of the interface where no mark-up can stand: in an attribute."""
        return numerals.fill_gaps(self._find_word(key)[0], **words)

    def _find_word(self, key: str) -> tuple[str, str]:
        text, language = self.tongue.find(key)
        if text is None:
            self.unknown[key] = None
        return key if text is None else text, language

    def word(self, column: str, value: str) -> Markup:
        """The word for one of the data's own terms."""
        text, language = self.tongue.find_value(column, value)
        if text is None:
            self.unknown[f"values.{'country' if column in COUNTRIES else column}.{value}"] = None
        return self._mark(escape(value if text is None else text), language)

    def own(self, row: Row, column: str) -> Markup:
        """The row's own words, translated where they are, marked as what they are where they are not."""
        text, language = self.tongue.own(row, column)
        return Markup("<span data-value{}>{}</span>").format(self.lang(language), self.mixed(text, language))

    def is_own(self, row: Row, column: str) -> bool:
        """True when the row's words are translated into the page's language."""
        return self.tongue.has_own(row, column)

    def rating_word(self, rating: Any) -> Markup:
        """The rating's word in the page's language."""
        return self._of_rating(rating.words)

    def rating_means(self, rating: Any) -> Markup:
        """What the rating says, in the page's language."""
        return self._of_rating(rating.means)

    def _of_rating(self, words: Mapping[str, str]) -> Markup:
        text, language = self.tongue.choose(words)
        return self._mark(escape(text), language)

    def _mark(self, html: Markup, code: str) -> Markup:
        """Words of another language than the page's say so."""
        return html if code == self.language.code else Markup('<span lang="{}">{}</span>').format(code, html)

    def alternates(self) -> tuple[tuple[Language, str, str], ...]:
        """This page in every language that has it: the language, the way there, and its address from the site's root."""
        about = self.page.values["about"]
        found = ((language, self.directory.get((code, *about))) for code, language in self.languages.items())
        return tuple((language, self.path(page.path), page.address) for language, page in found if page)

    # -- addresses --

    def has(self, scheme: str, target: str) -> bool:
        """True when a page is about it."""
        return self._find(scheme, target) is not None

    def _find(self, scheme: str, target: str) -> Page | None:
        scheme = _ALIASES.get(scheme, scheme)
        if scheme == "page" and target == "index":
            scheme, target = "home", ""
        for code in (self.language.code, self.theme.first_language):
            if found := self.directory.get((code, scheme, target)):
                return found
        return None

    def _get(self, scheme: str, target: str) -> Page:
        found = self._find(scheme, target)
        if found is None:
            raise LookupError(f"no page is about {scheme}:{target}")
        return found

    def to(self, scheme: str, target: str) -> str:
        """The address of the page about it, from here."""
        return self.path(self._get(scheme, target).path)

    def path(self, target: str) -> str:
        """The address of a file of the site, from here."""
        if self.page.template == "missing.html" and self.theme.url:
            return f"{urlsplit(self.theme.url).path.rstrip('/')}/{target}"
        return _relative(self.folder, target)

    def whole(self, scheme: str, target: str) -> str:
        """The absolute address of the page about it: for what is read away from the site."""
        return f"{self.theme.url}/{self._get(scheme, target).address}"

    def beside(self, name: str) -> str:
        """The address of a file in the folder of this page."""
        return self.path(f"{self.folder}/{name}")

    def is_here(self, scheme: str, target: str) -> bool:
        """True on the page about it."""
        return bool(self.page.values["about"] == (scheme, target))

    # -- for programs --

    def data_block(self) -> Markup:
        """What the page says in JSON-LD, for a script element; empty where that is nothing."""
        things = linked.things_of(self.page, linked.Ground(self.theme, self.tongue, self._address))
        return Markup(linked.format_ld(things))  # it has escaped what could end the element

    def _address(self, scheme: str, target: str) -> str:
        return found.address if (found := self._find(scheme, target)) else ""

    def twin(self) -> str:
        """The address of the page's facts as JSON, from here; empty where it has no such file."""
        return self.beside(linked.TWIN) if linked.has_twin(self.page) else ""

    def og_locale(self, language: Language) -> str:
        """The language as Open Graph writes it."""
        return linked.og_locale(language)

    # -- numbers and dates --

    def date(self, iso: str, precision: str = "day") -> Markup:
        """A date with its machine-readable form, to the precision that is known."""
        known = numerals.known_precision(iso, precision)
        text = numerals.format_date(iso, known if known != "about" else "day", self.language)
        value = iso[:7] if known == "month" else iso
        stamp = Markup('<time datetime="{}">{}</time>').format(value, text)
        return self.t("date.about", date=stamp) if known == "about" else stamp

    def period(self, start: str, end: str) -> Markup:
        """A period, or a day where both ends are equal."""
        if start == end:
            return self.date(start)
        return self.t("period", start=self.date(start), end=self.date(end))

    def tell(self, told: Told | None, noun: bool = False) -> str:
        """A number as it is told on every surface."""
        return numerals.format_told(told, self.language, noun) if told else str(self.t("undecided.number"))

    def tell_figure(self, figure: Figure, noun: bool = False) -> Markup:
        """A figure's number, or its day."""
        return self.date(figure.day) if figure.day else escape(self.tell(figure.told, noun))

    def bound(self, figure: Figure, noun: bool = False) -> Markup:
        """A figure's number, linked to its rows; on the figure's own page, without the link."""
        text = self.tell_figure(figure, noun)
        if self.is_here("figure", figure.id):
            return self.datum(figure, noun)
        href = self.to("figure", figure.id)
        return Markup('<a class="bound" data-figure="{}" href="{}">{}</a>').format(figure.id, href, text)

    def datum(self, figure: Figure, noun: bool = False) -> Markup:
        """A figure's number where a link may not stand."""
        value = "" if figure.told is None else str(float(figure.told.low)).removesuffix(".0")
        text = self.tell_figure(figure, noun)
        if not value:
            return Markup('<span class="bound" data-figure="{}">{}</span>').format(figure.id, text)
        return Markup('<data class="bound" data-figure="{}" value="{}">{}</data>').format(figure.id, value, text)

    def count(self, number: int) -> Markup:
        """How many of something the builder counted."""
        return Markup("<span data-count>{}</span>").format(f"{number:,}")

    # -- texts of authors --

    def prose(self, passage: Passage | None, linked: bool = True) -> Markup:
        """A passage as HTML; without links where it stands inside one."""
        if passage is None:
            return Markup("")
        resolve = self._resolve if linked else self._resolve_plainly
        html = render_passage(passage, resolve, lambda text: self._tongues(text, passage.language))
        if passage.language != self.language.code and html:
            tag = "div" if passage.block else "span"
            return Markup(f'<{tag} lang="{escape(passage.language)}">{html}</{tag}>')
        return Markup(html)  # prose has escaped it: raw HTML is off

    def lang(self, code: str, always: bool = False) -> Markup:
        """A `lang` attribute where the words are not in the page's language, or `always`; with the way they run."""
        if not code or (code == self.language.code and not always):
            return Markup("")
        way = _direction(code)
        turned = Markup(' dir="{}"').format(way) if way != self.language.direction else Markup("")
        return Markup(' lang="{}"').format(code) + turned

    def mixed(self, text: str, code: str = "") -> Markup:
        """Words of the data or of a person, in the language `code` or the page's.

        Those among them that are written in another script stand under a language of it: so they are read aloud, and drawn,
        as what they are.
        """
        if text.isascii():
            return escape(text)
        pieces = self._tongues(text, code or self.language.code)
        return Markup("").join(
            Markup("<span{}>{}</span>").format(marks, piece) if marks else piece for piece, marks in pieces
        )

    def _tongues(self, text: str, home: str) -> Iterator[tuple[str, str]]:
        """The text in pieces, each with the attributes under which it stands; none for what `home` is written in."""
        at = 0
        for found in _RUN.finditer(text):
            if tongue := _tongue(found, home):
                if not _LETTER.search(text[: found.start()] + text[found.end() :]):
                    yield text, self.lang(tongue, True)  # its digits and marks belong to it
                    return
                yield text[at : found.start()], ""
                yield found.group(), self.lang(tongue, True)
                at = found.end()
        yield text[at:], ""

    def _resolve(self, scheme: str, target: str, text: str, title: str) -> Link:
        if scheme == "chart":
            return Link("", block=str(self.chart(target, text)))
        if scheme == "exempt":
            return Link("", (("data-exempt", ""), ("title", title)) if title else (("data-exempt", ""),))
        if scheme in WEB_SCHEMES:
            return Link(f"{scheme}:{target}", (("rel", "noreferrer external"),) if scheme != "mailto" else ())
        if not scheme:
            return Link(target)
        attributes: tuple[tuple[str, str], ...] = ()
        if scheme in ("figure", "total"):
            attributes = (("class", "bound"), (f"data-{scheme}", target))
        return Link(self.to(scheme, target), attributes)

    def _resolve_plainly(self, scheme: str, target: str, text: str, title: str) -> Link:
        link = self._resolve(scheme, target, text, title)
        return Link("", link.attributes, link.block)

    def chart(self, name: str, alt: str = "") -> Markup:
        """A chart with its caption, its numbers and its downloads; `alt` where the author gives words of their own."""
        if name not in self.drawings:
            return Markup("")
        words = self.chart_words.get(name, {})
        drawing = self.drawings[name]
        if alt:
            drawing = replace(
                drawing, svg=_SVG_NAME.sub(lambda svg: f'{svg[1]}aria-label="{escape(alt)}"', drawing.svg)
            )
        html = self.draw_part("parts/chart.html", drawing=drawing, words=words)
        return Markup(html)  # a template of ours has escaped it


_SVG_NAME = re.compile(r'(<svg\b[^>]*?\s)aria-label="[^"]*"')

_CALLABLE = (
    *(
        "t",
        "plain",
        "shared",
        "word",
        "own",
        "is_own",
        "alternates",
        "rating_word",
        "rating_means",
        "lang",
        "mixed",
        "prose",
    ),
    *("has", "to", "whole", "path", "beside", "is_here"),
    *("data_block", "twin", "og_locale"),
    *("date", "period", "tell", "tell_figure", "bound", "datum", "count", "chart"),
)
"""What templates may call."""


def make_environment(theme: Theme) -> jinja2.Environment:
    """Jinja2 as this house uses it: everything escaped, nothing undefined, places told."""
    return _environment(tuple(theme.templates.items()))


@lru_cache(maxsize=4)
def _environment(templates: tuple[tuple[str, str], ...]) -> jinja2.Environment:
    """Kept from build to build while the templates are the same: compiling them is most of a small build."""
    sources = dict(templates)

    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        source = sources.get(name)
        return None if source is None else (source, f"site/templates/{name}", lambda: True)

    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FunctionLoader(load),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.tests["labelled"] = lambda row: row.cells.get("label") == "war_use"
    return environment


def render_alone(template: str, values: Mapping[str, Any]) -> bytes:
    """A page of the builder's own, that belongs to no site: everything escaped, nothing undefined."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return _tidy(environment.from_string(template).render(values)).encode("utf-8")


def _place_of(error: Exception) -> Location:
    """File and line of the template in which an error arose: the innermost one."""
    if isinstance(error, jinja2.TemplateSyntaxError) and error.filename:
        return Location(error.filename, error.lineno)
    place = Location("site/templates/layout.html")
    trace = error.__traceback__
    while trace:
        name = trace.tb_frame.f_code.co_filename
        if name.startswith("site/templates/"):
            place = Location(name, trace.tb_lineno)
        trace = trace.tb_next
    return place


def _in_words(error: Exception) -> str:
    if isinstance(error, jinja2.TemplateNotFound):
        return f'there is no template "{error.message}"'
    said = " ".join(str(error).split()) or type(error).__name__
    return said.removesuffix(".")


_CODE = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL)


def _tidy(html: str) -> str:
    """Without trailing blanks and empty lines, so that a template may be laid out freely; code stays as it is."""
    pieces = _CODE.split(html)
    return "".join(piece if i % 2 else _without_blanks(piece) for i, piece in enumerate(pieces)).strip() + "\n"


_FULL_WIDTH = re.compile(r"(?<=[，。：；！？）》」』]) (?=\S)|(?<=\S) (?=[，。：；！？（《「『])")
"""A blank beside a mark that brings its own room: templates part words by blanks, and Chinese does not."""


def _without_blanks(text: str) -> str:
    first, *rest = text.split("\n")
    if not rest:
        return text
    between = [line for each in rest[:-1] if (line := each.rstrip(" \t"))]
    return "\n".join([first.rstrip(" \t"), *between, rest[-1]])


def _directory(pages: Iterable[Page]) -> _Directory:
    return {(page.language, *page.values["about"]): page for page in pages}


def render_pages(
    pages: Iterable[Page],
    theme: Theme,
    content: Content,
    figures: Mapping[str, Figure],
    drawings: Mapping[str, Mapping[str, Drawing]],
    among: Iterable[Page] = (),
) -> tuple[dict[str, bytes], tuple[Diagnostic, ...]]:
    """Every page as bytes, by its path, with what is wrong in the templates. Equal values give equal bytes.

    `drawings` are by language; `among` are further pages of the site, which those may lead to.
    """
    pages = tuple(pages)
    directory = _directory((*among, *pages))
    environment = make_environment(theme)
    made: dict[str, bytes] = {}
    problems: dict[Diagnostic, None] = {}
    drawn: dict[tuple[Any, ...], Markup] = {}
    tongues = {code: tongue_of(content, code, theme.first_language) for code in content.languages}
    chart_words = {code: chart_words_of(content, code, theme.first_language) for code in content.languages}
    for page in pages:
        language = content.languages[page.language]
        words = chart_words[page.language]
        given: dict[str, Any] = {}

        def draw_part(name: str, given: dict[str, Any] = given, **values: Any) -> str:
            return environment.get_template(name).render({**given, **values})

        desk = _Desk(
            page, theme, tongues[page.language], content.languages, figures, drawings.get(page.language, {}), words,
            directory, draw_part, drawn,
        )  # fmt: skip
        given.update({name: getattr(desk, name) for name in _CALLABLE})
        given.update(page=page, site=theme, language=language, languages=content.languages, **page.values)
        try:
            html = environment.get_template(page.template).render(given)
        except Exception as error:
            place = _place_of(error)
            if not isinstance(error, jinja2.TemplateError | RecursionError) and not _arose_in_template(error):
                raise
            problems[problem("T002", place, why=_in_words(error))] = None
            continue
        if not desk.tongue.word("colon").isascii():
            html = _FULL_WIDTH.sub("", html)
        made[page.path] = _tidy(html).encode("utf-8")
        for key in desk.unknown:
            place = Location(f"content/{language.code}/words.yaml")
            problems[problem("C017", place, key=key, language=language.code)] = None
    return made, tuple(problems)


def render_cards(pages: Iterable[Page], theme: Theme) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """The share cards of the pages that have one, as SVG by path, with what is wrong in their template."""
    template = make_environment(theme).get_template("card.svg")
    made: dict[str, str] = {}
    problems: dict[Diagnostic, None] = {}
    for page in pages:
        if path := page.values["card"]:
            try:
                made[path] = _tidy(template.render(card=page.values["share_card"]))
            except jinja2.TemplateError as error:
                problems[problem("T002", _place_of(error), why=_in_words(error))] = None
    return made, tuple(problems)


def _arose_in_template(error: Exception) -> bool:
    """True when the last step was the template's own, or a function that it called with a wrong name."""
    trace, last = error.__traceback__, ""
    while trace:
        last = trace.tb_frame.f_code.co_filename
        trace = trace.tb_next
    return last.startswith("site/templates/") or isinstance(error, LookupError)


def render_assets(theme: Theme) -> dict[str, bytes]:
    """The stylesheet and the theme's other files, by path."""
    return {STYLESHEET: theme.styles.encode("utf-8"), **theme.assets}

"""Our own HTML is read strictly: what a browser might see otherwise than we do cannot be read at all."""

from __future__ import annotations

import pytest
from conftest import pages_of
from small_site import past_build

from builder.markup import UntidyError, read_pieces, tags_of, write_pieces


def test_every_page_of_ours_comes_out_as_it_went_in() -> None:
    files = past_build().files
    for path in (*pages_of(files), "index.html"):
        text = files[path].decode()
        assert write_pieces(read_pieces(text)) == text, path


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a < b", "a tag that is not written as ours are"),
        ("<!-- x -->", "a tag that is not written as ours are"),
        ("<![CDATA[x]]>", "a tag that is not written as ours are"),
        ("<?x?>", "a tag that is not written as ours are"),
        ("<p class='x'>a</p>", "a tag that is not written as ours are"),
        ("<p class=x>a</p>", "a tag that is not written as ours are"),
        ('<p class = "x">a</p>', "a tag that is not written as ours are"),
        ('<p title="<b>">a</p>', "a tag that is not written as ours are"),
        ('<p/onclick="x">a</p>', "a tag that is not written as ours are"),
        ('<p class="x"id="y">a</p>', "a tag that is not written as ours are"),
        ('<p class="x">a', "<p> that is never closed"),
        ("<b><i>a</b></i>", "</b> where nothing opened it"),
        ("a</p>", "</p> where nothing opened it"),
        ("<div/>", "<div/>"),
        ("<title/>", "<title/>"),
        ('<a href="x" HREF="y">a</a>', "an attribute twice"),
        ("x<!DOCTYPE html>", "a tag that is not written as ours are"),
        ("<p>a</p", "a tag that is not written as ours are"),
    ],
)
def test_what_is_not_tidy_is_not_read(text: str, why: str) -> None:
    with pytest.raises(UntidyError) as found:
        read_pieces(text)
    assert str(found.value) == why
    assert 0 <= found.value.offset < len(text)


@pytest.mark.parametrize(
    "text", ["<" * 50_000, "<a " * 50_000, "<a" + " a" * 100_000, "<a" + " " * 100_000 + "b", '<a b="' * 50_000]
)
def test_a_spoilt_text_is_refused_at_once(text: str) -> None:
    with pytest.raises(UntidyError):
        read_pieces(text)


def test_values_are_read_as_a_browser_reads_them() -> None:
    (tag, _) = tags_of(read_pieces('<a href="?a=1&amp;b=&#50;" download title="&quot;x&quot;">x</a>'))
    assert tag.attributes == {"href": "?a=1&b=2", "download": "", "title": '"x"'}


def test_a_tag_is_changed_only_where_it_must_be() -> None:
    (tag, _) = tags_of(read_pieces('<a class="b &#39;c&#39;" href="x" download>x</a>'))
    assert tag.without("href", "download").raw == '<a class="b &#39;c&#39;">'
    assert tag.with_values(lambda name, value: '"y"' if name == "href" else value).raw == (
        '<a class="b &#39;c&#39;" href="&quot;y&quot;" download>'
    )

"""What is remembered is what would be made again: by value where values are compared, by identity where nouns are."""

from __future__ import annotations

from dataclasses import dataclass

from builder.memo import remembered


@dataclass(frozen=True)
class Noun:
    word: str


def counted(most: int) -> tuple[list[object], object]:
    calls: list[object] = []

    @remembered(most=most)
    def make(*arguments: object) -> tuple[object, ...]:
        calls.append(arguments)
        return arguments

    return calls, make


def test_equal_bytes_are_the_same_and_equal_nouns_are_not() -> None:
    calls, make = counted(8)
    for raw in (b"ab", bytes([97, 98])):
        make(raw, ("x", 1))
    assert len(calls) == 1
    one, other = Noun("a"), Noun("a")
    assert make(one) is make(one)
    assert make(other) is not make(one)
    assert len(calls) == 3


def test_a_number_is_no_noun_of_that_identity() -> None:
    calls, make = counted(8)
    noun = Noun("a")
    make(noun)
    make(id(noun))
    assert len(calls) == 2


def test_a_noun_is_kept_alive_so_that_no_other_can_take_its_identity() -> None:
    calls, make = counted(1000)
    for i in range(500):
        make(Noun(str(i)))
    assert len(calls) == 500
    assert len({id(arguments[0]) for arguments in calls}) == 500


def test_only_the_last_ones_are_kept() -> None:
    calls, make = counted(2)
    for word in ("a", "b", "a", "c", "a", "b"):
        make(word)
    assert [word for (word,) in calls] == ["a", "b", "c", "b"]

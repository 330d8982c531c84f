"""Keeps what pure functions gave while the process lives: a second study of nearly the same sources costs what changed.

Nothing is ever invalidated: other arguments are another key. A build that begins afresh finds nothing here, and makes the same bytes.
"""

from __future__ import annotations

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_BY_VALUE = (str, bytes, int, frozenset, type(None))


def _key(argument: object) -> object:
    if isinstance(argument, tuple):
        return tuple(_key(part) for part in argument)
    return argument if isinstance(argument, _BY_VALUE) else (id(argument),)


def remembered(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keeps the last `most` results of a pure function that changes none of its arguments.

    Texts, bytes, numbers and tuples of them are the same when they are equal; of frozen nouns, and of mappings that nobody
    changes, only the very object is. It is kept alive here, so that no other can take its identity.
    """

    def remember(function: Callable[P, T]) -> Callable[P, T]:
        known: OrderedDict[object, tuple[object, T]] = OrderedDict()
        lock = threading.Lock()

        @functools.wraps(function)
        def recall(*arguments: P.args, **named: P.kwargs) -> T:
            assert not named, "a remembered function is called by position"
            key = _key(arguments)
            with lock:
                if key in known:
                    known.move_to_end(key)
                    return known[key][1]
            result = function(*arguments, **named)
            with lock:
                known[key] = arguments, result
                if len(known) > most:
                    known.popitem(last=False)
            return result

        return recall

    return remember

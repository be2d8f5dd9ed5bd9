"""Every error says what to do, and asks one of four things of whoever catches it."""

import inspect

from ai_pro_sports.core import errors
from ai_pro_sports.core.errors import AipsError, CallAHuman, RetryLater, SkipThis, YourMistake

ACTIONS = (RetryLater, SkipThis, CallAHuman, YourMistake)


def test_every_error_asks_exactly_one_thing() -> None:
    for name in errors.__all__:
        kind = getattr(errors, name)
        if kind not in (AipsError, *ACTIONS):
            assert sum(issubclass(kind, action) for action in ACTIONS) == 1, name


def test_every_error_is_exported_and_drawn_in_the_tree() -> None:
    kinds = {name for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, AipsError)}
    assert kinds == set(errors.__all__)
    assert all(name in (errors.__doc__ or "") for name in kinds)


def test_message_and_hint_read_as_two_sentences() -> None:
    assert str(YourMistake("no such league.", hint="use NFL")) == "no such league. use NFL"
    assert str(SkipThis("truncated")) == "truncated"
    assert RetryLater("busy", retry_after=3).retry_after == 3

"""Lazy exports: public names of a package that load their module when first used, so that imports stay fast."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["lazy_exports"]


def lazy_exports(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Return a `__getattr__` for `package` that finds each name in the submodule `homes` gives it.

    Raises AttributeError for any other name, as Python wants it.

    >>> find = lazy_exports("ai_pro_sports.core", {"Money": "money"})
    >>> find("Money").__name__
    'Money'
    """

    def find(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    return find

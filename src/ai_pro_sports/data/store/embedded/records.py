"""What is known about the server: its address, its status, and the file `postgres.json` that keeps both findable."""

from __future__ import annotations

import json
import logging
import os
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

__all__ = ["DATABASE", "HOST", "USER", "ServerAddress", "ServerRecord", "ServerStatus"]

HOST = "127.0.0.1"
USER = "aips"
DATABASE = "ai_pro_sports"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where the server listens and how to get in.

    >>> address = ServerAddress("127.0.0.1", 5432, "aips", "s3cret/", "ai_pro_sports")
    >>> address.url()
    'postgresql+asyncpg://aips:s3cret%2F@127.0.0.1:5432/ai_pro_sports'
    >>> address.url("postgresql", database="other")
    'postgresql://aips:s3cret%2F@127.0.0.1:5432/other'
    >>> "s3cret" in repr(address)
    False
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str

    def url(self, driver: str = "postgresql+asyncpg", *, database: str | None = None) -> str:
        """Return a connection URL, password included, for `driver`; `database` overrides the product's."""
        login = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        return f"{driver}://{login}@{self.host}:{self.port}/{quote(database or self.database, safe='')}"


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """What can be seen of the server without touching it.

    `version` is that of the binaries that last started it ("18.6"), `users` the process ids now attached, one per
    attachment; `pid`, and `port` too, are None when it is not running.
    """

    running: bool
    pid: int | None
    version: str | None
    data_dir: Path | None
    port: int | None
    users: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ServerRecord:
    """The content of `postgres.json`: mode 600, replaced atomically, follows its home when that is moved."""

    home: Path
    data_dir: Path
    binaries: Path
    version: str
    port: int
    password: str = field(repr=False)

    def address(self, port: int | None = None) -> ServerAddress:
        """Return the address of the product's database, on `port` when the running server says another."""
        return ServerAddress(HOST, port or self.port, USER, self.password, DATABASE)

    def save(self, path: Path) -> None:
        """Write the record to `path`; as root, the file belongs to whoever owns the folder."""
        content = {
            "home": str(self.home),
            "data_dir": str(self.data_dir),
            "binaries": str(self.binaries),
            "version": self.version,
            "host": HOST,
            "port": self.port,
            "user": USER,
            "password": self.password,
            "database": DATABASE,
        }
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            if os.geteuid() == 0:
                owner = path.parent.stat()
                os.fchown(descriptor, owner.st_uid, owner.st_gid)
            json.dump(content, file, indent=2)
            file.flush()
            os.fsync(descriptor)
        draft.replace(path)

    @classmethod
    def load(cls, path: Path, home: Path) -> ServerRecord | None:
        """Read the record of `home`; None when there is none or it is damaged.

        Where the home has been moved or copied, paths under the old home are read as paths under the new one.
        """
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            record = cls(
                home=Path(content["home"]),
                data_dir=Path(content["data_dir"]),
                binaries=Path(content["binaries"]),
                version=str(content["version"]),
                port=int(content["port"]),
                password=str(content["password"]),
            )
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            _log.warning("%s is damaged (%s) and will be written anew", path, type(error).__name__)
            return None
        if record.home != home and record.data_dir.is_relative_to(record.home):
            moved = home / record.data_dir.relative_to(record.home)
            record = replace(record, home=home, data_dir=moved)
        return record

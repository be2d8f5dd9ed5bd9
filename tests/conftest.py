"""What every test stands on: no way out of this machine, a scrubbed environment, real history where it is at hand."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Before anything imports numpy: workers share the cores, and BLAS threads of their own would only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

pytest_plugins = ["tests.fixtures.database"]

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

LOOPBACK = {"127.0.0.1", "::1", "localhost", "0.0.0.0", ""}


class WentOutside(RuntimeError):
    """A test tried to leave this machine."""


def _stay_inside(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and str(address[0]) not in LOOPBACK:
            raise WentOutside(f"a test tried to connect to {address[0]}")
    if event == "socket.getaddrinfo" and arguments[0] is not None:
        host = arguments[0].decode() if isinstance(arguments[0], bytes) else str(arguments[0])
        if host not in LOOPBACK and not host.endswith(".invalid"):
            raise WentOutside(f"a test tried to look up {host}")


sys.addaudithook(_stay_inside)

# Settings of the machine the tests run on must not change what they see.
TEST_DATA = os.environ.get("AIPS_TEST_DATA", "")
for variable in ("AIPS_HOME", "AIPS_MIRROR", "DATABASE_URL", "ENVIRONMENT", "LOG_LEVEL", "LAKE_ROOT", "MODEL_DIR"):
    os.environ.pop(variable, None)


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder with real history (`data/`) and recorded payloads (`payloads/`), or a skip that says how to get it."""
    if not TEST_DATA:
        pytest.skip("real history is not at hand: set AIPS_TEST_DATA to a folder with data/ and payloads/")
    folder = Path(TEST_DATA)
    if not (folder / "data").is_dir():
        pytest.skip(f"AIPS_TEST_DATA={folder} has no data/ folder")
    return folder

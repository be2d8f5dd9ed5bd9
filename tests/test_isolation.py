"""The fence around the tests is itself tested."""

import socket

import pytest

from tests.conftest import WentOutside


def test_a_connection_off_this_machine_is_refused() -> None:
    with socket.socket() as plug, pytest.raises(WentOutside, match=r"192\.0\.2\.1"):
        plug.connect(("192.0.2.1", 80))


def test_a_lookup_off_this_machine_is_refused() -> None:
    with pytest.raises(WentOutside, match=r"example\.org"):
        socket.getaddrinfo("example.org", 80)


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as plug:
        assert plug.getpeername() == server.getsockname()

"""Which fetcher a setting opens, and whether the publishers answer."""

import time
from pathlib import Path

import pytest

from ai_pro_sports.core.errors import InvalidValue
from ai_pro_sports.data.fetch import open_fetcher, public_hosts_answer
from ai_pro_sports.data.fetch.directory import MirrorDirectory
from ai_pro_sports.data.fetch.http import HttpFetcher
from tests.data.fetch.items import clock, item
from tests.data.fetch.server import Answer, serve


@pytest.mark.parametrize("mirror", [None, ""])
def test_without_a_mirror_the_public_hosts_are_asked(mirror: str | None) -> None:
    with open_fetcher(mirror, clock()) as fetcher:
        assert isinstance(fetcher, HttpFetcher)


def test_a_directory_opens_as_one_by_path_or_file_address(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"1")
    for mirror in (str(tmp_path), tmp_path.as_uri()):
        with open_fetcher(mirror, clock()) as fetcher:
            assert isinstance(fetcher, MirrorDirectory)
            assert fetcher.fetch(item("x.csv")) is not None


def test_an_address_opens_as_a_mirror_over_http() -> None:
    with (
        serve({"/data/x.csv": [Answer(body=b"1")]}) as served,
        open_fetcher(f"{served.url}/data", clock(), timeout=2, retries=0, backoff=0.0) as fetcher,
    ):
        assert fetcher.fetch(item("x.csv")) is not None


@pytest.mark.parametrize("mirror", ["/no/such/folder", "s3://bucket/data"])
def test_a_mirror_that_is_neither_is_refused(mirror: str) -> None:
    with pytest.raises(InvalidValue):
        open_fetcher(mirror, clock())


def test_one_host_that_answers_anything_is_enough() -> None:
    with serve({"/": [Answer(403)]}) as served:
        assert public_hosts_answer(2.0, hosts=["http://127.0.0.1:9/", f"{served.url}/"])


def test_hosts_that_refuse_or_do_not_exist_do_not_answer() -> None:
    assert not public_hosts_answer(2.0, hosts=["http://127.0.0.1:9/", "nonsense://x"])
    assert not public_hosts_answer(1.0, hosts=[])


def test_the_question_takes_no_longer_than_its_timeout() -> None:
    with serve({"/": [Answer(pause=1.0)]}) as served:
        began = time.perf_counter()
        assert not public_hosts_answer(0.1, hosts=[f"{served.url}/"])
        assert time.perf_counter() - began < 0.8

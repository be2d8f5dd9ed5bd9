"""HTTP over loopback: what is there, what is not, what may pass, and what a host asks for."""

import gzip
from datetime import timedelta
from email.utils import format_datetime

import pytest

from ai_pro_sports.core.errors import InvalidValue, PayloadRejected, SourceUnavailable
from ai_pro_sports.data.fetch import http
from ai_pro_sports.data.fetch.http import USER_AGENT, HttpFetcher, shown
from tests.data.fetch.items import NOW, clock, item
from tests.data.fetch.server import Answer, serve

PATH = "/soccer/E0_2425.csv.gz"
PLAIN = "/soccer/E0_2425.csv"
BODY = gzip.compress(b"Div,Date\nE0,16/08/24\n" * 400, mtime=0)


def mirror(url: str, **options: float) -> HttpFetcher:
    settings = {"timeout": 2.0, "retries": 2, "backoff": 0.001, **options}
    return HttpFetcher(url, clock(), **settings)  # type: ignore[arg-type]


def test_a_mirror_url_gives_the_bytes_as_they_lie_there() -> None:
    with serve({PATH: [Answer(body=BODY)]}) as served, mirror(served.url + "/") as fetcher:
        payload = fetcher.fetch(item())
    assert payload is not None
    assert (payload.body, payload.fetched_at, payload.origin) == (BODY, NOW, served.url + PATH)


def test_the_client_says_who_it_is_and_asks_for_plain_bytes() -> None:
    with serve({PATH: [Answer(body=BODY)]}) as served, mirror(served.url) as fetcher:
        fetcher.fetch(item())
    [(_, headers)] = served.requests
    assert headers["User-Agent"] == USER_AGENT
    assert "ai-pro-sports/" in USER_AGENT
    assert headers["Accept-Encoding"] == "identity"


def test_the_plain_file_is_taken_where_the_packed_one_is_missing() -> None:
    with serve({PLAIN: [Answer(body=b"Div\n")]}) as served, mirror(served.url) as fetcher:
        payload = fetcher.fetch(item())
    assert payload is not None
    assert payload.body == b"Div\n"
    assert served.paths() == [PATH, PLAIN]


def test_a_mirror_below_a_path_with_a_space_is_reached() -> None:
    spaced = "/my%20mirror/a%20b/x.csv"
    with serve({spaced: [Answer(body=b"1")]}) as served, mirror(served.url + "/my%20mirror") as fetcher:
        assert fetcher.fetch(item("a b/x.csv")) is not None


@pytest.mark.parametrize("status", [404, 410, 300])
def test_what_is_not_published_is_none_and_is_asked_for_once(status: int) -> None:
    script = {PATH: [Answer(status, b"<!DOCTYPE html>")], PLAIN: [Answer(status, b"<!DOCTYPE html>")]}
    with serve(script) as served, mirror(served.url) as fetcher:
        assert fetcher.fetch(item()) is None
    assert served.paths() == [PATH, PLAIN]


def test_the_public_host_is_asked_for_the_items_own_address_only() -> None:
    with serve({"/mmz4281/2425/E0.csv": [Answer(body=b"Div\n")]}) as served:
        url = f"{served.url}/mmz4281/2425/E0.csv"
        with HttpFetcher(None, clock(), timeout=2, retries=0) as fetcher:
            payload = fetcher.fetch(item(url=url))
            assert fetcher.fetch(item(url=f"{served.url}/mmz4281/2526/E0.csv")) is None
    assert payload is not None
    assert payload.origin == url


@pytest.mark.parametrize(
    "first",
    [Answer(500), Answer(502), Answer(503), Answer(429), Answer(body=BODY[:50], promise=len(BODY)), Answer(reset=True)],
    ids=["500", "502", "503", "429", "truncated body", "connection reset"],
)
def test_a_failure_that_passes_is_tried_again(first: Answer) -> None:
    with serve({PATH: [first, Answer(body=BODY)]}) as served, mirror(served.url) as fetcher:
        payload = fetcher.fetch(item())
    assert payload is not None
    assert payload.body == BODY
    assert served.paths() == [PATH, PATH]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(500), "answered 500 Internal Server Error"),
        (Answer(429), "answered 429 Too Many Requests"),
        (Answer(body=BODY[:50], promise=len(BODY)), "did not answer"),
    ],
)
def test_a_failure_that_stays_is_unavailable_after_the_retries(answer: Answer, said: str) -> None:
    with (
        serve({PATH: [answer]}) as served,
        mirror(served.url) as fetcher,
        pytest.raises(SourceUnavailable, match=said) as raised,
    ):
        fetcher.fetch(item())
    assert served.paths() == [PATH] * 3
    assert raised.value.hint


@pytest.mark.parametrize("status", [401, 403, 451])
def test_a_refusal_is_unavailable_at_once(status: int) -> None:
    with (
        serve({PATH: [Answer(status)]}) as served,
        mirror(served.url) as fetcher,
        pytest.raises(SourceUnavailable, match=rf"{status}.*set AIPS_MIRROR"),
    ):
        fetcher.fetch(item())
    assert served.paths() == [PATH]


def test_a_short_retry_after_is_obeyed() -> None:
    script = {PATH: [Answer(429, headers={"Retry-After": "0"}), Answer(body=BODY)]}
    with serve(script) as served, mirror(served.url, backoff=60.0) as fetcher:
        assert fetcher.fetch(item()) is not None
    assert served.paths() == [PATH, PATH]


@pytest.mark.parametrize("said", ["3600", format_datetime(NOW + timedelta(hours=1), usegmt=True)])
def test_a_long_retry_after_is_handed_to_the_caller_instead_of_waited_for(said: str) -> None:
    with (
        serve({PATH: [Answer(429, headers={"Retry-After": said})]}) as served,
        mirror(served.url) as fetcher,
        pytest.raises(SourceUnavailable) as raised,
    ):
        fetcher.fetch(item())
    assert raised.value.retry_after == 3600
    assert served.paths() == [PATH]


@pytest.mark.parametrize("said", ["soon", "", "-5"])
def test_a_retry_after_nobody_can_read_is_no_retry_after(said: str) -> None:
    with (
        serve({PATH: [Answer(503, headers={"Retry-After": said})]}) as served,
        mirror(served.url, retries=0) as fetcher,
        pytest.raises(SourceUnavailable) as raised,
    ):
        fetcher.fetch(item())
    assert raised.value.retry_after is None


def test_a_host_that_does_not_answer_in_time_is_unavailable() -> None:
    with (
        serve({PATH: [Answer(pause=0.5)]}) as served,
        mirror(served.url, timeout=0.05, retries=0) as fetcher,
        pytest.raises(SourceUnavailable, match=r"did not answer \(ReadTimeout\).*AIPS_MIRROR"),
    ):
        fetcher.fetch(item())


def test_nobody_listening_is_unavailable() -> None:
    with serve({}) as served:
        gone = served.url
    with mirror(gone, retries=0) as fetcher, pytest.raises(SourceUnavailable, match="ConnectError"):
        fetcher.fetch(item())


def test_a_body_that_drips_for_too_long_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "SLOW_BODY", 0)
    with (
        serve({PATH: [Answer(body=BODY)]}) as served,
        mirror(served.url, retries=0) as fetcher,
        pytest.raises(SourceUnavailable, match="drips"),
    ):
        fetcher.fetch(item())


def test_a_body_beyond_the_size_limit_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MAX_BODY_BYTES", 100)
    with (
        serve({PATH: [Answer(body=b"x" * 101)], PLAIN: [Answer(body=b"x" * 100)]}) as served,
        mirror(served.url) as fetcher,
    ):
        with pytest.raises(PayloadRejected, match="larger than 100 bytes"):
            fetcher.fetch(item())
        assert fetcher.fetch(item("soccer/E0_2425.csv")) is not None


def test_a_redirect_to_a_cdn_is_followed_and_a_loop_is_not() -> None:
    script = {
        PATH: [Answer(302, headers={"Location": "/cdn/E0.csv"})],
        "/cdn/E0.csv": [Answer(body=BODY)],
        "/loop.csv": [Answer(302, headers={"Location": "/loop.csv"})],
    }
    with serve(script) as served, mirror(served.url) as fetcher:
        payload = fetcher.fetch(item())
        assert payload is not None
        assert payload.body == BODY
        with pytest.raises(SourceUnavailable, match="cannot be fetched"):
            fetcher.fetch(item("loop.csv"))


@pytest.mark.parametrize("base", ["ftp://host/x", "http://", "https:///x"])
def test_a_base_that_is_no_web_address_is_refused(base: str) -> None:
    with pytest.raises(InvalidValue, match="no http"):
        HttpFetcher(base, clock())


def test_passwords_and_keys_of_an_address_are_never_shown() -> None:
    with serve({PATH: [Answer(503)]}) as served:
        secret = served.url.replace("http://", "http://me:hunter2@")
        with mirror(secret, retries=0) as fetcher, pytest.raises(SourceUnavailable) as raised:
            fetcher.fetch(item())
    assert "hunter2" not in str(raised.value)
    assert shown("https://h.invalid/a?apiKey=hunter2#x") == "https://h.invalid/a"


def test_a_path_that_climbs_out_is_refused_before_anything_is_asked() -> None:
    with serve({}) as served, mirror(served.url) as fetcher, pytest.raises(InvalidValue, match="leaves the mirror"):
        fetcher.fetch(item("../x.csv"))
    assert served.requests == []

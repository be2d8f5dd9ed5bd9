"""The raw zone: verbatim, once, whole or not at all, and mended when damaged."""

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_pro_sports.core.errors import ArtefactDamaged, InvalidValue, UnknownName
from ai_pro_sports.data.fetch.payload import Payload
from ai_pro_sports.data.lake import RawZone
from tests.data.fetch.items import NOW, item


def payload(body: bytes) -> Payload:
    return Payload.of(item(), body, fetched_at=NOW, origin="test")


def test_bytes_lie_under_their_checksum(tmp_path: Path) -> None:
    kept = payload(b"Div,Date\r\n\x00\xff")
    path = RawZone(tmp_path).keep(kept)
    assert path == tmp_path / "raw" / "sha256" / kept.sha256[:2] / kept.sha256
    assert path.read_bytes() == kept.body


@given(st.binary(max_size=200))
def test_what_is_kept_comes_back_verbatim(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    zone = RawZone(tmp_path_factory.getbasetemp() / "lake")
    kept = payload(body)
    zone.keep(kept)
    assert zone.read(kept.sha256) == body


def test_keeping_twice_changes_nothing(tmp_path: Path) -> None:
    zone = RawZone(tmp_path)
    first = zone.keep(payload(b"x"))
    before = first.stat()
    assert zone.keep(payload(b"x")) == first
    assert first.stat().st_mtime_ns == before.st_mtime_ns
    assert first.stat().st_ino == before.st_ino


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        RawZone(tmp_path).keep(payload(b"x"))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_damage_is_noticed_and_keeping_again_mends_it(tmp_path: Path) -> None:
    zone = RawZone(tmp_path)
    kept = payload(b"good bytes")
    zone.keep(kept).write_bytes(b"bad bytes")
    with pytest.raises(ArtefactDamaged, match=r"no longer matches its checksum.*fetch it again"):
        zone.read(kept.sha256)
    zone.keep(kept)
    assert zone.read(kept.sha256) == b"good bytes"


def test_a_payload_that_does_not_match_its_checksum_is_not_kept(tmp_path: Path) -> None:
    wrong = Payload(item(), b"other", payload(b"x").sha256, NOW, "test")
    with pytest.raises(ArtefactDamaged, match="does not match its checksum"):
        RawZone(tmp_path).keep(wrong)
    assert not list(tmp_path.rglob("*"))


def test_bytes_never_kept_are_unknown(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="no raw payload"):
        RawZone(tmp_path).read("0" * 64)


@pytest.mark.parametrize("sha256", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_what_is_no_checksum_is_refused(tmp_path: Path, sha256: str) -> None:
    with pytest.raises(InvalidValue, match="not a SHA-256"):
        RawZone(tmp_path).read(sha256)


def test_many_writers_of_the_same_bytes_leave_one_whole_file(tmp_path: Path) -> None:
    kept = payload(b"y" * 100_000)
    writers = [threading.Thread(target=RawZone(tmp_path).keep, args=(kept,)) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    [file] = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert file.read_bytes() == kept.body

"""A mirror in a directory: found, found in the other form, absent, unreadable, too large."""

import gzip
import os
from pathlib import Path

import pytest

from ai_pro_sports.core.errors import InvalidValue, PayloadRejected, SourceUnavailable
from ai_pro_sports.data.fetch import directory
from ai_pro_sports.data.fetch.directory import MirrorDirectory
from tests.data.fetch.items import NOW, clock, item


def test_bytes_come_back_verbatim_with_time_and_origin(tmp_path: Path) -> None:
    body = gzip.compress(b"Div,Date\n", mtime=0)
    file = tmp_path / "my mirror" / "soccer" / "E0_2425.csv.gz"
    file.parent.mkdir(parents=True)
    file.write_bytes(body)
    with MirrorDirectory(tmp_path / "my mirror", clock()) as mirror:
        payload = mirror.fetch(item())
    assert payload is not None
    assert (payload.body, payload.fetched_at, payload.item) == (body, NOW, item())
    assert payload.origin == file.as_uri()


@pytest.mark.parametrize(("asked", "there"), [("a/x.csv.gz", "a/x.csv"), ("a/x.csv", "a/x.csv.gz")])
def test_the_other_form_of_a_file_is_taken_where_the_asked_one_is_missing(
    tmp_path: Path, asked: str, there: str
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / there).write_bytes(b"1")
    payload = MirrorDirectory(tmp_path, clock()).fetch(item(asked))
    assert payload is not None
    assert payload.origin.endswith(there)


def test_a_missing_file_or_folder_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    mirror = MirrorDirectory(tmp_path, clock())
    assert mirror.fetch(item("nowhere/x.csv")) is None
    assert mirror.fetch(item("file/x.csv")) is None


def test_a_file_that_cannot_be_read_is_unavailable_and_not_absent(tmp_path: Path) -> None:
    (tmp_path / "x.csv").mkdir()
    with pytest.raises(SourceUnavailable, match=r"x\.csv cannot be read.*right to read"):
        MirrorDirectory(tmp_path, clock()).fetch(item("x.csv"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_unavailable(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b"1")
    file.chmod(0)
    with pytest.raises(SourceUnavailable, match="Permission denied"):
        MirrorDirectory(tmp_path, clock()).fetch(item("x.csv"))


def test_a_file_beyond_the_size_limit_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "MAX_BODY_BYTES", 10)
    (tmp_path / "x.csv").write_bytes(b"1" * 11)
    (tmp_path / "y.csv").write_bytes(b"1" * 10)
    mirror = MirrorDirectory(tmp_path, clock())
    with pytest.raises(PayloadRejected, match="larger than 10 bytes"):
        mirror.fetch(item("x.csv"))
    assert mirror.fetch(item("y.csv")) is not None


def test_a_mirror_that_is_no_directory_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=r"not a directory.*AIPS_MIRROR"):
        MirrorDirectory(tmp_path / "nothing", clock())


def test_a_path_that_climbs_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_bytes(b"1")
    (tmp_path / "mirror").mkdir()
    with pytest.raises(InvalidValue, match="leaves the mirror"):
        MirrorDirectory(tmp_path / "mirror", clock()).fetch(item("../secret.csv"))

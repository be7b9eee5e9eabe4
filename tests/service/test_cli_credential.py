"""Credential files: whole or absent, and for their owner's eyes only."""

import os
import stat
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import SecretStr

from cli.credential import Credential, CredentialRefused

MADE = Credential(
    url="http://127.0.0.1:8071", account_id=UUID(int=7), secret=SecretStr("a secret of many letters"), name="Trạm 1"
)


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    MADE.save(tmp_path / "new folder" / "station.json")
    assert Credential.load(tmp_path / "new folder" / "station.json") == MADE


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_a_credential_file_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        MADE.save(tmp_path / "station.json")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "station.json").stat().st_mode) == 0o600


def test_a_file_that_is_there_is_only_overwritten_when_told_and_is_closed_then(tmp_path: Path) -> None:
    path = tmp_path / "station.json"
    path.write_text("precious")
    path.chmod(0o644)
    with pytest.raises(CredentialRefused, match=r"station\.json"):
        MADE.save(path)
    assert path.read_text() == "precious"
    MADE.save(path, overwrite=True)
    assert Credential.load(path) == MADE
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CredentialRefused):
        MADE.save(tmp_path / "file" / "station.json")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_file_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "station.json"
    MADE.save(path)
    path.chmod(mode)
    with pytest.raises(CredentialRefused, match="chmod 600"):
        Credential.load(path)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"url": "x", "account_id": "x", "secret": "hush hush"}'])
def test_a_file_that_is_no_credential_is_refused_without_being_quoted(tmp_path: Path, content: str) -> None:
    path = tmp_path / "station.json"
    path.touch(0o600)
    path.write_text(content)
    with pytest.raises(CredentialRefused) as refused:
        Credential.load(path)
    assert "hush" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(CredentialRefused, match=r"station\.json"):
        Credential.load(tmp_path / "station.json")


def test_a_printed_credential_shows_no_secret() -> None:
    assert "many letters" not in f"{MADE} {MADE!r}"

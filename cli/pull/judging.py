"""What a fetched package is: its digest as the manifest tells it, and what is wrong with it as a receipt says it."""

from collections.abc import Sequence
from hashlib import file_digest
from pathlib import Path

from cli.pull.fetching import TAR
from shared.eark.fault import Fault
from shared.eark.same_zip import zip_digest_of
from shared.eark.verify import verify_package

MOST_REASONS, LONGEST_NOTE = 500, 400  # a receipt with all of them, and once more in its signature, is taken
REASONS = {  # what our check finds, as the reasons of a receipt
    "sha256_wrong": "file_damaged",
    "size_wrong": "file_damaged",
    "unreadable": "file_damaged",
    "file_missing": "file_missing",
    "mets_missing": "file_missing",
    "dossier_missing": "file_missing",
    "file_unlisted": "file_unlisted",
    "folder_unlisted": "file_unlisted",
}


def partial_of(place: Path) -> Path:
    """Name a package that is on its way; a ZIP's and a TAR's bytes are never mixed."""
    return place.with_suffix(".tar.part" if place.suffix == f".{TAR}" else ".part")


def digest_of(path: Path, suffix: str = "") -> str:
    """Give the digest that the manifest tells of a package: its ZIP's, or of the ZIP that its TAR's files make; blocks.

    Of a TAR that handover never served it is the digest of the TAR itself, which the manifest cannot tell.
    """
    is_tar = (suffix or path.suffix) == f".{TAR}"
    return (zip_digest_of(path) if is_tar else "") or sha256_of(path)


def sha256_of(path: Path) -> str:
    """Give the digest of a file; blocks."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def faults_of(path: Path) -> list[dict[str, str]]:
    """Give everything that is wrong with a package whose bytes are those announced, as reasons; blocks."""
    return reasons_of(verify_package(path))


def reasons_of(faults: Sequence[Fault]) -> list[dict[str, str]]:
    """Give faults as the reasons of a receipt."""
    return [
        reason(REASONS.get(fault.code, "not_valid"), f"{fault.code}: {fault.path} {fault.detail}".strip())
        for fault in faults
    ]


def reason(code: str, note: str) -> dict[str, str]:
    """Give a reason as a receipt names it."""
    return {"code": code, "note": note[:LONGEST_NOTE]}


def words_for(given: dict[str, str]) -> str:
    """Say a reason to whoever sits at the terminal."""
    return f"{given['code']}: {given['note']}"

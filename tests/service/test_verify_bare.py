"""A delivery's folder without its manifest is at fault; where proof is asked for, packages under none are told of."""

from pathlib import Path

import pytest

from shared.delivery.manifest import FILE, SIGNATURE
from tests.sample_package import sip_files
from tests.service.packages_on_disk import in_folder, in_zip
from tests.service.test_handover_receipts import PRIVATE
from tests.service.test_verify_command import run_cli
from tests.service.test_verify_deep import delivery_in
from tests.signers import Authority, authority
from tests.verifying import verified

WORDS = "The delivery's manifest is missing: nothing proves the packages here"
UNHELD = "packages are held against no delivery's manifest"


@pytest.fixture
def root(tmp_path: Path) -> Authority:
    (tmp_path / "ca").mkdir()
    return authority(tmp_path / "ca")


@pytest.fixture
def proof(root: Authority, tmp_path: Path) -> dict[str, list[str]]:
    """Give the ways to ask for proof, and the one that asks for none."""
    key = tmp_path / "key.pem"
    key.write_text(PRIVATE)
    receipts = ["--receipts", str(tmp_path / "answers.jsonl"), "--receipt-key", str(key)]
    trusting = ["--signer-ca", str(root.pem)]
    return {"none": [], "signer": trusting, "receipts": receipts, "both": [*trusting, *receipts]}


def bare(folder: Path, mark: str) -> Path:
    """Lay a delivery whose manifest is gone, and only one thing more beside its packages tells that it was one."""
    delivery_in(folder)
    (folder / FILE).unlink()
    (folder / mark).parent.mkdir(exist_ok=True)
    (folder / mark).write_bytes(b"")
    return folder


MARKS = [SIGNATURE, "medium.json", "left-out.jsonl", "receipts.jsonl", "inventory.sha256", "papers/minutes.docx"]


@pytest.mark.parametrize("way", ["none", "signer", "receipts", "both"])
@pytest.mark.parametrize("mark", MARKS)
def test_a_delivery_whose_manifest_is_gone_is_at_fault(
    tmp_path: Path, proof: dict[str, list[str]], mark: str, way: str
) -> None:
    folder = bare(tmp_path / "received" / "P01-001", mark)
    for asked in (folder, folder.parent):
        code, said = run_cli(asked, *proof[way], locale="en_GB.UTF-8")
        assert (code, f"{folder}/{FILE}: manifest_missing: {WORDS}" in said) == (1, True)
        assert any("no receipts: manifest_missing" in line for line in said) == (way in ("receipts", "both"))
    code, said_alone = verified(folder, *(["--ca", proof["signer"][1]] if way in ("signer", "both") else []))
    assert (code, f"{folder}/{FILE}: manifest_missing" in said_alone) == (1, True)


@pytest.mark.parametrize("kind", ["link", "folder"])
def test_a_manifest_that_is_no_plain_file_is_none(tmp_path: Path, kind: str) -> None:
    folder = delivery_in(tmp_path / "P01-001")
    if kind == "link":
        (folder / FILE).rename(tmp_path / "elsewhere")
        (folder / FILE).symlink_to(tmp_path / "elsewhere")
    else:
        (folder / FILE).unlink()
        (folder / FILE).mkdir()
    code, said = run_cli(folder)
    assert (code, any("manifest_missing" in line for line in said)) == (1, True)
    code, alone = verified(folder)
    assert (code, "manifest_missing" in alone) == (1, True)


def test_what_lies_in_other_folders_too_makes_none_a_delivery(tmp_path: Path) -> None:
    """As an offline set has its inventory, and a receiver's folder the answers that are carried."""
    (tmp_path / "objects").mkdir()
    in_zip(tmp_path / "objects", sip_files())
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "minutes.docx").write_bytes(b"")
    for name in ("inventory.sha256", "receipts.jsonl"):
        (tmp_path / name).write_bytes(b"")
    assert run_cli(tmp_path) == (0, [f"{tmp_path / 'objects' / 'package.zip'}: OK"])
    package = in_folder(tmp_path, sip_files())
    (package / "medium.json").write_bytes(b"")
    assert not any("manifest_missing" in line for line in run_cli(package)[1])
    assert "manifest_missing" not in verified(package)[1]


@pytest.mark.parametrize("way", ["signer", "receipts"])
def test_packages_under_no_manifest_are_no_proof_where_proof_was_asked_for(
    tmp_path: Path, proof: dict[str, list[str]], way: str
) -> None:
    (tmp_path / "loose").mkdir()
    package = in_zip(tmp_path / "loose", sip_files())
    for asked in (package, tmp_path / "loose"):
        assert run_cli(asked, locale="en_GB.UTF-8") == (0, [f"{package}: OK"])
        code, said = run_cli(asked, *proof[way], locale="en_GB.UTF-8")
        assert code == 1
        assert [line for line in said if UNHELD in line] == [
            f"{asked}: 1 {UNHELD}, so nobody's signature says anything of them"
        ]
    assert verified(package)[0] == 0
    code, alone = verified(package, "--ca", proof["signer"][1])
    assert (code, "signature NOT checked: held against no delivery's manifest" in alone) == (1, True)


def test_packages_beside_a_delivery_are_told_of_but_no_fault(tmp_path: Path, proof: dict[str, list[str]]) -> None:
    folder = delivery_in(tmp_path / "received" / "P01-001")
    in_zip(tmp_path / "received", sip_files())
    unpacked = in_folder(tmp_path / "apart", sip_files())
    code, said = run_cli(tmp_path / "received", *proof["receipts"], locale="en_GB.UTF-8")
    assert (code, [line for line in said if UNHELD in line]) == (
        1,
        [f"{tmp_path / 'received'}: 1 {UNHELD}, so nobody's signature says anything of them"],
    ), "for the package that is missing"
    code, said = run_cli(folder, *proof["receipts"], locale="en_GB.UTF-8")
    assert not any(UNHELD in line for line in said)
    code, said = run_cli(unpacked, *proof["signer"], locale="en_GB.UTF-8")
    assert (code, any(UNHELD in line for line in said)) == (0, True)

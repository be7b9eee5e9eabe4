"""Deliveries are held against their manifests and signatures however deep they lie, and packages are no deliveries."""

from hashlib import sha256
from pathlib import Path

import pytest

from cli.verify import deliveries_in
from shared.delivery.manifest import FILE, lines
from tests.domain.test_delivery_manifest import entry, head
from tests.sample_package import sip_files
from tests.service.packages_on_disk import in_folder, in_zip
from tests.service.test_verify_command import run_cli
from tests.signers import authority


def delivery_in(folder: Path) -> Path:
    """Lay a delivery of two packages, the second of which is missing; gives its folder."""
    folder.mkdir(parents=True)
    packed = in_zip(folder, sip_files())
    body = packed.read_bytes()
    there = entry(1).model_copy(update={"size": len(body), "sha256": sha256(body).hexdigest()})
    packed.rename(folder / there.file)
    entries = [there, entry(2)]
    (folder / FILE).write_bytes(b"".join(lines(head(entries), entries)))
    return folder


@pytest.mark.parametrize("way", ["P01-001", "2026/P01-001", "a/b/c/d/P01-001"])
def test_what_is_wrong_with_a_delivery_is_told_at_any_depth(tmp_path: Path, way: str) -> None:
    root = authority(tmp_path)
    folder = delivery_in(tmp_path / "received" / way)
    asked = (tmp_path / "received", "--signer-ca", str(root.pem))
    code, said = run_cli(*asked)
    assert code == 1
    for fault in ("signature_missing", "package_missing"):
        assert any(line.startswith(f"{folder}/") and f": {fault}: " in line for line in said), said
    assert f"{folder / entry(1).file}: OK" in said
    (folder / FILE).write_bytes((folder / FILE).read_bytes()[:-1])
    code, said = run_cli(*asked)
    assert (code, any(f"{folder}/{FILE}: manifest_refused" in line for line in said)) == (1, True)


def test_a_package_is_no_delivery_whatever_is_called_manifest_in_it(tmp_path: Path) -> None:
    within = delivery_in(tmp_path / "received" / "P01-001")
    package = in_folder(within, sip_files())
    for place in (package, package / "representations", package / "representations" / "rep1" / "data"):
        (place / FILE).write_bytes(b"{}\n")
    (package / "metadata" / FILE).mkdir()
    assert (deliveries_in(tmp_path), deliveries_in(package)) == ([within], [])
    code, said = run_cli(package)
    assert (code, {line.split(": ")[1] for line in said}) == (1, {"file_unlisted", "folder_unlisted"})


def test_links_to_deliveries_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "received").mkdir()
    (tmp_path / "received" / "link").symlink_to(delivery_in(tmp_path / "elsewhere"))
    assert deliveries_in(tmp_path / "received") == []

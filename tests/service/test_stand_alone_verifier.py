"""The verifier that stands alone: any CSIP package of METS 1.12, no trust in what it is given, and nothing of ours."""

import ast
import hashlib
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sample_package import AIP, MASTERS, SIP, aip_files, masters_files, sip_files, write_folder, zip_bytes
from tests.verifying import VERIFIER, verified

Bend = Callable[[dict[str, bytes]], None]


def file_element(path: str, body: bytes, algorithm: str) -> str:
    digest = hashlib.new(algorithm.replace("-", "").lower(), body).hexdigest().upper()
    facts = f'SIZE="{len(body)}" CHECKSUM="{digest}" CHECKSUMTYPE="{algorithm}" MIMETYPE="application/octet-stream"'
    return f'<file ID="x" {facts}><FLocat xlink:type="simple" LOCTYPE="URL" xlink:href="{path}"/></file>'


def reference(path: str, body: bytes, algorithm: str) -> str:
    digest = hashlib.new(algorithm.replace("-", "").lower(), body).hexdigest().upper()
    facts = f'SIZE="{len(body)}" CHECKSUM="{digest}" CHECKSUMTYPE="{algorithm}" MIMETYPE="text/xml"'
    return f'<dmdSec ID="d"><mdRef LOCTYPE="URL" MDTYPE="DC" xlink:type="simple" xlink:href="{path}" {facts}/></dmdSec>'


def mets(head: list[str], files: list[str], pointers: list[str]) -> bytes:
    points = "".join(f'<mptr LOCTYPE="URL" xlink:type="simple" xlink:href="{path}"/>' for path in pointers)
    named = 'xmlns="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink"'
    groups = f"<fileSec><fileGrp>{''.join(files)}</fileGrp></fileSec>" if files else ""
    other = '<mptr LOCTYPE="URN" xlink:href="urn:uuid:another-package"/>'
    body = f"{''.join(head)}{groups}<structMap><div>{points}{other}</div></structMap>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<mets {named} OBJID="uuid-1">{body}</mets>'.encode()


def foreign(algorithm: str = "SHA-256") -> dict[str, bytes]:
    """Make a package as others make them: upper-case digests, other folders, escaped names, metadata by mdRef only."""
    page, ead, rep_ead = b"%PDF-1.7 " + b"x" * 5000, b"<simpledc/>", b"<simpledc>1</simpledc>"
    schema, name = b"<schema/>", "representations/rep1/data/H49.1954.160.0000001 b\u1ea3n 1.pdf"
    representation = mets(
        [reference("metadata/descriptive/EAD_doc_0000001.xml", rep_ead, algorithm)],
        [file_element("./data/H49.1954.160.0000001%20b%E1%BA%A3n%201.pdf", page, algorithm)],
        [],
    )
    root = mets(
        [reference("metadata/descriptive/EAD.xml", ead, algorithm)] * 2,
        [
            file_element("schemas/mets1_12.xsd", schema, algorithm),
            file_element("representations/rep1/METS.xml", representation, algorithm),
        ],
        ["representations/rep1/METS.xml"],
    )
    return {
        "METS.xml": root,
        "metadata/descriptive/EAD.xml": ead,
        "schemas/mets1_12.xsd": schema,
        "representations/rep1/METS.xml": representation,
        "representations/rep1/metadata/descriptive/EAD_doc_0000001.xml": rep_ead,
        name: page,
    }


def zipped(place: Path, files: dict[str, bytes], top: str = "uuid-1/", how: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(place, "w", how) as made:
        for path, body in files.items():
            made.writestr(top + path, body)
    return place


def test_it_needs_nothing_but_python_itself() -> None:
    imported = set()
    for node in ast.walk(ast.parse(VERIFIER.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(str(node.module).partition(".")[0])
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("algorithm", ["SHA-256", "SHA-384", "SHA-512"])
def test_it_knows_packages_that_others_make(tmp_path: Path, algorithm: str) -> None:
    files = foreign(algorithm)
    assert verified(write_folder(files, tmp_path / "p")) == (0, f"{tmp_path}/p: OK\n")
    for how in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        place = zipped(tmp_path / "p.zip", files, how=how)
        assert verified(place) == (0, f"{place}: OK\n")


async def test_it_knows_ours(tmp_path: Path) -> None:
    for objid, files in ((SIP, sip_files()), (MASTERS, masters_files()), (AIP, aip_files())):
        folder = write_folder(files, tmp_path / objid.replace(":", "_"))
        (tmp_path / "x.zip").write_bytes(await zip_bytes(objid, files))
        assert verified(folder, tmp_path / "x.zip")[0] == 0


def test_whatever_is_changed_in_a_package_is_told(tmp_path: Path) -> None:
    right = foreign()
    for number, path in enumerate(right):
        for what in ("flipped", "shorter", "gone", "renamed"):
            files = dict(right)
            body = files.pop(path)
            if what != "gone":
                bent = {"flipped": bytes([body[0] ^ 1]) + body[1:], "shorter": body[:-1], "renamed": body}[what]
                files[f"{path}.old" if what == "renamed" else path] = bent
            code, said = verified(write_folder(files, tmp_path / f"{number}-{what}"))
            assert (code, "OK" in said) == (1, False), (path, what, said)


def swap(old: bytes, new: bytes, path: str = "METS.xml") -> Bend:
    def bend(files: dict[str, bytes]) -> None:
        assert old in files[path]
        files[path] = files[path].replace(old, new)

    return bend


BOMB = b"""<!DOCTYPE mets [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n<mets"""
HOSTILE: dict[str, tuple[Bend, str]] = {
    "entity bomb": (swap(b"<mets", BOMB), "mets_unreadable"),
    "external entity": (swap(b"<mets", b'<!DOCTYPE m SYSTEM "file:///etc/passwd">\n<mets'), "mets_unreadable"),
    "climbs": (swap(b"schemas/mets1_12.xsd", b"../../etc/passwd"), "reference_leads_out"),
    "climbs in disguise": (swap(b"schemas/mets1_12.xsd", b"schemas/%2e%2e/%2e%2e/x"), "reference_leads_out"),
    "absolute": (swap(b"schemas/mets1_12.xsd", b"/etc/passwd"), "reference_leads_out"),
    "another scheme": (swap(b"schemas/mets1_12.xsd", b"file:///etc/passwd"), "reference_leads_out"),
    "no digest": (swap(b'CHECKSUMTYPE="SHA-256"', b'CHECKSUMTYPE="MD5"'), "unproven"),
    "no METS at all": (lambda files: files.update({"METS.xml": b"<html/>"}), "mets_unreadable"),
    "not XML": (lambda files: files.update({"METS.xml": b"\xff\xfe\0"}), "mets_unreadable"),
    "deep": (lambda files: files.update({"METS.xml": b"<a>" * 100_000}), "mets_unreadable"),
    "something extra": (lambda files: files.update({"schemas/extra.xsd": b"x"}), "file_unlisted"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_packages_are_refused_with_a_code(tmp_path: Path, what: str) -> None:
    files = foreign()
    bend, expected = HOSTILE[what]
    bend(files)
    for place in (write_folder(files, tmp_path / "p"), zipped(tmp_path / "p.zip", files)):
        code, said = verified(place)
        assert (code, expected in said) == (1, True), said


def test_a_pointer_that_nothing_proves_and_a_loop_of_pointers_are_told(tmp_path: Path) -> None:
    loop = mets([], [], ["METS.xml", "other/METS.xml"])
    code, said = verified(write_folder({"METS.xml": loop, "other/METS.xml": loop}, tmp_path / "p"))
    assert (code, "unproven" in said) == (1, True)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["uuid-1/METS.xml", "uuid-1/../../evil"], "name_unsafe"),
        (["uuid-1/METS.xml", "/evil"], "name_unsafe"),
        (["uuid-1/METS.xml", "uuid-1/a\\..\\evil"], "name_unsafe"),
        (["uuid-1/METS.xml", "C:/evil"], "name_unsafe"),
        (["uuid-1/METS.xml", "uuid-1/\x1b[2J"], "name_unsafe"),
        (["uuid-1/METS.xml", "other/x"], "not_one_top_folder"),
        (["METS.xml"], "file_beside_top_folder"),
        (["uuid-1/METS.xml", "uuid-1/a", "uuid-1/A"], "name_twice"),
    ],
)
def test_names_that_lead_out_of_a_zip_are_refused(tmp_path: Path, names: list[str], expected: str) -> None:
    code, said = verified(zipped(tmp_path / "p.zip", dict.fromkeys(names, b"x"), top=""))
    assert (code, expected in said, "\x1b" in said) == (1, True, False), said


def test_links_bombs_and_broken_zips_are_refused(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "METS.xml").symlink_to("/etc/passwd")
    assert verified(tmp_path / "p") == (1, f"{tmp_path}/p/METS.xml: no_plain_file\n")
    link = zipfile.ZipInfo("uuid-1/METS.xml")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as made:
        made.writestr(link, "/etc/passwd")
    bomb = zipped(tmp_path / "bomb.zip", {"METS.xml": b"\0" * (64 << 20)}, how=zipfile.ZIP_DEFLATED)
    right = zipped(tmp_path / "right.zip", foreign()).read_bytes()
    (tmp_path / "cut.zip").write_bytes(right[: len(right) // 2])
    flipped = bytearray(right)
    flipped[200] ^= 1
    (tmp_path / "flipped.zip").write_bytes(flipped)
    (tmp_path / "no.zip").write_bytes(b"no ZIP")
    for name, expected in (
        ("link.zip", "no_plain_file"),
        (bomb.name, "zip_bomb"),
        ("cut.zip", "zip_unreadable"),
        ("flipped.zip", ""),
        ("no.zip", "zip_unreadable"),
        ("missing.zip", "unreadable"),
    ):
        code, said = verified(tmp_path / name)
        assert (code, expected in said) == (1, True), (name, said)


def test_without_openssl_it_says_that_no_signature_was_checked(tmp_path: Path) -> None:
    (tmp_path / "manifest.jsonl.p7s").write_bytes(b"x")
    (tmp_path / "manifest.jsonl").write_bytes(b'{"byte_count":0,"format":"saoluu.delivery.v1","package_count":0}\n')
    (tmp_path / "ca.pem").write_bytes(b"")
    code, said = verified(tmp_path, "--ca", tmp_path / "ca.pem", path="/nowhere")
    assert (code, "signature of the manifest NOT checked: openssl is not installed" in said) == (1, True)
    code, said = verified(tmp_path)
    assert (code, "NOT checked: no certificates were given" in said) == (0, True)


def demand_fault(place: Path, fault: str) -> None:
    code, said = verified(place)
    assert (code, fault in said) == (1, True), said


async def test_a_delivery_is_what_its_manifest_lists_in_any_order(tmp_path: Path) -> None:
    body = await zip_bytes(SIP, sip_files())
    digest, objid = hashlib.sha256(body).hexdigest(), SIP.replace(":", "_")
    lines = [
        b'{"file":"%04d-%s.zip","number":%d,"sha256":"%s","size":%d}\n'
        % (number, objid.encode(), number, digest.encode(), len(body))
        for number in (3, 1, 2)
    ]
    head = b'{"byte_count":%d,"format":"saoluu.delivery.v1","package_count":3}\n' % (3 * len(body))
    (tmp_path / "manifest.jsonl").write_bytes(head + b"".join(lines))
    places = [tmp_path / f"{number:04d}-{objid}.zip" for number in (1, 2, 3)]
    for place in places:
        place.write_bytes(body)
    assert verified(tmp_path)[0] == 0
    extra = tmp_path / "0004-other.zip"
    extra.write_bytes(body)
    demand_fault(tmp_path, "package_unlisted")
    extra.unlink()
    places[1].write_bytes(body[:-1] + b"x")
    demand_fault(tmp_path, "digest_wrong")
    places[1].unlink()
    demand_fault(tmp_path, "package_missing")
    (tmp_path / "manifest.jsonl").write_bytes(head + b"".join(lines[:2]))
    demand_fault(tmp_path, "counts other packages")
    (tmp_path / "manifest.jsonl").write_bytes(head + lines[0] * 3)
    demand_fault(tmp_path, "twice")

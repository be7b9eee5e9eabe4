from uuid import UUID

import pytest

from shared.eark.errors import RecordUnreadable
from shared.eark.manifest import Manifest, ManifestFile, ManifestPackage
from tests.sample_package import AIP, MADE_AT, MASTERS, content


def manifest() -> Manifest:
    files = tuple(
        ManifestFile(
            path=page.file.path,
            key=f"P623/masters/{page.file.path}",
            size=page.file.size,
            sha256=page.file.sha256,
            crc32=page.file.crc32,
            mib_crc32=(page.file.crc32,),
            media_type=page.file.media_type,
            created_at=page.file.created_at,
            page_number=page.number,
            page_version=page.version,
        )
        for page in reversed(content().pages)
    )
    described = ManifestFile(
        path="METS.xml", key="k", size=1, sha256="0" * 64, crc32=0, media_type="application/xml", created_at=MADE_AT
    )
    masters = ManifestPackage(objid=MASTERS, files=(described, *files))
    return Manifest(dossier_id=UUID(int=1), masters=masters, aip=ManifestPackage(objid=AIP, files=(described,)))


def test_a_manifest_is_always_the_same_bytes_and_reads_back_as_itself() -> None:
    body = manifest().to_bytes()
    assert body == manifest().to_bytes()
    assert Manifest.from_bytes(body).to_bytes() == body
    assert body.endswith(b"}\n")
    assert b", " not in body


def test_pages_come_in_order_of_number_and_as_the_files_they_were() -> None:
    pages = Manifest.from_bytes(manifest().to_bytes()).pages
    assert [page.page_number for page in pages] == [1, 2, 3, 5]
    assert [page.package_file() for page in pages] == [page.file for page in content().pages]


def test_a_field_of_a_later_version_is_passed_over() -> None:
    body = manifest().to_bytes().replace(b'{"aip"', b'{"added_later":1,"aip"')
    assert Manifest.from_bytes(body) == Manifest.from_bytes(manifest().to_bytes())


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\xff", b"[" * 100_000])
def test_what_is_no_manifest_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(RecordUnreadable):
        Manifest.from_bytes(body)

"""Packages on disk, for the tests of their check: good ones, and changes that keep every listing true."""

import asyncio
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from shared.eark.names import folder_name
from shared.eark.seal import LENGTH, sealed
from shared.eark.verify import verify_package
from tests.sample_package import (
    AIP,
    MASTERS,
    SIP,
    aip_files,
    aip_hoso_files,
    masters_files,
    sip_files,
    sip_hoso_files,
    write_folder,
    zip_bytes,
)

Files = dict[str, bytes]
KINDS: dict[str, tuple[str, Callable[[], Files]]] = {
    "masters": (MASTERS, masters_files),
    "aip": (AIP, aip_files),
    "sip": (SIP, sip_files),
    "aip_hoso": (AIP, aip_hoso_files),
    "sip_hoso": (SIP, sip_hoso_files),
}
TOP = folder_name(SIP)
DOSSIER = "metadata/descriptive/dossier.json"
PAGE = "representations/rep1/data/0001.jpg"
INNER = "representations/rep1/METS.xml"


def codes(path: Path) -> set[str]:
    return {fault.code for fault in verify_package(path)}


def found(path: Path) -> set[tuple[str, str]]:
    return {(fault.code, fault.path) for fault in verify_package(path)}


def in_folder(tmp_path: Path, files: Files, objid: str = SIP) -> Path:
    return write_folder(files, tmp_path / folder_name(objid))


def in_zip(tmp_path: Path, files: Files, objid: str = SIP) -> Path:
    path = tmp_path / "package.zip"
    path.write_bytes(asyncio.run(zip_bytes(objid, files)))
    return path


def put(tmp_path: Path, body: bytes) -> Path:
    path = tmp_path / "package.zip"
    path.write_bytes(body)
    return path


def replaced(files: Files, path: str, body: bytes) -> Files:
    """Put another body in place and make every METS true again: what a clever or careless writer would do."""
    files = {**files, path: body}
    for mets in (INNER, "METS.xml"):
        if mets != path and mets in files:
            folder = mets.removesuffix("METS.xml")
            files[mets] = listing(files[mets], path.removeprefix(folder), files[path])
    if INNER in files:
        files["METS.xml"] = listing(files["METS.xml"], INNER, files[INNER])
    return files


def rewritten(files: Files, old: bytes, new: bytes, mets: str = "METS.xml") -> Files:
    """Change a METS in place, keep its seal and the listing of it true."""
    assert old in files[mets]
    body = sealed(files[mets].replace(old, new, 1)[:-LENGTH])
    return replaced(files, INNER, body) if mets == INNER else {**files, mets: body}


def listing(mets: bytes, href: str, body: bytes) -> bytes:
    """Rewrite size and digest of one file in a METS, and seal it anew."""
    sums = rb'SIZE="\d+"( CREATED="[^"]+") CHECKSUM="\w+"'
    new = rb'SIZE="%d"\1 CHECKSUM="%s"' % (len(body), sha256(body).hexdigest().encode())
    link = rb'xlink:href="' + re.escape(href.encode()) + rb'"'
    mets = re.sub(rb"(<mdRef [^>]*" + link + rb"[^>]*?)" + sums, rb"\1" + new.replace(rb"\1", rb"\2"), mets)
    mets = re.sub(rb"(<file [^>]*?)" + sums + rb"([^>]*>\s*<FLocat [^>]*" + link + rb")", swap(new), mets)
    return sealed(mets[:-LENGTH])


def swap(new: bytes) -> Callable[[re.Match[bytes]], bytes]:
    return lambda match: match[1] + new.replace(rb"\1", match[2]) + match[3]

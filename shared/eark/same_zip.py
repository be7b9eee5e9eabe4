"""The ZIP that a TAR's files make: handover serves both of one layout, and only the ZIP's digest is in the manifest.

Who fetched the TAR proves it by writing that ZIP into a hash: same files, same order, same moments, so the same bytes.
"""

from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from isal.isal_zlib import crc32

from shared.eark.fault import Damaged
from shared.eark.tar_source import TarSource
from shared.eark.zip_headers import ZipEntry, central_header, end_of_directory, local_header


def zip_digest_of(tar: Path) -> str:
    """Give the SHA-256 of the ZIP of a TAR's files; empty where the TAR is not one that handover serves.

    Every file is read twice: a ZIP tells the CRC-32 before the bytes. Raises OSError.
    """
    digest = sha256()
    try:
        with closing(TarSource(tar)) as source:
            if source.faults:
                return ""
            for portion in zip_bytes_of(source):
                digest.update(portion)
    except Damaged:
        return ""
    return digest.hexdigest()


def zip_bytes_of(source: TarSource) -> Iterator[bytes]:
    """Write the files of a TAR as the ZIP. Raises Damaged."""
    directory, at = bytearray(), 0
    for path, size in source.sizes.items():
        checksum = 0
        for chunk in source.chunks(path):
            checksum = crc32(chunk, checksum)
        entry = ZipEntry(f"{source.top}/{path}", size, checksum, source.moments[path], "")
        header = local_header(entry)
        yield header
        yield from source.chunks(path)
        directory += central_header(entry, at)
        at += len(header) + size
    yield bytes(directory)
    yield end_of_directory(len(source.sizes), at, len(directory))

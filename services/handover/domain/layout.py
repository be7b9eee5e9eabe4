"""The frozen layout of a package: which file lies where in its ZIP or TAR, and where its bytes come from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from pydantic import AwareDatetime, TypeAdapter

from shared.eark.virtual_tar import VirtualTar
from shared.eark.virtual_zip import VirtualZip
from shared.eark.zip_headers import ZipEntry


class Form(StrEnum):
    """In what a package is pulled: the ZIP, which manifests and receipts are about, or a TAR of the same files."""

    ZIP = "zip"
    TAR = "tar"


@dataclass(frozen=True, slots=True)
class LaidFile:
    """A file of the ZIP. `key` is its key in the stores, or empty when its bytes were generated for the package.

    `from_reserve` says that the archive copy was damaged when the package was built.
    """

    path: str
    size: int
    sha256: str
    crc32: int
    modified_at: AwareDatetime
    key: str = ""
    from_reserve: bool = False


FILES = TypeAdapter(tuple[LaidFile, ...])


class Layout:
    """The files of a package in their order, by path, as a ZIP, and as a TAR when that is asked for."""

    def __init__(self, files: Sequence[LaidFile]) -> None:
        self.files = tuple(files)
        self.by_path = {file.path: file for file in files}
        self.zip = VirtualZip(
            [ZipEntry(file.path, file.size, file.crc32, file.modified_at, file.key) for file in files]
        )

    @cached_property
    def generated(self) -> Sequence[LaidFile]:
        """Give the files whose bytes were generated for the package, in their order."""
        return [file for file in self.files if not file.key]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Give the place of each of these by its path."""
        return {file.path: place for place, file in enumerate(self.generated)}

    @cached_property
    def tar(self) -> VirtualTar:
        """Lay the same files out as a TAR."""
        return VirtualTar(self.zip.entries)

    @classmethod
    def load(cls, stored: str) -> "Layout":
        """Read a layout that was frozen."""
        return cls(FILES.validate_json(stored))

    def with_reserve(self, paths: Collection[str]) -> "Layout":
        """Give the same layout with some files to be read from the reserve copy."""
        return Layout([replace(file, from_reserve=file.path in paths) for file in self.files])

    def dump(self) -> str:
        """Give the layout as it is frozen."""
        return FILES.dump_json(self.files).decode()

"""The frozen layout of a package's ZIP: which file lies where, and where its bytes come from."""

from collections.abc import Collection, Sequence

from pydantic import AwareDatetime, BaseModel, ConfigDict, TypeAdapter

from shared.eark.virtual_zip import VirtualZip
from shared.eark.zip_headers import ZipEntry


class LaidFile(BaseModel):
    """A file of the ZIP. `key` is its key in the stores, or empty when its bytes were generated for the package.

    `from_reserve` says that the archive copy was damaged when the package was built.
    """

    model_config = ConfigDict(frozen=True)

    path: str
    size: int
    sha256: str
    crc32: int
    modified_at: AwareDatetime
    key: str = ""
    from_reserve: bool = False


FILES = TypeAdapter(tuple[LaidFile, ...])


class Layout:
    """The files of a ZIP in their order, by path and as a ZIP."""

    def __init__(self, files: Sequence[LaidFile]) -> None:
        self.files = tuple(files)
        self.by_path = {file.path: file for file in files}
        self.zip = VirtualZip(
            [ZipEntry(file.path, file.size, file.crc32, file.modified_at, file.key) for file in files]
        )

    @classmethod
    def load(cls, stored: str) -> "Layout":
        """Read a layout that was frozen."""
        return cls(FILES.validate_json(stored))

    def with_reserve(self, paths: Collection[str]) -> "Layout":
        """Give the same layout with some files to be read from the reserve copy."""
        return Layout([file.model_copy(update={"from_reserve": file.path in paths}) for file in self.files])

    def dump(self) -> str:
        """Give the layout as it is frozen."""
        return FILES.dump_json(self.files).decode()

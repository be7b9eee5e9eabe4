"""The frozen layout of a package's ZIP: which file lies where, and where its bytes come from."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict, TypeAdapter

from shared.eark.virtual_zip import VirtualZip, ZipEntry


class LaidFile(BaseModel):
    """A file of the ZIP. `key` is its key in the stores, or empty when its bytes were generated for the package."""

    model_config = ConfigDict(frozen=True)

    name: str
    size: int
    sha256: str
    crc32: int
    key: str = ""


FILES = TypeAdapter(tuple[LaidFile, ...])


class Layout:
    """The files of a ZIP in their order, by name and as a ZIP."""

    def __init__(self, files: Sequence[LaidFile], created_at: datetime) -> None:
        self.files = tuple(files)
        self.by_name = {file.name: file for file in files}
        self.zip = VirtualZip([ZipEntry(file.name, file.size, file.crc32, file.key) for file in files], created_at)

    @classmethod
    def load(cls, stored: str, created_at: datetime) -> "Layout":
        """Read a layout that was frozen."""
        return cls(FILES.validate_json(stored), created_at)

    def dump(self) -> str:
        """Give the layout as it is frozen."""
        return FILES.dump_json(self.files).decode()

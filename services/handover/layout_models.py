"""Tables of laid-out packages: their layouts in portions, and the files that were generated for them in pieces."""

from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, Text
from sqlmodel import Field

from services.handover.models import Table
from shared.eark.portions import Scale


class PackageLayout(Table, table=True):
    """That a package is laid out: how many files, where they end along each scale, and the mark of them all."""

    __tablename__ = "package_layout"

    package_id: UUID = Field(primary_key=True, foreign_key="package.id")
    file_count: int
    zip_end: int = Field(sa_type=BigInteger)
    directory_end: int = Field(sa_type=BigInteger)
    tar_end: int = Field(sa_type=BigInteger)
    mark: str


class LayoutPortion(Table, table=True):
    """Some files of a package that follow each other, and where the first of them begins along each scale."""

    __tablename__ = "layout_portion"
    __table_args__ = tuple(Index(f"ix_layout_portion_{each}", "package_id", f"{each}_at") for each in Scale)

    package_id: UUID = Field(primary_key=True, foreign_key="package.id")
    place: int = Field(primary_key=True)
    zip_at: int = Field(sa_type=BigInteger)
    directory_at: int = Field(sa_type=BigInteger)
    tar_at: int = Field(sa_type=BigInteger)
    files: str = Field(sa_type=Text)


class GeneratedPiece(Table, table=True):
    """A MiB of a file that was generated for a package, such as its METS; of a small file all of it."""

    __tablename__ = "generated_piece"

    package_id: UUID = Field(primary_key=True, foreign_key="package.id")
    path: str = Field(primary_key=True)
    mib: int = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)

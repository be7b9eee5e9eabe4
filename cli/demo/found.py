"""Describe folders of real images for the inventory, as far as images alone allow."""

from collections.abc import Sequence
from datetime import date

from cli.demo.dossiers import FONDS, Document, Dossier
from cli.demo.material import DossierFolder

UNDATED = date(1, 1, 1)
EVIDENCE = "Ảnh quét có sẵn của tài liệu bảo quản vĩnh viễn; chưa biên mục chi tiết."
NOTE = "Lập từ thư mục ảnh {name}."


def describe(folders: Sequence[DossierFolder]) -> list[Dossier]:
    """Give a dossier for each folder: its pages are counted, one document fills them all, its dates are unknown.

    The title is the folder's name; nothing is claimed of what the images show. The same folders in the same order
    give the same codes, with 0000 for the year that nobody knows.
    """
    return [described(folder, number) for number, folder in enumerate(folders, start=1)]


def described(folder: DossierFolder, number: int) -> Dossier:
    """Describe one folder, the `number`th of its fonds."""
    title = f"Hồ sơ {folder.name}"
    document = Document(
        kind="Khác",
        mark="",
        author="",
        subject=title,
        issued_on=UNDATED,
        first_page=1,
        last_page=len(folder.files),
        is_two_sided=False,
        is_typed=False,
    )
    return Dossier(
        file_code=f"{FONDS['code']}.0000.{number:03d}",
        title=title,
        series="",
        series_title="",
        criteria=("permanent",),
        evidence=EVIDENCE,
        keywords="",
        languages=("11",),
        starts_on="",
        ends_on="",
        access_level="01",
        condition="02",
        sign="",
        paper_file_code=f"{FONDS['archive_code']}.00/00/000.{number:03d}",
        secrecy="none",
        note=NOTE.format(name=folder.name),
        documents=(document,),
        theme=0,
        place="",
        commune="",
    )

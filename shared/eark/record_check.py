"""Whether `dossier.json` and METS tell the same story of the pages."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.eark.fault import Fault
from shared.eark.layout import DOSSIER
from shared.eark.mets_reader import Listed, MetsReader


class Told(BaseModel):
    """A part of dossier.json as far as it can be checked; read apart from the code that writes it."""

    model_config = ConfigDict(strict=True, extra="ignore")


class ToldPage(Told):
    """A page."""

    number: int
    file: str
    size: int
    sha256: str
    media_type: str


class ToldAbsence(Told):
    """A page that was left out."""

    number: int
    explanation: str


class ToldPackage(Told):
    """The package."""

    objid: str
    package_type: str


class ToldDossier(Told):
    """The whole."""

    package: ToldPackage
    pages_held_by: str
    pages: list[ToldPage]
    left_out: list[ToldAbsence]


def check_record(body: bytes, root: MetsReader, data: Sequence[Listed]) -> list[Fault]:
    """Hold a dossier.json against the root METS and the data files that representations list."""
    try:
        told = ToldDossier.model_validate_json(body)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        return [Fault.of("dossier_unreadable", DOSSIER, f"{place}: {first['msg']}")]
    found = package_differences(told, root)
    if told.pages_held_by == root.objid:
        found += page_differences(told.pages, {listed.path: listed for listed in data if not is_reading(listed)})
    elif any(not is_reading(file) for file in data):  # reading forms may lie there all the same
        found.append(f"{len(data)} files, pages_held_by {told.pages_held_by}")
    return [Fault.of("dossier_disagrees", DOSSIER, difference) for difference in found]


def is_reading(file: Listed) -> bool:
    """Say whether a data file is a reading form; no page is a PDF."""
    return file.path.lower().endswith(".pdf")


def package_differences(told: ToldDossier, root: MetsReader) -> list[str]:
    """Compare what is said of the package and of the numbers of its pages."""
    found = []
    if (told.package.objid, told.package.package_type) != (root.objid, root.package_type):
        found.append(f"{told.package.package_type} {told.package.objid} != {root.package_type} {root.objid}")
    if told.pages_held_by not in (root.objid, *root.parts):
        found.append(f"pages_held_by {told.pages_held_by}")
    numbers = [page.number for page in told.pages] + [page.number for page in told.left_out]
    if len(set(numbers)) != len(numbers) or not all(page.explanation.strip() for page in told.left_out):
        found.append("pages, left_out")
    if not told.pages:
        found.append("pages: 0")
    return found


def page_differences(pages: Sequence[ToldPage], data: Mapping[str, Listed]) -> list[str]:
    """Compare the pages with the files, one by one."""
    found = []
    told = {page.file: page for page in pages}
    if len(told) != len(pages) or len(pages) != len(data):
        found.append(f"{len(pages)} pages, {len(data)} files")
    for path in sorted(told.keys() | data.keys()):
        page, listed = told.get(path), data.get(path)
        if page is None or listed is None:
            found.append(f"{path}: dossier.json {page is not None}, METS {listed is not None}")
        elif (page.size, page.sha256, page.media_type) != (listed.size, listed.sha256, listed.media_type):
            found.append(f"{path}: {page.sha256} != {listed.sha256}")
    return found

"""Stage what the demo works on: a station folder and the inventory that lists it, of made pages or of real ones."""

from dataclasses import dataclass
from pathlib import Path

from cli.demo.dossiers import FONDS
from cli.demo.found import describe
from cli.demo.material import DossierFolder, find_material
from cli.demo.workbook import write_workbook
from cli.language import say
from cli.scan.folder import LeftOut

DOSSIERS = 3


class NothingToShow(Exception):
    """The folder holds no image."""


@dataclass(frozen=True, slots=True)
class Staged:
    """The fonds and its series, its inventory workbook, the station's folder, and the files left out of it."""

    fonds: dict[str, str]
    workbook: Path
    station: Path
    series: dict[str, str]
    left_out: tuple[LeftOut, ...] = ()


def stage_made(data: Path, count: int | None) -> Staged:
    """Make dossiers of typeset and aged pages."""
    from cli.demo.pages import make_dossiers  # typesetting is only loaded when pages must be made

    dossiers = make_dossiers(data / "station", count or DOSSIERS)
    series = {dossier.series: dossier.series_title for dossier in dossiers if dossier.series}
    staged = Staged(FONDS, data / "inventory.xlsx", data / "station", series)
    write_workbook(staged.workbook, dossiers)
    return staged


def stage_found(data: Path, folder: Path, count: int | None) -> Staged:
    """Stage a folder of real images: linked into the station folder, never copied. Raises NothingToShow."""
    material = find_material(folder, count)
    folders = material.dossiers[:count]
    if not folders:
        raise NothingToShow(say(f"{folder}: không có ảnh nào", f"{folder}: no image"))
    staged = Staged(FONDS, data / "inventory.xlsx", data / "station", {}, material.left_out)
    dossiers = describe(folders)
    for dossier, found in zip(dossiers, folders, strict=True):
        link(found, staged.station / dossier.folder)
    write_workbook(staged.workbook, dossiers)
    return staged


def link(found: DossierFolder, folder: Path) -> None:
    """Link the images of a dossier into its folder, numbered so that their order stays."""
    folder.mkdir(parents=True)
    for number, image in enumerate(found.files, start=1):
        (folder / f"{number:05d}-{image.name}").symlink_to(image.resolve())

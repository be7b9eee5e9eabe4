"""Stage a folder of real images as a station would have it: one folder a dossier, linked, never copied or changed."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from cli.demo.inventory import InventoryRow, write_inventory
from cli.demo.journey import Staged
from cli.scan.folder import LeftOut, natural, reason_to_leave_out
from shared.eark.names import path_name

FONDS = {
    "code": "P01",
    "title": "Phông Ủy ban hành chính tỉnh Sao Lưu (mẫu)",
    "kind": "fonds",
    "archive_code": "H49",
}
PAGES_A_DOSSIER = 10


class NothingToShow(Exception):
    """The folder holds no image."""


@dataclass
class Material:
    """What a folder holds: dossiers by name with their images in order, and what is left out."""

    dossiers: dict[str, list[Path]] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)


def find_material(folder: Path, wanted: int | None) -> Material:
    """Sort a folder into dossiers: its sub-folders, or, where there are none, its images in groups."""
    found = Material()
    loose: list[Path] = []
    for path in sorted(folder.iterdir(), key=natural):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            images = images_of(path, found)
            if images and (wanted is None or len(found.dossiers) < wanted):
                found.dossiers[path.name] = images
        else:
            keep_or_leave(path, loose, found)
    if not found.dossiers and loose:
        groups = min(wanted or max(1, round(len(loose) / PAGES_A_DOSSIER)), len(loose))
        for index in range(groups):
            begin, end = index * len(loose) // groups, (index + 1) * len(loose) // groups
            found.dossiers[f"{index + 1:03d}"] = loose[begin:end]
    elif loose:
        found.left_out += [LeftOut(path, "beside_the_dossier_folders") for path in loose]
    return found


def images_of(folder: Path, found: Material) -> list[Path]:
    """Give the images under a folder in order, sub-folders one after the other."""
    images: list[Path] = []
    for path in sorted(
        folder.rglob("*"), key=lambda each: [natural(Path(part)) for part in each.relative_to(folder).parts]
    ):
        if path.is_file() and not path.name.startswith("."):
            keep_or_leave(path, images, found)
    return images


def keep_or_leave(path: Path, images: list[Path], found: Material) -> None:
    """Put a file with the images or with what is left out."""
    reason = reason_to_leave_out(path)
    if reason:
        found.left_out.append(LeftOut(path, reason))
    else:
        images.append(path)


def stage(material: Material, data: Path) -> Staged:
    """Link the images into a station's folder and write the inventory that lists them. Raises NothingToShow."""
    if not material.dossiers:
        raise NothingToShow
    station = data / "station"
    shutil.rmtree(station, ignore_errors=True)
    rows = []
    for number, (name, images) in enumerate(material.dossiers.items(), start=1):
        code = f"{FONDS['archive_code']}.2001.{number:03d}"
        folder = station / path_name(code)
        folder.mkdir(parents=True)
        for position, image in enumerate(images, start=1):
            (folder / f"{position:05d}-{image.name}").symlink_to(image.resolve())
        rows.append(
            InventoryRow(
                file_code=code, title=f"Hồ sơ {name}", pages=len(images), criteria="at_risk", evidence="giấy giòn, ố"
            )
        )
    workbook = data / "inventory.xlsx"
    write_inventory(workbook, rows)
    return Staged(FONDS, workbook, station)

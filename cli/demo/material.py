"""A folder of real images sorted into dossiers; nothing in it is changed, and nothing is left out in silence."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.language import say
from cli.scan.folder import UNREADABLE, LeftOut, natural, reason_to_leave_out
from shared.errors import NotFound

PAGES_A_DOSSIER = 10

HIDDEN = "hidden"
NO_IMAGES = "no_images_inside"


class NoSuchFolder(NotFound):
    """There is no folder at this path."""

    code = "demo.no_such_folder"


@dataclass(frozen=True, slots=True)
class DossierFolder:
    """The images that make a dossier, in the order of its pages."""

    name: str
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """What a folder holds: dossiers, none of them empty, and every path that belongs to none, with the reason's code.

    A path left out stands for all that lies below it.
    """

    dossiers: tuple[DossierFolder, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look into a folder found: images of its own, its sub-folders, and what is neither."""

    images: list[Path]
    folders: list[Path]
    left_out: list[LeftOut]


def find_material(folder: Path, dossiers: int | None = None) -> Material:
    """Sort a folder of images: each sub-folder with images in it, however deep, is a dossier.

    Images beside such sub-folders are a dossier too, named after the folder. Where there are no sub-folders, the images
    are cut in their order into as many dossiers as are wanted, else one for every ten images. Images are known by
    content, order is natural (2 before 10), links are heeded as a station does (`cli.scan.folder`).
    Raises NoSuchFolder.
    """
    if not folder.is_dir():
        raise NoSuchFolder(say(f"không có thư mục {folder}", f"there is no folder {folder}"))
    top = look_into(folder)
    left_out = top.left_out
    found: list[DossierFolder] = []
    for each in top.folders:
        images = images_below(each, left_out)
        if images:
            found.append(DossierFolder(each.name, tuple(images)))
    if found and top.images:
        found.append(DossierFolder(folder.resolve().name, tuple(top.images)))
    elif top.images:
        found = divided(top.images, dossiers or max(1, round(len(top.images) / PAGES_A_DOSSIER)))
    return Material(tuple(found), tuple(left_out))


def images_below(folder: Path, left_out: list[LeftOut]) -> list[Path]:
    """Give the images of a folder, then those of its sub-folders in order; a folder without any is left out."""
    looked = look_into(folder)
    images = looked.images
    below = looked.left_out
    for each in looked.folders:
        images += images_below(each, below)
    left_out += below
    if not images and not below:
        left_out.append(LeftOut(folder, NO_IMAGES))
    return images


def look_into(folder: Path) -> Looked:
    """Look into one folder, in natural order; a folder that may not be read is left out."""
    looked = Looked([], [], [])
    try:
        entries = sorted((Path(entry.path) for entry in os.scandir(folder)), key=natural)
    except OSError:
        looked.left_out.append(LeftOut(folder, UNREADABLE))
        return looked
    for path in entries:
        if path.name.startswith("."):
            looked.left_out.append(LeftOut(path, HIDDEN))
        elif path.is_dir() and not path.is_symlink():
            looked.folders.append(path)
        elif reason := reason_to_leave_out(path):
            looked.left_out.append(LeftOut(path, reason))
        else:
            looked.images.append(path)
    return looked


def divided(images: Sequence[Path], wanted: int) -> list[DossierFolder]:
    """Cut images into dossiers as even as can be, never more than there are images; their names are running numbers."""
    count = min(max(1, wanted), len(images))
    bounds = [index * len(images) // count for index in range(count + 1)]
    return [
        DossierFolder(f"{index + 1:03d}", tuple(images[bounds[index] : bounds[index + 1]])) for index in range(count)
    ]

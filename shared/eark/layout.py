"""Where things lie inside a package (CSIP 2.x, chapter 4), and what their names say about them."""

from pathlib import PurePosixPath

from shared.eark.errors import PackageMisdescribed

METS = "METS.xml"
DOSSIER = "metadata/descriptive/dossier.json"
EAD = "metadata/descriptive/EAD.xml"
PREMIS = "metadata/preservation/PREMIS.xml"
REPRESENTATION = "representations/rep1"
FURTHER = "representations/rep2"  # the reading forms, in a package whose pages lie in the first one
REPRESENTATION_METS = f"{REPRESENTATION}/{METS}"
DATA = f"{REPRESENTATION}/data"
DOCUMENTS = f"{REPRESENTATION}/metadata/descriptive"
PRESERVED_DOCUMENTS = f"{REPRESENTATION}/metadata/preservation"

EXTENSIONS = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/tiff": ("tif", "tiff"),
    "image/png": ("png",),
    "image/jp2": ("jp2",),
    "application/pdf": ("pdf",),
    "application/xml": ("xml", "xsd"),
    "text/xml": ("xml", "xsd"),
    "application/json": ("json",),
    "text/plain": ("txt",),
    "application/octet-stream": ("xsd",),  # of schemas, as the circular's sample has it
}


def page_path(number: int, media_type: str) -> str:
    """Give the place of a page image: `representations/rep1/data/0001.jpg`, four digits or as many as it takes.

    Raises PackageMisdescribed for a number under 1 or a media type that no page image has.
    """
    extensions = EXTENSIONS.get(media_type)
    if number < 1 or extensions is None or not media_type.startswith("image/"):
        raise PackageMisdescribed(f"no place for page {number} of type {media_type}")
    return f"{DATA}/{number:04}.{extensions[0]}"


def fits(path: str, media_type: str) -> bool:
    """Say whether a media type is plausible for a name: a known extension has one of its known types."""
    extension = PurePosixPath(path).suffix.lower().lstrip(".")
    expected = {known for known, extensions in EXTENSIONS.items() if extension in extensions}
    return not expected or media_type.lower() in expected

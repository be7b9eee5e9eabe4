"""The image formats that pages may have, known by their first bytes."""

TIFF, JPEG, PNG, JP2 = "image/tiff", "image/jpeg", "image/png", "image/jp2"
EXTENSIONS = {TIFF: ".tif", JPEG: ".jpg", PNG: ".png", JP2: ".jp2"}
_SIGNATURES = (
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),  # BigTIFF
    (b"MM\x00+", TIFF),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", JP2),
)


def sniff(head: bytes) -> str | None:
    """Give the media type that a file's first bytes (12 are enough) say, or None when it is none of ours."""
    return next((media_type for signature, media_type in _SIGNATURES if head.startswith(signature)), None)


def sniff_name(name: str) -> str | None:
    """Give the media type that a file's name says, or None when its ending is none of ours."""
    dot, ending = name.lower().rpartition(".")[1:]
    aliases = {".tiff": ".tif", ".jpeg": ".jpg", ".jpe": ".jpg"}
    ending = aliases.get(dot + ending, dot + ending)
    return next((media_type for media_type, known in EXTENSIONS.items() if known == ending), None)

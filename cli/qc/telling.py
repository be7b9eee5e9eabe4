"""A judged file as plain data: the line that `saoluu qc check --json` prints."""

from cli.qc.looking import SeenFile
from services.qc.domain.judging import Opinion
from shared.imaging.measurement import Measures, PixelMeasures

KINDS = {"image/tiff": "TIFF", "image/jpeg": "JPEG", "image/png": "PNG", "image/jp2": "JP2"}
MEASURED = (*(name for name in PixelMeasures.model_fields), "jpeg_quality")


def told(file: SeenFile, opinion: Opinion) -> dict[str, object]:
    """Give a line's object; what could not be seen is null."""
    measures = file.seen.measures
    findings = [finding.told() for finding in opinion.findings]
    head = {"file": str(file.path), "judgement": opinion.judgement}
    outside = outside_of(measures, opinion) if measures else dict.fromkeys(OUTSIDE)
    return {
        **head,
        **outside,
        "paper": opinion.paper,
        "a4_equivalent": opinion.a4_equivalents if measures else 0,
        "findings": findings,
        "measures": {name: getattr(measures, name) for name in MEASURED} if measures else None,
        "seconds": seconds_of(measures) if measures else None,
    }


OUTSIDE = ("format", "width", "height", "dpi", "dpi_source", "color_mode", "bit_depth", "color_profile")


def outside_of(measures: Measures, opinion: Opinion) -> dict[str, object]:
    """Give what the file says of itself, and its resolution as it is believed to be."""
    found = opinion.resolution
    shown = (
        KINDS[measures.media_type],
        measures.width,
        measures.height,
        list(found.dpi) if found.dpi else None,
        found.source,
        measures.color_mode,
        measures.bit_depth,
        measures.has_color_profile,
    )
    return dict(zip(OUTSIDE, shown, strict=True))


def seconds_of(measures: Measures) -> dict[str, float]:
    """Give the seconds spent; `measure` is the time beside the decode, without the copies."""
    parts = (measures.seconds_decode, measures.seconds_measure, measures.seconds_copies)
    names = ("decode", "measure", "copies")
    return {**dict(zip(names, parts, strict=True)), "total": round(sum(parts), 4)}

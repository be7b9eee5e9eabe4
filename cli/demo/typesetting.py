"""Typeset a sheet with the fonts that the typesetter brings along, so that it looks alike on every machine."""

import json
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import typst
from PIL import Image

from cli.demo.sheets import Sheet
from shared.errors import ArchiveError

TEMPLATE = Path(__file__).with_name("page.typ")


class PageNotSet(ArchiveError):
    """A page could not be typeset as it was meant."""

    code = "demo.page_not_set"


@lru_cache
def fonts() -> typst.Fonts:
    """Load the embedded fonts, and no others: system fonts differ from machine to machine."""
    return typst.Fonts(include_system_fonts=False)


def set_sheet(sheet: Sheet, *, dpi: float, template: Path = TEMPLATE) -> Image.Image:
    """Draw a sheet in RGB, ink on pure white, at a resolution in dots per inch.

    Raises PageNotSet when it is overfull or the typesetter warns: an unknown font is only a warning to it, and it
    would go on with another one.
    """
    compiler = typst.Compiler(
        template,
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)},
    )
    try:
        drawn, warnings = compiler.compile_with_warnings(format="png", ppi=dpi)
    except typst.TypstError as failure:
        raise PageNotSet(f"the page could not be typeset: {failure}") from failure
    if warnings:
        raise PageNotSet(f"the typesetter warns: {'; '.join(str(warning) for warning in warnings)}")
    if not isinstance(drawn, bytes):
        raise PageNotSet("a sheet came out as several pages")
    return Image.open(BytesIO(drawn)).convert("RGB")

"""Typeset one paper as PDF and end: the typesetter keeps what it has seen (0.8 GB after 10,000 dossiers).

Run as a process of its own: the order comes on stdin as JSON, the PDF leaves on stdout; a failure is told on stderr.
"""

import json
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import typst

from shared.papers.endings import NO_FACE, NOT_SET

FACES = ("Times New Roman", "Tinos", "Liberation Serif")  # the decree's face, and two of the same widths
HAN_FACES = ("HanaMinA", "HanaMinB")  # Hán and Nôm characters, those beyond the BMP in the second
HAN_FOLDER = "/usr/share/fonts/truetype/hanazono"  # of the Debian package fonts-hanazono
WIDE = ("W", "F")


def typeset(order: dict[str, Any]) -> bytes:
    """Give the PDF of an order. Raises LookupError without a face, RuntimeError when the typesetter is not content."""
    told = json.dumps(order["paper"], ensure_ascii=False)
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[order["fonts"], *han_folder()])
    faces = faces_for(told, fonts.families(), order["fonts"])
    compiler = typst.Compiler(
        Path(order["template"]),
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"paper": told, "faces": json.dumps(faces)},
    )
    # the moment is the paper's: without it the clock would get into the file
    made, warnings = compiler.compile_with_warnings(format="pdf", timestamp=order["at"])
    if warnings:  # an unknown face, say: the typesetter would go on with another one
        raise RuntimeError("; ".join(warning.message for warning in warnings))
    if not isinstance(made, bytes):
        raise TypeError("the typesetter gave no document")
    return made


def han_folder() -> list[str]:
    """Give the folder of the faces for Hán and Nôm, where there is one."""
    return [HAN_FOLDER] if Path(HAN_FOLDER).is_dir() else []


def faces_for(text: str, families: Collection[str], folder: str) -> list[str]:
    """Give the faces that a text is set in, in the order they are asked for a letter. Raises LookupError.

    What no face has would come out as boxes, and nobody would be told.
    """
    face = next((each for each in FACES if each in families), None)
    if face is None:
        raise LookupError(f"none of {', '.join(FACES)} in {folder}")
    han = [each for each in HAN_FACES if each in families]
    if not han and any(east_asian_width(each) in WIDE for each in text):
        raise LookupError(f"neither of {', '.join(HAN_FACES)} in {folder} or {HAN_FOLDER}")
    return [face, *han]


def main() -> int:
    """Do the one order."""
    try:
        made = typeset(json.load(sys.stdin.buffer))
    except LookupError as missing:
        sys.stderr.write(str(missing))
        return NO_FACE
    except (RuntimeError, TypeError) as failure:
        sys.stderr.write(str(failure))
        return NOT_SET
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Typeset one paper as PDF and end: the typesetter keeps what it has seen (0.8 GB after 10,000 dossiers).

Run as a process of its own: the order comes on stdin as JSON, the PDF leaves on stdout; a failure is told on stderr.
"""

import json
import sys
from pathlib import Path
from typing import Any

import typst

FACES = ("Times New Roman", "Tinos", "Liberation Serif")  # the decree's face, and two of the same widths
NO_FACE, NOT_SET = 3, 4


def typeset(order: dict[str, Any]) -> bytes:
    """Give the PDF of an order. Raises LookupError without a face, RuntimeError when the typesetter is not content."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[order["fonts"]])
    face = next((each for each in FACES if each in fonts.families()), None)
    if face is None:
        raise LookupError(f"none of {', '.join(FACES)} in {order['fonts']}")
    compiler = typst.Compiler(
        Path(order["template"]),
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps({**order["paper"], "font": face}, ensure_ascii=False)},
    )
    # the moment is the paper's: without it the clock would get into the file
    made, warnings = compiler.compile_with_warnings(format="pdf", timestamp=order["at"])
    if warnings:  # an unknown face, say: the typesetter would go on with another one
        raise RuntimeError("; ".join(warning.message for warning in warnings))
    if not isinstance(made, bytes):
        raise TypeError("the typesetter gave no document")
    return made


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

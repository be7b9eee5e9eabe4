"""`saoluu verify`: are these packages whole and true?"""

from pathlib import Path
from typing import Annotated

import typer

import shared.eark
from cli.language import is_english, say
from shared.eark.fault import printable
from shared.eark.verify import verify_package
from shared.texts import Language, Texts

HELP = say(
    "Kiểm tra gói tin chỉ bằng chính các tệp của gói.",
    "Check packages with nothing but their files.",
)
WORDS = Texts([Path(shared.eark.__file__).with_name("faults.toml")])


def verify(
    paths: Annotated[list[Path], typer.Argument(help=say("Thư mục gói hoặc tệp ZIP", "Package folders or ZIP files"))],
) -> None:
    """Check packages on disk.

    Prints a line `path: code: detail` for each fault and `path: OK` for each good package. Exits 0 when all are good,
    else 1.
    """
    language: Language = "en" if is_english() else "vi"
    faulty = False
    for path in paths:
        shown = printable(str(path))
        faults = verify_package(path)
        faulty = faulty or bool(faults)
        for fault in faults:
            place = f"{shown}/{fault.path}" if fault.path else shown
            particulars = f" ({fault.detail})" if fault.detail else ""
            typer.echo(f"{place}: {fault.code}: {WORDS.say(fault.code, language)}{particulars}")
        if not faults:
            typer.echo(f"{shown}: OK")
    raise typer.Exit(1 if faulty else 0)

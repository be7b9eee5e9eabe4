"""`saoluu template`: write the empty workbook of a level, to be filled in and imported."""

from pathlib import Path
from typing import Annotated

import typer

from cli.language import say
from services.catalog.domain.columns import LEVELS
from services.catalog.domain.workbook_row import Level
from services.catalog.files.template import template

HELP = say(
    "Tạo tệp XLSX mẫu để nhập phông, nhóm tài liệu, hồ sơ hoặc tài liệu.",
    "Write an empty XLSX workbook for fonds, series, dossiers or documents.",
)


def write_template(
    level: Annotated[Level, typer.Argument(help=say("Phông, nhóm, hồ sơ hay tài liệu", "Level"))],
    output: Annotated[Path, typer.Option("--output", "-o", help=say("Tệp sẽ ghi", "File to write"), dir_okay=False)],
) -> None:
    """Write the empty workbook of a level; a file that is there already is left as it is."""
    columns = next(each for each in LEVELS if each.level == level)
    try:
        with output.open("xb") as file:
            file.write(template(columns))
    except FileExistsError as there:
        raise typer.BadParameter(say(f"{output} đã có", f"{output} is there already")) from there
    except OSError as failed:
        raise typer.BadParameter(f"{output}: {failed.strerror}") from failed
    typer.echo(output)

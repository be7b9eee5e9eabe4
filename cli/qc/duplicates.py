"""`saoluu qc duplicates`: which of these files show the same page?"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli.language import say
from cli.qc.looking import WHAT, SeenFile, demanded, files_in, look_at_files, named, run_to_the_end

HELP = say("Tìm các tệp chụp cùng một trang.", "Find files that show the same page.")


def duplicates(
    paths: Annotated[list[Path], typer.Argument(parser=named, help=WHAT)],
    jobs: Annotated[int | None, typer.Option(min=1, help=say("Số tiến trình", "Processes side by side"))] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help=say("Mỗi cặp một dòng JSON", "A line of JSON a pair"))
    ] = False,
) -> None:
    """Print a line for each likely pair. Exits 0 when every file was looked at, else 1."""
    from services.qc.domain.duplicates import likely_pairs  # only who compares needs its libraries

    files = demanded(list(files_in(paths)))
    seen = run_to_the_end(look(files, jobs or os.cpu_count() or 1))
    hashes = {str(each.path): each.seen.measures.hash for each in seen if each.seen.measures}
    for a, b, score in likely_pairs(hashes):
        print(json.dumps({"a": a, "b": b, "score": score}) if as_json else f"{a} = {b} ({score})")
    raise typer.Exit(1 if any(each.has_no_room for each in seen) else 0)


async def look(files: Sequence[Path], jobs: int) -> list[SeenFile]:
    """Look at every file."""
    return [each async for each in look_at_files(files, jobs)]

"""`saoluu drill`: prove on a random sample that what the stores hold can be restored."""

import json
import secrets
from asyncio import run
from pathlib import Path
from typing import Annotated

import typer

from cli.copies.faults import CopyRefused, told_plainly
from cli.copies.sources import settings_of
from cli.drill.drilling import DRILLS, Sample
from cli.drill.drilling import drill as drill_once
from cli.language import say
from cli.serving import explained

HELP = say(
    "Diễn tập khôi phục một mẫu ngẫu nhiên vào thư mục tạm; giữ biên bản đã ký.",
    "Drill a restore of a random sample into a scratch folder; the signed protocol is kept.",
)
INTO = say(
    "Thư mục diễn tập, giữ biên bản (mặc định: drills trong thư mục dữ liệu)",
    "Folder to drill in, which keeps the protocols (default: drills in the data folder)",
)


def drill(
    data: Annotated[Path | None, typer.Option("--data", help=say("Thư mục dữ liệu", "Data folder"))] = None,
    into: Annotated[Path | None, typer.Option("--into", help=INTO)] = None,
    sample: Annotated[int, typer.Option(min=1, help=say("Số hồ sơ trong mẫu", "Dossiers in the sample"))] = 10,
    seed: Annotated[int | None, typer.Option(help=say("Hạt giống của mẫu", "Seed of the sample"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("In biên bản dạng JSON", "Protocol as JSON"))] = False,
) -> None:
    """Drill; exit 0 only when everything agrees. The system may run meanwhile.

    Without a data folder the environment names database and stores, as `saoluu scrub` takes them.
    """
    drawn = Sample(sample, secrets.randbits(62) if seed is None else seed)
    with told_plainly(), explained():
        folder = folder_for(data, into)
        protocol = run(drill_once(settings_of(data and data.absolute()), folder, drawn))
    for line in protocol.lines():
        typer.echo(line, err=as_json)
    if as_json:
        typer.echo(json.dumps(protocol.json(), ensure_ascii=False))
    typer.echo(say(f"Biên bản đã ký: {folder}", f"Signed protocol in {folder}"), err=True)
    raise typer.Exit(0 if protocol.agrees else 1)


def folder_for(data: Path | None, into: Path | None) -> Path:
    """Say where drills lie. Raises CopyRefused when nothing tells."""
    if into is not None:
        return into.absolute()
    if data is None:
        raise CopyRefused(
            "drill.no_folder",
            "không có --data thì phải cho biết thư mục diễn tập: --into",
            "without --data, say in which folder to drill: --into",
        )
    return data.absolute() / DRILLS

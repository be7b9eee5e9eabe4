"""`saoluu drill`: prove on a random sample that what the stores hold can be restored."""

import json
import secrets
from asyncio import run
from pathlib import Path
from typing import Annotated

import typer

from cli.copies.faults import told_plainly
from cli.drill.drilling import DRILLS, Sample
from cli.drill.drilling import drill as drill_once
from cli.language import say
from cli.serving import explained

HELP = say(
    "Diễn tập khôi phục một mẫu ngẫu nhiên vào thư mục tạm; giữ biên bản đã ký.",
    "Drill a restore of a random sample into a scratch folder; the signed protocol is kept.",
)


def drill(
    data: Annotated[Path, typer.Option("--data", help=say("Thư mục dữ liệu", "Data folder"))],
    sample: Annotated[int, typer.Option(min=1, help=say("Số hồ sơ trong mẫu", "Dossiers in the sample"))] = 10,
    seed: Annotated[int | None, typer.Option(help=say("Hạt giống của mẫu", "Seed of the sample"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("In biên bản dạng JSON", "Protocol as JSON"))] = False,
) -> None:
    """Drill; exit 0 only when everything agrees. A system may run on the data folder meanwhile."""
    drawn = Sample(sample, secrets.randbits(62) if seed is None else seed)
    with told_plainly(), explained():
        protocol = run(drill_once(data.absolute(), drawn))
    for line in protocol.lines():
        typer.echo(line, err=as_json)
    if as_json:
        typer.echo(json.dumps(protocol.json(), ensure_ascii=False))
    typer.echo(say(f"Biên bản đã ký: {data / DRILLS}", f"Signed protocol in {data / DRILLS}"), err=True)
    raise typer.Exit(0 if protocol.agrees else 1)

"""`saoluu import`: send an inventory workbook to the catalog."""

import asyncio
import json
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.client import ApiClient, ApiProblem
from cli.credential import Credential
from cli.explaining import Outage
from cli.language import say
from cli.scan.sending import read

HELP = say("Nhập mục lục hồ sơ từ tệp XLSX.", "Import an inventory from an XLSX file.")
COUNTS = ("rows", "created", "updated", "unchanged", "rejected", "errors")


def import_workbook(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    credential: Annotated[Path, typer.Option(help=say("Tệp định danh", "Credential file"))],
    fonds: Annotated[str, typer.Option(help=say("Mã phông", "Code of the fonds"))],
    url: Annotated[str | None, typer.Option(help=say("Địa chỉ hệ thống", "Address of the system"))] = None,
    dry_run: Annotated[bool, typer.Option(help=say("Chỉ kiểm tra", "Only check"))] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Import a workbook: all rows, or none and a list of what is wrong; exit 1 when rows were rejected."""
    started = time.monotonic()
    client = ApiClient(Credential.load(credential), url=url, told=Outage())
    told = asyncio.run(send(client, file, fonds, dry_run=dry_run))
    told["seconds"] = round(time.monotonic() - started, 3)
    for error in told["errors"]:
        typer.echo(f"{error['row']} {error['column']}: {error['code']} ({error['value']})", err=True)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(" ".join(f"{name}={told[name]}" for name in COUNTS[:-1]))
    raise typer.Exit(1 if told["rejected"] else 0)


async def send(client: ApiClient, file: Path, fonds: str, *, dry_run: bool) -> dict[str, Any]:
    """Send a workbook; gives what became of it. Raises ApiProblem."""
    async with client:
        fonds_id = next(
            iter([each["id"] async for each in client.items("/catalog/fonds") if each["code"] == fonds]), None
        )
        if fonds_id is None:
            raise ApiProblem(404, {"code": "not_found", "title": say(f"Không có phông {fonds}", f"No fonds {fonds}")})
        return await send_to(client, file, fonds_id, dry_run=dry_run)


async def send_to(client: ApiClient, file: Path, fonds_id: str, *, dry_run: bool = False) -> dict[str, Any]:
    """Send a workbook to a fonds that is known by its id."""
    size = file.stat().st_size
    try:
        answer = await client.send(
            "POST",
            "/catalog/imports",
            params={"fonds_id": fonds_id, "dry_run": str(dry_run).lower()},
            headers={"Content-Length": str(size)},
            stream=lambda: read(file, 0, size),
        )
        told = answer.json()
    except ApiProblem as problem:
        if problem.code != "catalog.import_rejected":
            raise
        told = problem.facts
    return {name: told[name] for name in COUNTS}

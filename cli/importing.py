"""`saoluu import`: send a workbook, a CSV file or a finding aid to the catalog."""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any
from uuid import UUID

import httpx
import typer

from cli.applying import Wanted, how_to_apply, order_run
from cli.client import ApiClient, ApiProblem
from cli.credential import Credential
from cli.explaining import Outage
from cli.language import say
from cli.previewing import FIRST, KINDS, preview_lines
from cli.scan.sending import read
from services.catalog.domain.recognising import Choice
from services.catalog.domain.workbook_row import Level
from shared.eark.fault import LONGEST_LINE, printable

HELP = say("Nhập phông, nhóm, hồ sơ hoặc tài liệu từ tệp XLSX, CSV hay EAD.", "Import an XLSX, CSV or EAD file.")
OF_ENCODING = say(
    "Chữ gõ bằng TCVN3, VNI: recognise = nhận ra và đọc sang Unicode, có thông báo (mặc định); keep = giữ nguyên",
    "Text typed in TCVN3 or VNI: recognise = read as Unicode, and told (default); keep = kept as it stands",
)
COUNTS = ("rows", "created", "updated", "unchanged", "rejected", "noticed")
NOTHING_ELSE: Mapping[str, str] = MappingProxyType({})
CELL = ("sheet", "row", "column", "value", "code", "message")
TOLD = ("id", *COUNTS, "changed", "layout", "ignored", "errors", "notices")
FAILED = "failed"
ENDED = frozenset({"done", "rejected", FAILED})
SOON, SELDOM = 0.05, 1.0  # seconds between two looks
READING = httpx.Timeout(300, connect=10)  # a large workbook is read before it is taken in

Watched = Callable[[Mapping[str, Any]], None]


def unwatched(_told: Mapping[str, Any]) -> None:
    """Show nobody how far an import is."""


def shown(told: Mapping[str, Any]) -> None:
    """Show on one line of a terminal how far an import is."""
    states = {
        "waiting": say("đang chờ", "waiting"),
        "reading": say("đang đọc", "reading"),
        "writing": say("đang ghi", "writing"),
    }
    state = states.get(told["state"], "")
    text = f"{state} {told['read_count']}/{told['rows']}" if state else ""
    typer.echo(f"\r{text:<60}" + ("" if text else "\r"), nl=False, err=True)


def import_workbook(  # noqa: PLR0913 - options of a command
    credential: Annotated[Path, typer.Option(help=say("Tệp định danh", "Credential file"))],
    file: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False)] = None,
    fonds: Annotated[str, typer.Option(help=say("Mã phông của hồ sơ", "Code of the dossiers' fonds"))] = "",
    url: Annotated[str | None, typer.Option(help=say("Địa chỉ hệ thống", "Address of the system"))] = None,
    dry_run: Annotated[bool, typer.Option(help=say("Chỉ kiểm tra", "Only check"))] = False,
    apply: Annotated[
        UUID | None,
        typer.Option(help=say("Thực hiện đúng như lần chạy thử này", "Do just what this dry run has shown")),
    ] = None,
    valid_rows: Annotated[bool, typer.Option(help=say("Nhập các dòng đúng", "Import the rows that are right"))] = False,
    layout: Annotated[str, typer.Option(help=say("Tên mẫu cột của tệp", "Name of the file's column layout"))] = "",
    level: Annotated[
        Level | None,
        typer.Option(help=say("Đọc gì từ tệp EAD (mặc định: hồ sơ)", "What is read of a finding aid in EAD")),
    ] = None,
    encoding: Annotated[Choice | None, typer.Option(help=OF_ENCODING)] = None,
    marked: Annotated[
        Path | None,
        typer.Option(help=say("Ghi tệp có thêm cột lỗi vào đây", "Where to write the file with its errors")),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Import a workbook: all rows, or none and a list of what is wrong; exit 1 when rows were rejected.

    With --valid-rows those that are right are imported all the same. What was read in another way than it stands in
    the file is told too. With --dry-run the first rows that would change are told field by field, and under which name
    --apply does just that: a row that would come to something else by then is rejected.
    """
    wanted = Wanted(file, apply, fonds, layout, level, dry_run, valid_rows, encoding)
    wanted.demand_one()
    started = time.monotonic()
    client = ApiClient(Credential.load(credential), url=url, told=Outage())
    watch = shown if sys.stderr.isatty() else unwatched
    try:
        told, preview = asyncio.run(send(client, wanted, watch, marked))
    except ApiProblem as problem:
        if as_json:
            typer.echo(json.dumps(refusal(problem, time.monotonic() - started), ensure_ascii=False))
        raise
    told["seconds"] = round(time.monotonic() - started, 3)
    changed = told.pop("changed")
    for error in told["errors"]:
        echo(f"{error['row']} {error['column']}: {error['code']} ({error['value']})")
    for notice in told["notices"]:
        echo(f"{notice['row']} {notice['column']}: {notice['value']} → {notice['read'] or '—'}")
    for heading in told["ignored"]:
        echo(say(f"Bỏ qua cột: {heading}", f"Left out: {heading}"))
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        for line in (*preview_lines(preview, changed), *how_to_apply(wanted, told["id"])):
            typer.echo(printable(line, LONGEST_LINE))
        typer.echo(" ".join(f"{name}={told[name]}" for name in COUNTS))
    raise typer.Exit(1 if told["rejected"] else 0)


def echo(line: str) -> None:
    """Tell of a cell, whatever its writer put into it."""
    typer.echo(printable(line, LONGEST_LINE), err=True)


def refusal(problem: ApiProblem, seconds: float) -> dict[str, Any]:
    """Say of a file that was refused whole what is said of any other; its error is of no row."""
    error = {"sheet": "", "row": 0, "column": "", "value": "", "code": problem.code, "message": problem.title}
    counts = dict.fromkeys(COUNTS, 0)
    lists = {"layout": "", "ignored": [], "notices": []}
    return {"id": "", **counts, **lists, "errors": [error], "seconds": round(seconds, 3)}


async def send(
    client: ApiClient, wanted: Wanted, watched: Watched, marked: Path | None
) -> tuple[dict[str, Any], Sequence[Mapping[str, Any]]]:
    """Do what is wanted, into the fonds of a code if one is told; gives what became of it, and of the first rows.

    The latter of a dry run only. Raises ApiProblem.
    """
    async with client:
        if wanted.file:
            fonds_id = await fonds_of(client, wanted.fonds) if wanted.fonds else None
            told = await send_to(client, wanted.file, fonds_id, wanted.asked, watched)
        else:
            told = await followed(client, await order_run(client, wanted), watched)
        if marked and told["rejected"]:
            async with client.streamed(f"/catalog/imports/{told['id']}/marked") as answer:
                await keep(answer, marked)
        if not wanted.dry_run:
            return told, ()
        changes = f"/catalog/imports/{told['id']}/changes"
        rows = [row for kind in KINDS for row in (await client.get(changes, kind=kind, limit=FIRST))["items"]]
        return told, rows[:FIRST]


async def fonds_of(client: ApiClient, code: str) -> str:
    """Give the id of the fonds of a code. Raises ApiProblem."""
    async for each in client.items("/catalog/fonds"):
        if each["code"] == code:
            return str(each["id"])
    raise ApiProblem(404, {"code": "not_found", "title": say(f"Không có phông {code}", f"No fonds {code}")})


async def keep(answer: httpx.Response, path: Path) -> None:
    """Write an answer into a file."""
    with await asyncio.to_thread(path.open, "wb") as file:
        async for chunk in answer.aiter_bytes():
            await asyncio.to_thread(file.write, chunk)


async def send_to(
    client: ApiClient,
    file: Path,
    fonds_id: str | None,
    asked: Mapping[str, str] = NOTHING_ELSE,
    watched: Watched = unwatched,
) -> dict[str, Any]:
    """Send a workbook to a fonds that is known by its id, and wait until it is imported. Raises ApiProblem."""
    size = file.stat().st_size
    answer = await client.send(
        "POST",
        "/catalog/imports",
        params={**({"fonds_id": fonds_id} if fonds_id else {}), **asked},
        headers={"Content-Length": str(size)},
        stream=lambda: read(file, 0, size),
        timeout=READING,
    )
    return await followed(client, answer.json(), watched)


async def followed(client: ApiClient, told: dict[str, Any], watched: Watched) -> dict[str, Any]:
    """Wait until an import that was ordered has ended; gives what became of it. Raises ApiProblem."""
    pause = SOON
    while told["state"] not in ENDED:
        watched(told)
        await asyncio.sleep(pause)
        pause = min(2 * pause, SELDOM)
        told = await client.get(f"/catalog/imports/{told['id']}")
    watched(told)
    if told["state"] == FAILED:
        raise ApiProblem(500, {"code": "catalog.import_failed", "title": told["failure"]})
    told["errors"] = [{name: error[name] for name in CELL} for error in told["errors"]]
    return {name: told[name] for name in TOLD}

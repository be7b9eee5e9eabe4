"""Start the system: all of it in one process, one service, or only a service's workers."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI

from cli.connection import Connection
from cli.copies.sources import settings_of
from cli.data_folder import DataFolderBusy, alone_on
from cli.doors import NOT_NOW, demand_admin, demand_certificate
from cli.drill.schedule import drill_when_due
from cli.language import say
from cli.one_arena import share_one_arena
from services.embedded import SERVICES, embedded_app, embedded_settings, folder_of, part, with_hourly
from services.ingest.main import Settings as IngestSettings
from services.ingest.main import assemble_scrubber
from shared.app import compose
from shared.auth.guard import guarded_router
from shared.auth.tokens import TokenChecker
from shared.bus.open import open_bus
from shared.logs import log_json_lines
from shared.migrating import migrate as migrate_database
from shared.service import Service
from shared.settings import SettingMissing

UP = say("Chạy toàn hệ thống trong một tiến trình.", "Run the whole system in one process.")
SERVE = say("Chạy một dịch vụ.", "Run one service.")
WORK = say("Chỉ chạy phần xử lý nền của một dịch vụ.", "Run only a service's workers.")
SCRUB = say(
    "Đọc lại cả hai bản sao theo chu kỳ và sửa phần hỏng.",
    "Re-read both copies within a period and mend what is damaged.",
)
MIGRATE = say("Đưa cơ sở dữ liệu lên phiên bản mới nhất.", "Bring the databases to the newest shape.")

Data = Annotated[Path, typer.Option("--data", help=say("Thư mục dữ liệu", "Data folder"))]
Host = Annotated[str, typer.Option(help=say("Địa chỉ lắng nghe", "Address to listen on"))]
Port = Annotated[int, typer.Option(min=0, max=65535)]
OwnPort = Annotated[
    int | None, typer.Option(min=0, max=65535, help=say("Cổng cho số liệu, nếu cần", "Port for metrics, if wanted"))
]
Drills = Annotated[
    Path | None,
    typer.Option(
        help=say("Thư mục diễn tập khôi phục khi đến hạn, nếu cần", "Folder to drill restores in when due, if wanted")
    ),
]
Certificate = Annotated[Path | None, typer.Option(help=say("Chứng thư TLS (PEM)", "TLS certificate (PEM)"))]
Key = Annotated[Path | None, typer.Option(help=say("Khóa TLS (PEM)", "TLS key (PEM)"))]
Gateway = Annotated[
    str,
    typer.Option(help=say("Địa chỉ của cổng, được tin về nơi gửi", "Address of the gateway, believed on who calls")),
]
ServiceName = Annotated[str, typer.Argument(help=", ".join(SERVICES))]


def up(
    data: Data = Path("data"),
    host: Host = "127.0.0.1",
    port: Port = 8071,
    certificate: Certificate = None,
    key: Key = None,
) -> None:
    """Run everything on one data folder: SQLite, folders, in-process events."""
    demand_certificate(host, certificate, key)
    log_json_lines()
    try:
        with alone_on(data):
            run_on(data, host, port, certificate, key)
    except DataFolderBusy as busy:
        typer.echo(str(busy), err=True)
        raise typer.Exit(NOT_NOW) from busy


def run_on(data: Path, host: str, port: int, certificate: Path | None, key: Path | None) -> None:
    """Run everything on a data folder that is ours alone, until it is stopped."""
    for service in SERVICES:
        migrate_database(folder_of(service), embedded_settings(service, data)["database_url"])
    demand_admin(host, embedded_settings("identity", data)["database_url"])
    scheme = "https" if certificate else "http"
    url = f"{scheme}://{host}:{port}"
    typer.echo(
        say(f"Saoluu chạy tại {url}, dữ liệu ở {data.absolute()}", f"Saoluu at {url}, data in {data.absolute()}")
    )
    drills = partial(drill_when_due, settings_of(data), "--data", str(data))
    listen(embedded_app(data, url, drills), host, port, certificate, key)


def serve(
    service: ServiceName,
    host: Host = "127.0.0.1",
    port: Port = 8071,
    certificate: Certificate = None,
    key: Key = None,
    gateway: Gateway = "",
) -> None:
    """Run one service with the settings in its environment."""
    demand_certificate(host, certificate, key)
    log_json_lines()
    made, tokens, bus_url = from_environment(service)
    if service == "identity":  # the others let nobody in without a token of identity's
        demand_admin(host, made.context.database.url.render_as_string(hide_password=False))
    listen(compose([made], tokens, open_bus(bus_url)), host, port, certificate, key, gateway)


def work(
    service: ServiceName,
    host: Host = "127.0.0.1",
    port: OwnPort = None,
    certificate: Certificate = None,
    key: Key = None,
) -> None:
    """Run a service's consumers and jobs without its HTTP interface: how it scales out.

    With a port its standing routes (life, readiness, metrics, jobs) answer there, guarded as they are elsewhere.
    """
    demand_certificate(host, certificate, key)
    log_json_lines()
    made, tokens, bus_url = from_environment(service)
    toil(made, tokens, bus_url, Place(host, port, certificate, key))


def scrub(
    host: Host = "127.0.0.1",
    port: OwnPort = None,
    certificate: Certificate = None,
    key: Key = None,
    drills: Drills = None,
) -> None:
    """Run ingest's scrubber with the settings in its environment: its keys may replace what is damaged.

    It needs ingest's database and account on the bus, and both stores by keys of its own; nothing else of ingest's.
    Given a folder for that, it drills a restore there when one is due.
    """
    demand_certificate(host, certificate, key)
    log_json_lines()
    with explained():
        settings = IngestSettings.of("ingest")
        made = assemble_scrubber(settings)
    if drills is not None:
        made = with_hourly(made, partial(drill_when_due, settings, "--into", str(drills)))
    toil(made, TokenChecker(settings.identity_keys_url), settings.bus_url, Place(host, port, certificate, key))


def migrate(
    service: Annotated[str | None, typer.Argument(help=", ".join(SERVICES))] = None,
    data: Annotated[Path | None, typer.Option("--data", help=say("Thư mục dữ liệu", "Data folder"))] = None,
) -> None:
    """Bring databases to the newest shape: those of a data folder, or those the environment names."""
    for name in [service] if service else SERVICES:
        if data is not None:
            url = embedded_settings(name, data)["database_url"]
        else:
            with explained():
                url = part(name).Settings.of(name).database_url
        migrate_database(folder_of(name), url)
        typer.echo(f"{name}: ok")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a worker answers for itself, if anywhere."""

    host: str
    port: int | None
    certificate: Path | None
    key: Path | None


def toil(made: Service, tokens: TokenChecker, bus_url: str, place: Place) -> None:
    """Do a service's background work until it is stopped, with its standing routes at a port if there is one.

    Its register is written by the process that serves it.
    """
    made = replace(made, register=None)
    share_one_arena()
    if place.port is not None:
        bare = replace(made, router=guarded_router())
        app = compose([bare], tokens, open_bus(bus_url))
        return listen(app, place.host, place.port, place.certificate, place.key)

    async def until_stopped() -> None:
        stopped = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        bus = open_bus(bus_url)
        async with made.at_work(bus):
            await stopped.wait()
            await bus.close()  # before the database that its listener writes to

    return asyncio.run(until_stopped())


def from_environment(name: str) -> tuple[Service, TokenChecker, str]:
    """Assemble a service as its environment says."""
    with explained():
        module = part(name)
        settings = module.Settings.of(name)
    return module.assemble(settings), TokenChecker(settings.identity_keys_url), settings.bus_url


@contextmanager
def explained() -> Iterator[None]:
    """Turn a missing or wrong setting into a plain message and exit code 2."""
    try:
        yield
    except (SettingMissing, ValueError) as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(2) from wrong


def listen(app: FastAPI, host: str, port: int, certificate: Path | None, key: Path | None, gateway: str = "") -> None:
    """Serve an app until it is stopped; requests in flight get half a minute to end.

    Only a gateway is believed when it says for whom it speaks (X-Forwarded-For): anybody can send that header.
    """
    share_one_arena()
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http=Connection,
        ws="none",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=30,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        server_header=False,
        proxy_headers=bool(gateway),
        forwarded_allow_ips=gateway,
    )
    server = uvicorn.Server(config)
    server.run()
    if not server.started:
        sys.exit(3)

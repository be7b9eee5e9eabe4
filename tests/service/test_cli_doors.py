"""The system is heard beyond its machine only with a certificate, and only once somebody is in charge of it."""

import asyncio
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from typer.testing import CliRunner

from cli.demo.system import free_port, running
from cli.main import app
from services.embedded import embedded_settings, folder_of
from services.identity.domain.duties import Kind
from services.identity.models import plumbing
from services.identity.operations.accounts import create
from shared.auth.roles import Role
from shared.clock import now
from shared.database import Database
from shared.migrating import migrate
from tests.grounds import Ground

BEYOND = "0.0.0.0"  # noqa: S104 - what is tested
NO_ADMIN = "needs an administrator"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAOLUU_LANGUAGE", "en")


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Give the options for a certificate of our own for 127.0.0.1."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "saoluu.test")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return ["--certificate", str(folder / "certificate.pem"), "--key", str(folder / "key.pem")]


@contextmanager
def listening(
    command: list[str], log: Path, tls: list[str], environment: Mapping[str, str], path: str = "/identity/livez"
) -> Iterator[httpx.Client]:
    """Run a command that listens, and give a client of it, once it answers."""
    with running(command, log, dict(environment)) as process:
        scheme = "https" if tls else "http"
        trust = ssl.create_default_context(cafile=tls[1]) if tls else False
        port = command[command.index("--port") + 1]
        with httpx.Client(base_url=f"{scheme}://127.0.0.1:{port}", verify=trust, trust_env=False) as client:
            for _ in range(600):
                assert process.poll() is None, log.read_text()
                try:
                    client.get(path)
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield client


def attempt(command: list[str], environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command that should end by itself."""
    words = [sys.executable, "-c", "from cli.main import run; run()", *command]
    every = {**os.environ, **(environment or {})}
    return subprocess.run(words, capture_output=True, text=True, timeout=60, env=every, check=False)


def test_up_beyond_this_machine_without_a_certificate_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["up", "--data", str(tmp_path / "data"), "--host", BEYOND])
    assert (done.exit_code, "--certificate" in done.output) == (2, True)
    assert not (tmp_path / "data").exists()


def test_up_is_heard_beyond_this_machine_once_there_is_an_administrator(tmp_path: Path, tls: list[str]) -> None:
    data, port = str(tmp_path / "data"), str(free_port())
    command = ["up", "--data", data, "--host", BEYOND, "--port", port, *tls]
    refused = attempt(command)
    assert (refused.returncode, NO_ADMIN in refused.stderr) == (2, True)
    assert "saoluu account add NAME --role admin" in refused.stderr
    assert "setup link: " not in refused.stderr

    def add(role: str) -> None:
        told = ["account", "add", f"Lan {role}", "--role", role, "--credential", str(tmp_path / f"{role}.json")]
        assert CliRunner().invoke(app, [*told, "--data", data]).exit_code == 0

    add("archivist")
    assert attempt(command).returncode == 2, "an archivist lets nobody in"
    add("admin")
    with listening(command, tmp_path / "log", tls, {}) as client:
        assert client.get("/identity/livez").status_code == 200


def test_the_first_start_on_this_machine_needs_neither_and_offers_the_setup(tmp_path: Path) -> None:
    command = ["up", "--data", str(tmp_path / "data"), "--port", str(free_port())]
    with listening(command, tmp_path / "log", [], {}) as client:
        assert client.get("/identity/livez").status_code == 200
    assert "setup link: " in (tmp_path / "log").read_text()


def test_a_second_system_on_the_same_data_folder_is_refused_and_accounts_are_still_made(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    command = ["up", "--data", data, "--port", str(free_port())]
    with listening(command, tmp_path / "log", [], {}) as client:
        second = attempt(["up", "--data", data, "--port", str(free_port())])
        assert (second.returncode, "already runs on" in second.stderr) == (3, True), second.stderr
        told = ["account", "add", "Lan", "--role", "archivist", "--credential", str(tmp_path / "lan.json")]
        assert attempt([*told, "--data", data]).returncode == 0
        assert client.get("/identity/livez").status_code == 200
    with listening(command, tmp_path / "log", [], {}) as client:
        assert client.get("/identity/livez").status_code == 200, "one that has ended lets go of the folder"


@pytest.fixture
def identity(ground: Ground) -> dict[str, str]:
    """Give identity's settings of the full mode, on a database that nothing has been done to."""
    return {
        "IDENTITY_DATABASE_URL": ground.empty_database_url("identity"),
        "IDENTITY_KEYS_URL": "http://identity.test/identity/keys",
        "IDENTITY_PUBLIC_URL": "https://saoluu.test",
    }


async def add_admin(database_url: str, *, is_disabled: bool) -> None:
    database = Database(database_url, plumbing)
    async with database.writing() as uow:
        account, _ = await create(uow, f"Lan {is_disabled}", Kind.PERSON, frozenset({Role.ADMIN}))
        account.is_disabled = is_disabled
    await database.close()


def test_identity_alone_is_heard_beyond_this_machine_once_there_is_an_enabled_administrator(
    tmp_path: Path, tls: list[str], identity: dict[str, str]
) -> None:
    command = ["serve", "identity", "--host", BEYOND, "--port", str(free_port()), *tls]
    unmigrated = attempt(command, identity)
    assert (unmigrated.returncode, "saoluu migrate" in unmigrated.stderr) == (3, True), unmigrated.stderr
    migrate(folder_of("identity"), identity["IDENTITY_DATABASE_URL"])
    asyncio.run(add_admin(identity["IDENTITY_DATABASE_URL"], is_disabled=True))
    refused = attempt(command, identity)
    assert (refused.returncode, NO_ADMIN in refused.stderr) == (2, True), refused.stderr
    asyncio.run(add_admin(identity["IDENTITY_DATABASE_URL"], is_disabled=False))
    with listening(command, tmp_path / "log", tls, identity) as client:
        assert client.get("/identity/livez").status_code == 200
        assert "setup link: " not in (tmp_path / "log").read_text()


@pytest.mark.parametrize("is_believed", [True, False])
def test_only_a_gateway_is_believed_on_where_a_request_comes_from(tmp_path: Path, is_believed: bool) -> None:
    settings = {
        "IDENTITY_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'identity.db'}",
        "IDENTITY_KEYS_URL": (tmp_path / "keys.json").as_uri(),
    }
    migrate(folder_of("identity"), settings["IDENTITY_DATABASE_URL"])
    command = ["serve", "identity", "--port", str(free_port())]
    with listening(command + ["--gateway", "127.0.0.1"] * is_believed, tmp_path / "log", [], settings) as client:

        def try_from(address: str) -> int:
            told = {"name": "root", "password": "wrong"}
            return client.post("/identity/sessions", json=told, headers={"X-Forwarded-For": address}).status_code

        heard = [try_from("203.0.113.7") for _ in range(16)]
        assert (heard[:10], 429 in heard) == ([401] * 10, True), "on a busy machine a second passes between two"
        assert try_from("203.0.113.8") == (401 if is_believed else 429)


def test_workers_show_their_metrics_on_a_port_of_their_own_and_nothing_else(tmp_path: Path, tls: list[str]) -> None:
    data, url = tmp_path / "data", f"http://127.0.0.1:{free_port()}"
    for name in ("identity", "qc"):
        migrate(folder_of(name), embedded_settings(name, data)["database_url"])
    told = ["account", "add", "prometheus", "--role", "monitor", "--credential", str(tmp_path / "monitor.json")]
    assert CliRunner().invoke(app, [*told, "--data", str(data), "--url", url]).exit_code == 0
    settings = {
        f"{name}_database_url".upper(): embedded_settings(name, data)["database_url"] for name in ("identity", "qc")
    }
    shared = {name.upper(): value for name, value in embedded_settings("qc", data).items() if name != "database_url"}
    command = ["work", "qc", "--port", str(free_port())]
    refused = attempt([*command, "--host", BEYOND], {**settings, **shared})
    assert (refused.returncode, "--certificate" in refused.stderr) == (2, True)
    serving = ["serve", "identity", "--port", url.rpartition(":")[2]]
    with listening(serving, tmp_path / "identity.log", [], {**settings, **shared}):
        done = attempt(["token", "--credential", str(tmp_path / "monitor.json")])
        assert done.returncode == 0, done.stderr
    with listening(command, tmp_path / "qc.log", [], {**settings, **shared}, path="/qc/livez") as client:
        assert client.get("/qc/metrics").status_code == 401
        shown = client.get("/qc/metrics", headers={"Authorization": f"Bearer {done.stdout.strip()}"})
        assert (shown.status_code, "saoluu_jobs_waiting" in shown.text) == (200, True)
        assert client.get("/qc/dossiers").status_code == 404


def test_a_service_without_accounts_needs_only_the_certificate(tmp_path: Path, tls: list[str]) -> None:
    settings = {
        "REPORTING_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'reporting.db'}",
        "IDENTITY_KEYS_URL": "http://identity.test/identity/keys",
    }
    migrate(folder_of("reporting"), settings["REPORTING_DATABASE_URL"])
    command = ["serve", "reporting", "--host", BEYOND, "--port", str(free_port())]
    assert attempt(command, settings).returncode == 2
    with listening([*command, *tls], tmp_path / "log", tls, settings) as client:
        assert client.get("/reporting/livez").status_code == 200
        assert client.get("/reporting/ledger").status_code == 401

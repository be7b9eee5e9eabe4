"""The containers get secrets of their own, and the servers that read these files keep to them."""

import asyncio
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped] # it ships no types
import pytest
import yaml
from typer.testing import CliRunner

from cli.backing.compose import written
from cli.backing.memory import Memory
from cli.backing.postgres import Postgres
from cli.backing.seaweed import Seaweed
from cli.main import app
from services.embedded import SERVICES

ROOT = Path(__file__).parents[2]
SECRETS = "deploy/compose/secrets/"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    return written(Memory(tmp_path))


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return told


def variables(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines())


def test_every_container_gets_its_own_file_and_every_file_is_made(
    services: dict[str, Any], files: dict[str, str]
) -> None:
    given = {name: told["env_file"].removeprefix(SECRETS) for name, told in services.items() if "env_file" in told}
    own = {name: f"{name}.env" for name in (*SERVICES, "migrate", "prepare", "postgres")}
    assert given == {**own, "qc-worker": "qc.env", "ingest-scrubber": "scrubber.env"}
    mounted = set(re.findall(rf"\./{SECRETS}([\w-]+\.json):", (ROOT / "docker-compose.yml").read_text()))
    assert {*given.values(), *mounted, "operator.env"} == files.keys()


def test_no_two_services_share_a_secret(files: dict[str, str]) -> None:
    secrets = [
        secret
        for service in SERVICES
        for secret in {urlsplit(url).password for url in variables(files[f"{service}.env"]).values()} - {None}
    ]
    assert len(secrets) == len(set(secrets))
    holders = {service for service in SERVICES if "STORE_" in files[f"{service}.env"]}
    assert holders == {"catalog", "ingest", "qc", "handover", "reporting"}
    keepers = {service for service in SERVICES if "REGISTERS_KEPT=true" in files[f"{service}.env"]}
    assert keepers == holders, "each of them keeps its register"
    scrubber, ingest = variables(files["scrubber.env"]), variables(files["ingest.env"])
    assert scrubber.keys() == {"INGEST_DATABASE_URL", "BUS_URL", "STORE_ARCHIVE_URL", "STORE_RESERVE_URL"}
    for name, url in scrubber.items():
        is_shared = urlsplit(url).password in {urlsplit(ingest[name]).password}
        assert is_shared == (not name.startswith("STORE_")), "its keys to the stores are its own"
    admins = {urlsplit(url).password for url in variables(files["prepare.env"]).values()}
    assert not admins & set(secrets)


def test_secrets_are_ours_alone_and_stay_while_what_servers_read_is_written_anew(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"

    def make() -> dict[str, str]:
        words = [sys.executable, "-m", "cli.backing.compose", str(folder)]
        subprocess.run(words, cwd=ROOT, capture_output=True, check=True)
        return {path.name: path.read_text() for path in folder.glob("*.*") if path.name != "rabbitmq.json"}

    before = make()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.glob("*.env")} == {0o600}
    (folder / "s3.json").write_text("the rights of an older version")
    assert make() == before


def test_each_s3_server_knows_only_who_works_with_its_buckets(files: dict[str, str]) -> None:
    known = {
        host: {each["name"] for each in json.loads(files[f"{host}.json"])["identities"]}
        for host in ("s3", "s3-reserve")
    }
    assert known == {
        "s3": {"admin", "catalog", "ingest", "qc", "handover", "reporting", "scrubber"},
        "s3-reserve": {"admin", "catalog", "ingest", "qc", "handover", "reporting", "scrubber"},
    }


async def test_the_database_server_makes_a_role_a_service_with_the_password_it_was_given(
    open_folder: Path, files: dict[str, str]
) -> None:
    with Postgres(open_folder / "postgres", fsync=False) as server:
        place = {"PGHOST": "127.0.0.1", "PGPORT": str(server.ports["sql"]), "PGDATABASE": "postgres"}
        superuser = {"PGPASSWORD": server.memory.secret("superuser")}
        script = ROOT / "deploy/compose/databases.sh"
        environment = {**os.environ, **place, **superuser, **variables(files["postgres.env"])}
        words = ["/bin/sh", str(script)]
        await asyncio.to_thread(subprocess.run, words, env=environment, capture_output=True, check=True)
        for service in SERVICES:
            url = urlsplit(variables(files[f"{service}.env"])[f"{service.upper()}_DATABASE_URL"])
            there = {"host": "127.0.0.1", "port": server.ports["sql"], "user": url.username, "password": url.password}
            connection = await asyncpg.connect(**there, database=service)
            await connection.close()
            other = SERVICES[SERVICES.index(service) - 1]
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await asyncpg.connect(**there, database=other)


def test_stores_are_made_by_a_key_that_may_and_by_no_other(tmp_path: Path) -> None:
    def prepare(url: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["prepare"], env={"STORE_DERIVED_URL": url})
        return done.exit_code, done.output

    with Seaweed(tmp_path / "seaweed", rights={"qc": {}}) as server:
        assert prepare(server.url("derived", "qc"))[0] == 3
        assert prepare(server.url("derived")) == (0, "derived: ok\n")
        assert prepare(server.url("derived")) == (0, "derived: ok\n"), "a second time finds it made"
    assert CliRunner().invoke(app, ["prepare"]).exit_code == 2

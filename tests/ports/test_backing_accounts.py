"""An account on a server may enter what is its own and no more."""

import io
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]
import pytest
from minio.error import S3Error

from cli.backing.errors import NotRunning, UnusableName
from cli.backing.postgres import Postgres
from cli.backing.rights import READING
from cli.backing.seaweed import Seaweed
from tests.ports.server_clients import FACT
from tests.raw_stores import s3_client


async def test_a_role_enters_no_database_but_its_own(folder: Path) -> None:
    postgres = Postgres(folder, fsync=False)
    with postgres:
        catalog = postgres.create_database("catalog")
        assert postgres.create_database("catalog") == catalog
        ingest = postgres.create_database("ingest")
        trespass = catalog.replace("+asyncpg", "").removesuffix("catalog") + urlsplit(ingest).path.strip("/")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(trespass)
        with pytest.raises(UnusableName):
            postgres.create_database('x"; DROP DATABASE catalog; --')
    with pytest.raises(NotRunning):
        postgres.create_database("catalog")


def test_a_further_s3_identity_may_do_what_it_was_given_and_no_more(folder: Path) -> None:
    server = Seaweed(folder, rights={"reader": {"facts": READING}}).start()
    try:
        owner, reader = s3_client(server.url("facts")), s3_client(server.url("facts", "reader"))
        owner.make_bucket("facts")
        owner.put_object("facts", "fact", io.BytesIO(FACT), len(FACT))
        assert reader.get_object("facts", "fact").read() == FACT
        with pytest.raises(S3Error, match="AccessDenied"):
            reader.put_object("facts", "other", io.BytesIO(FACT), len(FACT))
    finally:
        server.kill()

"""Processes of ingest that start together sign with one key, from the very first start on."""

import asyncio

from services.embedded import folder_of
from services.ingest.models import plumbing
from services.ingest.receipts import ReceiptBook
from shared.database import Database
from shared.migrating import migrate
from tests.grounds import Ground


async def test_books_that_open_at_the_same_moment_have_the_same_key(ground: Ground) -> None:
    url = ground.empty_database_url("ingest")
    await asyncio.to_thread(migrate, folder_of("ingest"), url)
    database = Database(url, plumbing)
    books = [ReceiptBook() for _ in range(4)]
    await asyncio.gather(*(book.open(database) for book in books))
    await database.close()
    assert len({book.key.kid for book in books}) == 1

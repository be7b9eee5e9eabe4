"""A question goes from part to part of the index: it finds, counts and turns pages the same wherever the parts end."""

import pytest
from sqlalchemy import text

from services.catalog.domain.searching import Search, phrases_in
from services.catalog.operations import parts
from services.catalog.operations.finding import count_found, found_dossiers, found_ids
from shared.paging import Portion
from tests.grounds import Ground
from tests.service.catalog_desk import catalog_desk

SONGS = Search(phrases_in("sông"))


async def test_what_is_found_does_not_depend_on_where_the_parts_end(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with catalog_desk(ground) as desk:
        made = [await desk.dossier(number, title="sông" if number % 3 else "đê") for number in range(12)]
        wanted = [each for number, each in enumerate(made) if number % 3]
        for edges in ((1,), (2, 5, 9), (4, 100), (13,)):
            monkeypatch.setattr(parts, "EDGES", edges)
            async with desk.database.reading() as session:
                ids = [str(each) for each in await found_ids(session, SONGS, 5)]
                first = await found_dossiers(session, SONGS, Portion(limit=5))
                second = await found_dossiers(session, SONGS, Portion(limit=5, cursor=first.next))
                counted = await count_found(session, SONGS)
            assert ids == wanted[:5], edges
            assert [str(row.id) for row in (*first.dossiers, *second.dossiers)] == wanted, edges
            assert (second.next, first.counted, second.counted) == (None, counted, counted)
            assert counted.count == len(wanted)


async def test_the_parts_are_those_that_postgresql_has_indexes_of(ground: Ground) -> None:
    async with catalog_desk(ground) as desk, desk.database.reading() as session:
        if not desk.database.locks_rows:
            found = await session.connection()
            columns = (await found.execute(text("SELECT name FROM pragma_index_info('ix_dossier_index_years')"))).all()
            assert [name for (name,) in columns] == ["number", "first_year", "last_year"]
            return
        asked = text(
            "SELECT indexdef FROM pg_indexes WHERE indexname LIKE 'ix_dossier_index_part_%' ORDER BY indexname"
        )
        told = [row[0] for row in (await (await session.connection()).execute(asked)).all()]
    spelled = [str(part.compile(compile_kwargs={"literal_binds": True})) for part in parts.parts_after()]
    plain = [each.rpartition(" WHERE ")[2].translate(str.maketrans("", "", "()")) for each in told]
    assert plain == [each.replace("dossier_index.", "") for each in spelled]

"""The parts that PostgreSQL's full-text index is cut into by the numbers of the dossiers, each four times the last.

GIN gives all that answers at once, however little is wanted. So a question goes from part to part, oldest dossiers
first, until there is enough; a word that is everywhere has been answered by the first. Numbers are compared as a sum,
as the conditions of the indexes have it: by the primary key, PostgreSQL would walk past every dossier of a part.
"""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Integer, and_, literal_column

EDGES = (16_384, 65_536, 262_144, 1_048_576, 4_194_304)  # as migration 0011 cut the index


def parts_after(number: int = 0) -> Iterator[ColumnElement[bool]]:
    """Give the conditions of the parts with any number after this one, in order, spelled as the indexes have them."""
    place = literal_column("dossier_index.number + 0", Integer)
    for begin, end in zip((None, *EDGES), (*EDGES, None), strict=True):
        if end is None or end > number + 1:
            bounds = [place >= begin] if begin is not None else []
            bounds += [place < end] if end is not None else []
            yield and_(*bounds)

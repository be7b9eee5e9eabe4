"""The query of an address: nothing in it may be unknown to its route, or said twice."""

from collections import Counter
from collections.abc import Iterator

from fastapi.dependencies.models import Dependant
from starlette.datastructures import QueryParams

from shared.errors import Unprocessable


class QueryUnknown(Unprocessable):
    """The route has no query parameter of this name; ignoring it would do something else than was asked."""

    code = "query_unknown"


class QueryRepeated(Unprocessable):
    """A query parameter is there twice, and only one of them could count."""

    code = "query_repeated"


def known_to(dependant: Dependant) -> frozenset[str]:
    """Give the names of the query parameters that a route and what it depends on read."""

    def names(part: Dependant) -> Iterator[str]:
        for parameter in part.query_params:
            yield parameter.alias
        for further in part.dependencies:
            yield from names(further)

    return frozenset(names(dependant))


def demand_known(query: QueryParams, known: frozenset[str]) -> None:
    """Raise QueryUnknown or QueryRepeated for the first parameter that cannot be meant."""
    counted = Counter(name for name, _value in query.multi_items())
    for name, count in counted.items():
        if name not in known:
            raise QueryUnknown(f"{name[:100]!r} is not known here", parameter=name[:100])
        if count > 1:
            raise QueryRepeated(f"{name} is there {count} times", parameter=name)

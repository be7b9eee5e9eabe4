"""Text as the catalog keeps it, without a mark of secrecy, and what its routes ask for."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from services.catalog.context import Context
from services.catalog.domain.look_alike import with_stroke
from services.catalog.domain.partial_date import iso_of
from services.catalog.domain.secret_mark import demand_unmarked
from services.catalog.domain.text import CONTROL, tidied, tidied_lines, unseen_in
from services.catalog.errors import TextUnseen
from shared.service import context_of
from shared.serving import SERVING
from shared.texts import Language, preferred
from shared.wire import Line, Note, Term


def clean(text: str) -> str:
    """Refuse control characters, which no database keeps alike. Raises ValueError."""
    if CONTROL.search(text):
        raise ValueError("control characters are not text")
    return text


def seen(text: str, info: ValidationInfo) -> str:
    """Refuse what nobody sees, and what turns the direction of text. Raises TextUnseen."""
    found = unseen_in(text)
    if found:
        raise TextUnseen(", ".join(found), field=info.field_name or "", characters=found)
    return text


def unmarked(text: str, info: ValidationInfo) -> str:
    """Refuse a mark of secrecy, before lines are joined, unless secrets may be kept here. Raises SecretMarked."""
    demand_unmarked_here(info.field_name or "text", text)
    return text


def demand_unmarked_here(field: str, text: str) -> None:
    """Raise SecretMarked for a text with a mark of secrecy, unless the service that is asked may keep secrets."""
    context = SERVING.get()
    is_free = isinstance(context, Context) and context.secrets_allowed
    demand_unmarked(secrets_allowed=is_free, **{field: text})


Words = Annotated[Line, AfterValidator(clean), AfterValidator(seen), AfterValidator(unmarked), AfterValidator(tidied)]
OptionalWords = Annotated[
    Note, AfterValidator(clean), AfterValidator(seen), AfterValidator(unmarked), AfterValidator(tidied)
]
Lines = Annotated[
    Note, AfterValidator(clean), AfterValidator(seen), AfterValidator(unmarked), AfterValidator(tidied_lines)
]
# what is told beside a body, and kept
ToldBeside = Annotated[Term, AfterValidator(unmarked)]
# what only names a column of somebody's file: that may well be "Mật"
Label = Annotated[Line, AfterValidator(clean), AfterValidator(seen), AfterValidator(tidied)]
OptionalLabel = Annotated[Note, AfterValidator(clean), AfterValidator(seen), AfterValidator(tidied)]

# Of texts that are read, not of codes, which stay as they were written.
Title = Annotated[Words, AfterValidator(with_stroke)]
OptionalTitle = Annotated[OptionalWords, AfterValidator(with_stroke)]
Prose = Annotated[Lines, AfterValidator(with_stroke)]


def day_told(told: object) -> object:
    """Read a day as dossiers are dated: dd/mm/yyyy or YYYY-MM-DD. Raises ValueError."""
    if isinstance(told, date):
        return told
    iso = iso_of(told) if isinstance(told, str) else ""
    if len(iso) != len("yyyy-mm-dd"):
        raise ValueError("a day is dd/mm/yyyy or YYYY-MM-DD")
    return date.fromisoformat(iso)


Day = Annotated[date, BeforeValidator(day_told)]


def language_of(request: Request) -> Language:
    """Give the language that the caller reads."""
    return preferred(request.headers.get("accept-language"))


InLanguage = Annotated[Language, Depends(language_of)]
Here = Annotated[Context, Depends(context_of)]

"""The envelope that every event shares, and the registry from wire name to class."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.clock import now
from shared.ids import new_id


class Fact(BaseModel):
    """A value inside an event: frozen, and readers ignore what they do not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(Fact):
    """A fact about the past, published by exactly one service.

    `name` is also the routing key; `subject` names the field that says what the event is about. `actor` and
    `correlation_id` are stamped by the unit of work that publishes. Fields may be added, never changed.
    """

    name: ClassVar[str]
    subject: ClassVar[str]
    known: ClassVar[dict[str, type["Event"]]] = {}

    id: UUID = Field(default_factory=new_id)
    occurred_at: AwareDatetime = Field(default_factory=now)
    actor: str = ""
    correlation_id: str = ""
    version: int = 1

    @classmethod
    def __pydantic_init_subclass__(cls, **_kwargs: Any) -> None:  # noqa: ANN401 (pydantic's signature)
        """Enter the class under its wire name; two classes never share one."""
        if cls.known.setdefault(cls.name, cls) is not cls:
            raise TypeError(f"two events are called {cls.name}")

    @property
    def subject_id(self) -> UUID:
        """Give the id of the thing this event is about."""
        subject: UUID = getattr(self, self.subject)
        return subject

    @property
    def publisher(self) -> str:
        """Give the service that publishes this event."""
        return self.name.partition(".")[0]

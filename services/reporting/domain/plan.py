"""The plan as shipped: how many A4 pages each year owes."""

import tomllib
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

SHIPPED = Path(__file__).parents[1] / "plan.toml"


class Plan(BaseModel):
    """A yearly target for a span of years."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    first_year: int
    last_year: int
    a4_pages_a_year: int

    @classmethod
    def load(cls) -> Self:
        """Load the shipped plan."""
        return cls.model_validate(tomllib.loads(SHIPPED.read_text("utf-8")))

    def target(self, year: int) -> int:
        """Give the target of a year, 0 outside the plan."""
        return self.a4_pages_a_year if self.first_year <= year <= self.last_year else 0

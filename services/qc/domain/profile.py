"""A profile: the limits that pages are judged by, shipped as versioned data."""

import tomllib
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

PROFILES = Path(__file__).parents[1] / "profiles"


class Profile(BaseModel):
    """Limits of one profile; `source` says which rule asks for them. Resolutions in dots per inch, margins in mm."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: int
    source: str
    least_dpi: float
    least_dpi_drawings: float
    least_bit_depth: int
    needs_color: bool
    least_pixels: int
    most_blank_probability: float
    most_cut_probability: float
    most_border_share: float
    least_margin: float
    most_skew_degrees: float
    least_sharpness: float

    @classmethod
    def load(cls, name: str) -> Self:
        """Load a shipped profile by name."""
        return cls.model_validate(tomllib.loads((PROFILES / f"{name}.toml").read_text("utf-8")))

    @property
    def label(self) -> str:
        """Give what is recorded with every judgement."""
        return f"{self.name}/{self.version}"

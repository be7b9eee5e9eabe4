"""A profile: the limits that pages are judged by, shipped as versioned data."""

import tomllib
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

PROFILES = Path(__file__).parents[1] / "profiles"


class UnknownProfile(ValueError):
    """No profile of this name is shipped."""


def shipped() -> list[str]:
    """Give the names of the shipped profiles."""
    return sorted(path.stem for path in PROFILES.glob("*.toml"))


class Profile(BaseModel):
    """Limits of one profile; `source` says which rule asks for them. In dots per inch and millimetres.

    A page up to `paper_tolerance` (a share) longer than a paper size still counts as that size. `formats` are the media
    types that are allowed, all four if none is named.
    """

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
    paper_tolerance: float = 0.1
    least_margin: float
    most_skew_degrees: float
    least_orientation_confidence: float
    least_sharpness: float
    most_exposure_probability: float
    most_clipped_share: float
    least_contrast: float
    most_colour_cast: float
    most_uneven_light: float
    most_noise: float
    most_local_blur_probability: float
    most_intrusion_probability: float
    formats: tuple[str, ...] = ()
    least_jpeg_quality: int = 0
    wants_color_profile: bool = False
    wants_color_target: bool = False

    @classmethod
    def load(cls, name: str) -> Self:
        """Load a shipped profile by name. Raises UnknownProfile."""
        if name not in shipped():
            raise UnknownProfile(name)
        return cls.model_validate(tomllib.loads((PROFILES / f"{name}.toml").read_text("utf-8")))

    @property
    def label(self) -> str:
        """Give what is recorded with every judgement."""
        return f"{self.name}/{self.version}"

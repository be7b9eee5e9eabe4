"""What the maker of a lot chooses: the standard's scheme with an AQL per class, or a fixed percentage."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.qc.domain.sampling.tables import aqls, levels


class DefectClass(StrEnum):
    """How much a defect weighs, the heaviest first."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


def known_aql(aql: float) -> float:
    """Let only the AQLs of the tables pass, and 0, which allows none."""
    if aql and aql not in aqls():
        raise ValueError(f"one of 0 and {', '.join(f'{known:g}' for known in aqls())}")
    return aql


def known_level(level: str) -> str:
    """Let only the levels of table 1 pass."""
    if level not in levels():
        raise ValueError(f"one of {', '.join(levels())}")
    return level


Aql = Annotated[float, Field(strict=True), AfterValidator(known_aql)]


class StandardTerms(BaseModel):
    """ISO 2859-1, single sampling: an inspection level, and an AQL in percent per class; 0 allows no defect at all."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    scheme: Literal["iso2859"] = "iso2859"
    level: Annotated[str, AfterValidator(known_level)] = "II"
    critical: Aql = 0.0
    major: Aql = 1.0
    minor: Aql = 4.0

    @property
    def limits(self) -> dict[DefectClass, float]:
        """Give the AQL of every class."""
        return {DefectClass.CRITICAL: self.critical, DefectClass.MAJOR: self.major, DefectClass.MINOR: self.minor}


class PercentageTerms(BaseModel):
    """A fixed share of the pages: all in the first round, fewer when a rejected lot comes again.

    The lot is accepted when at most `allowed_percent` of them have a defect, of whatever class.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    scheme: Literal["percentage"]
    allowed_percent: Annotated[float, Field(strict=True, ge=0, le=10)] = 1.0


Terms = Annotated[StandardTerms | PercentageTerms, Field(discriminator="scheme")]

"""What a finding aid tells of the fonds, work or collection itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.catalog.domain import codes


@dataclass(frozen=True, slots=True)
class Holding:
    """What is told of the fonds, work or collection itself."""

    code: str
    title: str
    kind: str
    archive_code: str
    status: str | None = None
    history: str = ""
    starts_on: str | None = None
    ends_on: str | None = None
    arrangement: str = ""
    other_types: str = ""
    languages: Sequence[str] = ()
    lookup_tools: str = ""
    note: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def paragraphs(self) -> dict[str, str]:
        """Give what is told in paragraphs, by element."""
        told = {
            "accruals": codes.FONDS_STATUS.get(self.status or "", ""), "bioghist": self.history,
            "arrangement": self.arrangement, "odd": self.other_types, "otherfindaid": self.lookup_tools,
            "scopecontent": self.note,
        }  # fmt: skip
        return {element: text for element, text in told.items() if text}

    @property
    def level(self) -> dict[str, str | None]:
        """Give the level that EAD knows it by."""
        if self.kind == "work":
            return {"level": "otherlevel", "otherlevel": "work"}
        return {"level": self.kind}

"""The filters that dossiers are listed, counted and marked by: every coded field, and the codes it may have."""

from collections.abc import Collection, Mapping
from uuid import UUID

from services.catalog.domain import codes, physical
from services.catalog.domain.eligibility import SECRECY
from services.catalog.domain.finding_errors import FilterWrong
from services.catalog.domain.terms import EARLIEST, LATEST, term

TRUTHS = ("true", "false")
DECADES = ("undated", "early", *(str(decade) for decade in range(EARLIEST, LATEST, 10)))
MOST_CHOICES = 50
CODED: Mapping[str, Collection[str]] = {
    "retention": codes.RETENTION,
    "access_level": codes.ACCESS_LEVEL,
    "language": codes.LANGUAGE,
    "physical_condition": codes.PHYSICAL_CONDITION,
    "trust_level": codes.TRUST_LEVEL,
    "secrecy": SECRECY,
    "kind": physical.KIND,
    "carrier": physical.CARRIER,
    "condition": physical.CONDITION,
    "size": physical.SIZE,
    "decade": DECADES,
    "legible": TRUTHS,
    "arranged": TRUTHS,
    "reserve": TRUTHS,
    "listed": TRUTHS,
}


def choices_in(name: str, told: str, known: Collection[str] | None) -> tuple[str, ...]:
    """Read the codes that a filter lets through, separated by commas; any if none are known. Raises FilterWrong."""
    choices = tuple(part.strip() for part in told.split(","))
    wrong = next((each for each in choices if not each or (known is not None and each not in known)), None)
    if wrong is not None or len(choices) > MOST_CHOICES:
        raise FilterWrong(f"{name} has no such code", filter=name, value=(wrong or "")[:100])
    return choices


def terms_of(told: Mapping[str, str | UUID], criteria: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Give the terms of filters by name. Raises FilterWrong."""
    known = {**CODED, "criterion": criteria, "without_criterion": criteria}
    terms: dict[str, tuple[str, ...]] = {}
    for name, choice in told.items():
        choices = (choice,) if isinstance(choice, UUID) else choices_in(name, choice, known.get(name))
        terms[name] = tuple(term(name.removeprefix("without_"), each) for each in choices)
    return terms

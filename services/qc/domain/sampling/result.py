"""The result of a lot, computed by its plan from what was said of the pages drawn."""

from collections.abc import Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from services.qc.domain.sampling.plan import ClassPlan, Plan
from services.qc.domain.sampling.switching import Past
from services.qc.domain.sampling.tables import Severity, one_step_tighter, single_plan
from services.qc.domain.sampling.terms import DefectClass


class Said(StrEnum):
    """What was said of a drawn page that has no defect, or nothing yet."""

    NOTHING = "nothing"
    SOUND = "sound"


Word = Said | DefectClass


class ClassResult(BaseModel):
    """How many pages of a class's sample have a defect of it, and what that comes to; None while pages are missing."""

    model_config = ConfigDict(frozen=True)

    name: str
    found: int
    is_accepted: bool | None
    is_accepted_tighter: bool = False


class Result(BaseModel):
    """How far a lot's sample is judged, and what it comes to: accepted only when all of it is judged."""

    model_config = ConfigDict(frozen=True)

    judged: int
    classes: tuple[ClassResult, ...]
    is_accepted: bool | None


def result_of(plan: Plan, words: Sequence[Word]) -> Result:
    """Give the result of a plan; `words` are in the order of the draw."""
    classes = tuple(class_result(each, words[: each.size]) for each in plan.classes)
    judged = sum(word != Said.NOTHING for word in words)
    outcomes = [each.is_accepted for each in classes]
    is_accepted = False if False in outcomes else None if None in outcomes or judged < len(words) else True
    return Result(judged=judged, classes=classes, is_accepted=is_accepted)


def class_result(plan: ClassPlan, words: Sequence[Word]) -> ClassResult:
    """Give the result of a class: rejected as soon as its number is reached."""
    found = sum(isinstance(word, DefectClass) and plan.name in (word, "any") for word in words)
    is_accepted = False if found >= plan.reject else None if Said.NOTHING in words else True
    return ClassResult(
        name=plan.name, found=found, is_accepted=is_accepted, is_accepted_tighter=passes_tighter(plan, found)
    )


def passes_tighter(plan: ClassPlan, found: int) -> bool:
    """Say whether what was found would also pass under the normal plan of an AQL one step tighter."""
    tighter = one_step_tighter(plan.aql) if plan.aql else None
    if plan.letter is None or tighter is None or plan.accept <= 1:
        return False
    return found <= single_plan(plan.letter, tighter, Severity.NORMAL).accept


def past_of(plan: ClassPlan, result: ClassResult) -> Past | None:
    """Give what a decided lot means for those after it, None for a class that does not switch or was not finished."""
    if plan.severity is None or result.is_accepted is None:
        return None
    return Past(plan.severity, result.is_accepted, plan.accept, result.is_accepted_tighter)

"""How a check agrees with people, and the limit that is proposed for it: as lines to read and as plain data."""

from collections.abc import Iterator

from cli.language import say
from services.qc.domain.agreeing import CheckAgreement, WhyNot
from services.qc.domain.calibrating import LEAST_FAULTY, Agreement


def in_words(check: CheckAgreement) -> Iterator[str]:
    """Tell of a check: a line on what it found, one on its limit; nothing where there is nothing to tell."""
    if check.present is None or not (check.flagged_count or check.present.missed):
        if check.flagged_count:
            yield f"{check.code}: {flagged(check)}; {reason_why_not(check)}"
        return
    yield f"{check.code}: {flagged(check)}; {agreed(check.present)}"
    if check.limit is None or check.proposed is None:
        yield f"  {limit_now(check)}{reason_why_not(check)}"
        return
    proposed = check.proposed
    yield f"  {limit_now(check)}" + say(
        f"đề xuất {proposed.limit:.4g}: {agreed(proposed)}", f"proposed {proposed.limit:.4g}: {agreed(proposed)}"
    )


def flagged(check: CheckAgreement) -> str:
    """Tell how many judged pages have the finding, and how many of them say nothing of it."""
    told = say(f"{check.flagged_count} trang bị nghi ngờ đã xem", f"{check.flagged_count} flagged and judged")
    if check.present is None or not check.left_out_count:
        return told
    return told + say(f" ({check.left_out_count} vì lý do khác)", f" ({check.left_out_count} for another reason)")


def agreed(at: Agreement) -> str:
    """Tell what a limit comes to."""
    right, wrong, missed = round(at.right), round(at.wrong), round(at.missed)
    precision, recall = share(at.precision), share(at.recall)
    return say(
        f"đúng {right}, sai {wrong}, sót khoảng {missed}; độ chính xác {precision}, độ phủ {recall}",
        f"{right} right, {wrong} wrong, about {missed} missed; precision {precision}, recall {recall}",
    )


def share(of: float | None) -> str:
    """Tell a share in percent."""
    return "?" if of is None else f"{100 * of:.1f} %"


def limit_now(check: CheckAgreement) -> str:
    """Tell the limit of the profile, by its name there."""
    if check.limit is None or check.present is None:
        return ""
    return f"{check.limit.field} = {check.present.limit:g}; "


def reason_why_not(check: CheckAgreement) -> str:
    """Tell why no limit is proposed."""
    words = {
        WhyNot.NO_REASON: say("không lý do kết luận nào nói về lỗi này", "no reason of a verdict speaks of it"),
        WhyNot.NO_LIMIT: say("không có ngưỡng để đề xuất", "it has no limit to propose"),
        WhyNot.TOO_FEW_FAULTS: say(
            f"không đề xuất: quá ít lỗi, {check.fault_count}/{LEAST_FAULTY}",
            f"none proposed: too few faults, {check.fault_count} of {LEAST_FAULTY}",
        ),
    }
    return "" if check.why_not is None else words[check.why_not]


def as_data(check: CheckAgreement) -> dict[str, object]:
    """Give a check as plain data."""
    return {
        "code": check.code,
        "flagged_count": check.flagged_count,
        "left_out_count": check.left_out_count,
        "fault_count": check.fault_count,
        "field": check.limit.field if check.limit else None,
        "worse": check.limit.worse if check.limit else None,
        "present": agreement_as_data(check.present, with_limit=check.limit is not None),
        "proposed": agreement_as_data(check.proposed),
        "why_not": check.why_not,
    }


def agreement_as_data(at: Agreement | None, *, with_limit: bool = True) -> dict[str, float | None] | None:
    """Give what a limit comes to as plain data."""
    if at is None:
        return None
    told = {"right": at.right, "wrong": at.wrong, "missed": at.missed, "precision": at.precision, "recall": at.recall}
    return {**({"limit": at.limit} if with_limit else {}), **told}

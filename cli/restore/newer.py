"""Tell of registers that are known to be newer, or seem to have been, than those that a restore takes."""

from collections.abc import Sequence

from cli.language import say
from cli.restore.protocol import Protocol, minute
from shared.register.gaps import gaps_around
from shared.register.head import Head, moment_in
from shared.register.reading import Found
from shared.storage.port import Store


def outdated(service: str, known: str, found: Found) -> str:
    """Say that a newer register is known of than the one that is taken."""
    taken = minute(found.head.written_at) if found.head else say("không có", "none")
    return say(
        f"sổ đăng ký {service} mới nhất bị thiếu hoặc không trọn vẹn: {known} "
        f"(đến {minute(moment_in(known))}); đã lấy sổ cũ hơn, đến: {taken}",
        f"the newest register of {service} is missing or not whole: {known} "
        f"(as of {minute(moment_in(known))}); an older one was taken, as of: {taken}",
    )


async def tell_gaps(stores: Sequence[Store], head: Head, protocol: Protocol, told: list[str]) -> None:
    """Tell what the stores themselves say of heads that are gone; `told` takes what may be missing of the newest.

    That is a difference where nothing else tells which head is the newest. A system at work that is drilled, or was
    while it was copied, may have been writing its register.
    """
    gaps = await gaps_around(stores, head)
    service, taken = head.service, minute(head.written_at)
    if gaps.later is not None:
        told.append(
            say(
                f"sổ đăng ký {service}: kho có những dòng đến {minute(gaps.later)} không sổ nào nêu tên, mới hơn sổ "
                f"đã lấy (đến {taken}): sổ mới nhất bị thiếu, hoặc lần ghi cuối bị ngắt",
                f"register of {service}: there are rows up to {minute(gaps.later)} that no head names, later than the "
                f"one that was taken (as of {taken}): the newest head is missing, or its writing was cut off",
            )
        )
    protocol.notes += [
        say(
            f"sổ đăng ký {service}: bản cũ hơn không còn, không mất dòng nào của bản đã lấy: {key}",
            f"register of {service}: an earlier head is gone, the one that was taken lacks nothing: {key}",
        )
        for key in gaps.gone
    ]

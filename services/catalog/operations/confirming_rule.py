"""That the rule of the yearly list is what the Centre wants: said once by a person, until the rule changes."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.domain.yearly_errors import RuleOtherwise
from services.catalog.domain.yearly_rule import YearlyRule
from services.catalog.models.yearly import RuleConfirmation
from shared.ids import new_id
from shared.uow import UnitOfWork


async def confirm_rule(uow: UnitOfWork, rule: YearlyRule, sha256: str, basis: str) -> RuleConfirmation:
    """Say that the rule as it was looked at is the Centre's; said once, it stays said. Raises RuleOtherwise."""
    if sha256 != rule.sha256:
        raise RuleOtherwise(sha256=rule.sha256)
    known = await uow.session.get(RuleConfirmation, sha256)
    if known is not None:
        return known
    made = RuleConfirmation(
        sha256=sha256, name=rule.name, rule_version=rule.version, basis=basis, confirmed_by=uow.caller.name
    )
    uow.session.add(made)
    await uow.session.flush()
    uow.record("yearly_rule.confirmed", new_id(), sha256=sha256, basis=basis)
    return made


async def confirmation_of(session: AsyncSession, rule: YearlyRule) -> dict[str, str] | None:
    """Give who confirmed a rule, when and on what basis; None where nobody has."""
    known = await session.get(RuleConfirmation, rule.sha256)
    if known is None:
        return None
    return {"by": known.confirmed_by, "at": known.confirmed_at.isoformat(), "basis": known.basis}

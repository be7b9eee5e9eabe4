"""The rule of the yearly list, in words, and whether the Centre has confirmed it."""

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from services.catalog.api.shapes import Here, Words
from services.catalog.api.yearly import ConfirmationOut
from services.catalog.domain.yearly_rule import YearlyRule, picked
from services.catalog.operations.confirming_rule import confirm_rule, confirmation_of
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.wire import In, Out

router: APIRouter = guarded_router()


class RuleOut(Out):
    """The rule, what it names in words, its digest, and who confirmed it for the Centre (null: nobody has)."""

    rule: YearlyRule
    picked: str
    sha256: str
    confirmation: ConfirmationOut | None


class RuleConfirmationIn(In):
    """Which rule is confirmed, by the digest of what was looked at, and on what basis."""

    sha256: Words
    basis: Words


@router.get("/yearly-rule")
async def read_yearly_rule(session: Reading, here: Here) -> RuleOut:
    """Show by which rule yearly lists are gathered now."""
    return await rule_out(session, here.yearly_rule)


@router.post("/yearly-rule/confirmation")
async def confirm_yearly_rule(body: RuleConfirmationIn, uow: Uow, here: Here) -> RuleOut:
    """Confirm for the Centre that the rule is the right one; lists that are begun or frozen from now on say so."""
    await confirm_rule(uow, here.yearly_rule, body.sha256, body.basis)
    return await rule_out(uow.session, here.yearly_rule)


async def rule_out(session: AsyncSession, rule: YearlyRule) -> RuleOut:
    """Show a rule."""
    known = await confirmation_of(session, rule)
    confirmation = ConfirmationOut.model_validate(known) if known else None
    return RuleOut(rule=rule, picked=picked(rule), sha256=rule.sha256, confirmation=confirmation)

"""What an account sees and changes of itself."""

from typing import Annotated

from fastapi import Depends, Response

from services.identity.api.shapes import AccountOut, Password
from services.identity.api.source import Source
from services.identity.context import Context
from services.identity.operations import passwords
from shared.auth.guard import guarded_router
from shared.edge import Calling
from shared.service import context_of
from shared.wire import In

router = guarded_router()
Here = Annotated[Context, Depends(context_of)]


class PasswordIn(In):
    """A new password, and the present one where there is one."""

    present: Password | None = None
    wanted: Password


@router.get("/me")
async def read_me(here: Here, caller: Calling) -> AccountOut:
    """Show the caller's own account."""
    return AccountOut.model_validate(await passwords.own_account(here, caller.account_id))


@router.post("/me/password", status_code=204)
async def change_password(body: PasswordIn, here: Here, caller: Calling, source: Source) -> Response:
    """Change the caller's own password; every session ends."""
    await passwords.change_password(here, caller, body.present, body.wanted, source)
    return Response(status_code=204)

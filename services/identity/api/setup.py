"""The first administrator."""

from fastapi.responses import HTMLResponse

from services.identity import setup_page
from services.identity.api.shapes import NewAccountOut, Password
from services.identity.operations import setup
from shared.auth.guard import guarded_router
from shared.edge import Uow
from shared.wire import In, Line

router = guarded_router()


class SetupIn(In):
    """The token out of the setup link, and who the first administrator is."""

    token: Line
    name: Line
    password: Password | None = None


@router.get("/setup", response_class=HTMLResponse)
async def show_setup() -> HTMLResponse:
    """Show the page that the setup link opens; the token stays in the browser until the form is sent."""
    return HTMLResponse(setup_page.page(), headers=setup_page.headers())


@router.post("/setup", status_code=201)
async def set_up(body: SetupIn, uow: Uow) -> NewAccountOut:
    """Make the first administrator with the link that the first start printed."""
    return NewAccountOut.of(*await setup.set_up(uow, body.token, body.name, body.password))

"""Identity's HTTP interface, one file per resource."""

from services.identity.api.accounts import router as accounts
from services.identity.api.client_credentials import router as client_credentials
from services.identity.api.me import router as me
from services.identity.api.sessions import router as sessions
from services.identity.api.setup import router as setup
from shared.auth.guard import guarded_router

router = guarded_router(setup, sessions, client_credentials, me, accounts)

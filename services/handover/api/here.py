"""What routes of handover work with."""

from typing import Annotated

from fastapi import Depends

from services.handover.context import Context
from shared.service import context_of

Here = Annotated[Context, Depends(context_of)]

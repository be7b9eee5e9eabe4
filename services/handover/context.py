"""What handover works with: its database, both stores, which it only reads, and the means to make and sign papers."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shared.eark.profile import PackageForm
from shared.papers.office import Office
from shared.papers.press import Press
from shared.service import Context as ServiceContext
from shared.storage.port import Store

if TYPE_CHECKING:
    from shared.delivery.signing import Signer


@dataclass(frozen=True)
class Context(ServiceContext):
    """Handover's means: packages are read from `archive`, and from `reserve` where that is damaged.

    `masters_form` is how packages of images are written. `carrying_over` lets one package at a time be carried over
    from an older version.
    """

    archive: Store
    reserve: Store
    press: Press
    office: Office
    masters_form: PackageForm
    signer: "Signer | None" = None
    carrying_over: asyncio.Lock = field(default_factory=asyncio.Lock)

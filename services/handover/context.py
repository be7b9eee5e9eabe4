"""What handover works with: its database, both stores, which it only reads, and the means to make and sign papers."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.handover.shelf import Shelf
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

    `form` is how packages of reading forms are written, `masters_form` how those of images are.
    """

    archive: Store
    reserve: Store
    press: Press
    office: Office
    masters_form: PackageForm
    signer: "Signer | None" = None
    shelf: Shelf = field(default_factory=Shelf)

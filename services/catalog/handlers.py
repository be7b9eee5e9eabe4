"""What the catalog does when another service reports a fact."""

from shared.auth.disabled import heed_disabled_accounts
from shared.inbox import Subscriptions

subscriptions = Subscriptions("catalog")
heed_disabled_accounts(subscriptions)

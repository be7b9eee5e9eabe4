"""What identity does when a service (itself among them) reports a fact."""

from shared.auth.disabled import heed_disabled_accounts
from shared.inbox import Subscriptions

subscriptions = Subscriptions("identity")
heed_disabled_accounts(subscriptions)

"""Looking at images that nobody trusts: recognised by their first bytes, decoded only in a sandboxed process."""

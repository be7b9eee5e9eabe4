"""Who may do what: accounts, stations, receivers, sign-in, and the key that signs access tokens."""

"""Registers: what a service's database says, kept in both stores, so that it can be rebuilt from them alone."""

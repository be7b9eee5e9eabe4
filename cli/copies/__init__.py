"""Copies that outlive the system: the offline set, and what reads the stores for it."""

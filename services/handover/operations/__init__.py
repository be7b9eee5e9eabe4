"""The verbs of handover."""

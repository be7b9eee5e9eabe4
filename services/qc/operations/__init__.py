"""The verbs of qc."""

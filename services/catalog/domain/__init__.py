"""Pure rules of describing and choosing."""

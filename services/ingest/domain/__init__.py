"""Pure rules of coming in and being kept."""

"""The contracts between services: every event that crosses a border, and nothing else."""

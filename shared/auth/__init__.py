"""Who is calling and what they may do: checked by every service by itself, closed by default."""

"""What the archive holds, what is chosen for a reserve copy and why, and who approved it."""

"""The rules of the stages, who is in which, and why somebody moved."""

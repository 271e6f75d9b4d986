"""Writes to a built graph: what each changed, the journal that keeps them, and the one who writes."""

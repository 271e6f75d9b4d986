"""Which modules pytest looks through for doctests."""

from __future__ import annotations

from importlib.util import find_spec

# The training of the reader needs packages that the product does without.
collect_ignore_glob = [] if find_spec("torch") else ["kg_build/training/*"]

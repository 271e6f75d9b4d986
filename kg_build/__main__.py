"""Runs the command ``communique``, also as ``python -m kg_build``."""

from __future__ import annotations

from kg_build.cli.app import main

__all__ = ["main"]

if __name__ == "__main__":
    main()

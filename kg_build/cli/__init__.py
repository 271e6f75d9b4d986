"""The command line: one module for each command, and no rules of the product in any of them."""

from __future__ import annotations

"""Builds a knowledge graph of persons, ministries, meetings and statements from diplomatic news."""

from __future__ import annotations

__version__ = "0.1.0"

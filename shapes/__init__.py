"""The SHACL shapes as an importable package of data: what must hold of a document's graph before it enters the store.

>>> CQS.Document
'https://w3id.org/communique/shapes#Document'
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ontology import Namespace

HERE: Final = Path(__file__).resolve().parent

CORE_FILE: Final = HERE / "core.ttl"
"""A node shape for each class."""
QUALITY_FILE: Final = HERE / "quality.ttl"
"""What SHACL Core cannot say, in SPARQL: that the words are those of the text, that nobody met themself, …"""
SHAPE_FILES: Final = (CORE_FILE, QUALITY_FILE)

CQS: Final = Namespace("https://w3id.org/communique/shapes#")

__all__ = ["CORE_FILE", "CQS", "HERE", "QUALITY_FILE", "SHAPE_FILES"]

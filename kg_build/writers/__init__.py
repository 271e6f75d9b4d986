"""Writers of RDF formats: from sorted rows of terms to text, in portions, with the same result each time."""

from __future__ import annotations

from kg_build.writers.blocks import Row
from kg_build.writers.jsonld import jsonld
from kg_build.writers.rdfxml import rdfxml
from kg_build.writers.turtle import trig, turtle

__all__ = ["Row", "jsonld", "rdfxml", "trig", "turtle"]

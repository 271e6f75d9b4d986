"""Reads diplomatic news: text to mentions, statements and meetings, on a laptop's CPU, offline."""

from __future__ import annotations

from kg_build.reader.reader import MODEL_FOLDER, TrainedReader, load_reader

__all__ = ["MODEL_FOLDER", "TrainedReader", "load_reader"]

"""What tests of the reader share: the shipped model, loaded once. COMMUNIQUE_MODEL names another folder to test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kg_build.reader import MODEL_FOLDER, TrainedReader, load_reader
from tests.support.reading import missing_model


@pytest.fixture(scope="session")
def model_folder() -> Path:
    """The folder of the model under test; the test is skipped where it holds none."""
    folder = Path(os.environ.get("COMMUNIQUE_MODEL", MODEL_FOLDER))
    missing = missing_model(folder)
    if missing:
        pytest.skip(missing)
    return folder


@pytest.fixture(scope="session")
def reader(model_folder: Path) -> TrainedReader:
    """The reader with that model."""
    return load_reader(model_folder)

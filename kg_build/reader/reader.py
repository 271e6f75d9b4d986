"""The reader: a small trained network and the layers over it, behind the ``Reader`` protocol."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final

import numpy as np

from kg_build import __version__
from kg_build.errors import UnavailableError
from kg_build.model import Document, ReaderVersion, Reading
from kg_build.reader.belonging import OWNER_FEATURES
from kg_build.reader.casting import Seen
from kg_build.reader.confidence import Calibration
from kg_build.reader.encounters import PAIR_FEATURES
from kg_build.reader.groups import GROUP_FEATURES
from kg_build.reader.interpret import Weights, interpret
from kg_build.reader.labels import ARGUMENT_HEADS
from kg_build.reader.layout import lay_out
from kg_build.reader.linking import LinkingWeights
from kg_build.reader.network import Network
from kg_build.reader.persons import FEATURES
from kg_build.reader.tables import tables
from kg_build.reader.tokens import Tokenization

MODEL_FOLDER: Final = Path(__file__).resolve().parent / "model"
"""The weights that ship with the package."""
_FILES: Final = (
    "encoder.onnx",
    *(f"{head}.onnx" for head in ARGUMENT_HEADS),
    "settings.json",
    "tokenizer.json",
    "weights.json",
    "calibration.json",
)


def load_weights(file: Path) -> Weights:
    """The learned weights of the layers over the network, from a JSON file that names each feature.

    Features that the file does not name weigh nothing; names that the reader no longer has are left out.
    """
    record = json.loads(file.read_text(encoding="utf-8"))

    def vector(part: str, names: tuple[str, ...]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array([float(record[part].get(name, 0.0)) for name in names])

    linking = LinkingWeights(vector("ranking", FEATURES), vector("grouping", GROUP_FEATURES))
    return Weights(linking, vector("joining", PAIR_FEATURES), vector("owning", OWNER_FEATURES))


class TrainedReader:
    """Reads documents with the model in ``folder``. Raises UnavailableError where the folder holds no model."""

    def __init__(self, folder: Path = MODEL_FOLDER) -> None:
        for file in (folder / name for name in _FILES):
            if not file.is_file():
                raise UnavailableError(
                    "the reader's model is not complete", where=str(file), hint="reinstall communique, or train a model"
                )
        self._network = Network(folder)
        self._tokenization = Tokenization(folder / "tokenizer.json")
        self._weights = load_weights(folder / "weights.json")
        self._calibration = Calibration.load(folder / "calibration.json")
        digest = hashlib.sha256()
        for file in sorted(folder.iterdir()):
            if file.suffix in {".onnx", ".json"}:
                digest.update(file.read_bytes())
        self._version = ReaderVersion("communique-reader", __version__, digest.hexdigest())

    @property
    def version(self) -> ReaderVersion:
        """Name, version and the hash of the model's files."""
        return self._version

    def see(self, document: Document) -> Seen:
        """What the network sees in ``document``, before it is interpreted."""
        layout = lay_out(document.text)
        names = tuple(tables().matches(document.text))
        tokens = self._tokenization.tokens(document.text, layout, names)
        return Seen(document, layout, names, self._network.tag(tokens))

    def read(self, document: Document) -> Reading:
        """All entities, tenures, meetings and statements of ``document``; the same document gives the same reading."""
        return self._calibration.applied(interpret(self.see(document), tables(), self._weights))


def load_reader(folder: Path | None = None) -> TrainedReader:
    """The reader with the model that ships with the package, or with the one in ``folder``."""
    return TrainedReader(folder or MODEL_FOLDER)


__all__ = ["MODEL_FOLDER", "TrainedReader", "load_reader", "load_weights"]

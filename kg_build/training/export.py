"""Exports a trained network as the files that the reader loads.

``encoder.onnx`` takes one window to the scores of the flat heads, the vector of each word piece and its argument keys;
its matrices and embeddings are 8-bit integers. ``statement.onnx`` takes the vectors of cues and those keys to the
scores of the argument and anchor heads, ``meeting.onnx`` likewise those of triggers.
"""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from kg_build.reader.labels import ANCHOR_HEADS, ARGUMENT_HEADS, FLAT_HEADS
from kg_build.training.network import Network

_CLASSES = {"statement": ("negated",), "meeting": ("kind", "status")}


class _EncoderGraph(nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, features: Tensor) -> tuple[Tensor, ...]:
        vectors = self.network.encoder(ids, features, torch.ones(ids.shape))[0]
        flat = [self.network.flat[name](vectors) for name in FLAT_HEADS]
        heads = [self.network.argument_head(name) for name in ARGUMENT_HEADS]
        keys = [torch.cat([h.key(vectors), h.own(vectors)], dim=1) for h in heads]
        return (vectors, *flat, *keys)


class _AnchorGraph(nn.Module):
    def __init__(self, network: Network, name: str) -> None:
        super().__init__()
        self.head = network.argument_head(name)
        self.classes = nn.ModuleList(network.anchors[c] for c in _CLASSES[name])

    def forward(self, anchors: Tensor, keys: Tensor, distance: Tensor, sentence: Tensor) -> tuple[Tensor, ...]:
        scores = self.head.score(
            anchors, keys[:, : -self.head.labels], keys[:, -self.head.labels :], distance, sentence
        )
        return (scores, *(c(anchors) for c in self.classes))


def _export(
    graph: nn.Module, inputs: tuple[Tensor, ...], names: dict[str, tuple[str, ...]], outputs: list[str], file: Path
) -> None:
    axes = {
        name: {i: torch.export.Dim(axis, min=2, max=510) for i, axis in enumerate(dims) if axis}
        for name, dims in names.items()
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            graph.eval(),
            inputs,
            input_names=list(names),
            output_names=outputs,
            dynamic_shapes=tuple(axes.values()),
            dynamo=True,
            verbose=False,
        )
    if program is None:
        raise RuntimeError(f"{file.name}: nothing was exported")
    model = program.model_proto
    # The exporter's shapes of intermediate values contradict what the quantizer infers anew.
    del model.graph.value_info[:]
    onnx.save(model, str(file))


def export(network: Network, folder: Path) -> None:
    """Write ``encoder.onnx`` (8-bit), ``statement.onnx`` and ``meeting.onnx`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    network.eval()
    features = network.encoder.features.in_features
    hidden = network.encoder.shape.hidden
    length, count = 7, 3
    with tempfile.TemporaryDirectory() as scratch, torch.no_grad():
        full = Path(scratch) / "encoder.onnx"
        _export(
            _EncoderGraph(network),
            (torch.randint(1000, 2000, (1, length)), torch.zeros(1, length, features)),
            {"ids": ("", "length"), "features": ("", "length", "")},
            ["vectors", *FLAT_HEADS, *(f"{name}_keys" for name in ARGUMENT_HEADS)],
            full,
        )
        quantize_dynamic(full, folder / "encoder.onnx", weight_type=QuantType.QInt8, per_channel=True)
        for name in ARGUMENT_HEADS:
            head = network.argument_head(name)
            keys = head.labels * head.rank + head.labels
            buckets = torch.zeros(count, length, dtype=torch.long)
            _export(
                _AnchorGraph(network, name),
                (torch.zeros(count, hidden), torch.zeros(length, keys), buckets, buckets.clone()),
                {
                    "anchors": ("count", ""),
                    "keys": ("length", ""),
                    "distance": ("count", "length"),
                    "sentence": ("count", "length"),
                },
                ["scores", *_CLASSES[name]],
                folder / f"{name}.onnx",
            )
    for file in folder.glob("*.onnx"):
        onnx.checker.check_model(str(file))


__all__ = ["ANCHOR_HEADS", "export"]

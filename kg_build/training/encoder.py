"""A BERT encoder in PyTorch that loads the weights of MiniLM (or any BERT of its layout) from a safetensors file.

Devlin et al. 2019, BERT; Wang et al. 2020, MiniLM. The layout of the parameters is that of the published checkpoints.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class EncoderShape:
    """Sizes of an encoder: those of MiniLM-L6 unless told otherwise."""

    vocabulary: int = 30522
    positions: int = 512
    hidden: int = 384
    layers: int = 6
    heads: int = 12
    feed_forward: int = 1536
    epsilon: float = 1e-12


class Layer(nn.Module):
    """A transformer layer with its norms after the residual sums."""

    def __init__(self, shape: EncoderShape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.project = nn.Linear(shape.hidden, 3 * shape.hidden)
        self.out = nn.Linear(shape.hidden, shape.hidden)
        self.attention_norm = nn.LayerNorm(shape.hidden, eps=shape.epsilon)
        self.up = nn.Linear(shape.hidden, shape.feed_forward)
        self.down = nn.Linear(shape.feed_forward, shape.hidden)
        self.output_norm = nn.LayerNorm(shape.hidden, eps=shape.epsilon)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """``x`` is batch by length by hidden, ``mask`` batch by 1 by 1 by length, 0 where attended, -inf elsewhere."""
        batch, length, hidden = x.shape

        projected = self.project(x).view(batch, length, 3, self.heads, hidden // self.heads)
        q, k, v = projected.permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(2, 3) / (hidden // self.heads) ** 0.5 + mask
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, hidden)
        x = self.attention_norm(x + self.out(mixed))
        y: Tensor = self.output_norm(x + self.down(functional.gelu(self.up(x))))
        return y


class Encoder(nn.Module):
    """Word pieces and their features to contextual vectors.

    Dropout is on the input alone: within the layers it costs a third of the time on a CPU and gains nothing here.
    """

    def __init__(self, shape: EncoderShape, features: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.hidden)
        self.positions = nn.Embedding(shape.positions, shape.hidden)
        self.segment = nn.Parameter(torch.zeros(shape.hidden))
        self.norm = nn.LayerNorm(shape.hidden, eps=shape.epsilon)
        self.features = nn.Linear(features, shape.hidden, bias=False)
        nn.init.normal_(self.features.weight, std=0.02)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))

    def forward(self, ids: Tensor, features: Tensor, attended: Tensor) -> Tensor:
        """``ids`` batch by length, ``features`` batch by length by count, ``attended`` batch by length (1 or 0)."""
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.words(ids) + self.positions(places) + self.segment
        x = self.dropout(self.norm(x) + self.features(features))
        mask = (1.0 - attended[:, None, None, :].to(x.dtype)) * -1e4
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def load_bert(self, file: Path) -> None:
        """Take the weights of the checkpoint in ``file``; the features' projection stays as it is."""
        tensors = {k.removeprefix("bert."): v for k, v in load_file(str(file)).items()}

        def put(target: nn.Linear | nn.LayerNorm, name: str) -> None:
            target.weight.data.copy_(tensors[f"{name}.weight"])
            target.bias.data.copy_(tensors[f"{name}.bias"])

        self.words.weight.data.copy_(tensors["embeddings.word_embeddings.weight"])
        self.positions.weight.data.copy_(tensors["embeddings.position_embeddings.weight"][: self.shape.positions])
        self.segment.data.copy_(tensors["embeddings.token_type_embeddings.weight"][0])
        put(self.norm, "embeddings.LayerNorm")
        for i, layer in enumerate(self.layers):
            at = f"encoder.layer.{i}"
            for part in ("weight", "bias"):
                three = [tensors[f"{at}.attention.self.{name}.{part}"] for name in ("query", "key", "value")]
                getattr(layer.project, part).data.copy_(torch.cat(three))
            put(layer.out, f"{at}.attention.output.dense")
            put(layer.attention_norm, f"{at}.attention.output.LayerNorm")
            put(layer.up, f"{at}.intermediate.dense")
            put(layer.down, f"{at}.output.dense")
            put(layer.output_norm, f"{at}.output.LayerNorm")


__all__ = ["Encoder", "EncoderShape"]

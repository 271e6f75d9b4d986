"""The network: one encoder pass, flat taggers over it, and taggers that run once for each cue and trigger.

An argument tagger scores a label for a word piece and an anchor by a bilinear form of the two vectors (Dozat and
Manning 2017, deep biaffine attention), plus biases for their distance in word pieces and in sentences.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from kg_build.reader.labels import ANCHOR_HEADS, ARGUMENT_HEADS, DISTANCE_BUCKETS, FLAT_HEADS, SENTENCE_BUCKETS
from kg_build.training.encoder import Encoder


class ArgumentHead(nn.Module):
    """Scores of each label for each anchor and word piece."""

    def __init__(self, hidden: int, labels: int, rank: int) -> None:
        super().__init__()
        self.labels, self.rank = labels, rank
        self.query = nn.Linear(hidden, labels * rank)
        self.key = nn.Linear(hidden, labels * rank)
        self.own = nn.Linear(hidden, labels)
        self.distance = nn.Parameter(torch.zeros(DISTANCE_BUCKETS, labels))
        self.sentence = nn.Parameter(torch.zeros(SENTENCE_BUCKETS, labels))

    def forward(self, anchors: Tensor, pieces: Tensor, distance: Tensor, sentence: Tensor) -> Tensor:
        """``anchors`` A by hidden, ``pieces`` L by hidden, buckets A by L; returns A by L by labels."""
        return self.score(anchors, self.key(pieces), self.own(pieces), distance, sentence)

    def score(self, anchors: Tensor, keys: Tensor, own: Tensor, distance: Tensor, sentence: Tensor) -> Tensor:
        """The same from the pieces' keys (L by labels * rank) and own scores (L by labels)."""
        q = self.query(anchors).reshape(-1, self.labels, self.rank).transpose(0, 1)
        k = keys.reshape(-1, self.labels, self.rank).permute(1, 2, 0)
        scores = (q @ k).permute(1, 2, 0) / self.rank**0.5
        return scores + own[None] + self.distance[distance] + self.sentence[sentence]


class Network(nn.Module):
    """The encoder with all its heads."""

    def __init__(self, encoder: Encoder, rank: int = 64, dropout: float = 0.1) -> None:
        super().__init__()
        hidden = encoder.shape.hidden
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.flat = nn.ModuleDict({name: nn.Linear(hidden, len(labels)) for name, labels in FLAT_HEADS.items()})
        self.arguments = nn.ModuleDict(
            {name: ArgumentHead(hidden, len(labels), rank) for name, labels in ARGUMENT_HEADS.items()}
        )
        self.anchors = nn.ModuleDict(
            {
                name: nn.Sequential(nn.Linear(hidden, 128), nn.GELU(), nn.Linear(128, len(labels)))
                for name, labels in ANCHOR_HEADS.items()
            }
        )

    def argument_head(self, name: str) -> ArgumentHead:
        """The argument head of this name."""
        head: ArgumentHead = self.arguments[name]
        return head

    def encode(self, ids: Tensor, features: Tensor, attended: Tensor) -> Tensor:
        """Contextual vectors, batch by length by hidden."""
        x: Tensor = self.dropout(self.encoder(ids, features, attended))
        return x


__all__ = ["ArgumentHead", "Network"]

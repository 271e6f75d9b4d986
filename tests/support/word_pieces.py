"""A tokenizer for tests, small enough to make on the spot: the words that are asked for, and else single characters."""

from __future__ import annotations

import string
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from kg_build.reader.tokens import CLS, PAD, SEP, Tokenization

_UNKNOWN, _MASK, _FIRST = 100, 103, 1000
_CHARACTERS = string.ascii_lowercase + string.digits + string.punctuation + "“”‘’–—…"


def tokenization(folder: Path, words: Iterable[str] = ()) -> Tokenization:
    """A tokenization with BERT's special pieces in their places, a piece for each of ``words`` and each character."""
    pieces = dict.fromkeys([*_CHARACTERS, *(f"##{c}" for c in _CHARACTERS), *words])
    vocabulary = {"[PAD]": PAD, "[UNK]": _UNKNOWN, "[CLS]": CLS, "[SEP]": SEP, "[MASK]": _MASK}
    vocabulary |= {piece: i for i, piece in enumerate(pieces, _FIRST)}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106 - a piece, no password
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    file = folder / "tokenizer.json"
    tokenizer.save(str(file))
    return Tokenization(file)

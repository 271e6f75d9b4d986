"""The reader from end to end, with the model under test: short texts, and folders without a model."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg_build import __version__
from kg_build.errors import UnavailableError
from kg_build.model import Document, EntityType, Form, MeetingKind, Reading, Status, When
from kg_build.reader import TrainedReader, load_reader
from kg_build.reader.belonging import OWNER_FEATURES
from kg_build.reader.encounters import PAIR_FEATURES
from kg_build.reader.groups import GROUP_FEATURES
from kg_build.reader.persons import FEATURES
from kg_build.reader.reader import load_weights
from tests.support.annotated import DRONES, FERRY, HARBOUR
from tests.support.reading import MODEL_FILES, assert_sound

DOCUMENT = Document("harbour", HARBOUR, HARBOUR.splitlines()[0], date(2031, 5, 13), "The Invented Wire")
BITS = ("Petra Kolar", "Norway", "met", "said", "“", "”", "\n\n", "\n", "Foreign Minister", "they", ".", ",", "Monday",
        "—", "the ministry", "\u00a0", "é", "漢字", "1.", "PARIS", "told", "that", "…", "🎉", "call")  # fmt: skip


@pytest.fixture(scope="module")
def reading(reader: TrainedReader) -> Reading:
    """What the reader makes of the harbour."""
    return reader.read(DOCUMENT)


def names(reading: Reading) -> dict[str, str]:
    return {e.key: e.name for e in reading.entities}


class TestShortText:
    def test_is_read_soundly(self, reading: Reading) -> None:
        assert_sound(reading, DOCUMENT)

    def test_persons_have_their_names_posts_and_countries(self, reading: Reading) -> None:
        persons = {e.name: e.key for e in reading.entities if e.type is EntityType.PERSON}
        assert set(persons) == {"Petra Kolar", "Lars Eide"}
        held = {(t.person, t.title.lower(), names(reading).get(t.of or "")) for t in reading.tenures}
        assert (persons["Petra Kolar"], "foreign minister", "Slovenia") in held

    def test_mentions_are_the_words_of_the_text(self, reading: Reading) -> None:
        (kolar,) = [e for e in reading.entities if e.name == "Petra Kolar"]
        words = [m.span.of(HARBOUR) for m in kolar.mentions]
        assert words[:2] == ["Petra Kolar", "Kolar"]

    def test_the_meeting_has_its_parties_day_and_place(self, reading: Reading) -> None:
        (held,) = [m for m in reading.meetings if m.status is Status.HELD]
        assert {names(reading)[p.agent] for p in held.participations} == {"Petra Kolar", "Lars Eide"}
        assert held.kind is MeetingKind.MEETING
        assert held.when == When.day(date(2031, 5, 12))
        assert names(reading)[held.place or ""].title() == "Ljubljana"

    def test_a_quotation_has_its_speaker_and_its_words(self, reading: Reading) -> None:
        (quoted,) = [s for s in reading.statements if s.form is Form.DIRECT]
        assert [names(reading)[k] for k in quoted.speakers] == ["Petra Kolar"]
        assert [c.of(HARBOUR).rstrip(",") for c in quoted.content] == ["The harbour stays open"]
        assert quoted.cue == "say"

    def test_what_she_added_is_hers(self, reading: Reading) -> None:
        (added,) = [s for s in reading.statements if s.cue == "add"]
        assert [names(reading)[k] for k in added.speakers] == ["Petra Kolar"]

    def test_confidences_are_probabilities(self, reading: Reading) -> None:
        sure = [m.confidence for e in reading.entities for m in e.mentions]
        sure += [s.confidence for s in reading.statements] + [m.confidence for m in reading.meetings]
        assert all(0 < c <= 1 for c in sure)


@pytest.mark.parametrize("text", [FERRY, DRONES, HARBOUR.upper(), HARBOUR.replace("\n\n", "\n"), HARBOUR[:200]])
def test_other_texts_are_read_soundly(reader: TrainedReader, text: str) -> None:
    document = Document("other", text)
    assert_sound(reader.read(document), document)


def test_the_same_document_gives_the_same_reading_whatever_was_read_between(
    reader: TrainedReader, reading: Reading
) -> None:
    assert reader.read(Document("ferry", FERRY)) != reading
    assert reader.read(DOCUMENT) == reading


def test_a_reader_loaded_anew_gives_the_same_reading(model_folder: Path, reading: Reading) -> None:
    assert load_reader(model_folder).read(DOCUMENT) == reading


def test_offsets_are_of_code_points(reader: TrainedReader) -> None:
    text = f"🎉 {HARBOUR}"
    document = replace(DOCUMENT, text=text)
    found = reader.read(document)
    assert_sound(found, document)
    (kolar,) = [e for e in found.entities if e.name == "Petra Kolar"]
    assert kolar.mentions[0].span.of(text) == "Petra Kolar"


@pytest.mark.parametrize("text", ["", " ", "\n\n", "🎉", ".", "Petra"])
def test_next_to_nothing_is_read_too(reader: TrainedReader, text: str) -> None:
    document = Document("short", text)
    found = reader.read(document)
    assert_sound(found, document)
    assert found.meetings == ()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(BITS), max_size=60))
def test_whatever_the_words_the_reading_is_sound(reader: TrainedReader, bits: list[str]) -> None:
    document = Document("words", " ".join(bits), published=date(2031, 5, 13))
    assert_sound(reader.read(document), document)


class TestFolder:
    def test_without_a_model_is_unavailable(self, tmp_path: Path) -> None:
        with pytest.raises(UnavailableError, match=r"encoder\.onnx"):
            load_reader(tmp_path / "nowhere")

    @pytest.mark.parametrize("missing", MODEL_FILES)
    def test_without_one_of_the_files_is_unavailable_and_names_it(self, tmp_path: Path, missing: str) -> None:
        for name in MODEL_FILES:
            (tmp_path / name).write_text("{}", encoding="utf-8")
        (tmp_path / missing).unlink()
        with pytest.raises(UnavailableError) as raised:
            load_reader(tmp_path)
        assert raised.value.where == str(tmp_path / missing)
        assert raised.value.hint

    def test_the_version_tells_models_apart(self, model_folder: Path, reader: TrainedReader, tmp_path: Path) -> None:
        copy = tmp_path / "model"
        shutil.copytree(model_folder, copy)
        assert load_reader(copy).version == reader.version
        assert (reader.version.name, reader.version.version) == ("communique-reader", __version__)
        (copy / "README.md").write_text("No part of the model.", encoding="utf-8")
        assert load_reader(copy).version == reader.version
        (copy / "calibration.json").write_text('{"Tenure": {"raw": [0.5], "right": [0.5]}}', encoding="utf-8")
        assert load_reader(copy).version != reader.version


def test_weights_are_by_name_and_what_is_not_named_weighs_nothing(tmp_path: Path) -> None:
    file = tmp_path / "weights.json"
    parts = {"ranking": FEATURES, "grouping": GROUP_FEATURES, "joining": PAIR_FEATURES, "owning": OWNER_FEATURES}
    record = {part: {names[-1]: 2.5, "no longer a feature": 9} for part, names in parts.items()}
    file.write_text(json.dumps(record), encoding="utf-8")
    found = load_weights(file)
    for vector, of in (
        (found.linking.ranking, FEATURES),
        (found.linking.grouping, GROUP_FEATURES),
        (found.joining, PAIR_FEATURES),
        (found.owning, OWNER_FEATURES),
    ):
        assert np.array_equal(vector, [0.0] * (len(of) - 1) + [2.5])

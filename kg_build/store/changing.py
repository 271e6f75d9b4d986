"""Makes the store of a build from that of the build before, where little has changed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kg_build.errors import StoreError


def change_store(path: Path, previous: Path, removed: Iterable[bytes], added: Iterable[bytes]) -> None:
    """Makes a store in the new folder ``path``: that in ``previous`` without ``removed`` and with ``added``.

    Both are N-Quads, which the named graphs had and are to have; the default graph stays the union of them. Files that
    do not change are shared by the two folders, where the file system can. It is on the disk when this returns. Raises
    StoreError where ``previous`` cannot be read, OSError for a full disk.
    """
    try:
        ox.Store.read_only(str(previous)).backup(str(path))
    except OSError as error:
        raise StoreError(f"the store cannot be copied: {error}", where=str(previous), hint="build it again") from error
    store = ox.Store(str(path))
    gone = _quads(removed)
    for quad in gone:
        store.remove(quad)
    new = _quads(added)
    store.extend(new)
    store.extend(ox.Quad(*quad.triple) for quad in new)
    for triple in {quad.triple for quad in gone}:
        # A triple is in the union as long as one graph has it.
        holders = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        if not any(isinstance(holder.graph_name, ox.NamedNode) for holder in holders):
            store.remove(ox.Quad(*triple))
    store.flush()


def _quads(lines: Iterable[bytes]) -> list[ox.Quad]:
    return list(ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS, lenient=True))


__all__ = ["change_store"]

"""Where the settings come from: the command's flags, before ``COMMUNIQUE_…`` variables, before a file, before defaults.

>>> found = read_settings({"page_rows": "50"}, environ={"COMMUNIQUE_WORKERS": "4"})
>>> found.workers, found.page_rows, found.query_seconds
(4, 50, 30.0)
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from kg_build.errors import UsageError
from server.settings import Settings

PREFIX: Final = "COMMUNIQUE_"
FILE_VARIABLE: Final = "COMMUNIQUE_SETTINGS"
"""The variable that names the settings' file."""

_TRUTH: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_BY_NAME: Final[dict[str, Field[Any]]] = {entry.name: entry for entry in fields(Settings)}


def read_settings(
    flags: Mapping[str, str | None], *, file: Path | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """The settings that ``flags`` (by setting; None where it is not given), ``environ`` and ``file`` make together.

    ``environ`` is the process's own by default. ``file`` is TOML with a setting a line; without it the variable
    ``COMMUNIQUE_SETTINGS`` may name one. Raises UsageError, saying where, for a name that is no setting, for a value
    that is not of its kind or out of range, and for a file that cannot be read. The value of a secret is never in it.
    """
    environ = os.environ if environ is None else environ
    if file is None and environ.get(FILE_VARIABLE):
        file = Path(environ[FILE_VARIABLE])
    values = _from_file(file) if file else {}
    for variable, text in environ.items():
        if variable.startswith(PREFIX) and variable != FILE_VARIABLE:
            name = variable.removeprefix(PREFIX).lower()
            entry = _entry(name, where=variable, written=lambda known: f"{PREFIX}{known.upper()}")
            values[name] = _from_text(entry, text, where=variable)
    for name, given in flags.items():
        if given is not None:
            values[name] = _from_text(_BY_NAME[name], given, where=flag(name))
    return Settings(**values)


def flag(name: str) -> str:
    """The command's option for a setting.

    >>> flag("query_seconds")
    '--query-seconds'
    """
    return f"--{name.replace('_', '-')}"


def flags() -> list[tuple[str, str]]:
    """Name and help of each setting that has a flag: secrets have none, because everyone sees a process's arguments."""
    return [
        (name, entry.metadata["help"])
        for name, entry in _BY_NAME.items()
        if name != "directory" and not entry.metadata.get("secret")
    ]


def _from_file(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as stream:
            content = tomllib.load(stream)
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror or error}", where=str(file)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        # The parser's message may show a piece of the file, and a piece of the file may be a secret.
        where = str(error).rpartition("(at ")[2].rstrip(")") if "(at " in str(error) else "some line"
        hint = 'write a setting a line, for example: workers = 4, or: host = "0.0.0.0"'
        raise UsageError(f"not valid TOML at {where}", where=str(file), hint=hint) from None
    values = {}
    for name, value in content.items():
        where = f"{file}: {name}"
        entry = _entry(name, where=where, written=str)
        values[name] = _from_toml(entry, value, where=where)
    return values


def _entry(name: str, *, where: str, written: Callable[[str], str]) -> Field[Any]:
    """The setting called ``name``; ``written`` gives a setting's name as this source writes it."""
    found = _BY_NAME.get(name)
    if found is None:
        likely = get_close_matches(name, list(_BY_NAME), n=1, cutoff=0.6)
        hint = f"did you mean {written(likely[0])}?" if likely else "docs/server.md lists the settings"
        raise UsageError("there is no such setting", where=where, hint=hint)
    return found


def _from_text(entry: Field[Any], text: str, *, where: str) -> Any:
    default: Any = entry.default
    if isinstance(default, bool):
        if text.strip().lower() not in _TRUTH:
            raise UsageError(f"{_quoted(entry, text)} is neither true nor false", where=where)
        return _TRUTH[text.strip().lower()]
    if isinstance(default, tuple):
        return tuple(item.strip() for item in text.split(",") if item.strip())
    if isinstance(default, int | float):
        try:
            return type(default)(text)
        except ValueError:
            raise UsageError(f"{_quoted(entry, text)} is not a{_kind(default)} number", where=where) from None
    return type(default)(text)


def _from_toml(entry: Field[Any], value: object, *, where: str) -> Any:
    default: Any = entry.default
    if isinstance(default, bool):
        fits, wanted = isinstance(value, bool), "true or false"
    elif isinstance(default, int | float):
        kinds = (int,) if isinstance(default, int) else (int, float)
        fits, wanted = isinstance(value, kinds) and not isinstance(value, bool), f"a{_kind(default)} number"
    elif isinstance(default, tuple):
        fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
        wanted = 'a list of texts, such as ["a.example", "b.example"]'
    else:
        fits, wanted = isinstance(value, str), "a text in quotation marks"
    if not fits:
        raise UsageError(f"{_quoted(entry, value)} is not {wanted}", where=where)
    return type(default)(value)


def _kind(default: float) -> str:
    return " whole" if isinstance(default, int) else ""


def _quoted(entry: Field[Any], value: object) -> str:
    return "the value" if entry.metadata.get("secret") else repr(value)


__all__ = ["FILE_VARIABLE", "PREFIX", "flag", "flags", "read_settings"]

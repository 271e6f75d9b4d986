"""Reference tables that ship with the package: countries, international bodies, outlets, given names."""

from __future__ import annotations

from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
COUNTRIES_FILE: Final = HERE / "countries.csv"
ORGANIZATIONS_FILE: Final = HERE / "organizations.csv"
GIVEN_NAMES_FILE: Final = HERE / "given_names.csv"
OFFICE_HOLDERS_FILE: Final = HERE / "office_holders.csv"

__all__ = ["COUNTRIES_FILE", "GIVEN_NAMES_FILE", "OFFICE_HOLDERS_FILE", "ORGANIZATIONS_FILE"]

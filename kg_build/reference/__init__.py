"""Reference tables that ship with the package: countries and territories, international bodies and news outlets."""

from __future__ import annotations

from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
COUNTRIES_FILE: Final = HERE / "countries.csv"
ORGANIZATIONS_FILE: Final = HERE / "organizations.csv"
OFFICE_HOLDERS_FILE: Final = HERE / "office_holders.csv"

__all__ = ["COUNTRIES_FILE", "OFFICE_HOLDERS_FILE", "ORGANIZATIONS_FILE"]

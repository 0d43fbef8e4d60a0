"""The sample outlet as a declaration: what a keeper would write for it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from archive.publishers.declaration import Outlet

from .content import NARANJ, Addresses, Brand

TEMPLATE = Path(__file__).parent / "outlet.toml"


def declaration(at: Addresses, brand: Brand, key: str = "sample") -> str:
    """The TOML text of the declaration for these addresses."""
    hosts = dict.fromkeys(urlsplit(address).netloc for address in (at.ar, at.bare, at.en))
    values = {"key": key, "ar": at.ar, "en": at.en, "name_ar": brand.ar, "name_en": brand.en}
    values["hosts"] = ", ".join(f'"{host}"' for host in hosts)
    return Template(TEMPLATE.read_text("utf-8")).substitute(values)


def loopback(arabic: int, english: int) -> Addresses:
    """The addresses of a site on these two ports; there, www cannot be left out."""
    ar = f"http://127.0.0.1:{arabic}"
    return Addresses(ar, f"http://127.0.0.1:{english}", ar)


def toml(arabic: int, english: int, key: str = "sample") -> str:
    """The declaration of the sample outlet on these two ports."""
    return declaration(loopback(arabic, english), NARANJ, key)


def declare(at: Addresses, brand: Brand, key: str = "sample") -> Outlet:
    return Outlet.model_validate(tomllib.loads(declaration(at, brand, key)))

"""Polite and safe HTTP."""

from __future__ import annotations

from archive.fetched import (
    AddressRefused,
    BadEncoding,
    DeadlineExceeded,
    Fetched,
    FetchError,
    Hop,
    Overloaded,
    RobotsDenied,
    TooLarge,
    TooManyRedirects,
    Unreachable,
    Validators,
)

__all__ = [
    "AddressRefused",
    "BadEncoding",
    "DeadlineExceeded",
    "FetchError",
    "Fetched",
    "Hop",
    "Overloaded",
    "RobotsDenied",
    "TooLarge",
    "TooManyRedirects",
    "Unreachable",
    "Validators",
]

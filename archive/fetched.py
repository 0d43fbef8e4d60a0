"""What fetching gives: hops, and the errors that it may end with.

Errors:
    FetchError(url, detail)
      RobotsDenied        robots.txt forbids it, or (`temporary`) could not be read
      AddressRefused      the scheme, host, port or address may not be fetched
      TooLarge            more bytes than the cap, on the wire or decoded
      DeadlineExceeded    the whole answer did not come in time
      TooManyRedirects    more than ten hops, or a loop
      Unreachable         no connection or no whole answer, after retries
      Overloaded          429 or 503 after retries; `retry_after` in seconds when the host named it
      BadEncoding         a Content-Encoding that cannot be undone (the payload is recorded)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from urllib.parse import urljoin

from archive.model import Capture, CaptureId


class FetchError(Exception):
    """Why `url` could not be had. `str()` is one line."""

    def __init__(self, url: str, detail: str) -> None:
        super().__init__(f"{url}: {detail}")
        self.url = url
        self.detail = detail


class RobotsDenied(FetchError):
    """`temporary`: robots.txt itself could not be read, so nothing may be fetched for now."""

    def __init__(self, url: str, detail: str, temporary: bool = False) -> None:
        super().__init__(url, detail)
        self.temporary = temporary


class AddressRefused(FetchError): ...


class TooLarge(FetchError): ...


class DeadlineExceeded(FetchError): ...


class TooManyRedirects(FetchError): ...


class Unreachable(FetchError):
    """`timed_out`: the host was silent, rather than refusing or breaking off."""

    def __init__(self, url: str, detail: str, timed_out: bool = False) -> None:
        super().__init__(url, detail)
        self.timed_out = timed_out


class Overloaded(FetchError):
    """`retry_after`: seconds from now, when the host named a time; `status`: 429 or 503."""

    def __init__(self, url: str, detail: str, retry_after: float | None = None, status: int = 503) -> None:
        super().__init__(url, detail)
        self.retry_after = retry_after
        self.status = status


class BadEncoding(FetchError): ...


@dataclass(frozen=True, slots=True)
class Validators:
    """What is known of the last whole answer, for a conditional request.

    `capture` is that answer's capture: a 304 becomes its revisit. `url` is the address it came from, when that is not
    the address asked for (validators of one page must not be sent to another).
    """

    etag: str | None = None
    last_modified: str | None = None
    capture: CaptureId | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """One request and its answer.

    `payload` is what came without chunking but still content-encoded, `body` the same decoded (empty when it cannot be
    decoded); `elapsed` in seconds. `truncated`: reading was stopped on purpose (robots.txt beyond 500 KiB).
    """

    url: str
    at: datetime
    request_headers: tuple[tuple[str, str], ...]
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    body: bytes
    elapsed: float = 0.0
    revisit_of: CaptureId | None = None
    truncated: bool = False

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def location(self) -> str | None:
        """Where a 3xx answer leads, absolute; whether that may be fetched is for the guard to say."""
        location = self.header("location") if 300 <= self.status < 400 else None
        if not location:
            return None
        try:
            return urljoin(self.url, location.strip())
        except ValueError:  # "http://[": not an address at all, kept to be named
            return location

    @property
    def media_type(self) -> str:
        """`type/subtype` in lower case, or "" when the answer names none."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The charset parameter as declared, in lower case."""
        message = Message()
        message["content-type"] = self.header("content-type") or ""
        charset = message.get_param("charset")
        return charset.strip().lower() or None if isinstance(charset, str) else None


@dataclass(frozen=True, slots=True)
class Fetched:
    """The hops of one `get`, redirects first; every one of them is captured."""

    hops: tuple[tuple[Hop, Capture], ...]

    @property
    def final(self) -> Hop:
        return self.hops[-1][0]

    @property
    def capture(self) -> Capture:
        """The final hop's capture."""
        return self.hops[-1][1]

"""The client, and its errors as one line for a keeper."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import BadStatusLine
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from elastic_transport import (
    ConnectionTimeout,
    SerializationError,
    TlsError,
    Transport,
    TransportApiResponse,
    TransportError,
)
from elasticsearch import (
    ApiError,
    Elasticsearch,
    UnsupportedProductError,
)

from indexer.engine import EngineError, EngineUnavailable

BUSY = (429, 502, 503, 504)  # states that pass: asked again with growing pauses
_PAUSE, _LONGEST_PAUSE = 0.1, 5.0  # seconds
_RETRIES = 3
_ANOTHER_NAME, _UNTRUSTED = (62, 64), (18, 19, 20, 21)  # OpenSSL's X509_V_ERR_…
_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST")  # OpenSSL's words for an answer in plain
_CUT_OFF = (ConnectionResetError, BadStatusLine)
_OF_PROXIES = (401, 403, 407, 408, 413, 429)  # besides 5xx: what answers in an Elasticsearch's place may say so too


@dataclass(frozen=True, slots=True)
class Connection:
    """address: of one node or several, separated by commas or spaces: `https://host:9200`. Either api_key, or user and
    password, or neither. ca: the file of the authority that signed the server's certificate. timeout: seconds an answer
    may take; a search stops a little earlier and gives what it has, marked as not complete."""

    address: str
    api_key: str | None = None
    user: str | None = None
    password: str | None = None
    ca: str | None = None
    timeout: float = 30.0
    retries: int = _RETRIES

    @property
    def shown(self) -> str:
        """The address without user and password."""
        return ", ".join(_bare(each) for each in self._addresses)

    def client(self) -> Elasticsearch:
        """Raises EngineError when the settings cannot be used. Asks the server nothing."""
        if self.ca:
            self._check(self.ca)
        if any(urlsplit(address).scheme not in ("http", "https") for address in self._addresses):
            raise EngineError(f"{self.address} is no address of an Elasticsearch: it begins with http:// or https://")
        options: dict[str, Any] = {"ca_certs": self.ca} if self.ca else {}
        if self.api_key:
            options["api_key"] = self.api_key
        elif self.user:
            options["basic_auth"] = (self.user, self.password or "")
        try:
            return Elasticsearch(
                self._addresses,
                request_timeout=self.timeout,
                max_retries=self.retries,
                retry_on_status=BUSY,
                retry_on_timeout=True,
                retry_backoff_base=_PAUSE,
                retry_backoff_cap=_LONGEST_PAUSE,
                transport_class=_OnlyElasticsearch,
                **options,
            )
        except (ValueError, OSError) as error:
            raise EngineError(f"{self.shown} cannot be used as Elasticsearch's address: {_line(error)}") from None

    @contextmanager
    def reported(self, doing: str) -> Iterator[None]:
        """The client's errors as the protocol's."""
        try:
            yield
        except EngineError:
            raise
        except (ApiError, TransportError) as error:
            raise self._error(doing, error) from error

    def _error(self, doing: str, error: ApiError | TransportError) -> EngineError:
        where = f"Elasticsearch at {self.shown}"
        if isinstance(error, TransportError):
            return self._silent(doing, where, error)
        if isinstance(error, UnsupportedProductError):
            return EngineError(f"what answers at {self.shown} is no Elasticsearch of version 9: check the address")
        if error.status_code == 401:
            return EngineError(f"{where} does not accept the key, or the user and password: check the settings")
        why, blocked = reason(error.body), error.error == "cluster_block_exception"
        if error.status_code == 403 and not blocked:
            return EngineError(f"{doing}: {where} does not allow it to this key or user: {why}")
        if error.status_code in BUSY or blocked:
            return EngineUnavailable(f"{doing}: {where} is overloaded or blocked: {why}")
        return EngineError(f"{doing}: {where} refused it: {why}")

    def _silent(self, doing: str, where: str, error: TransportError) -> EngineError:
        """Where no answer came that can be read."""
        match error:
            case TlsError():
                return EngineError(f"{where}: {_insecure(error)}")
            case ConnectionTimeout():
                return EngineUnavailable(f"{doing}: {where} did not answer within {self.timeout:g} seconds")
            case SerializationError():
                return EngineUnavailable(f"{doing}: {where} sent an answer that cannot be read; try again")
            case _ if "https://" not in self.shown and any(isinstance(each, _CUT_OFF) for each in _causes(error)):
                return EngineUnavailable(
                    f"{doing}: {where} ended the connection; if it speaks https, so must the address"
                )
        return EngineUnavailable(f"{doing}: {where} cannot be reached; check that it runs, and the address")

    def _check(self, ca: str) -> None:
        if not Path(ca).is_file():
            raise EngineError(f"{ca} is no file: name the certificate of the authority (CA) of {self.shown}")
        try:
            ssl.create_default_context(cafile=ca)
        except (ssl.SSLError, OSError) as error:
            raise EngineError(
                f"{ca} holds no certificate that can be read ({_line(error)}): "
                f"name the one (PEM) of the authority (CA) of {self.shown}"
            ) from None

    @property
    def _addresses(self) -> list[str]:
        return self.address.replace(",", " ").split() or [""]


class _OnlyElasticsearch(Transport):
    """Raises UnsupportedProductError for the answer of any other server: the client does so for good answers alone,
    and the 404 of a web server would mean that there is no index yet."""

    def perform_request(self, *args: Any, **options: Any) -> TransportApiResponse:
        answer = super().perform_request(*args, **options)
        status = answer.meta.status
        if answer.meta.headers.get("x-elastic-product") == "Elasticsearch" or status in _OF_PROXIES or status >= 500:
            return answer
        raise UnsupportedProductError("no Elasticsearch", answer.meta, answer.body)


def _insecure(error: TlsError) -> str:
    """Why no TLS connection came about, and what to do."""
    match next((each for each in _causes(error) if isinstance(each, ssl.SSLError)), None):
        case ssl.SSLCertVerificationError(verify_code=code) if code in _ANOTHER_NAME:
            return "its certificate is for another name: use the name that is in the certificate as its address"
        case ssl.SSLCertVerificationError(verify_code=code, verify_message=why) if code not in _UNTRUSTED:
            return f"its certificate is not valid ({why}): renew it"
        case ssl.SSLError(reason=why) if why in _NO_TLS:
            return "it does not speak https: begin its address with http://, or look for its https port"
        case ssl.SSLCertVerificationError():
            return "its certificate is not trusted: name its authority's file (CA)"
    return f"no secure connection to it is possible: {_line(error)}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause := cause and (cause.__cause__ or cause.__context__):
        yield cause


def reason(body: Any) -> str:
    """The innermost reason in an error's body, in one line."""
    found: Any = body.get("error", body) if isinstance(body, dict) else body
    while isinstance(found, dict):
        roots = found.get("root_cause") or found.get("failed_shards") or ()
        inner = found.get("caused_by") or next(iter(roots), None)
        if isinstance(inner, dict) and inner.get("reason"):
            found = inner
        else:
            found = found.get("reason") or found.get("type") or str(found)
    return _line(found)


def _line(value: object) -> str:
    return " ".join(str(value).split())[:300]


def _bare(address: str) -> str:
    parts = urlsplit(address if "//" in address else f"//{address}")
    return f"{parts.scheme or 'http'}://{parts.netloc.rpartition('@')[2]}"

"""Only public addresses are connected to, however they are spelled and whatever a name resolves to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import httpx
import pytest

from archive.fetch_transport import GuardedTransport, guarded_transport
from archive.fetched import AddressRefused
from archive.guard import Allowed, check_url, refusal

PRIVATE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.255.255.255",
    "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.9", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
    "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
    "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:7f00:1::1", "2001:db8::1",
    "2001:10::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1",
    "fec0::1", "ff02::1", "2607:f8b0::5efe:10.0.0.1", "4000::1",
]  # fmt: skip
PUBLIC = [
    "8.8.8.8",
    "93.184.215.14",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "64:ff9b::808:808",
    "::ffff:8.8.8.8",
]

SPELLINGS = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "0177.0.0.1", "0177.1",
    "017700000001", "127.0.0.1.", "127.000.000.001", "00000177.0.0.1", "0x7F.0x0.0x0.0x1", "１２７.0.0.1",
    "127。0。0。1",
    "１２７。０。０。１", "①②⑦.⓪.⓪.①", "١٢٧.٠.٠.١", "%31%32%37.0.0.1", "127.0.0.1%00.example.org", "localhost",
    "localhost.", "LOCALHOST", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[fe80::1%25lo]", "[::1%25lo]",
    "0", "0.0.0.0", "0x0", "00", "user@127.0.0.1", "example.org@127.0.0.1", "user:pass@127.0.0.1", "@127.0.0.1",
    "example.org\\@127.0.0.1", "127.0.0.1#@example.org", "127.0.0.1:80@127.0.0.1", "4294967297", "[::ffff:0:7f00:1]",
]  # fmt: skip


@pytest.fixture
def canary() -> Iterator[tuple[int, list[object]]]:
    """A listener on every loopback address, IPv4 and IPv6: its port, and who came."""
    came: list[object] = []
    listener = socket.create_server(("", 0), family=socket.AF_INET6, dualstack_ipv6=True)

    def accept() -> None:
        while True:
            try:
                connection, peer = listener.accept()
            except OSError:
                return
            came.append(peer)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
            connection.close()

    threading.Thread(target=accept, daemon=True).start()
    yield listener.getsockname()[1], came
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def get(transport: httpx.BaseTransport, url: str) -> bytes:
    request = httpx.Request("GET", url, extensions={"timeout": {"connect": 2, "read": 2}, "deadline": 4.0})
    response = transport.handle_request(request)
    try:
        return response.read()
    finally:
        response.close()


class TestAddresses:
    @pytest.mark.parametrize("address", PRIVATE)
    def test_special_addresses_are_refused(self, address: str) -> None:
        assert refusal(address) is not None

    @pytest.mark.parametrize("address", PUBLIC)
    def test_public_addresses_are_not(self, address: str) -> None:
        assert refusal(address) is None

    def test_mapped_addresses_are_allowed_with_their_network(self) -> None:
        allowed = Allowed.parse(["10.0.0.0/8"])
        assert allowed.objection("x", 80, "10.1.2.3") is None
        assert allowed.objection("x", 8080, "::ffff:10.1.2.3") is None
        assert allowed.objection("x", 80, "192.168.0.1") is not None

    def test_a_place_lifts_the_check_for_private_addresses_at_its_port_only(self) -> None:
        allowed = Allowed.parse(["intranet.example:8080", "[::1]:81", "127.0.0.1:8101"])
        assert allowed.objection("intranet.example", 8080, "10.0.0.1") is None
        assert allowed.objection("intranet.example", 8080, "8.8.8.8") is None
        assert allowed.objection("intranet.example", 8081, "8.8.8.8") is not None
        assert allowed.objection("intranet.example", 8080, "169.254.169.254") is not None
        assert allowed.objection("other.example", 8080, "10.0.0.1") is not None
        assert allowed.objection("::1", 81, "::1") is None
        assert allowed.objection("127.0.0.1", 8101, "127.0.0.1") is None

    @pytest.mark.parametrize("entry", ["", "intranet", "10.0.0.1/8", "host:0", "host:70000", "a@b:80", "http://x:80"])
    def test_an_entry_that_is_neither_network_nor_place_is_one_clear_line(self, entry: str) -> None:
        with pytest.raises(ValueError, match=r"allowed hosts: .* neither a network"):
            Allowed.parse([entry])

    def test_ports_other_than_the_web_s_are_refused(self) -> None:
        assert Allowed().objection("example.org", 22, "8.8.8.8") == "port 22 is not allowed"
        assert Allowed().objection("example.org", 443, "8.8.8.8") is None


class TestForm:
    @pytest.mark.parametrize(
        "url",
        ["file:///etc/passwd", "ftp://example.org/", "gopher://127.0.0.1/", "data:text/html,x", "javascript:1", "//x/",
         "/x", "", "http://", "http:///x", "https://user@example.org/", "http://:80/", "http://a b/", "http://ex_ample..org/",
         "http://example.org:0/", "http://example.org:99999/", "http://exa\nmple.org/", "http://[::1", "http://-a.org/"],
    )  # fmt: skip
    def test_what_cannot_be_fetched_is_refused(self, url: str) -> None:
        with pytest.raises(AddressRefused):
            check_url(url)

    def test_arabic_paths_and_hosts_are_fine(self) -> None:
        url = check_url("https://عنب.example/676069/قصف ريف إدلب#تعليق")
        assert url.raw_host == b"xn--ngb7a0b.example"
        assert str(url).endswith("/676069/%D9%82%D8%B5%D9%81%20%D8%B1%D9%8A%D9%81%20%D8%A5%D8%AF%D9%84%D8%A8")


class TestTransport:
    @pytest.mark.parametrize("spelling", SPELLINGS)
    def test_no_spelling_of_a_private_address_reaches_the_canary(
        self, canary: tuple[int, list[object]], spelling: str
    ) -> None:
        """Also with the canary's port allowed for public hosts, so that the port is not what refuses."""
        port, came = canary
        transport = guarded_transport([f"example.org:{port}"])
        for url in (f"http://{spelling}:{port}/", f"https://{spelling}:{port}/"):
            with pytest.raises((AddressRefused, httpx.TransportError, httpx.InvalidURL)):
                get(transport, url)
        assert came == []

    @pytest.mark.parametrize("address", PRIVATE)
    def test_names_that_resolve_to_special_addresses_are_refused(self, address: str) -> None:
        transport = guarded_transport(resolve=lambda *_: [address])
        with pytest.raises(AddressRefused):
            get(transport, "http://news.example/")

    def test_rebinding_is_caught_because_the_answer_that_is_checked_is_connected_to(
        self, canary: tuple[int, list[object]]
    ) -> None:
        """The resolver says public once and loopback ever after: it is asked once a connection."""
        port, came = canary
        answers = iter([["127.0.0.1"], ["8.8.8.8"]] * 3)
        asked = []

        def resolve(host: str, asked_port: int, seconds: float) -> list[str]:
            asked.append(host)
            return next(answers)

        with pytest.raises(AddressRefused):
            get(guarded_transport([f"other.example:{port}"], resolve=resolve), f"http://news.example:{port}/")
        assert (came, asked) == ([], ["news.example"])

    def test_one_private_record_among_public_ones_refuses_all(self, canary: tuple[int, list[object]]) -> None:
        _, came = canary
        for answer in (["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"], ["2606:4700::1111", "::1"]):
            transport = guarded_transport(resolve=lambda *_, answer=answer: answer)
            with pytest.raises(AddressRefused):
                get(transport, "http://news.example/")
        assert came == []

    def test_what_the_keeper_allows_is_connected_to(self, canary: tuple[int, list[object]]) -> None:
        port, came = canary
        assert get(guarded_transport(["127.0.0.0/8"]), f"http://127.0.0.1:{port}/") == b"hi"
        assert get(guarded_transport([f"127.0.0.1:{port}"]), f"http://127.0.0.1:{port}/") == b"hi"
        assert get(guarded_transport(["::1"]), f"http://[::1]:{port}/") == b"hi"
        assert len(came) == 3

    def test_a_mapped_host_is_spoken_to_in_plain_http_with_its_own_name(self) -> None:
        heard = []
        listener = socket.create_server(("127.0.0.1", 0))

        def answer() -> None:
            connection, _ = listener.accept()
            heard.append(connection.recv(4096))
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
            connection.close()

        threading.Thread(target=answer, daemon=True).start()
        place = f"127.0.0.1:{listener.getsockname()[1]}"
        transport = guarded_transport(host_map={"english.enabbaladi.net": place})
        assert get(transport, "https://english.enabbaladi.net/archives/2024/02/x?so=related") == b"hi"
        assert heard[0].startswith(b"GET /archives/2024/02/x?so=related HTTP/1.1\r\nHost: english.enabbaladi.net\r\n")
        listener.close()

    @pytest.mark.parametrize("place", ["10.0.0.1:80", "8.8.8.8:80", "localhost:80", "127.0.0.1", "127.0.0.1:x", ""])
    def test_only_loopback_places_can_be_mapped(self, place: str) -> None:
        with pytest.raises(ValueError, match="host map"):
            guarded_transport(host_map={"a.example": place})

    def test_proxies_in_the_environment_are_ignored(
        self, canary: tuple[int, list[object]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        port, came = canary
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        transport = guarded_transport(resolve=lambda *_: [])
        with pytest.raises(httpx.TransportError):
            get(transport, "http://news.example/")
        assert came == []

    def test_certificates_are_checked(self) -> None:
        transport = guarded_transport()
        assert isinstance(transport, GuardedTransport)
        assert transport._tls.check_hostname
        assert transport._tls.verify_mode.name == "CERT_REQUIRED"

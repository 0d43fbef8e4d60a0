from tests.servers.shared import elasticsearch_address

__all__ = ["elasticsearch_address"]

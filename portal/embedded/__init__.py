"""The embedded PostgreSQL and Redis of a machine that has none.

Knows nothing of Django, so that settings can ask it for addresses.
"""

from .place import Place
from .servers import EmbeddedServerFailed, Servers, embedded_servers

__all__ = ["EmbeddedServerFailed", "Place", "Servers", "embedded_servers"]

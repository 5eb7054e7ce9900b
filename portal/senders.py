"""Who sends a request: their network address, and the pseudonym by which it is counted."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def client_address(request: HttpRequest) -> str:
    """The sender's network address; behind the portal's own proxy the one that the proxy saw."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if forwarded and getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        return forwarded.rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def network_key(request: HttpRequest) -> str:
    """A pseudonym of the sender's network; the address itself is not kept.

    One connection has 2^64 addresses of IPv6 to speak from: they count as one.
    """
    address = client_address(request)
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        network = address
    else:
        found = getattr(found, "ipv4_mapped", None) or found
        network = str(ipaddress.ip_network((found, 64 if found.version == 6 else 32), strict=False))
    return salted_hmac("network", network, algorithm="sha256").hexdigest()

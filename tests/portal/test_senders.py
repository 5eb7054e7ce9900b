"""Whose request it is, and that no address is kept."""

from __future__ import annotations

import pytest

from portal.senders import client_address, network_key


def test_an_address_claimed_by_the_sender_counts_only_behind_the_proxy(rf, settings):
    request = rf.get("/", HTTP_X_FORWARDED_FOR="10.9.9.9, 203.0.113.7", REMOTE_ADDR="192.0.2.1")
    settings.SECURE_PROXY_SSL_HEADER = None
    assert client_address(request) == "192.0.2.1"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client_address(request) == "203.0.113.7"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("", "unix:", False),
    ],
)
def test_a_network_is_one_address_or_all_that_one_line_has_of_the_new_kind(rf, one, other, alike):
    keys = [network_key(rf.get("/", REMOTE_ADDR=address)) for address in (one, other)]
    assert (keys[0] == keys[1]) is alike
    assert not any(one and one in key for key in keys)

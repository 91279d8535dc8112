"""A sign that an address has had mail from us, short enough to stand in a reply address."""

import re

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac


def address_tag(address: str) -> str:
    """Return what only the portal and whoever reads the mails of ``address`` know."""
    return salted_hmac("core.mail.tags", address.lower()).hexdigest()[:16]


def tags_in(addresses: list[str], pattern: str) -> list[str]:
    """Return what stands in place of the ``*`` of ``pattern`` in these addresses."""
    head, _, tail = pattern.lower().partition("*")
    wanted = re.compile(f"{re.escape(head)}([0-9a-f]{{1,64}}){re.escape(tail)}")
    return [found[1] for one in addresses if (found := wanted.fullmatch(one.lower()))]


def asks_for_proof() -> bool:
    """Tell whether answers must carry the tag of the address they speak for."""
    return "*" in settings.CALENDAR_REPLY_ADDRESS


def is_proved(address: str, addresses: list[str]) -> bool:
    """Tell whether a mail to ``addresses`` comes from somebody who has read one to ``address``."""
    tag = address_tag(address)
    found = tags_in(addresses, settings.CALENDAR_REPLY_ADDRESS)
    return any(constant_time_compare(tag, one) for one in found)

"""What a shop may be called in a host name and in the office's URLs."""

from __future__ import annotations

import re

MIN_LENGTH, MAX_LENGTH = 3, 40
# Understood alike by Python and PostgreSQL. No "--": it would allow xn-- look-alikes.
PATTERN = r"^(?=.{3,40}$)[a-z0-9]+(-[a-z0-9]+)*$"

# Names of our own hosts, of mail and DNS conventions, and of the first path segments of the office.
_WORDS = """
www supply office api admin administrator localhost mail email smtp imap pop pop3 mx ns ns1 ns2 dns ftp ssh vpn
static media assets cdn img images files download downloads upload uploads
accounts account login logout signup signin register password auth oauth sso mfa
shop shops store stores reseller resellers supplier suppliers platform internal console dashboard desk
order orders cart checkout pay payment payments billing invoice invoices webhook webhooks hooks stripe
help support docs doc blog news about contact legal terms privacy imprint status health healthz readyz metrics
kit theme language i18n jsi18n schema feed feeds sitemap robots favicon well-known autoconfig autodiscover
test testing dev staging demo-admin root system security abuse postmaster hostmaster webmaster noreply no-reply
new open join plates apply search me my public default null none undefined s2b2c
"""
RESERVED = frozenset(_WORDS.split())

_PATTERN = re.compile(PATTERN)


def is_shaped(text: str) -> bool:
    """Tell whether a text could be a slug at all; nothing is looked up."""
    return _PATTERN.fullmatch(text) is not None


def is_free_to_take(text: str) -> bool:
    """Tell whether a slug may be given to a shop: well-formed and not reserved."""
    return is_shaped(text) and text not in RESERVED

"""Secrets of API tokens: made once, kept as digests."""

import hashlib
import secrets

# Marks our tokens, so that tools that scan for leaked secrets can recognise them.
_MARK = "cdn_"
PREFIX_LENGTH = 12


def new_secret() -> str:
    """Return a new secret with 256 random bits."""
    return f"{_MARK}{secrets.token_urlsafe(32)}"


def digest(secret: str) -> str:
    """Return what is stored of a token; the secret has 256 random bits, so one hash suffices."""
    return hashlib.sha256(secret.encode()).hexdigest()

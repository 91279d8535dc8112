"""Links in mails that work without signing in: answer, say what came of it, answer a digest."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils.translation import override

# The dot needs no escaping in an address and no mail program breaks a link at it.
_answers: Final = TimestampSigner(salt="matching.introduction", sep=".")
_outcomes: Final = TimestampSigner(salt="matching.outcome", sep=".")
_suggestions: Final = TimestampSigner(salt="matching.suggestion", sep=".")
_DAY: Final = 24 * 3600
LASTS: Final = 60 * _DAY
"""Seconds after which a link is worth nothing, whatever it was about."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a link is about: a row, the cluster on whose behalf, and the person it was sent to."""

    about: int
    cluster: int
    user: int


def _sign(signer: TimestampSigner, about: int, cluster: int, user: int) -> str:
    return signer.sign(f"{about}-{cluster}-{user}")


def _read(signer: TimestampSigner, token: str) -> Reference | None:
    try:
        about, cluster, user = signer.unsign(token, max_age=LASTS).split("-")
        return Reference(int(about), int(cluster), int(user))
    except (BadSignature, ValueError):
        return None


def make_answer_token(introduction: int, cluster: int, user: int) -> str:
    """Return the secret part of a manager's link for answering for their cluster."""
    return _sign(_answers, introduction, cluster, user)


def read_answer_token(token: str) -> Reference | None:
    """Return what the link is about; None when it was altered, never ours, or is too old."""
    return _read(_answers, token)


def make_outcome_token(introduction: int, cluster: int, user: int) -> str:
    """Return the secret part of a manager's link for saying what came of it."""
    return _sign(_outcomes, introduction, cluster, user)


def read_outcome_token(token: str) -> Reference | None:
    """Return what the link is about; None when it was altered, never ours, or is too old."""
    return _read(_outcomes, token)


def make_suggestion_token(partner: int, cluster: int, user: int) -> str:
    """Return the secret part of a link for answering a suggestion from a digest."""
    return _sign(_suggestions, partner, cluster, user)


def read_suggestion_token(token: str) -> Reference | None:
    """Return what the link is about: the partner, the cluster it is suggested to, the person."""
    return _read(_suggestions, token)


def address(name: str, token: str, language: str) -> str:
    """Return the full address of a page with a token in the reader's language."""
    with override(language):
        return f"{settings.BASE_URL}{reverse(name, args=[token])}"

"""New suggestions by mail."""

from collections.abc import Sequence
from typing import Any

from accounts.models import User
from core import mail
from core.choices import MailKind, MailPriority
from matching.tokens import address, make_suggestion_token


def digest(user: User, groups: Sequence[Any]) -> None:
    """Tell a person what is new for their clusters; each suggestion can be answered by link.

    ``groups`` have a ``cluster`` and ``cards`` in the person's language.
    """
    told = [
        {
            "cluster": group.cluster,
            "suggestions": [
                {
                    "partner": card.partner,
                    "reasons": card.reasons[:3],
                    "concerns": card.concerns[:1],
                    "link": address(
                        "matching:suggestion-answer",
                        make_suggestion_token(card.partner.pk, group.cluster.pk, user.pk),
                        user.language,
                    ),
                }
                for card in group.cards
            ],
        }
        for group in groups
    ]
    mail.send(
        "matching/digest",
        to=user.email,
        to_name=user.name,
        language=user.language,
        kind=MailKind.SUGGESTION,
        priority=MailPriority.BULK,
        context={"groups": told, "number": sum(len(one["suggestions"]) for one in told)},
    )

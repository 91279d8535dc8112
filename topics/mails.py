"""The mails of this app: one function a mail, each in its reader's language."""

from core import mail
from core.choices import MailKind
from topics.choices import Decision
from topics.models import Topic

_DECISIONS = {
    Decision.ACCEPT: "topics/proposal_accepted",
    Decision.RETURN: "topics/proposal_returned",
    Decision.DECLINE: "topics/proposal_declined",
}


def proposal_decided(topic: Topic, decision: str) -> None:
    """Tell who proposed a topic what staff decided, and why."""
    if topic.author is None:
        return
    mail.send(
        name=_DECISIONS[Decision(decision)],
        to=topic.author.email,
        to_name=topic.author.name,
        language=topic.author.language,
        kind=MailKind.TOPIC,
        context={"topic": topic},
    )


def status_changed(topic: Topic) -> None:
    """Tell those who follow a topic where it stands now."""
    for follow in topic.follows.select_related("user").filter(user__is_active=True):
        mail.send(
            name="topics/status_changed",
            to=follow.user.email,
            to_name=follow.user.name,
            language=follow.user.language,
            kind=MailKind.TOPIC,
            context={"topic": topic},
        )

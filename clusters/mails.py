"""The mails of this app: one function a mail, each in its reader's language."""

from clusters.choices import ReviewState
from clusters.models import ChangeRequest, MembershipInvitation
from core import mail
from core.choices import MailKind

_DECISIONS = {
    ReviewState.ACCEPTED: "clusters/change_accepted",
    ReviewState.CHANGES_REQUESTED: "clusters/change_returned",
    ReviewState.DECLINED: "clusters/change_declined",
}


def change_decided(change: ChangeRequest) -> None:
    """Tell the author what staff decided about their change, and why."""
    if change.author is None:
        return
    mail.send(
        name=_DECISIONS[ReviewState(change.state)],
        to=change.author.email,
        to_name=change.author.name,
        language=change.author.language,
        kind=MailKind.REVIEW,
        context={"change": change, "cluster": change.cluster},
    )


def member_invited(invitation: MembershipInvitation, token: str) -> None:
    """Send the link that lets its holder take a role in the cluster."""
    mail.send(
        name="clusters/member_invited",
        to=invitation.email,
        language=invitation.language,
        kind=MailKind.ACCOUNT,
        context={
            "invitation": invitation,
            "cluster": invitation.cluster,
            "inviter": invitation.invited_by,
            "token": token,
        },
    )

"""People registered by others: delegates of a cluster, and "a colleague comes".

Both write to addresses somebody else has typed in, so both are counted and bounded.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clusters.models import Cluster
from core import limits
from core.choices import MailKind
from core.errors import DomainError
from core.mail.optout import opted_out
from events.choices import (
    Answer,
    AnswerSource,
    PlaceNews,
    RegistrationSource,
    RegistrationState,
)
from events.models import Event, Invitation, Registration
from events.querysets.registration import GONE
from events.services import places
from events.services.answers import lock_invitation, write_answer
from events.services.registrations import clean_name, enter, find, step_out, sync_invitation

# In one go and in a day, by one person: who brings more asks the office.
COLLEAGUES_AT_ONCE = 20
_COLLEAGUES_A_DAY = 100
# A named colleague may name one more, who may not.
_LONGEST_CHAIN = 2
# How many different people one invitation may name, and twice that often in a day.
_COLLEAGUES = 3
_DAY = 24 * 3600


@transaction.atomic
def register_colleagues(
    *, user: User, event: Event, cluster: Cluster, people: Sequence[tuple[str, str]]
) -> list[Registration]:
    """Register several people of one cluster, all or none; each is told by mail.

    ``people`` are names with addresses. Who is registered already keeps what they have. Returns
    the registrations that are new.

    :raises DomainError: when registration is closed, the quota does not suffice, or one person
        registers more people than is plausible.
    """
    event = places.lock(event.pk)
    places.check_registrable(event)
    if len(people) > COLLEAGUES_AT_ONCE:
        raise DomainError(
            _("Please register at most %(count)d people at once.") % {"count": COLLEAGUES_AT_ONCE}
        )
    known = {
        email.lower() for email in event.registrations.active().values_list("email", flat=True)
    }
    wanted = {email.lower(): (name, email) for name, email in people}
    new = [person for key, person in wanted.items() if key not in known]
    places.check_quota(event, cluster, len(new))
    for _person in new:
        if not limits.within("colleagues", str(user.pk), limit=_COLLEAGUES_A_DAY, seconds=_DAY):
            raise DomainError(
                _("You have registered many people today. Please ask the office for the rest."),
                code="too_many",
            )
    accounts = {u.email.lower(): u for u in User.objects.filter(email__in=[e for _n, e in new])}
    found = []
    for name, email in new:
        account = accounts.get(email.lower())
        found.append(
            enter(
                event,
                email=email,
                name=name,
                user=account,
                cluster=cluster,
                source=RegistrationSource.COLLEAGUE,
                language=account.language if account else user.language,
                news=PlaceNews.NAMED,
                by=user.name or str(cluster),
            )
        )
        sync_invitation(event, email, Answer.YES, AnswerSource.PORTAL)
    return found


@transaction.atomic
def name_colleague(
    *,
    invitation: Invitation,
    name: str,
    email: str,
    user: User | None = None,
    source: AnswerSource = AnswerSource.LINK,
) -> Registration:
    """Answer "a colleague comes": the colleague takes over what the invited person has.

    That is the place, or the position on the waiting list; who has neither takes what is free. The
    colleague gets an invitation of their own and a mail that says who named them and how to
    withdraw. Naming somebody else later replaces the first one. Naming the same twice is once.

    :raises DomainError: when the event is over or closed, when the address cannot be written to,
        or when too many people were named.
    """
    event, invitation = lock_invitation(invitation)
    email, name = email.strip(), clean_name(name)
    if email.lower() == invitation.email.lower():
        raise DomainError(
            _("This is your own address. Please choose “Yes” if you come yourself."),
            field="colleague_email",
        )
    earlier = invitation.colleagues.filter(email__iexact=email).exists()
    current = find(event, email)
    if current is not None and current.state not in GONE:
        if invitation.answer == Answer.COLLEAGUE and earlier:
            return current
        raise DomainError(
            _("This person is registered already. You can answer “No” for yourself."),
            field="colleague_email",
            code="registered_already",
        )
    places.check_registrable(event)
    _check_naming(invitation, email, is_new=not earlier)
    write_answer(invitation, Answer.COLLEAGUE, source, timezone.now())
    inherited = _step_back(event, invitation)
    colleague = _invite_colleague(event, invitation, name, email)
    registration = enter(
        event,
        email=email,
        name=name,
        user=colleague.user,
        cluster=colleague.cluster,
        invitation=colleague,
        source=RegistrationSource.COLLEAGUE,
        language=colleague.language,
        news=PlaceNews.NAMED,
        by=invitation.name or str(invitation.cluster or ""),
        inherits=inherited,
    )
    places.settle(event)
    return registration


def _check_naming(invitation: Invitation, email: str, *, is_new: bool) -> None:
    """Keep a link that was passed around from writing to many people."""
    chain, namer = 0, invitation.named_by
    while namer is not None and chain < _LONGEST_CHAIN:
        chain, namer = chain + 1, namer.named_by
    if chain >= _LONGEST_CHAIN:
        raise DomainError(
            _("You were named by a colleague yourself. Please ask the office to change the name."),
            code="chain",
        )
    named = invitation.colleagues.count()
    is_much = is_new and named >= _COLLEAGUES
    if is_much or not limits.within(
        "colleague", str(invitation.pk), limit=2 * _COLLEAGUES, seconds=_DAY
    ):
        raise DomainError(
            _("You have named several people already. Please ask the office to change the name."),
            code="too_many",
        )
    if opted_out([email], MailKind.INVITATION):
        raise DomainError(
            _("We cannot write to this address. Please name somebody else."),
            field="colleague_email",
        )


def _step_back(event: Event, invitation: Invitation) -> Registration | None:
    """Take out whoever stood for this invitation; returns them as they were before."""
    standing = [find(event, invitation.email)]
    standing += [find(event, row.email) for row in invitation.colleagues.order_by("-pk")]
    before = None
    for registration in standing:
        if registration is None or registration.state in (*GONE, RegistrationState.ATTENDED):
            continue
        if before is None:
            before = Registration(
                state=registration.state, waiting_since=registration.waiting_since
            )
        if registration.email.lower() == invitation.email.lower():
            step_out(registration, RegistrationState.CANCELLED)
        else:
            step_out(
                registration,
                RegistrationState.CANCELLED,
                PlaceNews.REPLACED,
                by=invitation.name or str(invitation.cluster or ""),
            )
            sync_invitation(event, registration.email, Answer.NO, AnswerSource.LINK)
    return before


def _invite_colleague(event: Event, invitation: Invitation, name: str, email: str) -> Invitation:
    now = timezone.now()
    account = User.objects.filter(email__iexact=email, is_active=True).first()
    colleague = Invitation.objects.filter(event=event, email__iexact=email).first()
    if colleague is None:
        colleague = Invitation(
            event=event,
            email=email,
            name=name,
            user=account,
            cluster=invitation.cluster,
            language=account.language if account else invitation.language,
            named_by=invitation,
            # The mail that says who named them is their invitation.
            queued_at=now,
        )
    colleague.answer = Answer.YES
    colleague.answered_at = colleague.answer_stamp = now
    colleague.answer_source = AnswerSource.LINK
    colleague.save()
    return colleague

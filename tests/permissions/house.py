"""One row of everything, so that every address has something to show or to refuse.

What belongs to a cluster belongs to alpha, and nothing of it is public: so the table shows who may
see what is hidden, and what outsiders learn about it.
"""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.choices import TokenScope
from accounts.services import create_token
from clusters.choices import ChangeTarget, ClusterKind, Confidentiality, ReviewState
from clusters.models import Application, ChangeRequest, Document, MembershipInvitation
from clusters.services.members import make_token as make_member_token
from clusters.tokens import make_application_token
from core.choices import MailKind
from core.mail.optout import make_token as make_unsubscribe_token
from tests.conftest import World
from tests.factories import (
    make_cluster,
    make_district,
    make_field,
    make_need,
    make_offer,
    make_term,
    make_topic,
    make_user,
)
from tests.permissions.call_rows import furnish_calls
from tests.permissions.event_rows import furnish_events
from tests.permissions.introduction_rows import furnish_introductions
from tests.permissions.lists_rows import furnish_lists
from tests.permissions.matching_office_rows import furnish_office
from tests.permissions.meeting_rows import furnish_meetings
from tests.permissions.parameters import House
from tests.permissions.question_rows import furnish_questions
from topics.choices import TopicStatus


def build_house(world: World) -> House:
    """Fill the house. Every function below furnishes the rooms of one app."""
    house = House(world)
    _accounts(house)
    _profiles(house)
    _reviews(house)
    _members(house)
    _topics(house)
    furnish_events(house)
    furnish_office(house)
    furnish_lists(house)
    furnish_introductions(house)
    furnish_meetings(house)
    furnish_questions(house)
    furnish_calls(house)
    _vocabularies(house)
    return house


def _accounts(house: House) -> None:
    token, _secret = create_token(
        user=house.world.manager, name="script", scope=TokenScope.READ, days=7
    )
    house.put("accounts:token-revoke", pk=token.pk)
    house.put("core:unsubscribe", token=make_unsubscribe_token("a@b.example", MailKind.EVENT))
    house.put("account_confirm_email", key="unknown")
    house.put("account_reset_password_from_key", uidb36="1", key="unknown")
    house.put("mfa_edit_webauthn mfa_remove_webauthn", pk=1)


def _profiles(house: House) -> None:
    alpha = house.world.alpha
    hidden = make_need(alpha, confidentiality=Confidentiality.STAFF)
    document = Document.objects.create(
        cluster=alpha,
        title="Protokoll",
        file=ContentFile(b"%PDF-1.7", name="minutes.pdf"),
        confidentiality=Confidentiality.STAFF,
    )
    house.put(
        "clusters:cluster-detail clusters:cluster-contact clusters:cluster-contact-sent"
        " clusters:cluster-edit clusters:cluster-preview clusters:cluster-logo"
        " clusters:cluster-archive clusters:cluster-publish clusters:cluster-unpublish"
        " clusters:document-list clusters:member-list clusters:statement-list"
        " matching:suggestion-list api:cluster-detail",
        slug="alpha",
    )
    house.put("clusters:cluster-document clusters:document-delete", slug="alpha", pk=document.pk)
    house.put("clusters:statement-create", slug="alpha", kind="need")
    house.put(
        "clusters:statement-edit clusters:statement-archive clusters:statement-restore"
        " clusters:statement-extend",
        slug="alpha",
        kind="need",
        pk=hidden.pk,
    )
    house.put("api:need-detail", pk=hidden.pk)
    offer = make_offer(alpha, confidentiality=Confidentiality.CLUSTERS)
    house.put("api:offer-detail", pk=offer.pk)


def _reviews(house: House) -> None:
    world = house.world
    submitted = ChangeRequest.objects.create(
        cluster=world.alpha,
        target=ChangeTarget.PROFILE,
        state=ReviewState.SUBMITTED,
        submitted_at=timezone.now(),
        values={"city": "Essen"},
        before={"city": ""},
        author=world.manager,
    )
    draft = ChangeRequest.objects.create(
        cluster=world.alpha,
        target=ChangeTarget.NEED,
        values={"text_de": "Entwurf", "confidentiality": Confidentiality.STAFF},
        author=world.manager,
    )
    application = Application.objects.create(
        name="Delta",
        kind=ClusterKind.SECTOR_NETWORK,
        profile="Wir sind neu.",
        contact_name="Kontakt",
        contact_email="contact@delta.example",
        state=ReviewState.SUBMITTED,
        submitted_at=timezone.now(),
    )
    house.put(
        "clusters:change-accept clusters:change-decline clusters:change-return"
        " clusters:change-review api:change-detail",
        pk=submitted.pk,
    )
    house.put("clusters:change-withdraw clusters:change-logo", slug="alpha", pk=submitted.pk)
    house.put(
        "clusters:change-discard clusters:change-submit clusters:statement-draft",
        slug="alpha",
        pk=draft.pk,
    )
    house.put(
        "clusters:application-accept clusters:application-decline clusters:application-return"
        " clusters:application-review",
        pk=application.pk,
    )
    returned = Application.objects.create(
        name="Epsilon",
        kind=ClusterKind.SECTOR_NETWORK,
        profile="Wir auch.",
        contact_name="Kontakt",
        contact_email="contact@epsilon.example",
        state=ReviewState.CHANGES_REQUESTED,
        reason="Bitte nennen Sie Ihre Mitglieder.",
    )
    house.put("clusters:application-edit", token=make_application_token(returned.pk))


def _members(house: House) -> None:
    world = house.world
    invitation = MembershipInvitation.objects.create(
        cluster=world.alpha,
        email="colleague@alpha.example",
        invited_by=world.manager,
        expires_at=timezone.now() + timedelta(days=7),
    )
    membership = world.member.memberships.get()
    house.put(
        "clusters:member-end clusters:member-hand-over clusters:member-role",
        slug="alpha",
        pk=membership.pk,
    )
    house.put(
        "clusters:member-invitation-resend clusters:member-invitation-revoke",
        slug="alpha",
        pk=invitation.pk,
    )
    house.put("clusters:member-invitation-accept", token=make_member_token(invitation))


def _topics(house: House) -> None:
    alpha = house.world.alpha
    draft = make_topic(slug="draft", status=TopicStatus.DRAFT, proposed_by=alpha)
    make_topic(slug="proposed", status=TopicStatus.PROPOSED, proposed_by=alpha)
    public = make_topic(slug="open")
    public.endorsements.create(cluster=alpha)
    house.put("topics:topic-detail topics:topic-edit topics:topic-discard", slug=draft.slug)
    house.put("topics:topic-review topics:topic-withdraw api:topic-detail", slug="proposed")
    house.put("topics:topic-endorse topics:topic-follow", slug="open")
    house.put("topics:endorsement-withdraw api:topic-endorsement", slug="open", cluster="alpha")


def _vocabularies(house: House) -> None:
    house.put("api:district-detail", code=make_district().code)
    house.put("api:innovation-field-detail", code=make_field().code)
    term = make_term()
    house.put("api:term-detail", pk=term.pk)
    house.put("dialog:term-detail", kind=term.kind, code=term.code)
    make_cluster(slug="published")
    make_user("bystander@clusters.example")

"""Weights: drafts of staff, and publishing one as the version that counts."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from matching.models import Weights, WeightsDraft
from matching.office.weighing import PARTS, STEPS, steps_of, sums_to_one


@transaction.atomic
def create_draft(*, user: User, source: Weights | None = None) -> WeightsDraft:
    """Start a draft with the weights in force, or with those of an older version to restore it.

    :raises LookupError: when no weights are published.
    """
    current = _current()
    origin = source or current
    restored = source if source is not None and source.pk != current.pk else None
    draft: WeightsDraft = WeightsDraft.objects.create(
        **origin.values_by_part(), based_on=current, restored_from=restored, created_by=user
    )
    return draft


@transaction.atomic
def edit_draft(
    *, user: User, draft: WeightsDraft, values: Mapping[str, float], note: str, version: str
) -> WeightsDraft:
    """Keep other weights and another reason in a draft.

    ``version`` is :func:`draft_version` as it was when the form was opened.

    :raises DomainError: when the draft is published, somebody else has changed it since (code
        ``changed``), or the weights are negative or do not sum to 1.
    """
    locked = _lock(draft)
    if version != draft_version(locked):
        raise DomainError(
            _(
                "Somebody has changed this draft while you had it open. Your entries are still"
                " here: compare them with what is stored now, and save again to replace it."
            ),
            code="changed",
        )
    check_values(values)
    for part in PARTS:
        setattr(locked, part, steps_of(values[part]) / STEPS)
    locked.note = note.strip()
    locked.save()
    return locked


def check_values(values: Mapping[str, float]) -> None:
    """Refuse weights that are negative or do not sum to 1.

    :raises DomainError: with a sentence that says what to do.
    """
    for part in PARTS:
        if not 0 <= values[part] <= 1:
            raise DomainError(_("A weight lies between 0 and 1."), field=part, code="range")
    if not sums_to_one(values):
        raise DomainError(
            _("The weights must add up to 1. “Scale to 1” keeps their proportions."), code="sum"
        )


@transaction.atomic
def discard_draft(*, user: User, draft: WeightsDraft) -> None:
    """Delete a draft that was never published.

    :raises DomainError: when it is published.
    """
    _lock(draft).delete()


@transaction.atomic
def rebase_draft(*, user: User, draft: WeightsDraft) -> WeightsDraft:
    """Put a draft on top of the version now in force, having seen what that one changed.

    The weights and the reason of the draft stay as they are.

    :raises DomainError: when it is published.
    """
    locked = _lock(draft)
    locked.based_on = _current()
    locked.save()
    return locked


@transaction.atomic
def publish_draft(*, user: User, draft: WeightsDraft) -> Weights:
    """Make a draft the version that counts; suggestions follow with the next round.

    :raises DomainError: when the draft is published already, another version came first (code
        ``outdated``; the draft is kept), the reason is missing (field ``note``), nothing differs
        (code ``unchanged``), or the weights do not sum to 1.
    """
    # Whoever publishes holds all versions: the second of two waits here and then sees the first.
    list(Weights.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    locked = _lock(draft)
    current = _current()
    if locked.based_on_id != current.pk:
        raise DomainError(_outdated(current), code="outdated")
    if not locked.note:
        raise DomainError(
            _("Please say why the weights change: everybody on staff reads it in the change log."),
            field="note",
            code="required",
        )
    values = locked.values_by_part()
    check_values(values)
    if all(steps_of(values[part]) == steps_of(getattr(current, part)) for part in PARTS):
        raise DomainError(
            _("These are the weights in force already. Change at least one of them."),
            code="unchanged",
        )
    published: Weights = Weights.objects.create(
        **values,
        version=current.version + 1,
        note=locked.note,
        created_by=user,
        published_at=timezone.now(),
    )
    locked.published_as = published
    locked.save()
    return published


def draft_version(draft: WeightsDraft) -> str:
    """Return a mark that changes with every change of the draft."""
    return draft.updated_at.isoformat()


def _current() -> Weights:
    current: Weights | None = Weights.objects.published().select_related("created_by").first()
    if current is None:
        raise LookupError("No weights are published.")
    return current


def _outdated(current: Weights) -> str:
    when = date_format(timezone.localtime(current.published_at), "SHORT_DATETIME_FORMAT")
    facts = {"version": current.version, "person": str(current.created_by or "?"), "when": when}
    return (
        _(
            "Version %(version)d was published by %(person)s on %(when)s while you worked. Your"
            " draft is kept. Look at what that version changed, take it as the new basis, and"
            " publish again."
        )
        % facts
    )


def _lock(draft: WeightsDraft) -> WeightsDraft:
    """Return the draft as it is now, held until the end of the transaction."""
    locked: WeightsDraft | None = (
        WeightsDraft.objects.select_for_update(of=("self",))
        .select_related("published_as")
        .filter(pk=draft.pk)
        .first()
    )
    if locked is None:
        raise DomainError(_("This draft has been discarded meanwhile."), code="gone")
    if locked.published_as is not None:
        raise DomainError(
            _(
                "This draft has been published meanwhile, as version %(version)d. Start a new"
                " draft to change the weights again."
            )
            % {"version": locked.published_as.version},
            code="published",
        )
    return locked

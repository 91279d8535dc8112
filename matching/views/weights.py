"""Doors for staff: drafts of weights, what they would do, and the log of versions."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters.models import Cluster
from clusters.views.shared import act, person
from core.errors import DomainError
from core.http import render_page
from matching import access, services, tasks
from matching.choices import EffectState
from matching.forms import WeightsForm
from matching.models import Weights, WeightsDraft, WeightsEffect
from matching.office import effect_page
from matching.office.weight_log import log_entries, part_rows
from matching.views.rounds import rounds_after_asking

_FORM = ["GET", "HEAD", "POST"]
_VERSIONS = 20
_DRAFTS = 20
_CHOICES = 200


@login_required
@require_safe
def weights_overview(request: HttpRequest) -> HttpResponse:
    """Show the weights in force, open drafts, and the log of versions."""
    access.require_staff(request.user)
    versions = Weights.objects.published().select_related("created_by", "draft__restored_from")
    page = Paginator(versions, _VERSIONS).get_page(request.GET.get("page"))
    current = versions.first()
    drafts = WeightsDraft.objects.open().select_related("created_by", "based_on", "restored_from")
    context = {
        "current": current,
        "rows": part_rows(current) if current else [],
        "drafts": drafts[:_DRAFTS],
        "page_obj": page,
        "log": log_entries(page),
    }
    return render(request, "matching/weights.html", context)


@login_required
@require_POST
def draft_create(request: HttpRequest) -> HttpResponse:
    """Start a draft from the weights in force."""
    access.require_staff(request.user)
    draft = services.create_draft(user=person(request))
    return redirect("matching:weights-draft", draft.pk)


@login_required
@require_http_methods(_FORM)
def weights_restore(request: HttpRequest, version: int) -> HttpResponse:
    """Ask, then start a draft with the weights of an older version."""
    weights = access.get_weights_for_restore(request.user, version)
    if request.method == "POST":
        draft = services.create_draft(user=person(request), source=weights)
        messages.success(
            request,
            _("A draft with the weights of version %(version)d. Nothing is in force yet.")
            % {"version": weights.version},
        )
        return redirect("matching:weights-draft", draft.pk)
    current = Weights.current()
    context = {"weights": weights, "current": current, "rows": part_rows(weights, current)}
    return render(request, "matching/weights_restore.html", context)


@login_required
@require_http_methods(_FORM)
def weights_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit a draft and show what it would do to the lists."""
    draft = access.get_draft_for_staff(request.user, pk)
    if draft.published_as:
        return render(request, "matching/weights_draft_published.html", {"draft": draft})
    form = WeightsForm(draft=draft)
    if request.method == "POST":
        scaling = request.POST.get("do") == "scale"
        form = WeightsForm(request.POST, draft=draft, scaling=scaling)
        if form.is_valid():
            if scaling:
                form = form.scaled(draft)
            elif _save(request, draft, form):
                return redirect(reverse("matching:weights-draft", args=[pk]) + "#effect")
    context = {"draft": draft, "form": form, **_comparison(draft), **_effect(request, draft)}
    return render_page(
        request, "matching/weights_draft.html", "matching/partials/_effect.html", context
    )


def _save(request: HttpRequest, draft: WeightsDraft, form: WeightsForm) -> bool:
    """Store the draft and ask for its effect; errors go to the form."""
    user = person(request)
    try:
        edited = services.edit_draft(
            user=user,
            draft=draft,
            values=form.weights(),
            note=form.cleaned_data["note"],
            version=form.cleaned_data["version"],
        )
        effect = services.ask_effect(user=user, draft=edited)
    except DomainError as error:
        if error.code == "changed":
            draft.refresh_from_db()
            form.renew(services.draft_version(draft))
        form.add_error(error.field or None, error.message)
        return False
    if effect.state == EffectState.WAITING:
        tasks.compute_effect.delay_on_commit(effect.pk)  # type: ignore[attr-defined]
    messages.success(request, _("The draft is stored. Nothing is in force yet."))
    return True


def _comparison(draft: WeightsDraft) -> dict[str, Any]:
    """The weights in force beside the draft, and whether another version came first."""
    current = Weights.objects.published().select_related("created_by").first() or draft.based_on
    outdated = current.pk != draft.based_on_id
    return {
        "current": current,
        "outdated": outdated,
        "rows": part_rows(draft, current),
        "news": part_rows(current, draft.based_on) if outdated else [],
    }


def _effect(request: HttpRequest, draft: WeightsDraft) -> dict[str, Any]:
    """The newest effect of the draft, and the lists of the sample."""
    effect: WeightsEffect | None = draft.effects.first()
    context: dict[str, Any] = {
        "effect": effect,
        "effect_steps": services.EFFECT_STEPS,
        "is_current_effect": effect_page.is_of(effect, draft.values_by_part()),
        "show": "changed" if request.GET.get("show") == "changed" else "spread",
    }
    if effect is None or effect.state != EffectState.COMPLETE:
        context["failure"] = services.failure_in_words(effect.failure) if effect else ""
        return context
    chosen = [int(pk) for pk in request.GET.getlist("cluster") if pk.isdecimal()][:_CHOICES]
    most = context["show"] == "changed"
    owners = services.sample_clusters(effect, chosen, most_changed=most)
    named = Cluster.objects.filter(pk__in=list(effect.lists)).by_name()
    return context | {
        "figures": effect_page.figure_rows(effect.summary),
        "samples": effect_page.effect_lists(effect, owners),
        "chosen": chosen,
        "choices": named.only("pk", "name")[:_CHOICES],
    }


@login_required
@require_POST
def draft_effect(request: HttpRequest, pk: int) -> HttpResponse:
    """Compute the effect of a draft once more."""
    draft = access.get_draft_for_staff(request.user, pk)
    try:
        effect = services.ask_effect(user=person(request), draft=draft)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        tasks.compute_effect.delay_on_commit(effect.pk)  # type: ignore[attr-defined]
    return redirect(reverse("matching:weights-draft", args=[pk]) + "#effect")


@login_required
@require_http_methods(_FORM)
def draft_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show once more what changes, then make the draft the version that counts."""
    draft = access.get_draft_for_staff(request.user, pk)
    if request.method == "POST":
        try:
            published = services.publish_draft(user=person(request), draft=draft)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("matching:weights-draft", pk)
        tasks.compute_suggestions.delay_on_commit()  # type: ignore[attr-defined]
        messages.success(
            request,
            _("Version %(version)d is in force. The lists are being computed anew.")
            % {"version": published.version},
        )
        return redirect(rounds_after_asking())
    if draft.published_as:
        return redirect("matching:weights-draft", pk)
    effect = draft.effects.filter(state=EffectState.COMPLETE).first()
    shown = effect if effect_page.is_of(effect, draft.values_by_part()) else None
    context = {"draft": draft, "effect": shown, **_comparison(draft)}
    return render(request, "matching/weights_publish.html", context)


@login_required
@require_POST
def draft_rebase(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the version that came first as the new basis of the draft."""
    draft = access.get_draft_for_staff(request.user, pk)
    act(
        request,
        lambda: services.rebase_draft(user=person(request), draft=draft),
        _("The draft now stands on the version in force. Its weights are as you entered them."),
    )
    return redirect("matching:weights-draft", pk)


@login_required
@require_http_methods(_FORM)
def draft_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a draft."""
    draft = access.get_draft_for_staff(request.user, pk)
    if request.method == "POST":
        act(
            request,
            lambda: services.discard_draft(user=person(request), draft=draft),
            _("The draft is deleted."),
        )
        return redirect("matching:weights")
    context = {
        "title": _("Delete the draft?"),
        "text": _("Its weights and its reason are lost. The weights in force stay as they are."),
        "submit_label": _("Delete the draft"),
        "cancel_url": reverse("matching:weights-draft", args=[pk]),
    }
    return render(request, "components/confirm.html", context)

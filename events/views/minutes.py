"""Writing minutes together: each item is a form of its own, saved on top of its version."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from clusters.views.shared import act, person
from core.errors import DomainError
from core.http import render_page, wants_partial
from events import access, services
from events.comparing import compare
from events.forms import MinutesItemForm
from events.models import Event, MinutesItem

_FORM = ["GET", "HEAD", "POST"]
# What the next item has in common with the one just written.
_KEPT = ("session", "topic", "level")


def _items(request: HttpRequest, event: Event) -> list[MinutesItem]:
    rows: Any = event.minutes.editable_by(request.user)
    return list(rows.with_row_data())


def _form(request: HttpRequest, event: Event, initial: dict[str, Any]) -> MinutesItemForm:
    return MinutesItemForm(
        request.POST if request.method == "POST" else None,
        event=event,
        for_staff=person(request).is_staff,
        initial=initial,
    )


def _news(response: HttpResponse) -> HttpResponse:
    """Let the page fetch the list at once instead of at its next look."""
    response.headers["HX-Trigger"] = "minutes-changed"
    return response


@login_required
@require_http_methods(_FORM)
def minutes(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the items and a form for the next one; htmx looks for what others write."""
    event = access.get_event_for_minutes(request.user, slug)
    kept = {name: request.GET[name] for name in _KEPT if request.GET.get(name)}
    form = _form(request, event, kept)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_item(user=person(request), event=event, values=form.values())
        except DomainError as error:
            form.add_error(error.field or None, error.message)
        else:
            return _added(request, event)
    context = {"event": event, "form": form}
    if request.method == "POST" and wants_partial(request):
        return render(request, "events/partials/_minutes_add.html", context)
    context |= {"items": _items(request, event), "may_publish": person(request).is_staff}
    status = 422 if form.errors else 200
    list_only = "events/partials/_minutes_items.html"
    return render_page(request, "events/minutes.html", list_only, context, status)


def _added(request: HttpRequest, event: Event) -> HttpResponse:
    """Offer an empty form for the next item, in the same part of the programme."""
    kept = {name: request.POST[name] for name in _KEPT if request.POST.get(name)}
    if not wants_partial(request):
        address = reverse("events:minutes", args=[event.slug], query=kept, fragment="minutes-add")
        return redirect(address)
    form = MinutesItemForm(event=event, for_staff=person(request).is_staff, initial=kept)
    context = {"event": event, "form": form, "focus": True}
    return _news(render(request, "events/partials/_minutes_add.html", context))


@login_required
@require_http_methods(_FORM)
def minutes_item(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change one item; where somebody else did so meanwhile, both texts are shown."""
    item = access.get_minutes_item_for_editing(request.user, slug, pk)
    if "row" in request.GET:
        return render(request, "events/partials/_minutes_item.html", _row(request, item))
    form = _form(request, item.event, MinutesItemForm.initial_of(item))
    conflict: list[Any] = []
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            item = services.save_item(
                user=person(request), item=item, version=version, values=form.values()
            )
        except services.MinutesConflictError as error:
            conflict = compare(error.item, form.values())
            # Saving once more is meant: it goes on top of what the person has seen now.
            form.data = request.POST.copy()
            form.data["version"] = str(error.item.version)
            form.add_error(None, error.message)
        except DomainError as error:
            form.add_error(error.field or None, error.message)
        else:
            return _saved(request, item)
    context = {"event": item.event, "item": item, "form": form, "conflict": conflict}
    status = (409 if conflict else 422) if form.errors and not wants_partial(request) else 200
    partial = "events/partials/_minutes_form.html"
    return render_page(request, "events/minutes_item.html", partial, context, status)


def _row(request: HttpRequest, item: MinutesItem) -> dict[str, Any]:
    return {"event": item.event, "item": item, "focus": wants_partial(request)}


def _saved(request: HttpRequest, item: MinutesItem) -> HttpResponse:
    if wants_partial(request):
        row = render(request, "events/partials/_minutes_item.html", _row(request, item))
        return _news(row)
    messages.success(request, _("The item is saved."))
    return _back(item)


def _back(item: MinutesItem) -> HttpResponse:
    address = reverse("events:minutes", args=[item.event.slug], fragment=f"item-{item.pk}")
    return redirect(address)


@login_required
@require_http_methods(_FORM)
def minutes_item_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then take an item out of the minutes."""
    item = access.get_minutes_item_for_editing(request.user, slug, pk)
    back = reverse("events:minutes", args=[slug])
    if request.method == "POST":
        act(
            request,
            lambda: services.delete_item(user=person(request), item=item),
            _("The item was deleted."),
        )
        return redirect(back)
    context = {
        "title": _("Delete this item?"),
        "text": item.text,
        "submit_label": _("Delete item"),
        "cancel_url": back,
    }
    return render(request, "components/confirm.html", context)


@login_required
@require_POST
def minutes_item_move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let an item change places with its neighbour."""
    item = access.get_minutes_item_for_editing(request.user, slug, pk)
    services.move_item(user=person(request), item=item, up="up" in request.POST)
    if wants_partial(request):
        return _news(HttpResponse(status=204))
    return _back(item)


@login_required
@require_http_methods(_FORM)
def minutes_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Say who will read the minutes and who gets a mail, then hand them out."""
    event = access.get_event_for_staff(request.user, slug)
    back = reverse("events:minutes", args=[slug])
    if request.method == "POST":
        try:
            told = services.publish_minutes(user=person(request), event=event)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _handed_out(told))
        return redirect(back)
    told = 0 if event.minutes_announced_at else event.registrations.reachable().count()
    context = {
        "title": _("Publish the minutes?"),
        "text": _who_hears(told),
        "submit_label": _("Publish minutes"),
        "cancel_url": back,
        "danger": False,
    }
    return render(request, "components/confirm.html", context)


def _handed_out(told: int) -> str:
    if not told:
        return _("The minutes are published.")
    text = ngettext(
        "The minutes are published; %(count)d person is told by mail.",
        "The minutes are published; %(count)d people are told by mail.",
        told,
    )
    return text % {"count": told}


def _who_hears(told: int) -> str:
    readers = _("Each item is shown to those who may read it.")
    if not told:
        return f"{readers} {_('Nobody gets a mail.')}"
    text = ngettext(
        "%(count)d participant gets a mail with a link, once.",
        "%(count)d participants get a mail with a link, once.",
        told,
    )
    return f"{readers} {text % {'count': told}}"


@login_required
@require_http_methods(_FORM)
def minutes_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then take published minutes back."""
    event = access.get_event_for_staff(request.user, slug)
    back = reverse("events:minutes", args=[slug])
    if request.method == "POST":
        act(
            request,
            lambda: services.withdraw_minutes(user=person(request), event=event),
            _("The minutes are no longer published."),
        )
        return redirect(back)
    context = {
        "title": _("Take the minutes back?"),
        "text": _("Nobody but those who write them will read them. Nothing is deleted."),
        "submit_label": _("Take back"),
        "cancel_url": back,
    }
    return render(request, "components/confirm.html", context)

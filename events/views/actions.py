"""What was promised: all open actions for staff, and the button that says done."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clusters.views.shared import act, person
from events import access, services
from events.models import MinutesItem
from events.views.pages import page_of

_ROWS = 50


def _filtered(which: str, today: date) -> Any:
    actions: Any = MinutesItem.objects.filter(kind="action")
    match which:
        case "done":
            return actions.filter(state="done").order_by("-updated_at", "pk")
        case "overdue":
            actions = actions.open_actions().filter(due_on__lt=today)
        case "unowned":
            actions = actions.open_actions().filter(owner=None)
        case _:
            actions = actions.open_actions()
    return actions.order_by("due_on", "pk")


@login_required
@require_safe
def action_list(request: HttpRequest) -> HttpResponse:
    """List the actions of all events for staff, the most urgent first."""
    access.require_staff(request.user)
    today = timezone.localdate()
    which = request.GET.get("show", "open")
    rows = _filtered(which, today).select_related("event", "owner", "session", "topic")
    open_actions: Any = MinutesItem.objects.open_actions()
    context = {
        "page_obj": page_of(request, rows, _ROWS),
        "which": which,
        "tabs": [
            ("open", _("Open"), open_actions.count()),
            ("overdue", _("Overdue"), open_actions.filter(due_on__lt=today).count()),
            ("unowned", _("Without a cluster"), open_actions.filter(owner=None).count()),
            ("done", _("Done"), None),
        ],
        "today": today,
    }
    return render(request, "events/action_list.html", context)


@login_required
@require_POST
def action_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Set an action done, or open again."""
    action = access.get_action(person(request), pk)
    done = "undo" not in request.POST
    act(
        request,
        lambda: services.complete_action(user=person(request), action=action, done=done),
        _("Done: “%(text)s”.") % {"text": action} if done else _("The action is open again."),
    )
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "dialog:dashboard"
    return redirect(back)

"""What people are about to be told of a change: now, later or not at all."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from clusters.views.shared import person
from events import access, services


@login_required
@require_POST
def change_notice(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the waiting notice at once, or tell nobody."""
    event = access.get_event_for_staff(request.user, slug)
    if request.POST.get("tell") == "nobody":
        services.drop_change_notice(user=person(request), event=event)
        messages.success(request, _("Nobody is told of this change."))
        return redirect(event)
    told = services.tell_changes_now(user=person(request), event=event)
    text = ngettext("%(count)d person is told by mail.", "%(count)d people are told by mail.", told)
    messages.success(request, text % {"count": told})
    return redirect(event)

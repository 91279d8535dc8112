"""1:1 meetings at one of the events to come: who takes part, and whom they would like to meet."""

import datetime

from dialog.demo.files import Plot, read
from events.models import Event, Registration
from matching.models import MeetingParticipant, MeetingPlan, MeetingWish


def plant(plot: Plot) -> None:
    """Set up meetings after an example event, for example participants of it."""
    content = read("encounters")
    event = Event.objects.filter(slug=content["event"], is_example=True).first()
    if event is None or event.ends_at is None:
        return
    start = event.ends_at + datetime.timedelta(minutes=content["minutes_after_end"])
    names = ("slots", "slot_minutes", "pause_minutes", "tables", "minimum", "place")
    values = {name: content[name] for name in names}
    plot.put(
        MeetingPlan,
        event.slug,
        [values, start.isoformat()],
        natural_key={"event": event},
        values={
            **values,
            "starts_at": start,
            "wishes_until": event.starts_at + datetime.timedelta(days=content["wishes_days"]),
        },
    )
    plan = MeetingPlan.objects.filter(event=event).first()
    registrations = Registration.objects.filter(event=event, is_example=True)
    if plan is None:
        return
    rows = registrations.select_related("cluster")
    known = {one.cluster.slug: one for one in rows if one.cluster}
    for slug, introduction in content["people"].items():
        if slug in known:
            plot.put(
                MeetingParticipant,
                slug,
                introduction,
                natural_key={"registration": known[slug]},
                values={"plan": plan, "introduction": introduction},
            )
    joined = plan.participants.select_related("registration__cluster")
    people = {one.registration.cluster.slug: one for one in joined if one.registration.cluster}
    for one, other, wish in content["wishes"]:
        if one in people and other in people:
            plot.put(
                MeetingWish,
                f"{one}/{other}",
                wish,
                natural_key={"participant": people[one], "other": people[other]},
                values={"wish": wish},
            )

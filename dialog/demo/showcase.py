"""Projects and good practice."""

from clusters.models import GoodPractice, Project
from dialog.demo.files import EXAMPLE, Plot, read


def plant(plot: Plot) -> None:
    """Make a few example projects and one good practice."""
    content = read("showcase")
    for entry in content["projects"]:
        texts = {
            f"{name}_{language}": entry[f"{name}_{language}"]
            for name in ("title", "summary", "result")
            for language in ("de", "en")
        }
        plot.put(
            Project,
            entry["slug"],
            [entry, plot.monday.year],
            natural_key={"slug": entry["slug"]},
            values={
                **texts,
                "programme": entry["programme"],
                "starts_on": plot.day(entry["starts"]).replace(day=1),
                "ends_on": plot.day(entry["ends"]).replace(day=28),
                "source": EXAMPLE,
                "is_example": True,
            },
            links={
                "clusters": [plot.clusters[slug] for slug in entry["clusters"]],
                "innovation_fields": [plot.fields[code] for code in entry["fields"]],
            },
        )
    for entry in content["good_practices"]:
        values = {name: value for name, value in entry.items() if name != "cluster"}
        plot.put(
            GoodPractice,
            entry["cluster"],
            entry,
            natural_key={},
            values={
                **values,
                "cluster": plot.clusters[entry["cluster"]],
                "source": EXAMPLE,
                "is_example": True,
            },
        )

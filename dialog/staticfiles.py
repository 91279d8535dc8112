"""Static files with hashed names, compressed once at collection."""

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticFilesConfig(StaticFilesConfig):
    """Leave out what packages bring and no page of ours asks for; compressing it takes long."""

    ignore_patterns = [  # noqa: RUF012 - as Django declares it
        *StaticFilesConfig.ignore_patterns,
        # the API's browsable pages, which we do not offer
        "rest_framework",
        # parts of kern.css once more, scripts and fonts that we replace
        *["kern-grid*", "kern-utilities*", "kern-kopfzeile*", "fonts", "fira-sans.css"],
        # of Fira Sans all but Latin, regular and semi-bold, upright, woff2
        *[
            "fira-sans-[acgv]*",
            "fira-sans-*-[1235789]00-*",
            "fira-sans-*-italic.*",
            "fira-sans-*.woff",
        ],
        # htmx 4 and the extensions of both
        *["htmx-4*", "htmax-4*", "ext"],
    ]


class PortalStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Leave source-map comments alone: third-party packages name maps they do not ship."""

    patterns = tuple(
        (
            extension,
            tuple(
                rule
                for rule in rules
                if "sourceMappingURL" not in (rule if isinstance(rule, str) else rule[0])
            ),
        )
        for extension, rules in CompressedManifestStaticFilesStorage.patterns
    )

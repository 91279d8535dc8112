"""Static files with hashed names, compressed once at collection."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


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

"""Which files of the front-end packages are served: those the pages name, not all they bring."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class FrontFiles(StaticFilesConfig):
    """Django's static files, without the parts of Bootstrap no page uses.

    Compressing all of them takes half a minute on a small machine. Patterns match file names.
    """

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "bootstrap-*.css*",
        "bootstrap.rtl.*",
        "bootstrap.css*",
        "bootstrap*.js",
        "bootstrap*.js.map",
        "htmax-*",
        "htmx-4*",
        "*-4.min.js",
        "*-4.js",
    ]

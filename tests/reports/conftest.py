from reports import tasks  # noqa: F401 - declares the jobs

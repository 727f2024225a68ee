"""The commands by name; each lives in the file of its kind."""

from xlkpi.cli.evaluating import evaluate
from xlkpi.cli.lists import functions, metrics, templates

__all__ = ["evaluate", "functions", "metrics", "templates"]

"""The commands by name; each lives in the file of its kind."""

from xlkpi.cli.books import build_templates, calc, fill, new, refresh
from xlkpi.cli.evaluating import evaluate
from xlkpi.cli.freezing import diff, freeze
from xlkpi.cli.inspecting import inspect
from xlkpi.cli.lists import functions, metrics, templates
from xlkpi.cli.office import doctor, excel
from xlkpi.cli.showing import demo, show
from xlkpi.cli.teams import team

__all__ = ["build_templates", "calc", "demo", "diff", "doctor", "evaluate", "excel", "fill", "freeze",
           "functions", "inspect", "metrics", "new", "refresh", "show", "team", "templates"]

"""``python -m xlkpi`` is ``xlkpi``."""

from xlkpi.cli import main

raise SystemExit(main())

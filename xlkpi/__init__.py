"""xlkpi: KPI functions and scorecards for the spreadsheets of online-operations teams."""

__version__ = "0.1.0"

"""The KPI functions, one file a family. Standard library only: they load in an Excel process in milliseconds."""

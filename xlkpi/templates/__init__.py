"""The template workbooks: what there is, where the committed files are, and how they are built."""

from __future__ import annotations

from xlkpi.templates.shelf import Entry, NoSuchTemplate, build, build_all, catalogue, path

__all__ = ["Entry", "NoSuchTemplate", "build", "build_all", "catalogue", "path"]

"""Sheets that several templates have: goals, scorecard, parameters, audit, guide, and marks on cells."""

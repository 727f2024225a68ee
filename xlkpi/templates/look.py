"""The looks: one accent colour, pale yellow for what is typed in, three lights; nothing else."""

from __future__ import annotations

from typing import Any

FONT = {"zh": "微软雅黑", "en": "Calibri"}

ACCENT, TINT, PALE = "#1F5C8B", "#E9F1F7", "#F5F7F9"
INK, GREY, LINE = "#1F2933", "#6B7785", "#D5DCE3"
YELLOW = "#FFF9DB"
GREEN, AMBER, RED = "#2E8B57", "#D99A00", "#C8453B"
GREEN_FILL, AMBER_FILL, RED_FILL, NONE_FILL = "#E3F3E9", "#FDF1D3", "#FAE3E0", "#EEF1F4"

Look = dict[str, Any]

TITLE: Look = {"bold": True, "font_size": 16, "font_color": ACCENT}
HINT: Look = {"font_size": 9, "font_color": GREY}
SECTION: Look = {"bold": True, "font_size": 11, "font_color": ACCENT, "bottom": 2, "bottom_color": ACCENT}
HEADER: Look = {"bold": True, "font_color": "#FFFFFF", "bg_color": ACCENT, "align": "center", "text_wrap": True,
                "border": 1, "border_color": ACCENT}
CELL: Look = {"bottom": 1, "bottom_color": LINE, "font_color": INK}
INPUT: Look = {**CELL, "bg_color": YELLOW, "locked": False}
DATA: Look = {"bg_color": "#FFFFFF"}  # rows of platform data are inputs too, but thousands of yellow rows tire
LABEL: Look = {"font_color": GREY, "bg_color": PALE, "border": 1, "border_color": LINE, "align": "center"}
BOXED: Look = {"border": 1, "border_color": LINE, "font_color": INK}

COUNT: Look = {"num_format": "#,##0"}
PERCENT: Look = {"num_format": "0.0%"}
WHOLE_PERCENT: Look = {"num_format": "0%"}
WEIGHT: Look = {"num_format": '[>1]0.##"%";0.##%', "align": "center"}
ONE: Look = {"num_format": "#,##0.0"}
TWO: Look = {"num_format": "0.00"}
DAY: Look = {"num_format": "yyyy-mm-dd", "align": "center"}
MOMENT: Look = {"num_format": "yyyy-mm-dd hh:mm", "align": "center"}
CENTER: Look = {"align": "center"}
LEFT: Look = {"align": "left"}
WRAP: Look = {"text_wrap": True}
TICK: Look = {"num_format": '"✓";;"–"', "align": "center", "font_color": GREY}
COUNTED: Look = {"num_format": '[=1]"✓";[=2]"○";""', "align": "center", "font_color": GREY}

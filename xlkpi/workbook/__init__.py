"""Workbooks without Excel: parts are patched in place, everything else stays byte for byte."""

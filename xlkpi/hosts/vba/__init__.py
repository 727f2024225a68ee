"""The macro editions: VBA that hands every KPI formula to Python, written into workbooks without Excel.

``source`` says what the modules hold, ``project`` writes them into workbooks (and needs pyOpenVBA, the extra
``xlkpi[build]``), ``editions`` builds all files.
"""

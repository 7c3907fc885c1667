"""Tables as people keep them: workbooks (XLSX) and CSV, read and written so that every value stays what it was. Pure."""

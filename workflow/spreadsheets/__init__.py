"""Tables as files: CSV and XLSX in which no text is ever taken for a formula."""

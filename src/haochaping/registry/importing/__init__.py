"""From six CSV files to dated records: read, judged row by row, compared, judged together, written."""

"""What is done about the export: it is made, and it is asked."""

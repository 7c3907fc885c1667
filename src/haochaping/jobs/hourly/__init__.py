"""Every hour."""

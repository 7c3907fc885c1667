"""Every day, in the small hours of Shanghai."""

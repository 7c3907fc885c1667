"""Full tables for the benches."""

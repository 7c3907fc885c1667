"""What waits for its instant, and the sweeps that take it: for drills of what follows by itself."""

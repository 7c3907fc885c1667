"""What `bench stats` fills, asks and stores."""

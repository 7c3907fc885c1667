"""When things happen: a file in secondly, minutely, hourly or daily is one call; schedule.py says when."""

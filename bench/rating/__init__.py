"""What `bench intake` puts before the door: a load, and the same rating as Django's ORM would store it."""

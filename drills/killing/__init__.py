"""Processes killed in the middle of bulk calls: what is sent, who is killed, and what the tables must hold afterwards."""

"""Pieces of the drill that lets everybody play with orders at once."""

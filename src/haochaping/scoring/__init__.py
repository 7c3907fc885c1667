"""Scores and ranks out of tallies: a run takes what was counted of a period, works out what the rules make of it, and keeps
the result with every intermediate and all that went in, so that anybody can work it out again.
"""

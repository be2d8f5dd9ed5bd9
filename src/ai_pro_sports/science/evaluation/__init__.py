"""Judging forecasters: walk-forward over seasons, beside the closing line and the base rate, on identical games.

`walk_forward` makes the forecasts, `comparison` scores them, `alarm` says when they are too good to be true.
"""

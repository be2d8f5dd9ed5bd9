"""The joint laws of both scores: every market of a game is priced from one of these, so no two prices contradict.

`distribution` is the batch object and its markets, `goal_grid` and `key_number_grid` build it for soccer and football,
`price` is the entry by market and side, `tilt` carries a calibrated result into a law.
"""

"""Settlement: what a bet on one side of one market becomes when the game ends. The only settlement code.

`grade` holds the grades and their exact payout, `settle` the rule of each market, one game at a time or in columns.
"""

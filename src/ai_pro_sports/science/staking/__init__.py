"""How much to bet, and whether to bet at all.

`kelly` is the growth-optimal share of the bankroll, `controls` the ordered questions a bet must pass, `decision` both
together: a stake in whole cents or the first reason against it.
"""

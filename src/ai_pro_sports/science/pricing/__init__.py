"""From prices to fair probabilities, from score laws to prices, and the value between the two.

`vig` takes the book's margin out, `value` puts a number on a price, `best_price` and `consensus` read frames of quotes,
`score_distribution` holds the joint laws of both scores.
"""

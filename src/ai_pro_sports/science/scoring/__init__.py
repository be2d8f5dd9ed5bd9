"""Proper scores, calibration measures and the intervals around them.

`proper` scores single forecasts, `reliability` measures calibration, `bootstrap` puts block-bootstrap intervals around
means and paired differences, `splits` cuts history by season.
"""

"""Forecasters: what learns from history and lays down the joint law of every coming game.

`forecaster` is the shape all of them have, `football` and `goals` the two score models, `calibration` and `calibrated`
what makes their result probabilities honest, `out_of_fold` the forecasts that judge them, `artefact` their stored form,
`choice` the forecaster a league gets by default.
"""

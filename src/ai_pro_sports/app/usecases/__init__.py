"""One file per verb. A use case takes its collaborators as arguments and ends in one transaction."""

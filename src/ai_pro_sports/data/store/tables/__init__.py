"""Tables by area: sports, odds, models, system. `tables.schema` has them all on one `MetaData`."""

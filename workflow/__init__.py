"""The work: one function per thing people do. Asks the states, changes the models, knows neither Flask nor RQ."""

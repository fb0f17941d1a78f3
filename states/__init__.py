"""The law: pure tables of states, moves, acts, permissions, clocks and visibilities. Imports only the standard library and transitions."""

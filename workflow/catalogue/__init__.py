"""Catalogues: indicator sets as data files. Read, checked with every problem at its place, shown, imported once and for ever."""

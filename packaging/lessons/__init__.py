"""The lessons that ship, written as code: each module holds some lessons of one theme."""

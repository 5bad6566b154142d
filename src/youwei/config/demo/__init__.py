"""The demonstration city 云川市: every organ, person, decision and case in it is invented.

Built through the rooms' own commands, as of the days on which things are said to have happened; the same city for the same day.
"""

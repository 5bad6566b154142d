"""What every page is made of: the frame, the parts, the form widgets and the drawings.

Born here: base templates, style sheets, scripts, template tags, form fields and widgets, SVG drawings.
Takes: plain values (dates, strings, small dataclasses). It knows no domain word and no other room.
Must never: read the clock, touch the store, decide anything, or carry an inline style or script.
"""

"""Recording one step in many cases: which steps, which cases, one form, and what came of each."""

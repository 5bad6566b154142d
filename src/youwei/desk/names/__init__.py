"""Lists of names of a case: pasted or uploaded in one go, and a step done for all of them on one page."""

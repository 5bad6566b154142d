"""Pages of the desk: a recorded decision corrected, changed on review, withdrawn; each with its consequences before it is done."""

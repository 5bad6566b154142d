"""Pages of the desk: standing in for somebody for some days, and handing everything over."""

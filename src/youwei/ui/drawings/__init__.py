"""Drawings made by the server: pure functions from small dataclasses to shapes, drawn by one template."""

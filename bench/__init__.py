"""The bench: each act that the design promises to be fast, measured against its floor in the same run.

Run by `./youwei bench` in a store of its own that is thrown away afterwards. Nothing of the product imports it.
"""

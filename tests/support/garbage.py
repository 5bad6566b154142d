"""What stands when the tests begin (the program, its packs, the tests themselves) stays: it is not looked through for garbage again and again."""

import gc

ALLOCATIONS = 20_000  # before the youngest objects are looked through; Python's own 700 are meant for small programs


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS, 20, 20)

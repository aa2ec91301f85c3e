"""`python -m mock_server`, and where `hypers-mock` begins: see `command.py`."""

import gc

from mock_server.garbage import uncollected

with uncollected():
    from mock_server.command import main

    gc.freeze()  # else all of it would be looked through as soon as garbage is collected again

__all__ = ["main"]

if __name__ == "__main__":
    raise SystemExit(main())

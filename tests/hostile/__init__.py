"""Malformed and hostile requests: each is refused with a reason, and the next request works.

The cases are in tables by topic (`framing`, `bodies`, `forms`, `parameters`, `headers`, `values`,
`control`). A row has the bytes of a request and the expected response; `test_input` sends them all
to one mock. `test_clients` is about clients that stop, reset, send slowly or do not read,
`test_workbooks` about uploads used as member lists, `test_timeouts` about time.

There are two sources of responses. What is not an HTTP request is refused by `http/protocol.py`,
with the parser's message in `found`: rule `http` at `/header` or `/body`. Everything else is
refused by the operation, the token operation in its OAuth format.
"""

"""Bytes that no client should send: each is refused with a reason, and the next request works.

A table by noun (`framing`, `bodies`, `forms`, `parameters`, `headers`, `values`, `control`), each
row the bytes as they go over the socket and what the answer says; `test_input` sends them all to
one mock. `test_clients` is about clients that stop, reset, dribble or do not listen,
`test_workbooks` about uploads that are named as member lists, `test_timeouts` about time.

Answers come from two places. What is no HTTP request at all is refused by `http/protocol.py`, with
the parser's own words in `found`: rule `http` at `/header` or `/body`. Everything else is
refused by the operation it is for, the token operation in its OAuth form.
"""

"""Examples are replaced in a file of the contract, without changes to its other lines."""

from __future__ import annotations

import yaml

from tests.mock_server.write_examples import ExampleChange, rewrite

FILE = """\
/tasks:
  get: # a comment
    examples:
      first:
        summary: '第一页'
        value:
          total: 1
          records:
            - at: '08:30'
      empty:
        value: {}
  description: |-
    Text.

    More text.
"""


def test_a_value_is_replaced_and_every_other_line_stays() -> None:
    """The value has the contract's style: same order of keys, indented sequences, quoted texts."""
    value = {"records": [{"at": "09:00", "price": 0.0, "names": [], "icon": "💐"}], "total": 0}
    changes = [
        ExampleChange(("/tasks", "get", "examples", "first", "value"), value),
        ExampleChange(("/tasks", "get", "examples", "empty", "value"), [None]),
    ]
    expected = FILE.replace(
        """\
          total: 1
          records:
            - at: '08:30'
""",
        """\
          records:
            - at: '09:00'
              price: 0.0
              names: []
              icon: 💐
          total: 0
""",
    ).replace("value: {}", "value:\n          - null")
    found = rewrite(FILE, changes)
    assert found == expected
    assert yaml.safe_load(found)["/tasks"]["get"]["examples"]["first"]["value"] == value


def test_a_value_that_does_not_differ_is_left_as_it_is_written() -> None:
    """A file without such a place is not changed, either."""
    same = {"total": 1, "records": [{"at": "08:30"}]}
    for steps in (("/tasks", "get", "examples", "first", "value"), ("/plans", "get")):
        assert rewrite(FILE, [ExampleChange(steps, same)]) == FILE


def test_the_order_of_keys_is_a_difference() -> None:
    """Readers see the order."""
    other = {"records": [{"at": "08:30"}], "total": 1}
    steps = ("/tasks", "get", "examples", "first", "value")
    assert rewrite(FILE, [ExampleChange(steps, other)]) != FILE

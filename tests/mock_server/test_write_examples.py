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


FLOW_FILE = """\
Task: {properties: {id: {type: integer, example: 7}, at: {type: string, example: '08:30'}}}
examples:
  first:
    value: {
      total: 1,
      records: [{at: '08:30'}]
    }

  # the last one
  second: {summary: 第二页, value: {total: 2, records: []}, x-more: [
    1, 2]}
"""


def test_a_value_in_flow_style_is_replaced_without_its_neighbours() -> None:
    """The rest of the same lines stays, and so do blank lines and comments after a value."""
    value = {"total": 0, "records": [{"at": "09:00", "text": "a, {b}: c"}]}
    changes = [
        ExampleChange(("Task", "properties", "id", "example"), 8),
        ExampleChange(("Task", "properties", "at", "example"), "09:00"),
        ExampleChange(("examples", "first", "value"), value),
        ExampleChange(("examples", "second", "value"), value),
    ]
    expected = yaml.safe_load(FLOW_FILE)
    expected["Task"]["properties"]["id"]["example"] = 8
    expected["Task"]["properties"]["at"]["example"] = "09:00"
    expected["examples"]["first"]["value"] = expected["examples"]["second"]["value"] = value
    found = rewrite(FLOW_FILE, changes)
    assert yaml.safe_load(found) == expected
    for text in ("\n\n  # the last one\n", ", x-more: [\n    1, 2]}\n", "summary: 第二页, "):
        assert text in found

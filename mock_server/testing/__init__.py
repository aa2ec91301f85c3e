"""The mock in tests: started as a process or reached by its URL, and controlled by typed calls.

```python
from mock_server.testing import running_mock

with running_mock() as mock:
    mock.faults.add("listGroups", status=503, times=1)
    mock.clock.advance(hours=1)
```

The same in pytest is the fixture `hypers_mock` (`mock_server/pytest_plugin.py`). Nothing here
imports the server: it runs in another process, and everything goes through its control plane.

Exceptions:

- MockError
    - MockStartError: the process did not become ready.
    - MockConnectionError: no response.
    - MockRefusal: the control plane refused a call; `errors` has the fields and what is accepted.
        - NoMatchInTimeError: not enough requests arrived in time.
"""

from mock_server.testing.documents import (
    Clock,
    FaultRule,
    Health,
    IgnoredName,
    NearMiss,
    Proxy,
    Readings,
    RecordedBody,
    RecordedRequest,
    Records,
    SessionInfo,
    Snapshot,
    TokenCounts,
    Version,
    Violation,
)
from mock_server.testing.errors import (
    MockConnectionError,
    MockError,
    MockRefusal,
    MockStartError,
    NoMatchInTimeError,
)
from mock_server.testing.member_file_documents import (
    CheckedColumn,
    CheckedMemberFile,
    MemberFileCheck,
)
from mock_server.testing.mock import Mock, connect
from mock_server.testing.process import running_mock
from mock_server.testing.start_options import StartOptions

__all__ = [
    "CheckedColumn",
    "CheckedMemberFile",
    "Clock",
    "FaultRule",
    "Health",
    "IgnoredName",
    "MemberFileCheck",
    "Mock",
    "MockConnectionError",
    "MockError",
    "MockRefusal",
    "MockStartError",
    "NearMiss",
    "NoMatchInTimeError",
    "Proxy",
    "Readings",
    "RecordedBody",
    "RecordedRequest",
    "Records",
    "SessionInfo",
    "Snapshot",
    "StartOptions",
    "TokenCounts",
    "Version",
    "Violation",
    "connect",
    "running_mock",
]

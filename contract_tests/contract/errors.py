"""Every exception that the check raises by itself.

    CheckError                        the common base, which nothing raises or catches
    ├── CannotCheckError              the check cannot begin, go on or be judged: exit code 2
    │   └── TargetUnreachableError    no server that is ready answers; `--wait` tries again
    │       └── NoResponseError       no response at all
    ├── UnsafeRequestError            the safety policy does not allow a request (`why`)
    ├── ForeignOriginError            a request was about to go to another server than the target
    ├── ResponseTimeoutError          no response within the timeout       (also requests.Timeout)
    ├── ResponseLimitError            a body is too long or too slow to read
    │                                                          (also requests.RequestException)
    ├── UnreadableMemberListError     a member file that the safety policy cannot look into
    ├── ContractViolationError        a response breaks the contract       (also AssertionError)
    ├── RuleViolationError            a probe found that a rule is broken
    ├── NotCheckableError             a rule cannot be tried on this server
    ├── StepUnansweredError           a step of a workflow got no response
    └── ReportFormatError             a file is not a report of this format

Each is defined in the module that raises it. Three have a second base: Schemathesis makes failures
of AssertionError alone, and code around requests catches its exceptions.

Errors of the contract's own files are `openapi.ContractError`.
"""

from __future__ import annotations


class CheckError(Exception):
    """Base of the exceptions above; handlers catch the specific ones, which differ in meaning."""

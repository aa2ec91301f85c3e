"""A run: all clients are generated, compiled and walked, two at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from time import monotonic

from tests.generators.authority import Authority, make_authority
from tests.generators.clients import Client
from tests.generators.compilation import compile_client
from tests.generators.flows import HOSTS, run_flows
from tests.generators.generation import (
    check_meanings,
    copy_documents,
    generate,
    run_openapi_generator,
)
from tests.generators.requirements import missing_packages
from tests.generators.workplace import StepError, Workplace

AT_A_TIME = 2


@dataclass(frozen=True)
class Result:
    """The result of a client.

    added_value: the status that it has for a value added later; empty if its flow was not run.
    fault: description of the failure. missing: Debian packages without which it was not generated.
    """

    client: Client
    added_value: str = ""
    fault: str = ""
    missing: tuple[str, ...] = ()
    seconds: float = 0


def run_clients(place: Workplace, clients: Sequence[Client]) -> Iterator[Result]:
    """Yield the result of each client when it is there."""
    copy_documents(place)
    authority = make_authority(place.folder, HOSTS)
    ready = []
    for client in clients:
        if missing := missing_packages(client):
            yield Result(client, missing=tuple(missing))
        else:
            ready.append(client)
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        batch = [client for client in ready if client.generator]
        generated = pool.submit(_run_batch, place, batch)
        others = [
            pool.submit(_run_client, place, client, authority)
            for client in ready
            if not client.generator
        ]
        made: list[Future[Result]] = []
        fault = generated.result()
        if fault:
            yield from (Result(client, fault=fault) for client in batch)
        else:
            made = [pool.submit(_run_client, place, client, authority) for client in batch]
        yield from (future.result() for future in as_completed([*others, *made]))


def _run_batch(place: Workplace, clients: Sequence[Client]) -> str:
    """Run openapi-generator; return what was wrong."""
    try:
        run_openapi_generator(place, clients)
    except StepError as error:
        return str(error)
    return ""


def _run_client(place: Workplace, client: Client, authority: Authority) -> Result:
    began = monotonic()
    added_value = fault = ""
    try:
        generate(place, client)
        check_meanings(place, client)
        program = compile_client(place, client, authority)
        if program:
            added_value = run_flows(place, program, authority)
    except StepError as error:
        fault = str(error)
    return Result(client, added_value, fault, seconds=monotonic() - began)

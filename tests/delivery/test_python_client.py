"""A Python client generated from the contract is complete and typed, and works with the mock."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import typing
from base64 import b64encode
from collections.abc import Iterator
from http import HTTPStatus
from importlib import import_module
from inspect import isclass, signature
from io import BytesIO
from pathlib import Path
from pkgutil import walk_packages
from types import GenericAlias, ModuleType, SimpleNamespace
from typing import Any

import pytest

import openapi
from openapi import dump
from tests.openapi.walking import operations_by_id
from tests.serving import CLIENT_CREDENTIALS, PASSWORD_GRANT, RunningMock

pytestmark = pytest.mark.whole

PACKAGE = "hypers_client"


class GeneratedClient(SimpleNamespace):
    """The generated package: root, models, types, and operations by operationId."""

    root: Any
    models: Any
    types: Any
    operations: dict[str, Any]


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    """The mock's contract for clients without nulls: this generator numbers nullable enums."""
    return openapi.load(readings=openapi.readings_with_defaults({"null-in-requests": "refused"}))


@pytest.fixture(scope="module")
def generated_client(
    tmp_path_factory: pytest.TempPathFactory, contract: dict[str, Any]
) -> Iterator[GeneratedClient]:
    """The output of `openapi-python-client generate`, which must not warn."""
    folder = tmp_path_factory.mktemp("client")
    document = folder / "openapi.json"
    document.write_text(dump(contract, "json"), encoding="utf-8")
    tools = f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}"  # it formats with ruff
    done = subprocess.run(
        [
            *("openapi-python-client", "generate", "--path", str(document)),
            *("--output-path", str(folder / PACKAGE), "--meta", "none", "--fail-on-warning"),
        ],
        env=os.environ | {"PATH": tools},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in (done.stdout + done.stderr).lower()
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield _import_generated(operations_by_id(contract))
        for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
            del sys.modules[name]


def _import_generated(contract: dict[str, Any]) -> GeneratedClient:
    root = import_module(PACKAGE)
    api = import_module(f"{PACKAGE}.api")
    modules: dict[str, ModuleType] = {
        found.name.rpartition(".")[2]: import_module(found.name)
        for found in walk_packages(api.__path__, f"{api.__name__}.")
        if not found.ispkg
    }
    names = {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): name for name in contract}
    return GeneratedClient(
        root=root,
        models=import_module(f"{PACKAGE}.models"),
        types=import_module(f"{PACKAGE}.types"),
        operations={names.get(name, name): module for name, module in modules.items()},
    )


def annotation_classes(annotation: Any) -> set[Any]:
    """Return the classes in an annotation: of `list[A] | None`, A and NoneType."""
    arguments = typing.get_args(annotation)
    if not arguments:
        return {annotation}
    return set().union(*(annotation_classes(argument) for argument in arguments))


def test_every_operation_is_generated(
    generated_client: GeneratedClient, contract: dict[str, Any]
) -> None:
    """The generator drops operations that it cannot express, with a warning at most."""
    assert sorted(generated_client.operations) == sorted(operations_by_id(contract))


def test_every_body_is_typed(generated_client: GeneratedClient, contract: dict[str, Any]) -> None:
    """Bodies are models, and optional only if the contract says so."""
    models = {model for model in vars(generated_client.models).values() if isclass(model)}
    for name, operation in operations_by_id(contract).items():
        taken = signature(generated_client.operations[name].sync_detailed).parameters
        assert ("body" in taken) == ("requestBody" in operation), name
        if "requestBody" in operation:
            classes = annotation_classes(taken["body"].annotation)
            optional = not operation["requestBody"].get("required", False)
            assert (generated_client.types.Unset in classes) == optional, name
            assert classes - {generated_client.types.Unset} <= models, name


def test_every_answer_is_typed(generated_client: GeneratedClient) -> None:
    """Each 200 is parsed into a model or a file, never into Any."""
    models = generated_client.models
    known = {model for model in vars(models).values() if isclass(model)} | {
        generated_client.types.File
    }
    for name, module in generated_client.operations.items():
        classes = annotation_classes(typing.get_type_hints(module.sync)["return"])
        assert classes & known - {models.Problem, models.OAuth2Error}, name


def test_no_model_has_a_number_for_a_name(generated_client: GeneratedClient) -> None:
    """The generator numbers types without a name: `Type1`."""
    models = [name for name, model in vars(generated_client.models).items() if isclass(model)]
    assert len(models) > 50
    assert not [name for name in models if re.search(r"[a-z][0-9]+$", name)]


def test_no_field_of_a_model_is_untyped(generated_client: GeneratedClient) -> None:
    """Only the additional keys of open objects have no type."""
    names = vars(generated_client.models) | vars(generated_client.types)
    for model in {model for model in vars(generated_client.models).values() if isclass(model)}:
        hints = typing.get_type_hints(model, localns=names)
        hints.pop("additional_properties", None)
        assert not [field for field, hint in hints.items() if Any in annotation_classes(hint)], (
            model
        )


def test_a_new_notification_task_is_typed_field_by_field(generated_client: GeneratedClient) -> None:
    """L92-L106: no field is Any because of a `oneOf`, and no class is duplicated."""
    models, unset = generated_client.models, generated_client.types.Unset
    names = vars(models) | vars(generated_client.types)
    hints = typing.get_type_hints(models.NotificationTaskInput, localns=names)
    hints.pop("additional_properties")
    assert hints == {
        "task_name": str,
        "task_type": models.NotificationTaskType,
        "scheduled_start_time": str,
        "scheduled_end_time": str | unset,
        "contents": GenericAlias(list, models.NotificationContentInput),
        "file_ids": list[int] | unset,
        "members": GenericAlias(list, models.NotificationTaskMember) | unset,
    }


def test_the_client_logs_in_and_walks_a_notification_task(
    generated_client: GeneratedClient, mock: RunningMock
) -> None:
    """Create, get, list, terminate: each response is an object of the right class."""
    models = generated_client.models
    with authenticated_client(generated_client, mock) as client:

        def call(operation: str, **arguments: Any) -> Any:
            return generated_client.operations[operation].sync(client=client, **arguments)

        body = models.NotificationTaskInput(
            task_name="五一到店礼领取提醒",
            task_type=models.NotificationTaskType.CUSTOMER_RESOURCE_REMINDER,
            scheduled_start_time="2025-04-21 15:00:00",
            contents=[
                models.NotificationContentInput(
                    content_type=models.NotificationContentType.TEXT,
                    content_value="{{nickname}},您的礼品已备好。",
                )
            ],
            members=[models.NotificationTaskMember.from_dict({"userId": "U1", "nickname": "张丽"})],
        )
        made = call("createNotificationTask", body=body)
        assert isinstance(made, models.NotificationTaskCreated)
        assert (made.status, made.total_members) == (models.NotificationTaskStatus.PENDING, 1)

        read = call("getNotificationTask", task_id=made.id)
        assert isinstance(read, models.NotificationTaskDetail)
        assert [part.to_dict() for part in read.contents] == [body.contents[0].to_dict()]
        assert read.members[0].to_dict() == body.members[0].to_dict()

        listed = call("listNotificationTasks", task_type=body.task_type, size=1)
        assert isinstance(listed, models.NotificationTaskPage)
        assert [task.id for task in listed.records] == [made.id]

        end = call(
            "terminateNotificationTask",
            task_id=made.id,
            body=models.NotificationTaskTerminationInput(reason="活动取消"),
        )
        assert (end.previous_status.value, end.current_status.value) == ("PENDING", "TERMINATED")
        after = call("getNotificationTask", task_id=made.id)
        assert after.status is models.NotificationTaskStatus.TERMINATED

        refused = call("terminateNotificationTask", task_id=made.id)
        assert isinstance(refused, models.Problem)
        assert refused.status == HTTPStatus.BAD_REQUEST
        assert refused.errors[0].rule.startswith("NT-")


def test_the_client_terminates_without_a_reason(
    generated_client: GeneratedClient, mock: RunningMock
) -> None:
    """N26: the body may be absent, although the client still sends its Content-Type."""
    with authenticated_client(generated_client, mock) as client:
        terminate = generated_client.operations["terminateNotificationTask"].sync
        end = terminate(task_id=501, client=client)
    assert end.current_status is generated_client.models.NotificationTaskStatus.TERMINATED


def test_the_client_downloads_the_member_template(
    generated_client: GeneratedClient, shared_mock: RunningMock
) -> None:
    """M15: the response is a workbook."""
    with authenticated_client(generated_client, shared_mock) as client:
        template = generated_client.operations["getMemberTemplate"].sync(client=client)
    assert template.payload.read(2) == b"PK"


def test_the_client_uploads_a_file_and_downloads_the_same_bytes(
    generated_client: GeneratedClient, shared_mock: RunningMock
) -> None:
    """Multipart upload and binary download work with any bytes."""
    content = random.Random(0).randbytes(100_000)
    file = generated_client.types.File(BytesIO(content), "到店须知.bin", "application/octet-stream")
    body = generated_client.models.FileUploadInput(file=file, module_name="notification")
    with authenticated_client(generated_client, shared_mock) as client:
        made = generated_client.operations["uploadFile"].sync(client=client, body=body)
    assert (made.file_name, made.file_size) == ("到店须知.bin", len(content))
    with generated_client.root.Client(shared_mock.address) as anonymous:
        got = generated_client.operations["getFile"].sync(made.id, client=anonymous)
    assert got.payload.read() == content


def authenticated_client(generated: GeneratedClient, mock: RunningMock) -> Any:
    """Return a client with a token that was issued by the generated `createToken`."""
    models = generated.models
    basic = b64encode(":".join(CLIENT_CREDENTIALS).encode()).decode()
    with generated.root.AuthenticatedClient(mock.address, token=basic, prefix="Basic") as client:
        body = models.PasswordGrant.from_dict(PASSWORD_GRANT)
        token = generated.operations["createToken"].sync(client=client, body=body)
    assert isinstance(token, models.TokenResponse)
    return generated.root.AuthenticatedClient(
        mock.address, token=token.access_token, raise_on_unexpected_status=True
    )

"""The requests of a collection, made from the contract."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from openapi.contract_loading import Language
from openapi.loader import ContractError
from openapi.pointer import follow_references, split_pointer
from openapi.published_documents import published_document
from openapi.request_collections.steps import CLEANUP, STEPS, Step
from openapi.walking import iter_operations

JsonObject = dict[str, Any]
MEMBER_FILE = "members.csv"
"""File of the upload, which lies beside the collection."""
ACCESS_TOKEN, REFRESH_TOKEN = "accessToken", "refreshToken"
TOKENS = {ACCESS_TOKEN: "/access_token", REFRESH_TOKEN: "/refresh_token"}
"""Variables with the tokens, and the place of each in the response of the token operation."""
SETTINGS = {
    "baseUrl": "http://127.0.0.1:4010",
    "authUrl": "http://127.0.0.1:4010",
    "clientId": "demo-client",
    "clientSecret": "demo-secret",
    "username": "demo@example.com",
    "password": "demo-password",
}
"""Variables that a user sets, with the values of the mock."""
SUCCESS = 200
"""Status of success, which every operation documents."""
CLEANUP_NAMES = {"zh": "终止与删除", "en": "Terminate and delete"}
_EXPRESSION = re.compile(r"\$response\.body#(/.*)")
_MEDIA_JSON, _MEDIA_FORM = "application/json", "multipart/form-data"


@dataclass(frozen=True)
class Parameter:
    """A parameter with the value of its example; optional ones are not sent."""

    name: str
    value: str
    is_sent: bool


@dataclass(frozen=True)
class CollectionRequest:
    """A request.

    name: unique, from the operationId; title: for people; section: the tag, or `cleanup`; folder:
    the title of the section; server: the variable with its address; path: with `{{variables}}`;
    auth: `bearer`, `basic` or empty; body: JSON text with `{{variables}}`, or None; form: fields of
    a form, without the file; status: the documented status of success;
    saves: variables with the JSON pointer of each in the response.
    """

    name: str
    title: str
    section: str
    folder: str
    method: str
    server: str
    path: str
    auth: str
    query: tuple[Parameter, ...]
    headers: tuple[Parameter, ...]
    body: str | None
    form: Mapping[str, str]
    status: int
    saves: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Return the address with `{{variables}}` and the parameters of the query that are sent."""
        sent = "&".join(f"{each.name}={each.value}" for each in self.query if each.is_sent)
        return f"{{{{{self.server}}}}}{self.path}" + (f"?{sent}" if sent else "")


def collection_requests(lang: Language) -> list[CollectionRequest]:
    """Return the requests of all steps, in order; raises ContractError for an impossible step."""
    return _RequestBuilder(published_document(lang=lang), lang).build()


def member_file(lang: Language) -> str:
    """Return the member list of the upload: the members of the contract's example, as CSV."""
    operation = _operations(published_document(lang=lang))["createNotificationTask"][2]
    members = _examples(operation, _MEDIA_JSON)["byMembers"]["members"]
    rows = [{**member, **member.get("params", {})} for member in members]
    columns = dict.fromkeys(name for row in rows for name in row if not isinstance(row[name], dict))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*columns], extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


class _RequestBuilder:
    def __init__(self, document: JsonObject, lang: Language) -> None:
        self._document = document
        self._lang = lang
        self._operations = _operations(document)
        self._folders = {
            tag["name"]: tag.get("x-displayName", tag["name"]) for tag in document["tags"]
        } | {CLEANUP: CLEANUP_NAMES[lang]}
        self._made: list[tuple[Step, CollectionRequest]] = []

    def build(self) -> list[CollectionRequest]:
        for step in STEPS:
            self._made.append((step, self._request(step)))
        return [request for _, request in self._made]

    def _request(self, step: Step) -> CollectionRequest:
        path, method, operation, parameters = self._operations[step.operation]
        section = step.section or operation["tags"][0]
        root: list[JsonObject] = self._document["security"]
        needs = operation.get("security", root)
        is_login = any("clientBasic" in need for need in needs)
        body, form = self._body(step, operation)
        count = sum(made.operation == step.operation for made, _ in self._made)
        return CollectionRequest(
            name=step.operation + (str(count + 1) if count else ""),
            title=self._title(step, operation),
            section=section,
            folder=self._folders[section],
            method=method.upper(),
            server="authUrl" if is_login else "baseUrl",
            path=self._path(step, path),
            auth="basic" if is_login else "bearer" if needs else "",
            query=(*_parameters(parameters, "query"),),
            headers=(*_parameters(parameters, "header"),),
            body=body,
            form=form,
            status=SUCCESS,
            saves=dict(TOKENS) if is_login else {},
        )

    def _title(self, step: Step, operation: JsonObject) -> str:
        """Return the summary; that of the example as well if the operation is called with two."""
        bodies = {each.body for each in STEPS if each.operation == step.operation}
        if len(bodies) == 1:
            return str(operation["summary"])
        content = operation["requestBody"]["content"][_MEDIA_JSON]
        return f"{operation['summary']}: {content['examples'][step.body]['summary']}"

    def _path(self, step: Step, path: str) -> str:
        for name in re.findall(r"\{([^}]*)\}", path):
            variable = self._variable(step, (name, f"path.{name}"))
            path = path.replace(f"{{{name}}}", f"{{{{{variable}}}}}")
        return path

    def _variable(self, step: Step, parameters: tuple[str, ...]) -> str:
        """Return the variable for a parameter: an earlier response is linked to the operation."""
        for made, request in self._made:
            if step.ids_from and made.operation != step.ids_from:
                continue
            for link in self._links(made, step.operation):
                for name, expression in link.get("parameters", {}).items():
                    found = _EXPRESSION.fullmatch(str(expression))
                    if name in parameters and found:
                        return _save(request, made, found[1])
        raise ContractError("steps", f"/{step.operation}", "no earlier step has the id")

    def _body(self, step: Step, operation: JsonObject) -> tuple[str | None, dict[str, str]]:
        if not step.body:
            return None, {}
        if form := _examples(operation, _MEDIA_FORM):
            return None, {key: each for key, each in form[step.body].items() if key != "file"}
        examples = _examples(operation, _MEDIA_JSON)
        if step.operation == "createToken":
            return self._login_body(examples[step.body]), {}
        if step.body in examples:
            return _dump(examples[step.body]), {}
        for made, request in self._made:
            if made.operation == step.body:
                for link in self._links(made, step.operation):
                    return self._linked_body(link["x-requestBody"], made, request), {}
        raise ContractError("steps", f"/{step.operation}", f"there is no body {step.body}")

    def _login_body(self, example: JsonObject) -> str:
        """Return the body of a token request, with the credentials of the settings."""
        named = {"username": "username", "password": "password", "refresh_token": REFRESH_TOKEN}
        found = {key: f"\0{name}\1" for key, name in named.items() if key in example}
        return _insert_variables(_dump(example | found), quoted=True)

    def _linked_body(self, body: Any, made: Step, request: CollectionRequest) -> str:
        def replaced(node: Any) -> Any:
            if isinstance(node, dict):
                return {key: replaced(each) for key, each in node.items()}
            if isinstance(node, list):
                return [replaced(each) for each in node]
            found = _EXPRESSION.fullmatch(node) if isinstance(node, str) else None
            return f"\0{_save(request, made, found[1])}\1" if found else node

        # Ids are numbers, so their variables stand without quotation marks.
        return _insert_variables(_dump(replaced(body)), quoted=False)

    def _links(self, step: Step, target: str) -> Iterator[JsonObject]:
        operation = self._operations[step.operation][2]
        for link in operation["responses"][str(SUCCESS)].get("links", {}).values():
            if link["operationId"] == target:
                yield link


_Described = tuple[str, str, JsonObject, list[JsonObject]]


def _operations(document: JsonObject) -> dict[str, _Described]:
    """Return path, method, operation and resolved parameters of each operation by its id."""
    return {
        operation["operationId"]: (
            path,
            method,
            operation,
            [
                follow_references(document, each)
                for part in (item, operation)
                for each in part.get("parameters", ())
            ],
        )
        for path, method, item, operation in iter_operations(document)
    }


def _examples(operation: JsonObject, media_type: str) -> JsonObject:
    """Return the bodies of the examples by label."""
    content = operation.get("requestBody", {}).get("content", {}).get(media_type, {})
    return {label: example["value"] for label, example in content.get("examples", {}).items()}


def _parameters(parameters: list[JsonObject], place: str) -> Iterator[Parameter]:
    for each in parameters:
        if each["in"] == place:
            values = each["example"] if isinstance(each["example"], list) else [each["example"]]
            for value in values:
                yield Parameter(each["name"], str(value), each.get("required") is True)


def _save(request: CollectionRequest, step: Step, pointer: str) -> str:
    """Have a request save a part of its response, and return the variable's name."""
    last = split_pointer(pointer)[-1]
    record = re.sub("^(create|upload)", "", step.operation)
    variable = last if last != "id" else f"{record[0].lower()}{record[1:]}Id"
    request.saves[variable] = pointer
    return variable


def _dump(body: Any) -> str:
    """Return JSON in which no tool finds a variable of its own.

    Texts of notifications have variables such as `{{nickname}}`, which the server replaces.
    """
    return json.dumps(body, ensure_ascii=False, indent=2).replace("{{", "\\u007b\\u007b")


def _insert_variables(text: str, *, quoted: bool) -> str:
    """Replace the marks of variables in JSON, with or without the quotation marks around them."""
    pattern = r"\\u0000([A-Za-z]+)\\u0001" if quoted else r'"\\u0000([A-Za-z]+)\\u0001"'
    return re.sub(pattern, r"{{\1}}", text)

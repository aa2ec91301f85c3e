"""The clients that are generated: with which tool, which settings, and what they cannot do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Language = Literal["TypeScript", "Python", "Java", "Go", "C#"]
NO_FILE_TYPE = "types an uploaded file as a string; the flow passes the file beside the types"


NO_JAVA_TIME = (
    "in CI, dates are mapped to `String` (`typeMappings`) and a stand-in is compiled, because "
    "Debian has no `jackson-datatype-jsr310`; with Maven, neither is needed"
)

NO_NEW_VALUES = (
    "throws a `JsonException` for an enum value added later, also with `enumUnknownDefaultCase`, "
    "which only adds a member"
)


@dataclass(frozen=True)
class Client:
    """A generator, and the client that it makes of both documents.

    name: of its folder, and of its flow. packages: npm or PyPI packages whose versions are shown.
    generator: the name in openapi-generator; empty for others. options: of openapi-generator, in
    which `{document}` is `auth` or `business`. has_meanings: whether the source has the meanings of
    enum values. settings: what a user has to set, and why. limits: what the client cannot do.
    """

    name: str
    title: str
    language: Language
    packages: tuple[str, ...]
    generator: str = ""
    options: tuple[tuple[str, str], ...] = ()
    type_mappings: tuple[tuple[str, str], ...] = ()
    has_template: bool = False
    has_meanings: bool = True
    settings: str = "none"
    limits: tuple[str, ...] = ()


def _openapi_generator(name: str, language: Language, **more: Any) -> Client:
    packages = ("openapi-generator-cli",)
    return Client(name, f"openapi-generator: {name}", language, packages, name, **more)


CLIENTS = (
    Client(
        "openapi-fetch",
        "openapi-typescript + openapi-fetch",
        "TypeScript",
        ("openapi-typescript", "openapi-fetch"),
        limits=(
            NO_FILE_TYPE,
            "the body of an error is a union with free fields, so it is cast to `Problem`",
        ),
    ),
    Client(
        "hey-api",
        "@hey-api/openapi-ts",
        "TypeScript",
        ("@hey-api/openapi-ts",),
        settings="`baseUrl` of the business client: its own has `{tenant}` in the place of a name",
        limits=("does not replace variables of a server",),
    ),
    Client(
        "orval",
        "orval",
        "TypeScript",
        ("orval",),
        settings="a `mutator`, which sets base URL and token; "
        "`includeHttpResponseReturnType: false`",
        limits=("has no base URL that can be set at run time without a mutator",),
    ),
    Client(
        "umi",
        "@umijs/openapi",
        "TypeScript",
        ("@umijs/openapi", "axios"),
        has_meanings=False,
        settings="a `namespace` for each document, as both are global; `requestLibPath`; the "
        "package `tslib`, which it does not install; `responseType` for downloads",
        limits=(
            NO_FILE_TYPE,
            "types a download as a string",
            "leaves out the meanings of enum values",
        ),
    ),
    _openapi_generator("typescript-fetch", "TypeScript"),
    _openapi_generator(
        "typescript-axios",
        "TypeScript",
        settings="`responseType` for downloads",
        limits=("types a download as a `File`, which is what `responseType` makes of it",),
    ),
    Client(
        "openapi-python-client",
        "openapi-python-client",
        "Python",
        ("openapi-python-client",),
        has_template=True,
        settings="a template for enums (`--custom-template-path`), which accepts new values",
        limits=("numbers nullable objects: `PageableType0`", "has no base URL of its own"),
    ),
    Client(
        "datamodel-code-generator",
        "datamodel-code-generator",
        "Python",
        ("datamodel-code-generator", "pydantic", "httpx"),
        has_template=True,
        settings="`--use-annotated`; `--use-schema-description`; a template for enums "
        "(`--custom-template-dir`), which accepts new values; the package `pydantic[email]`",
        limits=(
            "makes models only; the flow sends them with httpx",
            "wraps nullable enums: `scene.sceneType.root`",
        ),
    ),
    _openapi_generator(
        "python",
        "Python",
        options=(("packageName", "hypers_{document}"),),
        has_template=True,
        settings="a template for enums (`templateDir`), which accepts new values. With "
        "`enumUnknownDefaultCase`, the code of enums with `x-enum-varnames` is not Python",
        limits=("does not look for a proxy in the environment: `Configuration(proxy=...)`",),
    ),
    _openapi_generator(
        "java",
        "Java",
        options=(
            ("library", "native"),
            ("containerDefaultToNull", "true"),
            ("enumUnknownDefaultCase", "true"),
            ("openApiNullable", "false"),
            ("useJakartaEe", "true"),
            ("invokerPackage", "hypers.{document}"),
            ("apiPackage", "hypers.{document}.api"),
            ("modelPackage", "hypers.{document}.model"),
        ),
        type_mappings=(("date", "String"),),
        settings="`library=native`; `containerDefaultToNull=true`, without which absent lists are "
        "sent as `[]`; `enumUnknownDefaultCase=true`; `openApiNullable=false`; a request "
        "interceptor, which sets the credentials",
        limits=(NO_JAVA_TIME,),
    ),
    _openapi_generator(
        "go",
        "Go",
        options=(
            ("packageName", "{document}"),
            ("enumClassPrefix", "true"),
            ("enumUnknownDefaultCase", "true"),
        ),
        settings="`enumClassPrefix=true`, without which constants of two enums have the same name; "
        "`enumUnknownDefaultCase=true`",
        limits=("needs `gopkg.in/validator.v2`, for the bodies of the token operation",),
    ),
    _openapi_generator(
        "csharp",
        "C#",
        options=(("packageName", "Hypers.{document}"),),
        limits=(
            "is generated only: packages of NuGet cannot be installed in CI",
            NO_NEW_VALUES,
        ),
    ),
)
"""All clients, in the order of the table."""

"""The files of the collections, which `python -m openapi.dist` writes to `openapi/dist/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from openapi.contract_loading import load
from openapi.languages import LANGUAGES
from openapi.request_collections.bruno import render_bruno
from openapi.request_collections.http_file import render_http_file
from openapi.request_collections.postman import render_postman
from openapi.request_collections.requests import MEMBER_FILE, collection_requests, member_file
from openapi.serialization import dump

DESCRIPTIONS = {
    "zh": (
        "由契约的示例生成。先设置变量 baseUrl、authUrl 和凭证（默认为模拟服务的值），"
        "再从“获取访问令牌”开始按顺序发送；令牌和编号会自动传给后面的请求。"
        f"上传的文件是同一目录中的 {MEMBER_FILE}。"
    ),
    "en": (
        "Made from the examples of the contract. Set the variables baseUrl, authUrl and the "
        "credentials (their values are those of the mock), then send the requests in order, the "
        "token request first: tokens and ids are passed on. "
        f"The uploaded file is {MEMBER_FILE} in the same folder."
    ),
}


def render_collections() -> Iterator[tuple[str, bytes]]:
    """Yield the name, relative to the folder, and the content of each file."""
    for lang in LANGUAGES:
        requests = collection_requests(lang)
        title = load(lang=lang)["info"]["title"]
        members = member_file(lang).encode()
        postman = render_postman(requests, title, DESCRIPTIONS[lang])
        yield f"{lang}/hypers.postman_collection.json", dump(postman, "json").encode()
        yield f"{lang}/hypers.http", render_http_file(requests, title).encode()
        yield f"{lang}/{MEMBER_FILE}", members
        for name, text in render_bruno(requests, title):
            yield f"{lang}/bruno/{name}", text.encode()
        yield f"{lang}/bruno/{MEMBER_FILE}", members


def stale_collections(folder: Path) -> list[str]:
    """Return the names of files that are missing, too many, or not what the contract gives."""
    rendered = dict(render_collections())
    existing = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    names = sorted({*rendered, *existing})
    return [name for name in names if rendered.get(name) != existing.get(name)]


def write_collections(folder: Path) -> None:
    """Write all files, and remove those that are no longer part of a collection."""
    rendered = dict(render_collections())
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if path.relative_to(folder).as_posix() not in rendered:
            path.unlink()
    for name, content in rendered.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

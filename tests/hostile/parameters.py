"""Query and path parameters: invalid numbers, bytes that are not text, excessive lengths."""

from __future__ import annotations

from tests.hostile.case import Case
from tests.hostile.exchange import API, GROUPS, TASK, TASKS, request

MAX_ID = 2**63 - 1


def query(text: bytes, path: bytes = GROUPS) -> bytes:
    """Return a list request with this unchanged query string."""
    return request(b"GET", path + b"?" + text)


def bad_page(name: str, text: bytes, found: str, rule: str = "type") -> Case:
    """Return a case of an invalid page number."""
    return Case(name, query(b"current=" + text), 400, "/query/current", rule, found)


def bad_id(name: str, text: bytes, found: str) -> Case:
    """Return a case of an invalid id in the path, which is a wrong value (X6)."""
    return Case(name, request(b"GET", TASKS + b"/" + text), 400, "/path/taskId", "ID-01", found)


NUMBER_CASES = [
    bad_page("1_0", b"1_0", "1_0"),
    bad_page("a plus, which means a blank", b"+1", " 1"),
    bad_page("an encoded plus", b"%2B1", "+1"),
    bad_page("a leading blank", b"%201", " 1"),
    bad_page("a trailing blank", b"1%20", "1 "),
    bad_page("a trailing line break", b"1%0A", "1\n"),
    bad_page("full-width digits", b"%EF%BC%91", "１"),
    bad_page("Arabic digits", b"%D9%A1", "١"),
    bad_page("a superscript", b"%C2%B2", "²"),
    bad_page("an exponent", b"1e3", "1e3"),
    bad_page("a hexadecimal number", b"0x1", "0x1"),
    bad_page("a fraction of zero", b"1.0", "1.0"),
    bad_page("a typographic minus", b"%E2%88%921", "−1"),
    bad_page("NaN", b"NaN", "NaN"),
    bad_page("a blank", b"%20", " "),
    bad_page("5,000 digits", b"9" * 5_000, "(5000)"),
    bad_page("20 digits", b"9" * 20, "9" * 20),
    bad_page("2^31", b"2147483648", "2147483648", "maximum"),
    bad_page("2^63", b"9223372036854775808", "9223372036854775808", "maximum"),
    bad_page("a negative page", b"-1", "-1", "PG-01"),
    bad_page("two pages", b"1&current=2", "2", "repeated"),
    bad_page("the same page twice", b"1&current=1", "2", "repeated"),
    bad_page("a page twice, once encoded", b"1&%63urrent=1", "2", "repeated"),
    bad_page("a NUL after a number", b"1%00", "1\0", "nul"),
    Case("the last page of all", query(b"current=2147483647&size=2147483647"), 200),
    Case("a raw blank", query(b"current= 1"), 400, "/header", "http", "HTTP"),
]  # fmt: skip

TEXT_CASES = [
    Case("a value that is not UTF-8", query(b"keyWord=%FF"), 400, "/query/keyWord", "utf8"),
    Case("an encoded surrogate", query(b"keyWord=%ED%A0%80"), 400, "/query/keyWord", "utf8"),
    Case("a sequence of five bytes", query(b"keyWord=%F8%88%80%80%80"), 400, "/query/keyWord",
         "utf8"),
    Case("a name that is not UTF-8", query(b"%C3%28=1"), 400, "/query/%C3%28", "utf8"),
    Case("a NUL in a value", query(b"keyWord=a%00b"), 400, "/query/keyWord", "PG-16", "a\0b"),
    Case("a NUL in a name", query(b"a%00=b"), 400, "/query/a\0", "nul", "b"),
    Case("a percent sign that encodes nothing", query(b"keyWord=100%25%zz%"), 200),
    Case("a line break", query(b"keyWord=%0D%0AX-Evil:%20y"), 200),
    Case("5,000 separators", query(b"&" * 5_000), 400, "/query", "maxItems", "5001"),
    Case("60,000 equals signs", query(b"=" * 60_000), 200),
    Case("30,000 percent signs", query(b"%" * 30_000), 200),
    Case("a date that is none", query(b"taskType=APPOINTMENT_REMINDER&startTime=x", TASKS), 400,
         "/query/startTime", "NT-22", "x"),
    Case("30 February", query(b"startDate=2025-02-30", API + b"/members/1001/daily-reports"), 400,
         "/query/startDate", "ME-03", "2025-02-30"),
    Case("a date by weeks", query(b"startDate=2025-W01-1", API + b"/members/1001/daily-reports"),
         400, "/query/startDate", "ME-03", "2025-W01-1"),
    Case("all days there are", query(
        b"startDate=0001-01-01&endDate=9999-12-31", API + b"/members/1001/daily-reports"
    ), 200),
    Case("all times there are", query(
        b"taskType=APPOINTMENT_REMINDER&startTime=0001-01-01%2000:00:00"
        b"&endTime=9999-12-31%2023:59:59", TASKS
    ), 200),
]  # fmt: skip

LIST_CASES = [
    Case("a number to sort by", query(b"orderBy=1.5"), 400, "/query/orderBy/0", "PG-04", "1.5"),
    Case("an attribute of Python's", query(b"orderBy=__class__"), 400, "/query/orderBy/0", "PG-04",
         "__class__"),
    Case("a sort name of 33,000 characters", query(b"orderBy=" + b"1.5," * 8_250), 400,
         "/query/orderBy/0", "PG-04", "(33000)"),
    Case("999 unknown sort names", query(b"&".join([b"orderBy=x"] * 999)), 400, "/query/orderBy/0",
         "PG-04", "x"),
    Case("the same sort name 999 times", query(b"&".join([b"orderBy=id"] * 999)), 200),
    Case("30,000 ids and a comma", query(b"ids=" + b"1," * 30_000), 400, "/query/ids", "PG-06"),
    Case("a listed id in full-width digits", query(b"ids=%EF%BC%91"), 400, "/query/ids", "PG-06",
         "１"),
    Case("a listed id of 5,000 digits", query(b"ids=" + b"9" * 5_000), 400, "/query/ids", "PG-06",
         "999"),
    Case("an empty id", query(b"ids=1,,2"), 400, "/query/ids", "PG-06", "1,,2"),
    Case("the last id of all", query(b"ids=%d" % MAX_ID), 200),
]  # fmt: skip

PATH_CASES = [
    bad_id("an id in words", b"abc", "abc"),
    bad_id("an id with an underscore", b"5_01", "5_01"),
    bad_id("an id with a plus", b"+501", "+501"),
    bad_id("an id with a blank", b"%20501", " 501"),
    bad_id("an id with a line break", b"501%0A", "501\n"),
    bad_id("an id with a NUL", b"501%00", "501\0"),
    bad_id("an id with a path parameter", b"501;a=b", "501;a=b"),
    bad_id("an id in full-width digits", b"%EF%BC%95", "５"),
    bad_id("an id that is not UTF-8", b"%FF", "\ufffd"),
    bad_id("an id of 5,000 digits", b"9" * 5_000, "9999"),
    bad_id("an id with a fraction", b"501.0", "501.0"),
    bad_id("a step back", b"%2e%2e", ".."),
    Case("an id of zero", request(b"GET", TASKS + b"/0"), 400, "/path/taskId", "ID-01", "0"),
    Case("a negative id", request(b"GET", TASKS + b"/-1"), 400, "/path/taskId", "ID-01", "-1"),
    Case("the last id", request(b"GET", TASKS + b"/%d" % MAX_ID), 404, "/path/taskId", "ID-02",
         str(MAX_ID)),
    Case("the id after the last", request(b"GET", TASKS + b"/%d" % (MAX_ID + 1)), 400,
         "/path/taskId", "ID-01", str(MAX_ID + 1)),
    Case("an encoded digit", request(b"GET", TASKS + b"/%35%30%31"), 200),
    Case("an encoded slash", request(b"GET", TASKS + b"%2F501"), 404, "/path", "path",
         "/api/v1/notification-tasks%2F501"),
    Case("a slash too many", request(b"GET", TASK + b"/"), 404, "/path", "path", "501/"),
    Case("two slashes", request(b"GET", b"/api//v1/notification-tasks/501"), 404, "/path", "path"),
    Case("a way out", request(b"GET", b"/../../../etc/passwd"), 404, "/path", "path", "passwd"),
    Case("a way out of the pages", request(b"GET", b"/docs/swagger/%2e%2e/%2e%2e/etc/passwd"), 404,
         "/path", "path", "passwd"),
    Case("a NUL in a page", request(b"GET", b"/docs/swagger/%00"), 404, "/path", "path", "\0"),
    Case("a page name of 5,000 characters", request(b"GET", b"/docs/swagger/" + b"a" * 5_000), 404,
         "/path", "path", "swagger"),
    Case("a page that takes no POST", request(b"POST", b"/docs/swagger/"), 405, "/method",
         "method", "POST"),
    Case("a language that is not UTF-8", request(b"GET", b"/openapi.json?lang=%FF"), 400,
         "/query/lang", "enum"),
]  # fmt: skip

CASES = NUMBER_CASES + TEXT_CASES + LIST_CASES + PATH_CASES

"""Each audience's API is described, and can be tried, at its own host."""

import pytest

from tests.api.conftest import ApiClient


@pytest.mark.parametrize(("host", "title"), [("supply", "S2B2C – supplier API"), ("rose", "S2B2C – shop API")])
def test_schema_speaks_of_this_host_only(rose, host, title):
    schema = ApiClient(f"{host}.localhost").get("/api/v1/schema/?format=json").json()
    assert schema["info"]["title"] == title
    assert {path.split("/")[1] for path in schema["paths"]} <= {"api"}


@pytest.mark.parametrize("host", ["localhost", "office.localhost"])
def test_other_hosts_have_no_api(rose, host):
    assert ApiClient(host).get("/api/v1/schema/").status_code == 404


@pytest.mark.browser
def test_docs_page_keeps_to_the_content_policy(rose, live, browser):
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"http://rose.localhost:{live}/api/v1/docs/")
    page.wait_for_selector("text=shop API")
    page.wait_for_timeout(500)
    assert complaints == []
    page.close()


def test_docs_and_schema_speak_chinese_when_asked(rose):
    client = ApiClient("supply.localhost")
    page = client.get("/api/v1/docs/?lang=zh-hans").content.decode()
    assert '<html lang="zh-Hans">' in page
    assert "<title>S2B2C – 供货商 API</title>" in page
    schema = client.get("/api/v1/schema/?format=json&lang=zh-hans").json()
    assert schema["info"]["title"] == "S2B2C – 供货商 API"


def test_docs_asked_for_in_an_unknown_language_are_those_of_the_reader(rose):
    page = ApiClient("supply.localhost").get("/api/v1/docs/?lang=xx").content.decode()
    assert '<html lang="en">' in page

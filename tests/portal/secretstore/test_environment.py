"""Secrets by value or by file."""

from secretstore.environment import Environment


def test_a_secret_may_be_the_content_of_a_file_without_its_line_end(tmp_path, monkeypatch):
    (tmp_path / "secret").write_text("s3cret with spaces \r\n")
    monkeypatch.setenv("A_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("A_SECRET", "of less weight")
    assert Environment().str("A_SECRET") == "s3cret with spaces "


def test_several_keys_may_stand_in_one_file(tmp_path, monkeypatch):
    (tmp_path / "keys").write_text("newest,oldest\n")
    monkeypatch.setenv("SOME_KEYS_FILE", str(tmp_path / "keys"))
    assert Environment().list("SOME_KEYS") == ["newest", "oldest"]


def test_a_value_in_the_environment_stays_as_it_is(monkeypatch):
    monkeypatch.setenv("A_VALUE", "line\n")
    assert Environment().str("A_VALUE") == "line\n"

from pathlib import Path

from bocage.infra import statics


def test_static_files_are_gathered_when_they_changed_and_only_then(settings, tmp_path, monkeypatch):
    settings.STATIC_ROOT = tmp_path / "static"
    first, second = statics.collect_if_changed(), statics.collect_if_changed()
    monkeypatch.setattr(statics, "fingerprint", lambda: "another")
    third = statics.collect_if_changed()

    assert (first, second, third) == (True, False, True)
    assert (Path(settings.STATIC_ROOT) / "ui" / "bocage.css").read_text()

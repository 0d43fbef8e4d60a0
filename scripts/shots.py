"""Pictures of a running archive's pages: `python scripts/shots.py http://127.0.0.1:8000 [STORY]` writes ./shots/*.png.

Both interface languages, light and dark, wide (1360) and narrow (320); needs playwright and a Chromium.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
QUERY = {"en": "displaced Raqqa", "ar": "نازحين الرقه"}


def pages(lang: str, story: str) -> dict[str, str]:
    q = quote(QUERY[lang])
    return {
        "home": f"/{lang}/",
        "results": f"/{lang}/search?q={q}",
        "story": f"/{lang}/story/{story}?q={q}",
        "revisions": f"/{lang}/story/{story}/ar/revisions",
        "none": f"/{lang}/search?q=%22{q}%22+zzzq&from=2020&to=2020",
        "help": f"/{lang}/help",
        "missing": f"/{lang}/no-such-page",
    }


def shoot(browser: Browser, site: str, story: str, folder: Path) -> None:
    for width in (1360, 320):
        for theme in ("light", "dark"):
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
            page = context.new_page()
            for lang in QUERY:
                for name, path in pages(lang, story).items():
                    page.goto(site + path)
                    page.screenshot(path=folder / f"{name}.{lang}.{theme}.{width}.png", full_page=True)
            context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site")
    parser.add_argument("story", nargs="?", default="1")
    parser.add_argument("--folder", type=Path, default=Path("shots"))
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM if CHROMIUM.exists() else None,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        shoot(browser, asked.site.rstrip("/"), asked.story, asked.folder)
        browser.close()


if __name__ == "__main__":
    main()

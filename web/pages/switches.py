"""An editor keeps two words from standing for each other for good, or lets them again. Kept with who and when."""

from __future__ import annotations

from flask import abort, flash, redirect, request
from werkzeug.wrappers import Response as Answer

from archive.store import StoreError
from web.pages import pages
from web.pages.display import local_path
from web.params import LONGEST_VALUE
from web.reader import reader
from web.render import url
from web.services import services
from web.words import N_


@pages.post("/words")
def switch_words() -> Answer:
    given, words = services(), reader().words
    if given.open_to_world:
        abort(403)
    what = request.form.get("do", "")
    if what not in ("off", "on"):
        abort(400)
    arabic, english = (request.form.get(side, "").strip()[:LONGEST_VALUE] for side in ("ar", "en"))
    try:
        given.store.switch_words(arabic, english, what == "on", given.actor, given.clock.now())
    except StoreError as refusal:
        flash(words.gettext("Nothing was changed: %s") % refusal)
    else:
        told = {
            "off": N_("%(ar)s and %(en)s do not stand for each other from now on."),
            "on": N_("%(ar)s and %(en)s may stand for each other again."),
        }
        flash(words.gettext(told[what]) % {"ar": arabic, "en": english})
    return redirect(local_path(request.form.get("next", "")) or url("pages.home"), 303)

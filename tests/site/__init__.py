"""The sample outlet: an invented bilingual news site that behaves like the sites the archive reads."""

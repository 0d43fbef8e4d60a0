"""Places that stand in datelines, so that none becomes an author."""

from __future__ import annotations

from archive.extraction.text import key

_NAMES = """
دمشق|ريف دمشق|حلب|إدلب|درعا|السويداء|القنيطرة|حمص|حماة|اللاذقية|طرطوس|دير الزور|الرقة|الحسكة|القامشلي|داريا|المعضمية
معضمية الشام|الغوطة الشرقية|الغوطة الغربية|حرستا|دوما|المزة|القلمون|الزبداني|القصير|مصياف|سهل الغاب|عفرين|اعزاز|الباب
منبج|
عين العرب|الدرباسية|الصنمين|نوى|نصيب|باب الهوى|تدمر|منغ|الجولان|عرسال|صيدنايا|الهول|بيروت|اسطنبول|غازي عنتاب|أنقرة|عمان
القاهرة|معرة النعمان|خان شيخون|جسر الشغور
Damascus|Rif Dimashq|Rural Damascus|Aleppo|Idlib|Idleb|Daraa|Deraa|As-Suwayda|Suwayda|Sweida|Quneitra|Homs|Hama
Latakia|Lattakia|Tartus|Tartous|Deir Ezzor|Deir ez-Zor|Deir al-Zor|Raqqa|Raqqah|al-Hasakah|Hasaka|Hasakah|Qamishli
Qamishlo|Darayya|Daraya|Muaddamiya|Moadamiyah|Eastern Ghouta|Western Ghouta|Harasta|Douma|Mezzeh|Mazzeh|Qalamoun
Zabadani|al-Qusayr|Masyaf|al-Ghab Plain|Afrin|Azaz|al-Bab|Manbij|Ain al-Arab|Kobani|al-Darbasiyah|al-Sanamayn|Nawa
Nasib|Naseeb|Bab al-Hawa|Palmyra|Menagh|Golan|Arsal|Sednaya|Saydnaya|al-Hol|Beirut|Istanbul|Gaziantep|Ankara|Amman
Cairo|Berlin|Paris|London|Geneva|Maarat al-Numan|Khan Sheikhoun|Jisr al-Shughour|Kafr Nabl|Saraqib|Reyhanli|Syria
"""
_CUES = ("ريف", "محافظة", "مخيم", "مدينة", "بلدة", "countryside", "governorate", "rural", "camp", "city")


_PLACES = frozenset(key(name) for name in _NAMES.replace("\n", "|").split("|"))
_CUE_KEYS = frozenset(key(cue) for cue in _CUES)


def is_place(text: str) -> bool:
    """A name in the list, or one with a word like "countryside" or "ريف"; any single word.

    For what stands beside the outlet's name in a byline: people are there with two names or more.
    """
    words = text.split()
    return len(words) == 1 or key(text) in _PLACES or any(key(word) in _CUE_KEYS for word in words)

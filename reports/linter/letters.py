"""The letters of Vietnamese for patterns."""

LOWER = (
    "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz"
)
UPPER = LOWER.upper()
#: A capitalised word, and a name of several: "Bắc Giang".
WORD = rf"[{UPPER}][{LOWER}]*"
NAME = rf"{WORD}(?: {WORD})*"

"""Pictures as the demo's people hand them in, drawn: a jug on a table, a lamp or a shelf put up."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

WIDE, HIGH = 1200, 1500
# wall, table, glaze, its shade
_TONES = (
    ((244, 241, 235), (226, 219, 207), (46, 92, 80), (30, 66, 57)),
    ((238, 236, 232), (205, 194, 178), (232, 227, 216), (201, 193, 178)),
    ((229, 233, 230), (190, 176, 156), (178, 92, 62), (140, 68, 44)),
    ((246, 244, 240), (236, 232, 224), (64, 78, 96), (44, 55, 70)),
)


def photo(number: int) -> BytesIO:
    """Give a JPEG; each number looks a little different."""
    wall, table, glaze, shade = _TONES[number % len(_TONES)]
    edge = HIGH * (62 + 3 * (number % 3)) // 100
    picture = Image.new("RGB", (WIDE, HIGH), wall)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, edge, WIDE, HIGH), fill=table)
    picture = picture.filter(ImageFilter.GaussianBlur(14))
    base = edge + 190
    picture = _shadow(picture, base)
    _jug(ImageDraw.Draw(picture), base, glaze, shade, handle=number % 2 == 0)
    return _saved(picture, f"still-{number}.jpg")


def put_up(what: str) -> BytesIO:
    """Give a JPEG of a wall with a ``lamp`` that hangs there, or of a ``shelf``."""
    picture = Image.new("RGB", (WIDE, HIGH), (233, 229, 221))
    glow = Image.new("L", picture.size, 0)
    ImageDraw.Draw(glow).ellipse((180, 560, 1020, 1400), fill=110 if what == "lamp" else 40)
    light = Image.new("RGB", picture.size, (255, 240, 206))
    picture = Image.composite(light, picture, glow.filter(ImageFilter.GaussianBlur(120)))
    (_lamp if what == "lamp" else _shelf)(ImageDraw.Draw(picture))
    return _saved(picture, f"{what}.jpg")


def _saved(picture: Image.Image, name: str) -> BytesIO:
    file = BytesIO()
    picture.filter(ImageFilter.GaussianBlur(1.2)).save(file, "JPEG", quality=86)
    file.name = name
    file.seek(0)
    return file


def _lamp(draw: ImageDraw.ImageDraw) -> None:
    draw.rounded_rectangle((520, -20, 680, 40), radius=20, fill=(70, 66, 60))
    draw.line((600, 30, 600, 520), fill=(70, 66, 60), width=10)
    draw.ellipse((530, 860, 670, 990), fill=(255, 246, 222))
    draw.polygon(((560, 500), (640, 500), (900, 900), (300, 900)), fill=(46, 92, 80))
    draw.polygon(((610, 500), (640, 500), (900, 900), (760, 900)), fill=(30, 66, 57))


def _shelf(draw: ImageDraw.ImageDraw) -> None:
    draw.rounded_rectangle((150, 640, 1050, 700), radius=10, fill=(178, 132, 88))
    draw.rectangle((150, 688, 1050, 706), fill=(140, 100, 64))
    for left in range(230, 1000, 180):
        draw.rounded_rectangle((left, 740, left + 26, 810), radius=12, fill=(140, 100, 64))
    draw.rounded_rectangle((250, 470, 400, 640), radius=30, fill=(178, 92, 62))
    draw.ellipse((250, 450, 400, 500), fill=(140, 68, 44))
    draw.rectangle((720, 430, 770, 640), fill=(64, 78, 96))
    draw.rectangle((780, 460, 820, 640), fill=(226, 219, 207))
    draw.rectangle((830, 445, 890, 640), fill=(46, 92, 80))
    draw.line((425, 800, 425, 1120), fill=(96, 90, 80), width=8)
    draw.rounded_rectangle((345, 980, 505, 1240), radius=40, fill=(232, 200, 140))


def _shadow(picture: Image.Image, base: int) -> Image.Image:
    mask = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mask).ellipse((330, base - 70, 1010, base + 60), fill=120)
    return Image.composite(
        Image.new("RGB", picture.size, (60, 54, 46)), picture, mask.filter(ImageFilter.GaussianBlur(34))
    )


def _jug(
    draw: ImageDraw.ImageDraw, base: int, glaze: tuple[int, ...], shade: tuple[int, ...], *, handle: bool
) -> None:
    top = base - 520
    if handle:
        draw.arc((740, top + 110, 980, top + 390), -100, 100, fill=shade, width=44)
    draw.rounded_rectangle((380, top, 820, base), radius=90, fill=glaze)
    draw.rounded_rectangle((690, top + 40, 820, base - 20), radius=70, fill=shade)
    draw.ellipse((380, top - 46, 820, top + 62), fill=shade)
    draw.ellipse((404, top - 30, 796, top + 46), fill=tuple(each * 7 // 10 for each in shade))
    draw.line((440, top + 110, 440, base - 120), fill=tuple(min(255, each + 34) for each in glaze), width=16)

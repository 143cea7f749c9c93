"""Pictures as the demo's photographers hand them in: a bowl or a jug on a table, drawn."""

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
    file = BytesIO()
    picture.filter(ImageFilter.GaussianBlur(1.2)).save(file, "JPEG", quality=86)
    file.name = f"still-{number}.jpg"
    file.seek(0)
    return file


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

"""Photos of goods: what people send is never kept; a square of each size is drawn anew from its pixels."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageCms, ImageOps

from bocage.catalogue.rules import MOST_BYTES, MOST_PIXELS, NotAPhoto, PhotoTooBig

LOGO = (480, 120)
SIZES = (480, 120)  # the first is the one that a product remembers
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def keep(sent: bytes) -> str:
    """Store a photo as squares of each size, named by content, and return the path of the first.

    Raises PhotoTooBig, NotAPhoto. The same photo twice is stored once.
    """
    drawn = {size: _written(square) for size, square in squares(sent).items()}
    name = hashlib.sha256(drawn[SIZES[0]]).hexdigest()[:32]
    paths = {size: f"goods/{name[:2]}/{name}-{size}.webp" for size in SIZES}
    for size, path in paths.items():
        if not default_storage.exists(path):
            default_storage.save(path, ContentFile(drawn[size]))
    return paths[SIZES[0]]


def keep_logo(sent: bytes) -> str:
    """Store a logo drawn anew, as wide and high as it fits into 480 × 120, clear where it was clear; return its path.

    Raises PhotoTooBig, NotAPhoto.
    """
    logo = _opened(sent, lambda photo: ImageOps.exif_transpose(photo).convert("RGBA"))
    logo.thumbnail(LOGO, Image.Resampling.LANCZOS)
    logo.info.clear()
    drawn = _written(logo)
    name = hashlib.sha256(drawn).hexdigest()[:32]
    path = f"logos/{name[:2]}/{name}-{LOGO[0]}.webp"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(drawn))
    return path


def squares(sent: bytes) -> dict[int, Image.Image]:
    """Return the middle of a photo as squares of each size: upright, in sRGB, with nothing but its pixels.

    Raises PhotoTooBig, NotAPhoto.
    """
    upright = _opened(sent, _upright)
    return {size: _square(upright, size) for size in SIZES}


def _opened(sent: bytes, read: Callable[[Image.Image], Image.Image]) -> Image.Image:
    if len(sent) > MOST_BYTES:
        raise PhotoTooBig
    try:
        with Image.open(BytesIO(sent), formats=FORMATS) as photo:
            if photo.width * photo.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            return read(photo)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PhotoTooBig from None
    except Exception as error:  # a broken file makes its decoder meet anything: none of it is our bug
        raise NotAPhoto from error


def _upright(photo: Image.Image) -> Image.Image:
    photo.draft("RGB", (2 * SIZES[0], 2 * SIZES[0]))  # a JPEG is read no larger than needed
    profile = photo.info.get("icc_profile")
    turned = ImageOps.exif_transpose(photo).convert("RGBA")
    ground = Image.new("RGB", turned.size, "white")
    ground.paste(turned, mask=turned.getchannel("A"))
    return _in_srgb(ground, profile) if profile and photo.mode != "CMYK" else ground


def _in_srgb(photo: Image.Image, profile: bytes) -> Image.Image:
    try:
        there = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(photo, there, ImageCms.createProfile("sRGB")) or photo
    except (
        ImageCms.PyCMSError,
        OSError,
    ):  # a profile of no use, such as of a grey picture: its numbers are near enough
        return photo


def _square(photo: Image.Image, size: int) -> Image.Image:
    square = ImageOps.fit(photo, (size, size), Image.Resampling.LANCZOS)
    square.info.clear()
    return square


def _written(square: Image.Image) -> bytes:
    made = BytesIO()
    square.save(made, "WEBP", quality=82, method=4)
    return made.getvalue()

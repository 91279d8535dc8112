"""Files people hand in: checked by content and size, stored under names of our own."""

from __future__ import annotations

import uuid
from io import BytesIO
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import models, transaction
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

IMAGE_MAX_BYTES = 2 * 1024 * 1024
IMAGE_MAX_PIXELS = 4096 * 4096
DOCUMENT_MAX_BYTES = 10 * 1024 * 1024
_IMAGE_FORMATS = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}


@deconstructible
class RandomName:
    """Store below ``folder`` under a random name: the sender's name reaches no file system."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, instance: models.Model, filename: str) -> str:
        return f"{self.folder}/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:8]}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RandomName) and other.folder == self.folder


def clean_image(file: File[bytes]) -> ContentFile[bytes]:
    """Return the picture drawn anew, so that nothing but pixels survives.

    :raises ValidationError: when it is too large or no PNG, JPEG or WebP.
    """
    from PIL import Image, UnidentifiedImageError

    if (file.size or 0) > IMAGE_MAX_BYTES:
        raise ValidationError(_("The picture is larger than 2 MB. Please choose a smaller one."))
    file.seek(0)
    try:
        with Image.open(BytesIO(file.read()), formats=list(_IMAGE_FORMATS)) as image:
            if image.width * image.height > IMAGE_MAX_PIXELS:
                raise ValidationError(_("The picture has more than 4096 × 4096 pixels."))
            kind = image.format or "PNG"
            image.thumbnail((800, 800))
            out = BytesIO()
            mode = "RGB" if kind == "JPEG" else "RGBA"
            image.convert(mode).save(out, format=kind)
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValidationError(_("Please choose a picture in PNG, JPEG or WebP format.")) from error
    return ContentFile(out.getvalue(), name=f"image{_IMAGE_FORMATS[kind]}")


def check_document(file: File[bytes]) -> None:
    """Accept PDF files up to 10 MB that carry no script.

    :raises ValidationError: with what is wrong and what to do.
    """
    if (file.size or 0) > DOCUMENT_MAX_BYTES:
        raise ValidationError(_("The file is larger than 10 MB. Please choose a smaller one."))
    file.seek(0)
    content = file.read()
    file.seek(0)
    if not content.startswith(b"%PDF-"):
        raise ValidationError(_("Please choose a PDF file."))
    if b"/JavaScript" in content or b"/Launch" in content:
        raise ValidationError(_("The PDF contains active content. Please export it again without."))


def delete_with_file(row: models.Model, field: str = "file") -> None:
    """Delete a row and, once that is certain, the file one of its fields holds."""
    file = getattr(row, field)
    storage, name = file.storage, str(file.name)
    row.delete()
    transaction.on_commit(lambda: storage.delete(name))


class ImageUpload(models.FileField):
    """A picture field; forms run :func:`clean_image` on what arrives."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if isinstance(kwargs.get("upload_to"), str):
            kwargs["upload_to"] = RandomName(kwargs["upload_to"])
        super().__init__(*args, **kwargs)


class DocumentUpload(ImageUpload):
    """A document field; forms run :func:`check_document` on what arrives."""

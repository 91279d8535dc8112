"""Text as vectors, so that German and English texts meet: models, texts, reading.

A free module beside the rooms. Nothing here loads numpy or a model before a vector is made, so web
processes may ask which model is in use.
"""

from matching.vectors.models import NullTextModel, TextModel, model_label, text_model
from matching.vectors.reading import read_vectors, vector_marks

__all__ = [
    "NullTextModel",
    "TextModel",
    "model_label",
    "read_vectors",
    "text_model",
    "vector_marks",
]
